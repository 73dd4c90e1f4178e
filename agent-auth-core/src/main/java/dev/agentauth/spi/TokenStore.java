package dev.agentauth.spi;

import dev.agentauth.SecretHash;
import java.time.Instant;
import java.util.Optional;

/**
 * Keeps access tokens by their hash. All of it is on the hot path.
 *
 * <p><b>Failure</b>, for every method: {@link PortUnavailableException} if the backend is out of reach.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc7009#section-2.1">RFC 7009, section 2.1</a>
 * @since 0.2.0
 */
public interface TokenStore {

    /**
     * Adds a token. If its registration has more than {@code limit} then, expired ones included, those that were added first
     * are removed until it has no more; so an assertion that is exchanged without end takes no storage without end.
     *
     * <p>A store that would have to ask its backend once more for this may be late: it may leave a tenth of {@code limit}
     * too many for each replica, as long as the next tokens make up for it. It never removes one that is among the last
     * {@code limit}.
     *
     * <p><b>Visibility:</b> once this has returned, every look-up on every replica finds the token, and none that was
     * removed.
     *
     * @param token a token whose hash has not been used before
     * @param now when it was issued; says which of those of several replicas came first
     * @param limit how many a registration keeps, at least 1
     */
    void insert(AccessToken token, Instant now, int limit);

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
