package dev.agentauth.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentauth.spi.Contact;
import dev.agentauth.spi.User;
import dev.agentauth.spi.UserDirectory;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/**
 * What every {@link UserDirectory} owes, each sentence of its Javadoc and no more. Addresses are lower-case ASCII of at most
 * 254 characters, as the Javadoc promises. A directory without phone numbers overrides {@link #hasPhoneNumbers}.
 *
 * @since 0.2.0
 */
@DisplayName("A user directory")
public abstract class UserDirectoryContract extends PortContract {
    private static final String ALICE = "alice@example.com";
    private static final String BOB = "bob@example.com";
    private static final String PHONE = "+4930123456";

    private UserDirectory users;

    /** For subclasses. */
    protected UserDirectoryContract() {}

    /**
     * A directory to test. Asked for once a test; may be the same each time.
     *
     * @return an empty one
     */
    protected abstract UserDirectory newDirectory();

    /**
     * Whether users have phone numbers here.
     *
     * @return true; false skips what is said of numbers
     */
    protected boolean hasPhoneNumbers() {
        return true;
    }

    @BeforeEach
    void open() {
        users = newDirectory();
    }

    @Test
    @DisplayName("finds nobody before somebody was made")
    void empty() {
        assertThat(users.findById("user_1")).isEmpty();
        assertThat(users.findByVerifiedEmail(ALICE)).isEmpty();
        assertThat(users.findByVerifiedPhone(PHONE)).isEmpty();
    }

    @Test
    @DisplayName("makes an active user with the contact, and finds that user by all of it")
    void makes() {
        User user = made(Contact.of(ALICE, phone()));

        assertThat(user.isActive()).isTrue();
        assertThat(user.email()).contains(ALICE);
        for (Optional<User> found : List.of(users.findById(user.id()), users.findByVerifiedEmail(ALICE))) {
            assertIs(user, found);
            assertThat(found.orElseThrow().isActive()).isTrue();
            assertThat(found.orElseThrow().email()).contains(ALICE);
        }
        if (hasPhoneNumbers()) {
            assertIs(user, users.findByVerifiedPhone(PHONE));
        }
    }

    @Test
    @DisplayName("finds a user by the exact id alone: case, blanks, the last character")
    void comparesIdsExactly() {
        User user = made(Contact.of(ALICE, null));
        String id = user.id();

        for (String other : List.of(id + " ", " " + id, id + "a", id.substring(0, id.length() - 1), swapCase(id))) {
            if (!other.equals(id)) {
                assertThat(users.findById(other)).as("'%s' for '%s'", other, id).isEmpty();
            }
        }
    }

    @Test
    @DisplayName("tells addresses apart that differ in the last of 254 characters, a dot, a tag or a blank")
    void comparesAddressesExactly() {
        String longest = "a".repeat(64) + "@" + ("b".repeat(60) + ".").repeat(3) + "c".repeat(5);
        assertThat(longest).hasSize(253);
        List<String> different = List.of(
                longest + "x",
                longest + "y",
                "a.b@example.com",
                "ab@example.com",
                "ab+t@example.com",
                "a_b@example.com",
                "a%b@example.com",
                "ab@example.co");

        List<User> made =
                different.stream().map(email -> made(Contact.of(email, null))).toList();

        assertThat(made).extracting(User::id).doesNotHaveDuplicates();
        for (int i = 0; i < different.size(); i++) {
            assertIs(made.get(i), users.findByVerifiedEmail(different.get(i)));
            assertThat(made.get(i).email()).contains(different.get(i));
        }
        assertThat(users.findByVerifiedEmail("a-b@example.com")).isEmpty();
        assertThat(users.findByVerifiedEmail("ab@example.com ")).isEmpty();
    }

    @Test
    @DisplayName("invents no contact")
    void inventsNothing() {
        User nobody = made(Contact.of(null, null));
        User another = made(Contact.of(null, null));

        assertThat(nobody.email()).isEmpty();
        assertThat(users.findById(nobody.id()).orElseThrow().email()).isEmpty();
        assertThat(another.id()).isNotEqualTo(nobody.id());
        if (hasPhoneNumbers()) {
            assertThat(made(Contact.of(null, PHONE)).email()).isEmpty();
        }
    }

    @Test
    @DisplayName("makes nobody where somebody has the address or the number, and leaves nothing behind")
    void taken() {
        User alice = made(Contact.of(ALICE, phone()));

        assertThat(users.create(Contact.of(ALICE, null))).isEmpty();
        assertIs(alice, users.findByVerifiedEmail(ALICE));
        if (hasPhoneNumbers()) {
            assertThat(users.create(Contact.of(ALICE, "+1"))).isEmpty();
            assertThat(users.create(Contact.of(BOB, PHONE))).isEmpty();
            assertThat(users.findByVerifiedPhone("+1")).isEmpty();
            assertThat(users.findByVerifiedEmail(BOB)).isEmpty();
            assertIs(alice, users.findByVerifiedPhone(PHONE));
        }
        assertThat(made(Contact.of(BOB, null)).id()).isNotEqualTo(alice.id());
    }

    @Test
    @DisplayName("T57: makes one user of one address in 64 calls at once, and every call finds that user afterwards")
    void oneAddressAtOnce() {
        List<Optional<User>> outcomes = Race.run(() -> {
            Optional<User> outcome = users.create(Contact.of(ALICE, null));
            assertThat(users.findByVerifiedEmail(ALICE)).isPresent();
            return outcome;
        });

        assertThat(outcomes).filteredOn(Optional::isPresent).hasSize(1);
        User made = outcomes.stream().flatMap(Optional::stream).findFirst().orElseThrow();
        assertIs(made, users.findByVerifiedEmail(ALICE));
    }

    @Test
    @DisplayName("T57: makes one user of one number in 64 calls at once, each with an address of its own")
    void oneNumberAtOnce() {
        if (!hasPhoneNumbers()) {
            return;
        }
        List<Optional<User>> outcomes =
                Race.runEach(number -> () -> users.create(Contact.of(number + "@example.com", PHONE)));

        assertThat(outcomes).filteredOn(Optional::isPresent).hasSize(1);
        for (int number = 0; number < Race.THREADS; number++) {
            assertThat(users.findByVerifiedEmail(number + "@example.com").isPresent())
                    .as("whoever was refused left nothing behind")
                    .isEqualTo(outcomes.get(number).isPresent());
        }
    }

    @Test
    @DisplayName(
            "throws PortUnavailableException from every method while the backend is away, and knows whom it knew when"
                    + " it is back")
    void outageOfTheBackend() {
        Outage outage = outageOrSkip();
        User alice = made(Contact.of(ALICE, phone()));

        during(outage, () -> {
            assertUnavailable(() -> users.findById(alice.id()));
            assertUnavailable(() -> users.findById("nobody"));
            assertUnavailable(() -> users.findByVerifiedEmail(ALICE));
            if (hasPhoneNumbers()) {
                assertUnavailable(() -> users.findByVerifiedPhone(PHONE));
            }
            assertUnavailable(() -> users.create(Contact.of(BOB, null)));
        });

        assertIs(alice, users.findById(alice.id()));
        assertIs(alice, users.findByVerifiedEmail(ALICE));
        Optional<User> bob = users.create(Contact.of(BOB, null)).or(() -> users.findByVerifiedEmail(BOB));
        assertThat(bob).as("made by then, or now, as a whole").isPresent();
        assertIs(bob.orElseThrow(), users.findById(bob.orElseThrow().id()));
    }

    private @Nullable String phone() {
        return hasPhoneNumbers() ? PHONE : null;
    }

    private User made(Contact contact) {
        return users.create(contact).orElseThrow(() -> new AssertionError("nobody was made"));
    }

    private static void assertIs(User expected, Optional<User> found) {
        assertThat(found.map(User::id)).contains(Objects.requireNonNull(expected.id()));
    }

    private static String swapCase(String text) {
        StringBuilder swapped = new StringBuilder();
        text.chars()
                .map(c -> Character.isUpperCase(c) ? Character.toLowerCase(c) : Character.toUpperCase(c))
                .forEach(c -> swapped.append((char) c));
        return swapped.toString();
    }
}
