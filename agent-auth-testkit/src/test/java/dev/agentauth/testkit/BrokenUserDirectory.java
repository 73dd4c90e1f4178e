package dev.agentauth.testkit;

import static dev.agentauth.testkit.ContractRun.by;

import dev.agentauth.spi.Contact;
import dev.agentauth.spi.User;
import dev.agentauth.spi.UserDirectory;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.extension.ExtendWith;

/** User directories with one defect each, and the requirements that find it. */
@SuppressWarnings("ImmutableEnumChecker") // made anew for each run
enum BrokenUserDirectory implements ContractRun.Defect {
    NONE(by(), PlainUserDirectory::new),

    TAKES_A_STRANGER_FOR_AN_INACTIVE_USER(by("finds nobody before somebody was made"), () -> new PlainUserDirectory() {
        @Override
        public Optional<User> findById(String userId) {
            return super.findById(userId).or(() -> Optional.of(new User(userId, false, null)));
        }
    }),

    CHECKS_THEN_MAKES(
            by(
                    "T57: makes one user of one address in 64 calls at once, and every call finds that user afterwards",
                    "T57: makes one user of one number in 64 calls at once, each with an address of its own"),
            () -> new PlainUserDirectory() {
                @Override
                public Optional<User> create(Contact contact) {
                    backend.check();
                    if (isTaken(contact)) {
                        return Optional.empty();
                    }
                    meeting.waitForAnother();
                    synchronized (this) {
                        return Optional.of(make(contact));
                    }
                }
            }),

    MAKES_TWO_USERS_OF_ONE_ADDRESS(
            by("makes nobody where somebody has the address or the number, and leaves nothing behind"),
            () -> new PlainUserDirectory() {
                @Override
                boolean isTaken(Contact contact) {
                    return isNumberTaken(contact);
                }
            }),

    MAKES_TWO_USERS_OF_ONE_NUMBER(
            by(
                    "makes nobody where somebody has the address or the number, and leaves nothing behind",
                    "T57: makes one user of one number in 64 calls at once, each with an address of its own"),
            () -> new PlainUserDirectory() {
                @Override
                boolean isTaken(Contact contact) {
                    return isAddressTaken(contact);
                }
            }),

    TAKEN_LEAVES_A_TRACE(
            by(
                    "makes nobody where somebody has the address or the number, and leaves nothing behind",
                    "T57: makes one user of one number in 64 calls at once, each with an address of its own"),
            () -> new PlainUserDirectory() {
                @Override
                public synchronized Optional<User> create(Contact contact) {
                    Optional<User> made = super.create(contact);
                    if (made.isEmpty()) {
                        byId.values().stream()
                                .findFirst()
                                .ifPresent(user ->
                                        contact.email().ifPresent(email -> idByEmail.putIfAbsent(email, user.id())));
                    }
                    return made;
                }
            }),

    INVENTS_AN_ADDRESS(by("invents no contact"), () -> new PlainUserDirectory() {
        @Override
        User newUser(String id, Contact contact) {
            return User.of(id, contact.email().orElse(id + "@invalid"));
        }
    }),

    MAKES_INACTIVE_USERS(
            by("makes an active user with the contact, and finds that user by all of it"),
            () -> new PlainUserDirectory() {
                @Override
                User newUser(String id, Contact contact) {
                    return new User(id, false, contact.email().orElse(null));
                }
            }),

    COMPARES_250_CHARACTERS(
            by("tells addresses apart that differ in the last of 254 characters, a dot, a tag or a blank"),
            () -> comparing(email -> email.substring(0, Math.min(email.length(), 250)))),

    DROPS_DOTS_OF_ADDRESSES(
            by("tells addresses apart that differ in the last of 254 characters, a dot, a tag or a blank"),
            () -> comparing(email -> email.replace(".", ""))),

    FOLDS_BLANKS_OF_ADDRESSES(
            by("tells addresses apart that differ in the last of 254 characters, a dot, a tag or a blank"),
            () -> comparing(String::strip)),

    FOLDS_CASE_OF_IDS(
            by("finds a user by the exact id alone: case, blanks, the last character"),
            () -> findingIds(id -> id.toLowerCase(Locale.ROOT))),

    FOLDS_BLANKS_OF_IDS(
            by("finds a user by the exact id alone: case, blanks, the last character"),
            () -> findingIds(String::strip)),

    THROWS_ANOTHER_EXCEPTION(
            by("throws PortUnavailableException from every method while the backend is away, and knows whom it"
                    + " knew when it is back"),
            () -> new PlainUserDirectory() {
                @Override
                public Optional<User> create(Contact contact) {
                    if (backend.isAway()) {
                        throw new IllegalStateException("the driver's own");
                    }
                    return super.create(contact);
                }
            }),

    KNOWS_NOBODY_DURING_AN_OUTAGE(
            by("throws PortUnavailableException from every method while the backend is away, and knows whom it"
                    + " knew when it is back"),
            () -> new PlainUserDirectory() {
                @Override
                public Optional<User> findByVerifiedPhone(String phone) {
                    return backend.isAway() ? Optional.empty() : super.findByVerifiedPhone(phone);
                }
            }),

    USER_WHOSE_MAKING_THREW_IS_HALF_THERE(
            by("throws PortUnavailableException from every method while the backend is away, and knows whom it"
                    + " knew when it is back"),
            () -> new PlainUserDirectory() {
                @Override
                public Optional<User> create(Contact contact) {
                    if (backend.isAway()) {
                        contact.email().ifPresent(email -> idByEmail.putIfAbsent(email, "user_half"));
                    }
                    return super.create(contact);
                }
            });

    private final Set<String> finders;
    private final Supplier<PlainUserDirectory> maker;

    BrokenUserDirectory(Set<String> finders, Supplier<PlainUserDirectory> maker) {
        this.finders = finders;
        this.maker = maker;
    }

    @Override
    public Set<String> finders() {
        return finders;
    }

    /** The contract, run by {@link ContractRun} only. */
    @ExtendWith(ContractRun.DefectResolver.class)
    static class Contract extends UserDirectoryContract {
        private final PlainUserDirectory users;

        Contract(BrokenUserDirectory defect) {
            users = defect.maker.get();
        }

        @Override
        protected UserDirectory newDirectory() {
            return users;
        }

        @Override
        protected Optional<Outage> outage() {
            return Optional.of(users.backend);
        }
    }

    private static PlainUserDirectory comparing(UnaryOperator<String> emails) {
        return new PlainUserDirectory() {
            @Override
            String emailKey(String email) {
                return emails.apply(email);
            }
        };
    }

    private static PlainUserDirectory findingIds(UnaryOperator<String> fold) {
        return new PlainUserDirectory() {
            @Override
            public Optional<User> findById(String userId) {
                return super.findById(userId)
                        .or(() -> byId.values().stream()
                                .filter(user -> fold.apply(user.id()).equals(fold.apply(userId)))
                                .findFirst());
            }
        };
    }
}
