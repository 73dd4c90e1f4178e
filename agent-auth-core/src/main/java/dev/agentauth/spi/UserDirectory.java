package dev.agentauth.spi;

import java.util.Optional;

/**
 * The service's users: what a table of users can do that has an id, a verified e-mail address and perhaps a verified
 * phone number, each of the latter under a unique index. Four plain statements will do. The races of agents that register
 * at the same time are not the directory's: which provider identity made whom, and whose address the service has proved
 * itself, is kept in {@link UserOrigins}.
 *
 * <p><b>Ids never return:</b> the id of a user who was deleted is never given to another one. Registrations, tokens and
 * logs name users by it.
 *
 * <p><b>Addresses</b> that are asked for are ASCII, lower-case, of at most 254 characters. They are compared with those on
 * file by folding {@code A} to {@code Z} and nothing else: an address with other characters on file (the Kelvin sign
 * {@code U+212A}, which many a {@code lower()} takes for a {@code k}) is another one. A user whose address on file is not
 * ASCII is taken for nobody where the directory finds such a user by an address nevertheless.
 *
 * <p><b>A service that proves addresses itself</b>, by a link that it mails at sign-up for example, says so by {@link
 * dev.agentauth.AgentAuth#addressProved} each time: a provider may have prepared an account for that address, and what was
 * prepared ends then. A verified address that a user asks to have changed is proved before it is on file, too. And a
 * user is deleted in this order: {@link dev.agentauth.AgentAuth#eraseUser}, then the row.
 *
 * <p><b>Failure</b>, for every method: {@link PortUnavailableException} if the backend is out of reach; whatever else is
 * thrown, or null, is treated the same.
 *
 * @since 0.2.0
 */
public interface UserDirectory {

    /**
     * Finds a user by id. On the hot path: every exchange and every use of a claimed registration's token. An
     * implementation may cache for as long as the service can wait for a deactivation to take effect.
     *
     * @param userId the service's own id, compared exactly
     * @return the user, active or not; empty if there is none, which is treated like an inactive one
     */
    Optional<User> findById(String userId);

    /**
     * Finds the user whose verified address this is.
     *
     * <p><b>Visibility:</b> sees every user whose {@link #create} has returned, on whatever replica.
     *
     * @param email lower-case ASCII; addresses on file are to be compared without regard to case
     * @return the user, active or not
     */
    Optional<User> findByVerifiedEmail(String email);

    /**
     * Finds the user whose verified phone number this is.
     *
     * <p><b>Visibility:</b> as for addresses.
     *
     * @param phone as a provider wrote it
     * @return the user, active or not; always empty where users have no numbers
     */
    Optional<User> findByVerifiedPhone(String phone);

    /**
     * Makes a user.
     *
     * <p><b>Atomicity:</b> two users never have one address, nor one number: of any number of concurrent calls with one of
     * them, even on different replicas, exactly one makes a user. A unique index sees to that. Whoever is refused leaves
     * nothing behind.
     *
     * @param contact what becomes the user's verified contact; may be empty, and then none is invented
     * @return the new user, active, with an id that nobody had before; empty if somebody has the address or the number
     */
    Optional<User> create(Contact contact);
}
