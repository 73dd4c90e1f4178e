package dev.agentauth.testkit;

import dev.agentauth.SecretHash;
import dev.agentauth.registration.ProviderIdentity;
import dev.agentauth.registration.Registration;
import dev.agentauth.spi.RegistrationStore;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Does what another store does, for tests that override a method or two.
 *
 * @since 0.2.0
 */
public class DelegatingRegistrationStore implements RegistrationStore {
    private final RegistrationStore delegate;

    /**
     * A store that differs in nothing yet.
     *
     * @param delegate does the work
     */
    public DelegatingRegistrationStore(RegistrationStore delegate) {
        this.delegate = delegate;
    }

    @Override
    public boolean insert(Registration registration, Instant now) {
        return delegate.insert(registration, now);
    }

    @Override
    public Optional<Registration> replace(Registration current, Registration next) {
        return delegate.replace(current, next);
    }

    @Override
    public Optional<Registration> findById(String id) {
        return delegate.findById(id);
    }

    @Override
    public Optional<Registration> findByClaimToken(SecretHash tokenHash) {
        return delegate.findByClaimToken(tokenHash);
    }

    @Override
    public Optional<Registration> findByAttemptToken(SecretHash tokenHash) {
        return delegate.findByAttemptToken(tokenHash);
    }

    @Override
    public List<Registration> findByUser(String userId) {
        return delegate.findByUser(userId);
    }

    @Override
    public List<Registration> findUnclaimedByRecipient(String recipient) {
        return delegate.findUnclaimedByRecipient(recipient);
    }

    @Override
    public List<Registration> findByProvider(ProviderIdentity identity) {
        return delegate.findByProvider(identity);
    }

    @Override
    public List<Registration> findByProviderInAnyTenant(ProviderIdentity subject) {
        return delegate.findByProviderInAnyTenant(subject);
    }

    @Override
    public List<Registration> findMadeBefore(Instant createdAt, String id, int limit) {
        return delegate.findMadeBefore(createdAt, id, limit);
    }

    @Override
    public int revokeAll(Instant now) {
        return delegate.revokeAll(now);
    }

    @Override
    public int writeRevocations(int limit) {
        return delegate.writeRevocations(limit);
    }

    @Override
    public List<Registration> purge(Instant unclaimedBefore, Instant settledBefore, int limit) {
        return delegate.purge(unclaimedBefore, settledBefore, limit);
    }
}
