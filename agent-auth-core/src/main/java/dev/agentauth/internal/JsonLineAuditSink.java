package dev.agentauth.internal;

import dev.agentauth.internal.json.Json;
import dev.agentauth.internal.json.Timestamps;
import dev.agentauth.spi.AuditEvent;
import dev.agentauth.spi.AuditSink;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;

/** Writes each event as one line of JSON to the logger {@code dev.agentauth.audit}. */
public final class JsonLineAuditSink implements AuditSink {
    private static final Logger LOG = System.getLogger("dev.agentauth.audit");

    @Override
    public void record(AuditEvent event) {
        if (!LOG.isLoggable(Level.INFO)) {
            return;
        }
        Map<String, Object> line = new LinkedHashMap<>();
        line.put("id", event.id());
        line.put("time", Timestamps.format(event.time()));
        line.put("event", event.type().wireName());
        if (event.clientAddress() != null) {
            line.put("client_address", event.clientAddress());
        }
        if (event.registrationId() != null) {
            line.put("registration_id", event.registrationId());
        }
        line.putAll(new TreeMap<>(event.fields()));
        LOG.log(Level.INFO, new String(Json.write(line), StandardCharsets.UTF_8));
    }
}
