package dev.agentauth.spi;

import dev.agentauth.registration.ProviderIdentity;
import java.time.Instant;
import java.util.Optional;

/**
 * Remembers up to when a provider has ended what it vouched for, also for identities that were never seen.
 *
 * <p><b>Visibility:</b> once {@link #raise} has returned on any replica, each {@link #newest} that starts afterwards
 * sees it.
 *
 * <p><b>Failure</b>, for every method: {@link PortUnavailableException} if the backend is out of reach.
 *
 * @since 0.2.0
 */
public interface LogoutMarks {

    /**
     * Raises the mark of a subject. The greatest instant is kept, and the latest {@code until}.
     *
     * <p><b>Atomicity:</b> concurrent calls leave the greatest instant of all.
     *
     * @param subject whose mark; it covers what {@link ProviderIdentity#covers} says: without a tenant, every tenant's
     *     identity of the subject
     * @param issuedAt the {@code iat} of the logout, by the provider's clock
     * @param until the first instant at which the mark is no longer needed
     */
    void raise(ProviderIdentity subject, Instant issuedAt, Instant until);

    /**
     * The mark that an identity is under.
     *
     * @param identity a provider identity
     * @return the greatest instant of the marks that cover it; empty if there is none
     */
    Optional<Instant> newest(ProviderIdentity identity);

    /**
     * Removes marks that are no longer needed. Safe to run on every replica at once; must not block traffic.
     *
     * @param now marks needed until this instant or less go
     * @param limit how many to remove at the most; memory-only stores may ignore it
     * @return how many were removed; fewer than {@code limit} means that nothing is left to do
     */
    int purgeExpired(Instant now, int limit);
}
