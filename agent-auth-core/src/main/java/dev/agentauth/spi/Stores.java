package dev.agentauth.spi;

import dev.agentauth.SecretHash;
import dev.agentauth.registration.Registration;
import java.util.Objects;
import java.util.Optional;

/**
 * Everything that one service stores, as one thing: so that nobody shares some of it between replicas and forgets the rest
 * in the memory of one. Where parts of several origins are wanted, {@link MixedStores} says so.
 *
 * <p>A bundle serves <b>one service</b>, which is its issuer. Several services may share a backend, each by a bundle of its
 * own: no look-up, purge or revocation of one ever sees or changes what belongs to another, not even where identities,
 * users, tokens or ids of both are equal.
 *
 * @since 0.2.0
 */
public interface Stores {

    /**
     * The service that this bundle serves.
     *
     * @return its issuer; always the same
     */
    String issuer();

    /**
     * The registrations.
     *
     * @return always the same
     */
    RegistrationStore registrations();

    /**
     * The access tokens.
     *
     * @return always the same
     */
    TokenStore tokens();

    /**
     * The JWTs that were presented.
     *
     * @return always the same
     */
    ReplayStore replay();

    /**
     * The logout marks.
     *
     * @return always the same
     */
    LogoutMarks logoutMarks();

    /**
     * The origins of users.
     *
     * @return always the same
     */
    UserOrigins userOrigins();

    /**
     * Finds a token together with the registration that it acts for: what each use of a token needs, and on the hot path.
     * Two look-ups unless the bundle does it in one.
     *
     * <p><b>Visibility:</b> as of {@link TokenStore#find} and {@link RegistrationStore#findById}.
     *
     * <p><b>Failure:</b> {@link PortUnavailableException} if the backend is out of reach.
     *
     * @param hash SHA-256 of the token
     * @return both; empty if either is not there, after the same work
     */
    default Optional<TokenWithRegistration> findTokenWithRegistration(SecretHash hash) {
        Optional<AccessToken> token = tokens().find(hash);
        Optional<Registration> registration =
                registrations().findById(token.map(AccessToken::registrationId).orElse(""));
        return token.isPresent() && registration.isPresent()
                ? Optional.of(new TokenWithRegistration(token.get(), registration.get()))
                : Optional.empty();
    }

    /**
     * Sees whether writes get through, by one that changes nothing which any other method shows. Asked by {@link
     * dev.agentauth.AgentAuth#health}: a backend that only answers reads can neither register nor revoke, and may answer
     * with what is no longer so. In the memory of the process there is nothing to see.
     *
     * <p><b>Failure:</b> {@link PortUnavailableException} if the backend is out of reach or takes no writes.
     */
    void checkWritable();

    /**
     * A token together with its registration.
     *
     * @param token the token, expired or not
     * @param registration the newest value, whatever its status
     */
    record TokenWithRegistration(AccessToken token, Registration registration) {

        /** Checks that nothing is missing. */
        public TokenWithRegistration {
            Objects.requireNonNull(token);
            Objects.requireNonNull(registration);
        }
    }
}
