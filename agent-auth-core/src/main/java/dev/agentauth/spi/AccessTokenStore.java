package dev.agentauth.spi;

import dev.agentauth.SecretHash;
import dev.agentauth.registration.Registration;
import java.time.Instant;
import java.util.Optional;

/**
 * Keeps access tokens by their hash. All of it is on the hot path.
 *
 * <p><b>Failure</b>, for every method: {@link StoreUnavailableException} if the backend is out of reach.
 */
public interface AccessTokenStore {

    /**
     * Adds a token.
     *
     * <p><b>Visibility:</b> once this has returned, every look-up on every replica finds it.
     *
     * @param token a token whose hash has not been used before
     */
    void insert(AccessToken token);

    /**
     * Finds a token, expired or not.
     *
     * <p><b>Visibility:</b> once {@link #delete} has returned on any replica, no look-up that starts afterwards finds the
     * token. Positive results must not be cached.
     *
     * @param hash SHA-256 of the token
     * @return the token
     */
    Optional<AccessToken> find(SecretHash hash);

    /**
     * Finds a token together with the registration that it acts for: what each use of a token needs. A store that shares
     * its backend with the registrations can answer with one look-up instead of two.
     *
     * <p><b>Visibility:</b> as of {@link #find} and {@link RegistrationStore#findById}.
     *
     * @param hash SHA-256 of the token
     * @param registrations where the registrations are
     * @return both; empty if either is not there, after the same work
     */
    default Optional<WithRegistration> findWithRegistration(SecretHash hash, RegistrationStore registrations) {
        Optional<AccessToken> token = find(hash);
        Optional<Registration> registration =
                registrations.findById(token.map(AccessToken::registrationId).orElse(""));
        return token.isPresent() && registration.isPresent()
                ? Optional.of(new WithRegistration(token.get(), registration.get()))
                : Optional.empty();
    }

    /**
     * A token together with its registration.
     *
     * @param token the token, expired or not
     * @param registration the newest value, whatever its status
     */
    record WithRegistration(AccessToken token, Registration registration) {}

    /**
     * Removes a token; without effect if there is none.
     *
     * @param hash SHA-256 of the token
     */
    void delete(SecretHash hash);

    /**
     * Removes expired tokens. Safe to run on every replica at once; must not block traffic.
     *
     * @param now tokens that expire at or before this instant go
     * @param limit how many to remove at the most; memory-only stores may ignore it
     * @return how many were removed; fewer than {@code limit} means that nothing is left to do
     */
    int purgeExpired(Instant now, int limit);
}
