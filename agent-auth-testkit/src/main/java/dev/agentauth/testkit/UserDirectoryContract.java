package dev.agentauth.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentauth.SecretHash;
import dev.agentauth.spi.Contact;
import dev.agentauth.spi.ContactProof;
import dev.agentauth.spi.Provisioning;
import dev.agentauth.spi.User;
import dev.agentauth.spi.UserDirectory;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What every {@link UserDirectory} owes, each sentence of its Javadoc. */
@DisplayName("A user directory")
public abstract class UserDirectoryContract extends PortContract {
    private static final String ALICE = "alice@example.com";
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
    @DisplayName("makes an active user with the contact and who proved it, and finds that user by all of it")
    void makes() {
        User user = made(users.provision(key("1"), Contact.vouchedFor(ALICE, PHONE)));

        assertThat(user.isActive()).isTrue();
        assertThat(user.email()).contains(ALICE);
        assertThat(user.emailProof()).isEqualTo(ContactProof.PROVIDER);
        assertThat(users.findById(user.id())).get().extracting(User::id).isEqualTo(user.id());
        assertThat(users.findByVerifiedEmail(ALICE)).get().extracting(User::id).isEqualTo(user.id());
        assertThat(users.findByVerifiedPhone(PHONE)).get().extracting(User::id).isEqualTo(user.id());
    }

    @Test
    @DisplayName("notes that the service itself has proved an address")
    void makesWithOwnProof() {
        assertThat(made(users.provision(key("1"), Contact.proved(ALICE))).emailProof())
                .isEqualTo(ContactProof.SERVICE);
    }

    @Test
    @DisplayName("compares addresses without regard to case")
    void foldsCase() {
        User user = made(users.provision(key("1"), Contact.proved("Alice@Example.COM")));

        assertThat(users.findByVerifiedEmail(ALICE)).get().extracting(User::id).isEqualTo(user.id());
        assertThat(taken(users.provision(key("2"), Contact.proved(ALICE))).id()).isEqualTo(user.id());
    }

    @Test
    @DisplayName("compares addresses and numbers exactly otherwise: blanks, accents, Unicode forms, the last character")
    void comparesContactsExactly() {
        List<String> different = lookalikes(255).stream()
                .map(text -> text.toLowerCase(Locale.ROOT))
                .distinct()
                .toList();
        List<String> ids = new ArrayList<>();
        for (String text : different) {
            Contact contact = Contact.vouchedFor(text + "@example.com", "+49" + text);
            ids.add(made(users.provision(key(text), contact)).id());
        }

        assertThat(ids).doesNotHaveDuplicates();
        for (int i = 0; i < ids.size(); i++) {
            String text = different.get(i);
            User user = users.findById(ids.get(i)).orElseThrow();
            assertThat(user.email()).contains(text + "@example.com");
            assertThat(users.findByVerifiedEmail(text + "@example.com"))
                    .get()
                    .extracting(User::id)
                    .isEqualTo(user.id());
            assertThat(users.findByVerifiedPhone("+49" + text))
                    .get()
                    .extracting(User::id)
                    .isEqualTo(user.id());
        }
        assertThat(users.findByVerifiedPhone("+49S"))
                .as("numbers have no case to fold")
                .isEmpty();
    }

    @Test
    @DisplayName("keeps an address apart from a number that is written alike")
    void keepsAddressesAndNumbersApart() {
        made(users.provision(key("1"), Contact.vouchedFor("alike", null)));

        assertThat(users.findByVerifiedPhone("alike")).isEmpty();
        assertThat(users.provision(key("2"), Contact.vouchedFor(null, "alike"))).isInstanceOf(Provisioning.Made.class);
    }

    @Test
    @DisplayName("tells who has the address or who has the number where they are two users")
    void takenByTwo() {
        User byAddress = made(users.provision(key("1"), Contact.vouchedFor(ALICE, null)));
        User byNumber = made(users.provision(key("2"), Contact.vouchedFor(null, PHONE)));

        assertThat(taken(users.provision(key("3"), Contact.vouchedFor(ALICE, PHONE)))
                        .id())
                .isIn(byAddress.id(), byNumber.id());
        assertThat(users.findByVerifiedEmail(ALICE)).get().extracting(User::id).isEqualTo(byAddress.id());
        assertThat(users.findByVerifiedPhone(PHONE)).get().extracting(User::id).isEqualTo(byNumber.id());
    }

    @Test
    @DisplayName("invents no contact")
    void inventsNothing() {
        User nobody = made(users.provision(key("1"), Contact.vouchedFor(null, null)));
        User phoneOnly = made(users.provision(key("2"), Contact.vouchedFor(null, PHONE)));

        assertThat(nobody.email()).isEmpty();
        assertThat(phoneOnly.email()).isEmpty();
        assertThat(phoneOnly.id()).isNotEqualTo(nobody.id());
    }

    @Test
    @DisplayName("yields the same user for the same key, whatever the contact")
    void sameKeySameUser() {
        User user = made(users.provision(key("1"), Contact.vouchedFor(ALICE, null)));

        assertThat(made(users.provision(key("1"), Contact.vouchedFor(ALICE, null)))
                        .id())
                .isEqualTo(user.id());
        assertThat(made(users.provision(key("1"), Contact.vouchedFor("other@example.com", null)))
                        .id())
                .isEqualTo(user.id());
        assertThat(users.findByVerifiedEmail("other@example.com")).isEmpty();
    }

    @Test
    @DisplayName("tells another key that the contact is taken, by address and by number")
    void taken() {
        User user = made(users.provision(key("1"), Contact.vouchedFor(ALICE, PHONE)));

        assertThat(taken(users.provision(key("2"), Contact.vouchedFor(ALICE, null)))
                        .id())
                .isEqualTo(user.id());
        assertThat(taken(users.provision(key("3"), Contact.vouchedFor(null, PHONE)))
                        .id())
                .isEqualTo(user.id());
        assertThat(made(users.provision(key("2"), Contact.vouchedFor("b@example.com", null)))
                        .id())
                .as("being told so makes nobody")
                .isNotEqualTo(user.id());
    }

    @Test
    @DisplayName("yields one user to 64 concurrent calls with one key")
    void oneKeyAtOnce() {
        Set<String> ids = new HashSet<>();
        Race.run(() -> made(users.provision(key("1"), Contact.vouchedFor(ALICE, null)))
                        .id())
                .forEach(ids::add);

        assertThat(ids).hasSize(1);
    }

    @Test
    @DisplayName("T57: makes one user of one contact under 64 keys at once and tells the others whose it is")
    void oneContactAtOnce() {
        AtomicInteger keys = new AtomicInteger();

        List<Provisioning> outcomes =
                Race.run(() -> users.provision(key("k" + keys.incrementAndGet()), Contact.vouchedFor(ALICE, null)));

        List<User> made = outcomes.stream()
                .filter(Provisioning.Made.class::isInstance)
                .map(UserDirectoryContract::made)
                .toList();
        assertThat(made).hasSize(1);
        assertThat(outcomes)
                .filteredOn(Provisioning.Taken.class::isInstance)
                .hasSize(Race.THREADS - 1)
                .allSatisfy(outcome ->
                        assertThat(taken(outcome).id()).isEqualTo(made.get(0).id()));
    }

    @Test
    @DisplayName("T57: makes one user of one number under 64 keys at once, half of them with an address of their own")
    void oneNumberAtOnce() {
        List<Provisioning> outcomes = Race.runEach(number -> () -> users.provision(
                key("k" + number), Contact.vouchedFor(number % 2 == 0 ? null : number + "@example.com", PHONE)));

        assertThat(outcomes)
                .filteredOn(Provisioning.Made.class::isInstance)
                .singleElement()
                .extracting(outcome -> made(outcome).id())
                .isEqualTo(users.findByVerifiedPhone(PHONE).orElseThrow().id());
        for (int number = 1; number < Race.THREADS; number += 2) {
            assertThat(users.findByVerifiedEmail(number + "@example.com").isPresent())
                    .as("whoever was told that the number is taken left nothing behind")
                    .isEqualTo(outcomes.get(number) instanceof Provisioning.Made);
        }
    }

    @Test
    @DisplayName("T58: yields a forgotten user to none of 64 calls that start afterwards, and one other user to all")
    void forgetsKeysForGood() {
        User user = made(users.provision(key("1"), Contact.vouchedFor(null, null)));
        users.forgetKeys(user.id());

        List<String> ids = Race.run(() ->
                made(users.provision(key("1"), Contact.vouchedFor(null, null))).id());

        assertThat(new HashSet<>(ids)).hasSize(1).doesNotContain(user.id());
    }

    @Test
    @DisplayName("T58: yields another user for each key that was forgotten, and leaves other users' keys alone")
    void forgetsKeys() {
        User user = made(users.provision(key("1"), Contact.vouchedFor(ALICE, null)));
        User other = made(users.provision(key("2"), Contact.vouchedFor("bob@example.com", null)));

        users.forgetKeys(user.id());
        users.forgetKeys("nobody");

        assertThat(taken(users.provision(key("1"), Contact.vouchedFor(ALICE, null)))
                        .id())
                .isEqualTo(user.id());
        User another = made(users.provision(key("1"), Contact.vouchedFor("new@example.com", null)));
        assertThat(another.id()).isNotEqualTo(user.id());
        assertThat(made(users.provision(key("1"), Contact.vouchedFor(null, null)))
                        .id())
                .isEqualTo(another.id());
        assertThat(made(users.provision(key("2"), Contact.vouchedFor(null, null)))
                        .id())
                .isEqualTo(other.id());
        assertThat(users.findById(user.id())).as("the user stays").isPresent();
    }

    @Test
    @DisplayName(
            "records the service's own proof of a user's own address, in whatever case it is on file, and of no other")
    void recordsOwnProof() {
        User user = made(users.provision(key("1"), Contact.vouchedFor("Alice@Example.COM", PHONE)));
        User other = made(users.provision(key("2"), Contact.vouchedFor("bob@example.com", null)));
        User nobody = made(users.provision(key("3"), Contact.vouchedFor(null, null)));

        users.recordOwnProof(user.id(), "other@example.com");
        users.recordOwnProof(user.id(), "bob@example.com");
        users.recordOwnProof(nobody.id(), ALICE);
        users.recordOwnProof("nobody", ALICE);
        assertThat(proof(user)).isEqualTo(ContactProof.PROVIDER);
        assertThat(proof(other)).isEqualTo(ContactProof.PROVIDER);
        assertThat(users.findById(nobody.id()).orElseThrow().email()).isEmpty();

        users.recordOwnProof(user.id(), ALICE);
        users.recordOwnProof(user.id(), ALICE);
        assertThat(proof(user)).isEqualTo(ContactProof.SERVICE);
        assertThat(proof(other)).isEqualTo(ContactProof.PROVIDER);
        assertThat(users.findByVerifiedEmail(ALICE)).get().satisfies(found -> {
            assertThat(found.id()).isEqualTo(user.id());
            assertThat(found.isActive()).isTrue();
            assertThat(found.emailProof()).isEqualTo(ContactProof.SERVICE);
        });
        assertThat(users.findByVerifiedPhone(PHONE)).get().extracting(User::id).isEqualTo(user.id());
    }

    @Test
    @DisplayName("forgets neither address nor proof with a user's keys")
    void forgettingKeysKeepsTheUser() {
        User user = made(users.provision(key("1"), Contact.vouchedFor(ALICE, PHONE)));
        users.recordOwnProof(user.id(), ALICE);

        users.forgetKeys(user.id());

        assertThat(users.findByVerifiedPhone(PHONE)).get().extracting(User::id).isEqualTo(user.id());
        assertThat(users.findByVerifiedEmail(ALICE)).get().satisfies(found -> {
            assertThat(found.id()).isEqualTo(user.id());
            assertThat(found.emailProof()).isEqualTo(ContactProof.SERVICE);
        });
    }

    @Test
    @DisplayName(
            "throws StoreUnavailableException from every method while the backend is away, and knows whom it knew when"
                    + " it is back")
    void outageOfTheBackend() {
        Outage outage = outageOrSkip();
        User user = made(users.provision(key("1"), Contact.vouchedFor(ALICE, PHONE)));
        Contact bob = Contact.vouchedFor("bob@example.com", "+4930654321");

        during(outage, () -> {
            assertUnavailable(() -> users.findById(user.id()));
            assertUnavailable(() -> users.findById("nobody"));
            assertUnavailable(() -> users.findByVerifiedEmail(ALICE));
            assertUnavailable(() -> users.findByVerifiedPhone(PHONE));
            assertUnavailable(() -> users.provision(key("1"), Contact.vouchedFor(ALICE, PHONE)));
            assertUnavailable(() -> users.provision(key("2"), bob));
        });

        assertThat(users.findById(user.id())).get().extracting(User::id).isEqualTo(user.id());
        assertThat(users.findByVerifiedEmail(ALICE)).get().extracting(User::id).isEqualTo(user.id());
        assertThat(users.findByVerifiedPhone(PHONE)).get().extracting(User::id).isEqualTo(user.id());
        assertThat(users.findByVerifiedPhone("+4930654321").isPresent())
                .as("half-made")
                .isEqualTo(users.findByVerifiedEmail("bob@example.com").isPresent());
        User made = made(users.provision(key("2"), bob));
        assertThat(users.findByVerifiedEmail("bob@example.com"))
                .get()
                .extracting(User::id)
                .isEqualTo(made.id());
        assertThat(users.findByVerifiedPhone("+4930654321"))
                .get()
                .extracting(User::id)
                .isEqualTo(made.id());
    }

    @Test
    @DisplayName("has forgotten a user's keys, or recorded a proof, as a whole or not at all when that threw")
    void changesDuringAnOutage() {
        Outage outage = outageOrSkip();
        User user = made(users.provision(key("1"), Contact.vouchedFor(ALICE, null)));

        during(outage, () -> {
            assertUnavailable(() -> users.recordOwnProof(user.id(), ALICE));
            assertUnavailable(() -> users.forgetKeys(user.id()));
        });

        assertThat(users.findByVerifiedEmail(ALICE)).get().extracting(User::id).isEqualTo(user.id());
        users.recordOwnProof(user.id(), ALICE);
        users.forgetKeys(user.id());
        assertThat(proof(user)).as("works again").isEqualTo(ContactProof.SERVICE);
        assertThat(made(users.provision(key("1"), Contact.vouchedFor(null, null)))
                        .id())
                .isNotEqualTo(user.id());
    }

    private ContactProof proof(User user) {
        return users.findById(user.id()).orElseThrow().emailProof();
    }

    private static User made(Provisioning outcome) {
        assertThat(outcome).isInstanceOf(Provisioning.Made.class);
        return ((Provisioning.Made) outcome).user();
    }

    private static User taken(Provisioning outcome) {
        assertThat(outcome).isInstanceOf(Provisioning.Taken.class);
        return ((Provisioning.Taken) outcome).user();
    }

    private static SecretHash key(String name) {
        return SecretHash.of("key " + name);
    }
}
