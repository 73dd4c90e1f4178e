package dev.agentauth.spi;

import dev.agentauth.SecretHash;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;

/**
 * Which users were made on a provider's word, and which provider identity that word was about. Kept beside the
 * registrations, so that a service's own table of users needs no column for it.
 *
 * <p>Two facts with lives of their own:
 *
 * <ul>
 *   <li><b>A key yields a user</b> while that word alone may bring somebody to the user: from {@link #record} until
 *       {@link #forgetKeys} or {@link #forget}.
 *   <li><b>A user rests on a provider's word</b> from {@link #record} until the service has proved an address of the
 *       user itself: {@link #forget}.
 * </ul>
 *
 * <p>Before a user is made, the maker reserves the key. While a reservation is in force nobody else makes a user for that
 * key, so that two presentations of one identity, on whatever replicas, make one user. A maker that crashes between
 * making the user and {@link #record} leaves a reservation that lapses, and a user that no key yields: whoever presents
 * then is asked to confirm by mail, like anybody who is not known to be that user.
 *
 * <p><b>Visibility</b>, for every look-up: once a write has returned on any replica, each look-up that starts afterwards
 * sees it.
 *
 * <p><b>Failure</b>, for every method: {@link PortUnavailableException} if the backend is out of reach. A write that
 * throws may or may not have happened as a whole.
 *
 * @since 0.2.0
 */
public interface UserOrigins {

    /** What a key stands for. */
    sealed interface Origin {}

    /**
     * A user is being made for the key.
     *
     * @param until when the reservation lapses
     */
    record BeingMade(Instant until) implements Origin {

        /** Checks that nothing is missing. */
        public BeingMade {
            Objects.requireNonNull(until);
        }
    }

    /**
     * The key yields a user.
     *
     * @param userId the service's own id
     */
    record Yields(String userId) implements Origin {

        /** Checks that nothing is missing. */
        public Yields {
            Objects.requireNonNull(userId);
        }
    }

    /**
     * What a key stands for. Asked when an identity that no registration is linked to is presented.
     *
     * @param key stands for a provider identity
     * @return empty if nobody was made for it, or if that is forgotten
     */
    Optional<Origin> find(SecretHash key);

    /**
     * Reserves a key for a maker, or takes over a reservation that has lapsed, which is gone then.
     *
     * <p><b>Atomicity:</b> of any number of concurrent calls with one key, even on different replicas, exactly one
     * succeeds while none is reserved nor recorded.
     *
     * @param key stands for a provider identity
     * @param reservation the maker's own name for this attempt, not used before; at most 64 characters
     * @param address stands for the e-mail address that the user is to have; see {@link #cancel}
     * @param now at which an older reservation is judged
     * @param until when this one lapses, exclusive
     * @return false if the key yields a user or is reserved at {@code now}; nothing has changed then
     */
    boolean reserve(SecretHash key, String reservation, Optional<SecretHash> address, Instant now, Instant until);

    /**
     * Turns a reservation into both facts: its key yields the user, and the user rests on a provider's word.
     *
     * <p><b>Atomicity:</b> of this and a {@link #cancel}, {@link #release} or take-over of the same reservation exactly
     * one happens. A reservation that has lapsed but was not taken over is still good.
     *
     * @param reservation as it was reserved
     * @param userId the user that was made; at most 255 characters
     * @return false if the reservation is gone; nothing has changed then
     */
    boolean record(String reservation, String userId);

    /**
     * Gives a reservation back. Without effect if it is gone or was turned into a user.
     *
     * @param reservation as it was reserved
     */
    void release(String reservation);

    /**
     * Drops every reservation for an address, so that whoever is making a user of it at this moment gets nothing: their
     * {@link #record} is refused.
     *
     * @param address stands for an e-mail address
     */
    void cancel(SecretHash address);

    /**
     * Whether a reservation for an address is there, in force or lapsed.
     *
     * @param address stands for an e-mail address
     * @return true until it is recorded, released, cancelled or taken over
     */
    boolean isReserved(SecretHash address);

    /**
     * Whether nobody but a provider has vouched for a user so far.
     *
     * @param userId the user
     * @return false also for a user that was not made here
     */
    boolean isOnProvidersWord(String userId);

    /**
     * Forgets which keys yield a user; that the user rests on a provider's word stays true. Without effect if none does.
     *
     * <p><b>Visibility:</b> no {@link #find} that starts after this has returned yields the user.
     *
     * @param userId the user
     */
    void forgetKeys(String userId);

    /**
     * Forgets which keys yield users, whoever they are, as {@link #forgetKeys} does for one.
     *
     * @param limit how many to forget at the most
     * @return how many this call has forgotten; fewer than {@code limit} means that none is left
     */
    int forgetAllKeys(int limit);

    /**
     * Forgets both facts about a user: the keys, and that the user rests on a provider's word.
     *
     * @param userId the user
     */
    void forget(String userId);
}
