package dev.agentauth.internal;

import dev.agentauth.Caller;
import dev.agentauth.registration.Registration;
import dev.agentauth.spi.AuditEvent;
import dev.agentauth.spi.RegistrationStore;
import java.time.Instant;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** Changes stored registrations that are known by id, by compare-and-set until it holds. */
public final class RegistrationWriter {
    private final RegistrationStore store;
    private final Audit audit;

    public RegistrationWriter(RegistrationStore store, Audit audit) {
        this.store = store;
        this.audit = audit;
    }

    /** Revokes whatever the registration has become by now; false if it was revoked already or is gone. */
    public boolean revoke(Caller caller, Registration known, Instant now) {
        return update(caller, known, registration -> registration.revoke(now))
                .filter(Written::changed)
                .isPresent();
    }

    /**
     * Applies a change to whatever the registration has become by now. Where the change ends it, the audit is told.
     *
     * @param change returns its argument to leave it
     * @return what is stored then, and whether this call changed it; empty if there is no such registration
     */
    public Optional<Written> update(Caller caller, Registration known, UnaryOperator<Registration> change) {
        Registration[] current = {known};
        return Conflict.retry(() -> {
            Registration next = change.apply(current[0]);
            if (next.equals(current[0])) {
                return Optional.of(Optional.of(new Written(next, false)));
            }
            Optional<Registration> stored = store.replace(current[0], next);
            if (stored.isPresent()) {
                if (current[0].revokedAt() == null && stored.get().revokedAt() != null) {
                    audit.record(AuditEvent.Type.REGISTRATION_REVOKED, caller, stored.get());
                }
                return Optional.of(Optional.of(new Written(stored.get(), true)));
            }
            Optional<Registration> newer = store.findById(known.id());
            if (newer.isEmpty()) {
                return Optional.of(Optional.empty());
            }
            current[0] = newer.get();
            return Optional.empty();
        });
    }

    /** What is stored after an update. */
    public record Written(Registration registration, boolean changed) {}
}
