package dev.agentauth.internal.users;

import dev.agentauth.AgentAuthException;
import dev.agentauth.SecretHash;
import dev.agentauth.config.NewUserPolicy;
import dev.agentauth.internal.EmailAddress;
import dev.agentauth.internal.Ports;
import dev.agentauth.internal.Secrets;
import dev.agentauth.internal.Settings;
import dev.agentauth.internal.Surroundings;
import dev.agentauth.registration.ProviderIdentity;
import dev.agentauth.registration.Registration;
import dev.agentauth.registration.RegistrationKind;
import dev.agentauth.spi.Contact;
import dev.agentauth.spi.PortUnavailableException;
import dev.agentauth.spi.User;
import dev.agentauth.spi.UserOrigins;
import dev.agentauth.spi.UserOrigins.BeingMade;
import dev.agentauth.spi.UserOrigins.Origin;
import dev.agentauth.spi.UserOrigins.Yields;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Which user it is whom a provider vouches for (A9): the question that registering asks. It decides nothing but that;
 * what follows from the answer is the asker's.
 *
 * <p>A user is made between two writes of ours: first the key of the identity is reserved, at last the user is recorded
 * under it. So whoever finds a user by a contact, and then finds no key, knows that the user was not being made for the
 * same identity at that moment, and whoever loses the reservation in between has not made a user of anybody's.
 */
public final class Matching {
    /**
     * How long a maker has to make a user: as short as a crash lets an identity wait, and longer than a user takes to be
     * made. Nothing rests on it but convenience: a maker who is overtaken, being slow or by another's clock, records
     * nothing, and the person is asked.
     */
    private static final Duration RESERVATION = Duration.ofSeconds(30);

    private static final long WAIT_NANOS = TimeUnit.MILLISECONDS.toNanos(20);
    private static final int WAITS = 100;
    private static final int MOST_GIVEN_UP = 1000;

    private final Settings settings;
    private final Ports ports;
    private final Users users;
    private final OwnProof ownProof;
    private final UserOrigins origins;
    private final Secrets secrets;

    /** Reservations that could not be released, as the store was out of reach. They lapse by themselves in the end. */
    private final Set<String> givenUp = ConcurrentHashMap.newKeySet();

    /** A service has one: what a presentation at one door gave up is released by the next at any other. */
    public Matching(Surroundings around, Users users, OwnProof ownProof) {
        this.settings = around.settings();
        this.ports = around.ports();
        this.users = users;
        this.ownProof = ownProof;
        this.origins = ports.userOrigins();
        this.secrets = around.secrets();
    }

    /** Which user it is. */
    public sealed interface Answer {}

    /** A claimed registration says so: clean. */
    public record Linked(User user) implements Answer {}

    /**
     * Somebody has the contact, and has to be asked before anything is bound.
     *
     * @param address where to ask; empty if there is no address on file that may be asked
     */
    public record Existing(User user, Optional<String> address) implements Answer {}

    /**
     * Made for this identity, now or by a presentation that got no further, and known by its provider's word alone. To be
     * bound, and then to be asked about again: {@link #stillYields}.
     */
    public record New(User user) implements Answer {}

    /** Nobody whom anything may be bound to. */
    public record Nobody() implements Answer {}

    /** All registrations that carry exactly this identity, whatever their kind and status. */
    public List<Registration> carrying(ProviderIdentity identity) {
        return ports.registrations().findByProvider(identity);
    }

    /**
     * Asks.
     *
     * @param carrying what {@link #carrying} has found
     * @param holders the users who have the contact, read before
     */
    public Answer ask(ProviderIdentity identity, Contact contact, List<Registration> carrying, List<User> holders) {
        releaseWhatWasGivenUp();
        if (!holders.stream().allMatch(User::isActive)) {
            return new Nobody();
        }
        Optional<String> linked = linkedUser(carrying);
        if (linked.isPresent()) {
            return users.byId(linked.get()).<Answer>map(Linked::new).orElseGet(Nobody::new);
        }
        for (int waits = 0; ; waits++) {
            Optional<Origin> origin = origins.find(identity.key());
            if (origin.isPresent() && origin.get() instanceof Yields yields) {
                Optional<User> made = users.anyById(yields.userId());
                if (made.isPresent()) {
                    return made.get().isActive() ? new New(made.get()) : new Nobody();
                }
                origins.forgetKeys(yields.userId());
            } else if (origin.isEmpty() || hasLapsed(origin.get())) {
                if (!holders.isEmpty()) {
                    return existing(holders.get(0), contact);
                }
                if (settings.newUsers() == NewUserPolicy.REFUSE) {
                    return new Nobody();
                }
                Optional<Answer> made = make(identity, contact);
                if (made.isPresent()) {
                    return made.get();
                }
            } else if (waits >= WAITS) {
                throw AgentAuthException.unavailable(null);
            } else {
                LockSupport.parkNanos(WAIT_NANOS);
            }
        }
    }

    /** Whether an identity still yields a user whom it has just been given. */
    public boolean stillYields(ProviderIdentity identity, User user) {
        return origins.find(identity.key()).equals(Optional.of(new Yields(user.id())));
    }

    /** By whichever registration counts: one of kind provider, else the one that was claimed first. */
    private static Optional<String> linkedUser(List<Registration> carrying) {
        return carrying.stream()
                .filter(registration -> registration.revokedAt() == null && registration.claimedAt() != null)
                .min(Comparator.comparing(
                                (Registration registration) -> registration.kind() != RegistrationKind.PROVIDER)
                        .thenComparing(registration -> Objects.requireNonNull(registration.claimedAt()))
                        .thenComparing(Registration::id))
                .map(Registration::userId);
    }

    /** Whoever cannot be told now is told before anybody is matched again: nobody waits for a maker who has given up. */
    private void release(String reservation) {
        try {
            origins.release(reservation);
        } catch (PortUnavailableException e) {
            if (givenUp.size() < MOST_GIVEN_UP) {
                givenUp.add(reservation);
            }
            throw e;
        }
    }

    private void releaseWhatWasGivenUp() {
        for (String reservation : List.copyOf(givenUp)) {
            origins.release(reservation);
            givenUp.remove(reservation);
        }
    }

    /** Makes the user, or finds that the contact is somebody's; empty if somebody else is at it. */
    private Optional<Answer> make(ProviderIdentity identity, Contact contact) {
        Instant now = ports.now();
        String reservation = secrets.id("org_");
        Optional<SecretHash> address = contact.email().map(EmailAddress::key);
        boolean settled = false;
        try {
            if (!origins.reserve(identity.key(), reservation, address, now, now.plus(RESERVATION))) {
                settled = true;
                return Optional.empty();
            }
            Optional<User> made = users.create(contact);
            if (made.isPresent() && origins.record(reservation, made.get().id())) {
                settled = true;
                return Optional.of(made.get().isActive() ? new New(made.get()) : new Nobody());
            }
        } finally {
            if (!settled) {
                release(reservation);
            }
        }
        // Somebody has the contact, or has proved meanwhile that the address of the user just made is theirs.
        List<User> holders = users.holders(contact);
        return Optional.of(
                holders.isEmpty() || !holders.stream().allMatch(User::isActive)
                        ? new Nobody()
                        : existing(holders.get(0), contact));
    }

    private Existing existing(User user, Contact contact) {
        Optional<String> onFile = user.email().flatMap(EmailAddress::normalize);
        boolean byAddress = contact.email()
                .flatMap(users::byEmail)
                .filter(found -> found.id().equals(user.id()))
                .isPresent();
        // Whoever asserts a number may have prepared the account that has it, with an address of their own.
        return new Existing(user, onFile.filter(email -> byAddress || ownProof.isGiven(user, email)));
    }

    private boolean hasLapsed(Origin origin) {
        return origin instanceof BeingMade making && !ports.now().isBefore(making.until());
    }
}
