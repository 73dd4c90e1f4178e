package dev.agentauth.internal.operate;

import dev.agentauth.Caller;
import dev.agentauth.internal.Audit;
import dev.agentauth.internal.Ports;
import dev.agentauth.internal.RegistrationWriter;
import dev.agentauth.internal.RegistrationWriter.Written;
import dev.agentauth.registration.Registration;
import dev.agentauth.spi.AuditEvent;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What a service's own operators do to registrations. */
public final class Operator {
    private final Ports ports;
    private final RegistrationWriter writer;
    private final Audit audit;

    public Operator(Ports ports, RegistrationWriter writer, Audit audit) {
        this.ports = ports;
        this.writer = writer;
        this.audit = audit;
    }

    /** See {@code AgentAuth.registrationsOf}. */
    public List<Registration> registrationsOf(String userId) {
        return ports.registrations().findByUser(userId);
    }

    /** See {@code AgentAuth.revokeRegistration}. */
    public boolean revoke(String registrationId) {
        Optional<Registration> known = ports.registrations().findById(registrationId);
        return known.isPresent() && writer.revoke(Caller.unknown(), known.get(), ports.now());
    }

    /** See {@code AgentAuth.revokeAllRegistrations}. */
    public int revokeAll() {
        int revoked = ports.registrations().revokeAll(ports.now());
        audit.record(
                AuditEvent.Type.REGISTRATION_REVOKED, Caller.unknown(), Map.of("count", Integer.toString(revoked)));
        return revoked;
    }

    /** See {@code AgentAuth.eraseUser}. */
    public int erase(String userId) {
        // Else an identity whose registration is erased would still find the user that was made for it.
        ports.users().forgetKeys(userId);
        int erased = 0;
        Instant now = ports.now();
        for (Registration registration : ports.registrations().findByUser(userId)) {
            if (writer.update(Caller.unknown(), registration, current -> current.erase(now))
                    .filter(Written::changed)
                    .isPresent()) {
                erased++;
            }
        }
        return erased;
    }
}
