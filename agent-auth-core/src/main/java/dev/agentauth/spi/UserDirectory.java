package dev.agentauth.spi;

import dev.agentauth.SecretHash;
import java.util.Optional;

/**
 * The service's users.
 *
 * <p><b>Failure</b>, for every method: {@link StoreUnavailableException} if the backend is out of reach.
 */
public interface UserDirectory {

    /**
     * Finds a user by id. On the hot path: every exchange and every use of a claimed registration's token. An
     * implementation may cache for as long as the service can wait for a deactivation to take effect.
     *
     * @param userId the service's own id
     * @return the user, active or not; empty if there is none, which is treated like an inactive one
     */
    Optional<User> findById(String userId);

    /**
     * Finds the user whose verified address this is.
     *
     * @param email lower-case; addresses on file are to be compared without regard to case
     * @return the user, active or not
     */
    Optional<User> findByVerifiedEmail(String email);

    /**
     * Finds the user whose verified phone number this is.
     *
     * @param phone as a provider wrote it
     * @return the user, active or not
     */
    Optional<User> findByVerifiedPhone(String phone);

    /**
     * Makes a user for a key, or finds the one that was made for it.
     *
     * <p><b>Atomicity:</b> of any number of concurrent calls, even on different replicas, calls with one key yield one
     * user, and no two keys yield users with the same verified contact: whoever comes second is told
     * {@link Provisioning.Taken}.
     *
     * @param key stands for a provider identity or for an address; see {@link #forgetKeys}
     * @param contact stored as the new user's verified contact, with who proved it; may be empty, and then none is
     *     invented
     * @return the user of the key, or the user who has the contact
     */
    Provisioning provision(SecretHash key, Contact contact);

    /**
     * Forgets every key under which {@link #provision} has yielded a user, so that nobody who prepared the account can
     * come back to it: each of those keys yields another user from now on. Without effect if there is none.
     *
     * <p><b>Visibility:</b> once this has returned, no {@link #provision} that starts afterwards yields the user for one
     * of those keys.
     *
     * @param userId the user
     */
    void forgetKeys(String userId);

    /**
     * Notes that the service itself has seen proof that an address is a user's own: {@link User#emailProof} is {@link
     * ContactProof#SERVICE} from now on. Without effect if it was already, or if the address is not the user's.
     *
     * @param userId the user
     * @param email the lower-case address
     */
    void recordOwnProof(String userId, String email);
}
