package dev.agentauth;

import dev.agentauth.registration.ProviderSubject;
import dev.agentauth.registration.Registration;
import dev.agentauth.spi.RegistrationStore;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** A registration store that passes everything on, for tests that step in between. */
class ForwardingRegistrations implements RegistrationStore {
    private final RegistrationStore kept;

    ForwardingRegistrations(RegistrationStore kept) {
        this.kept = kept;
    }

    @Override
    public boolean insert(Registration registration, Instant now) {
        return kept.insert(registration, now);
    }

    @Override
    public Optional<Registration> replace(Registration current, Registration next) {
        return kept.replace(current, next);
    }

    @Override
    public Optional<Registration> findById(String id) {
        return kept.findById(id);
    }

    @Override
    public Optional<Registration> findByClaimToken(SecretHash tokenHash) {
        return kept.findByClaimToken(tokenHash);
    }

    @Override
    public Optional<Registration> findByAttemptToken(SecretHash tokenHash) {
        return kept.findByAttemptToken(tokenHash);
    }

    @Override
    public List<Registration> findByUser(String userId) {
        return kept.findByUser(userId);
    }

    @Override
    public List<Registration> findByProvider(ProviderSubject subject) {
        return kept.findByProvider(subject);
    }

    @Override
    public int revokeAll(Instant now) {
        return kept.revokeAll(now);
    }

    @Override
    public List<Registration> purge(Instant unclaimedBefore, Instant settledBefore, int limit) {
        return kept.purge(unclaimedBefore, settledBefore, limit);
    }
}
