package dev.agentauth.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentauth.SecretHash;
import dev.agentauth.spi.Contact;
import dev.agentauth.spi.ContactProof;
import dev.agentauth.spi.Provisioning;
import dev.agentauth.spi.User;
import dev.agentauth.spi.UserDirectory;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What every {@link UserDirectory} owes, each sentence of its Javadoc. */
@DisplayName("A user directory")
public abstract class UserDirectoryContract {
    private static final String ALICE = "alice@example.com";
    private static final String PHONE = "+4930123456";

    private UserDirectory users;

    /** For subclasses. */
    protected UserDirectoryContract() {}

    /**
     * A directory to test.
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
    @DisplayName("records the service's own proof of a user's own address, in whatever case, and of no other")
    void recordsOwnProof() {
        User user = made(users.provision(key("1"), Contact.vouchedFor(ALICE, null)));

        users.recordOwnProof(user.id(), "other@example.com");
        users.recordOwnProof("nobody", ALICE);
        assertThat(proof(user)).isEqualTo(ContactProof.PROVIDER);

        users.recordOwnProof(user.id(), ALICE);
        users.recordOwnProof(user.id(), ALICE);
        assertThat(proof(user)).isEqualTo(ContactProof.SERVICE);
        assertThat(users.findByVerifiedEmail(ALICE)).get().extracting(User::id).isEqualTo(user.id());
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
