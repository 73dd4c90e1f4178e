package dev.agentauth.spi;

import dev.agentauth.SecretHash;
import dev.agentauth.registration.ProviderIdentity;
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
 * <p><b>Failure</b>, for every method: {@link PortUnavailableException} if the backend is out of reach. A write that
 * throws may or may not have happened as a whole; it never happens in part.
 *
 * @since 0.2.0
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
     * Finds all that are neither claimed nor revoked and whose claim asks, or has asked last, the person of an address;
     * expired ones too.
     *
     * @param recipient the lower-case address, compared exactly
     * @return the newest values, oldest registration first
     */
    List<Registration> findUnclaimedByRecipient(String recipient);

    /**
     * Finds all that carry exactly this provider identity and are not revoked, of whatever kind, expired ones too. On the way
     * of every presentation: whoever is logged out and registered again many times must not make it slower, so revoked ones are
     * not even read.
     *
     * @param identity without a tenant: the identity without a tenant only
     * @return the newest values, oldest registration first
     */
    List<Registration> findByProvider(ProviderIdentity identity);

    /**
     * Finds all that carry a provider identity of this subject and are not revoked, of whatever kind, expired ones too.
     *
     * @param subject whose tenant does not count
     * @return the newest values of every tenant's identity and of the one without a tenant, oldest registration first
     */
    List<Registration> findByProviderInAnyTenant(ProviderIdentity subject);

    /**
     * Finds those that were made before an instant, or at it with an id that sorts lower; for operators who turn pages.
     * Ids may be sorted in any way, as long as it is always the same one.
     *
     * @param createdAt no later than the year 9999
     * @param id breaks the tie between those that were made at that instant; {@code ""} leaves them all out
     * @param limit how many at the most
     * @return the newest values, newest registration first; those made at one instant by id, highest first
     */
    List<Registration> findMadeBefore(Instant createdAt, String id, int limit);

    /**
     * Revokes every registration that is not revoked, and raises the version of each, so that no {@link #replace} in
     * flight can undo it. <b>Takes effect at once</b>, however many there are: once this has returned, every method on every
     * replica shows and treats each of them as revoked by {@link dev.agentauth.registration.EndReason#OPERATOR} at
     * {@code now}, in its next version. What that takes must not grow with their number, so a backend on which it would
     * may set a mark here, and leave it to {@link #writeRevocations} to write down what the mark says of each.
     *
     * <p><b>Atomicity:</b> each registration is revoked as a whole; those inserted while this runs are revoked or left out.
     * After an exception call it again.
     *
     * @param now the revocation time
     * @return how many revocations were written by this very call
     */
    int revokeAll(Instant now);

    /**
     * Writes down revocations that {@link #revokeAll} has left, which changes nothing that any other method shows. May be
     * interrupted at any point and gone on with by any replica; several may do it at once. Called in a loop after
     * {@code revokeAll}, and before each purge, for what was interrupted.
     *
     * <p><b>Atomicity:</b> each is written, and counted, by one call only. Must not block traffic.
     *
     * @param limit how many at the most
     * @return how many this very call has written; zero if there are none, or none that another call is not writing. Always
     *     zero, unless overridden, as is right where {@code revokeAll} leaves nothing
     * @since 0.2.0
     */
    default int writeRevocations(int limit) {
        return 0;
    }

    /**
     * Removes what nobody needs any more: unsettled registrations that have been resting since {@code unclaimedBefore} or
     * earlier, and settled ones that have been resting since {@code settledBefore} or earlier (see
     * {@link Registration#isSettled} and {@link Registration#restingSince}).
     *
     * <p><b>Atomicity:</b> each registration is returned by exactly one call on one replica; one that changed meanwhile
     * is left alone. Must not block traffic. What was revoked by {@link #revokeAll} is never removed as unclaimed, and may be
     * left alone until {@link #writeRevocations} has written that down.
     *
     * @param unclaimedBefore bound for registrations that were never claimed nor revoked, inclusive
     * @param settledBefore bound for claimed and revoked ones, inclusive
     * @param limit how many to remove at the most
     * @return what this very call has removed; fewer than {@code limit} means that nothing is left to do
     */
    List<Registration> purge(Instant unclaimedBefore, Instant settledBefore, int limit);
}
