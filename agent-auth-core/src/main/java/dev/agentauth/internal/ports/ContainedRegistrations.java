package dev.agentauth.internal.ports;

import dev.agentauth.SecretHash;
import dev.agentauth.registration.ProviderIdentity;
import dev.agentauth.registration.Registration;
import dev.agentauth.spi.RegistrationStore;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** {@link RegistrationStore}: whatever is thrown or null is {@code PortUnavailableException}. */
final class ContainedRegistrations implements RegistrationStore {
    private final RegistrationStore kept;

    ContainedRegistrations(RegistrationStore kept) {
        this.kept = kept;
    }

    @Override
    public boolean insert(Registration registration, Instant now) {
        try {
            return kept.insert(registration, now);
        } catch (Throwable e) {
            throw Foreign.outOfReach("registrations.insert", e);
        }
    }

    @Override
    public Optional<Registration> replace(Registration current, Registration next) {
        try {
            return Foreign.answer(kept.replace(current, next), "registrations.replace");
        } catch (Throwable e) {
            throw Foreign.outOfReach("registrations.replace", e);
        }
    }

    @Override
    public Optional<Registration> findById(String id) {
        try {
            return Foreign.answer(kept.findById(id), "registrations.findById");
        } catch (Throwable e) {
            throw Foreign.outOfReach("registrations.findById", e);
        }
    }

    @Override
    public Optional<Registration> findByClaimToken(SecretHash tokenHash) {
        try {
            return Foreign.answer(kept.findByClaimToken(tokenHash), "registrations.findByClaimToken");
        } catch (Throwable e) {
            throw Foreign.outOfReach("registrations.findByClaimToken", e);
        }
    }

    @Override
    public Optional<Registration> findByAttemptToken(SecretHash tokenHash) {
        try {
            return Foreign.answer(kept.findByAttemptToken(tokenHash), "registrations.findByAttemptToken");
        } catch (Throwable e) {
            throw Foreign.outOfReach("registrations.findByAttemptToken", e);
        }
    }

    @Override
    public List<Registration> findByUser(String userId) {
        try {
            return Foreign.all(kept.findByUser(userId), "registrations.findByUser");
        } catch (Throwable e) {
            throw Foreign.outOfReach("registrations.findByUser", e);
        }
    }

    @Override
    public List<Registration> findUnclaimedByRecipient(String recipient) {
        try {
            return Foreign.all(kept.findUnclaimedByRecipient(recipient), "registrations.findUnclaimedByRecipient");
        } catch (Throwable e) {
            throw Foreign.outOfReach("registrations.findUnclaimedByRecipient", e);
        }
    }

    @Override
    public List<Registration> findByProvider(ProviderIdentity identity) {
        try {
            return Foreign.all(kept.findByProvider(identity), "registrations.findByProvider");
        } catch (Throwable e) {
            throw Foreign.outOfReach("registrations.findByProvider", e);
        }
    }

    @Override
    public List<Registration> findByProviderInAnyTenant(ProviderIdentity subject) {
        try {
            return Foreign.all(kept.findByProviderInAnyTenant(subject), "registrations.findByProviderInAnyTenant");
        } catch (Throwable e) {
            throw Foreign.outOfReach("registrations.findByProviderInAnyTenant", e);
        }
    }

    @Override
    public List<Registration> findMadeBefore(Instant createdAt, String id, int limit) {
        try {
            return Foreign.all(kept.findMadeBefore(createdAt, id, limit), "registrations.findMadeBefore");
        } catch (Throwable e) {
            throw Foreign.outOfReach("registrations.findMadeBefore", e);
        }
    }

    @Override
    public int revokeAll(Instant now) {
        try {
            return kept.revokeAll(now);
        } catch (Throwable e) {
            throw Foreign.outOfReach("registrations.revokeAll", e);
        }
    }

    @Override
    public int writeRevocations(int limit) {
        try {
            return kept.writeRevocations(limit);
        } catch (Throwable e) {
            throw Foreign.outOfReach("registrations.writeRevocations", e);
        }
    }

    @Override
    public List<Registration> purge(Instant unclaimedBefore, Instant settledBefore, int limit) {
        try {
            return Foreign.all(kept.purge(unclaimedBefore, settledBefore, limit), "registrations.purge");
        } catch (Throwable e) {
            throw Foreign.outOfReach("registrations.purge", e);
        }
    }
}
