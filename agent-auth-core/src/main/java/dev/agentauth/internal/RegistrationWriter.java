package dev.agentauth.internal;

import dev.agentauth.Caller;
import dev.agentauth.registration.EndReason;
import dev.agentauth.registration.Registration;
import dev.agentauth.spi.RegistrationStore;
import dev.agentauth.spi.UserOrigins;
import java.time.Instant;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** Changes stored registrations that are known by id, by compare-and-set until it holds. */
public final class RegistrationWriter {
    private final RegistrationStore store;
    private final UserOrigins origins;
    private final Audit audit;

    public RegistrationWriter(RegistrationStore store, UserOrigins origins, Audit audit) {
        this.store = store;
        this.origins = origins;
        this.audit = audit;
    }

    /** Stores a change of exactly this value; empty on a conflict. What has not changed is stored already. */
    public Optional<Registration> replace(Registration current, Registration next) {
        return next.equals(current) ? Optional.of(current) : store.replace(current, next);
    }

    /** Revokes whatever the registration has become by now; false if it was revoked already or is gone. */
    public boolean revoke(Caller caller, Registration known, EndReason reason, Instant now) {
        forgetKeys(known);
        return update(caller, known, registration -> registration.revoke(reason, now))
                .filter(Written::changed)
                .isPresent();
    }

    /**
     * Applies a provider's logout to whatever the registration has become by now.
     *
     * @param issuedAt the {@code iat} of the logout
     */
    public void logOut(Caller caller, Registration known, Instant issuedAt, Instant now) {
        if (known.revokedAt() == null && known.loggedOut(issuedAt, now).revokedAt() != null) {
            forgetKeys(known);
        }
        Optional<Written> unused = update(caller, known, registration -> registration.loggedOut(issuedAt, now));
    }

    /**
     * Once the registration is over that a provider's word has brought about, that word alone brings nobody to the user
     * any more. Done first: then no presentation finds the registration ended and the key still good.
     */
    private void forgetKeys(Registration ending) {
        if (ending.provider() != null && ending.userId() != null) {
            origins.forgetKeys(ending.userId());
        }
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
                if (current[0].end() == null) {
                    audit.ended(caller, stored.get());
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
