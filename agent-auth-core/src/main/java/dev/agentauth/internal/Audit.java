package dev.agentauth.internal;

import dev.agentauth.Caller;
import dev.agentauth.spi.AuditEvent;
import dev.agentauth.spi.AuditSink;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.InetAddress;
import java.time.InstantSource;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Tells the audit sink what happened; a sink that fails changes nothing. */
public final class Audit {
    private static final Logger LOG = System.getLogger(Audit.class.getName());

    private final AuditSink sink;
    private final InstantSource clock;
    private final Secrets secrets;

    public Audit(AuditSink sink, InstantSource clock, Secrets secrets) {
        this.sink = sink;
        this.clock = clock;
        this.secrets = secrets;
    }

    /** Something happened to a registration. */
    public void record(AuditEvent.Type type, Caller caller, @Nullable String registrationId) {
        record(type, caller, registrationId, Map.of());
    }

    /** Something happened, with more to know about it. */
    public void record(
            AuditEvent.Type type, Caller caller, @Nullable String registrationId, Map<String, String> fields) {
        try {
            sink.record(new AuditEvent(
                    secrets.id("evt_"),
                    clock.instant(),
                    type,
                    caller.address().map(InetAddress::getHostAddress).orElse(null),
                    registrationId,
                    fields));
        } catch (RuntimeException e) {
            LOG.log(Level.WARNING, "the audit sink failed on " + type.wireName(), e);
        }
    }
}
