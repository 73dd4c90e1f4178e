package dev.agentauth.internal;

import dev.agentauth.Caller;
import dev.agentauth.registration.ProviderLink;
import dev.agentauth.registration.Registration;
import dev.agentauth.spi.AuditEvent;
import dev.agentauth.spi.AuditSink;
import java.net.InetAddress;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Tells the audit sinks what happened. */
public final class Audit {
    private static final int MAX_LENGTH = 256;

    private final List<AuditSink> sinks;
    private final InstantSource clock;
    private final Secrets secrets;

    public Audit(List<AuditSink> sinks, InstantSource clock, Secrets secrets) {
        this.sinks = sinks;
        this.clock = clock;
        this.secrets = secrets;
    }

    /** Something happened to a registration. */
    public void record(AuditEvent.Type type, Caller caller, Registration registration) {
        record(type, caller, registration, Map.of());
    }

    /** Something happened to a registration, with more to know about it; whom its provider vouched for goes with it. */
    public void record(AuditEvent.Type type, Caller caller, Registration registration, Map<String, String> more) {
        Map<String, String> fields = more;
        ProviderLink link = registration.provider();
        if (link != null) {
            fields = new HashMap<>(more);
            fields.put("iss", cut(link.identity().issuer()));
            fields.put("sub", cut(link.identity().subject()));
        }
        send(type, caller, registration.id(), fields);
    }

    /** A registration has just been written; where it is over, that and why is told. */
    public void ended(Caller caller, Registration written) {
        if (written.end() != null) {
            record(
                    AuditEvent.Type.REGISTRATION_REVOKED,
                    caller,
                    written,
                    Map.of("reason", written.end().reason().label()));
        }
    }

    /** What of a provider's words is written down: 256 characters, and never half a surrogate pair. */
    public static String cut(String words) {
        if (words.length() <= MAX_LENGTH) {
            return words;
        }
        int end = Character.isHighSurrogate(words.charAt(MAX_LENGTH - 1)) ? MAX_LENGTH - 1 : MAX_LENGTH;
        return words.substring(0, end);
    }

    /** Something happened that is not about one registration. */
    public void record(AuditEvent.Type type, Caller caller, Map<String, String> fields) {
        send(type, caller, null, fields);
    }

    private void send(
            AuditEvent.Type type, Caller caller, @Nullable String registrationId, Map<String, String> fields) {
        AuditEvent event = new AuditEvent(
                secrets.id("evt_"),
                clock.instant(),
                type,
                caller.address().map(InetAddress::getHostAddress).orElse(null),
                registrationId,
                fields);
        for (AuditSink sink : sinks) {
            sink.record(event);
        }
    }
}
