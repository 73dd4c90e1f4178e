package dev.agentauth.spi;

import java.time.Instant;

/**
 * Remembers which JWTs have been presented.
 *
 * <p><b>Failure</b>, for every method: {@link PortUnavailableException} if the backend is out of reach; the caller then
 * refuses the JWT, whether it was recorded or not.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc7519#section-4.1.7">RFC 7519, section 4.1.7</a>
 * @since 0.2.0
 */
public interface ReplayStore {

    /**
     * Records a JWT unless it is recorded already. A record may be forgotten from {@code until} on, and is to be treated
     * as absent then.
     *
     * <p><b>Atomicity:</b> of any number of concurrent calls for one JWT, even on different replicas, exactly one returns
     * true.
     *
     * @param kind the kind; equal ids of different kinds are different JWTs
     * @param issuer the verified issuer; equal ids of different issuers are different JWTs
     * @param jti the id, up to 1,024 characters
     * @param now the instant of asking
     * @param until the first instant at which the record is no longer needed
     * @return true for the first call
     */
    boolean recordFirst(JwtKind kind, String issuer, String jti, Instant now, Instant until);

    /**
     * Whether a JWT is recorded.
     *
     * @param kind the kind
     * @param issuer the verified issuer
     * @param jti the id
     * @param now the instant of asking
     * @return true once a {@link #recordFirst} for it has returned, until its time is over
     */
    boolean seen(JwtKind kind, String issuer, String jti, Instant now);

    /**
     * Removes records that are no longer needed. Safe to run on every replica at once; must not block traffic.
     *
     * @param now records needed until this instant or less go
     * @param limit how many to remove at the most; memory-only stores may ignore it
     * @return how many were removed; fewer than {@code limit} means that nothing is left to do
     */
    int purgeExpired(Instant now, int limit);
}
