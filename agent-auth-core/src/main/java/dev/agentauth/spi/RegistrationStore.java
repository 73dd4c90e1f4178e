package dev.agentauth.spi;

import dev.agentauth.SecretHash;
import dev.agentauth.registration.ProviderIdentity;
import dev.agentauth.registration.ProviderSubject;
import dev.agentauth.registration.Registration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Keeps registrations. The one rule of concurrency: read a registration, ask it for the next value, and
 * {@link #replace} succeeds only while the stored version is still the one that was read.
 *
 * <p><b>Visibility</b>, for every look-up: once a write has returned on any replica, each look-up that starts afterwards,
 * by whatever key and on whatever replica, sees that write or a later one. No cache in between may serve older values.
 *
 * <p><b>Failure</b>, for every method: {@link StoreUnavailableException} if the backend is out of reach. A write that
 * throws may or may not have happened as a whole; it never happens in part.
 */
public interface RegistrationStore {

    /**
     * Adds a registration with version 0. Refuses a second live one of kind {@code provider} for the same
     * {@link ProviderIdentity}; live means neither revoked nor expired at {@code now}. Other kinds may carry the same
     * identity beside it.
     *
     * <p>If the one of kind {@code provider} that has the identity is expired at {@code now}, the identity goes to the new
     * one for good: the version of the expired one is raised together with the insert, so that no {@link #replace} in
     * flight, such as a claim that was decided just before, can bring it back to life beside the new one.
     *
     * <p><b>Atomicity:</b> of any number of concurrent inserts for one identity, even on different replicas, exactly one
     * succeeds. Of an insert and a {@link #replace} by which an owner takes over the expired one, at most one succeeds.
     *
     * @param registration the new one; its id has not been used before
     * @param now the instant at which liveness is judged
     * @return false if another live one of kind {@code provider} has that identity; nothing has changed then
     */
    boolean insert(Registration registration, Instant now);

    /**
     * Puts {@code next} in the place of {@code current} if the stored version is still {@code current.version()}. The
     * stored version becomes {@code current.version() + 1}.
     *
     * <p>Refuses an owner for a registration of kind {@code provider} whose identity {@link #insert} has given to another
     * one that is neither revoked nor gone, even if it was read afterwards: only a replica whose clock is behind would try.
     * Any other change of the expired one, such as its revocation, goes through.
     *
     * <p><b>Atomicity:</b> of any number of concurrent calls with one expected version, even on different replicas,
     * exactly one succeeds.
     *
     * @param current the value that was read
     * @param next the value that it was asked for; has the same id
     * @return the stored value with its new version; empty if {@code current} was stale or is gone, or if its identity is
     *     another's now, nothing has changed then
     */
    Optional<Registration> replace(Registration current, Registration next);

    /**
     * Finds by id. On the hot path: every exchange and every use of a token.
     *
     * @param id {@code reg_…}
     * @return the newest value
     */
    Optional<Registration> findById(String id);

    /**
     * Finds by the hash of the claim token that is in force.
     *
     * @param tokenHash hash of a claim token
     * @return the newest value; empty for a token that was replaced
     */
    Optional<Registration> findByClaimToken(SecretHash tokenHash);

    /**
     * Finds by the hash of the attempt token that is in force.
     *
     * @param tokenHash hash of an attempt token
     * @return the newest value; empty for a token that was replaced
     */
    Optional<Registration> findByAttemptToken(SecretHash tokenHash);

    /**
     * Finds all that a user owns, and all step-ups that wait for that user, whatever their status.
     *
     * @param userId the user
     * @return the newest values, oldest registration first
     */
    List<Registration> findByUser(String userId);

    /**
     * Finds all that carry a provider identity of this subject, of whatever kind and status.
     *
     * @param subject with a tenant: that tenant's identity only; without: every tenant's, and the one without a tenant
     * @return the newest values, oldest registration first
     */
    List<Registration> findByProvider(ProviderSubject subject);

    /**
     * Revokes every registration that is not revoked, and raises the version of each, so that no {@link #replace} in
     * flight can undo it.
     *
     * <p><b>Atomicity:</b> each registration is revoked as a whole; registrations inserted while this runs may be left
     * out.
     *
     * @param now the revocation time
     * @return how many were revoked
     */
    int revokeAll(Instant now);

    /**
     * Removes what nobody needs any more: unsettled registrations that have been resting since {@code unclaimedBefore} or
     * earlier, and settled ones that have been resting since {@code settledBefore} or earlier (see
     * {@link Registration#isSettled} and {@link Registration#restingSince}).
     *
     * <p><b>Atomicity:</b> each registration is returned by exactly one call on one replica; one that changed meanwhile
     * is left alone. Must not block traffic.
     *
     * @param unclaimedBefore bound for registrations that were never claimed nor revoked, inclusive
     * @param settledBefore bound for claimed and revoked ones, inclusive
     * @param limit how many to remove at the most
     * @return what this very call has removed; fewer than {@code limit} means that nothing is left to do
     */
    List<Registration> purge(Instant unclaimedBefore, Instant settledBefore, int limit);
}
