package dev.agentauth.testkit;

import static dev.agentauth.testkit.ContractRun.by;

import dev.agentauth.SecretHash;
import dev.agentauth.spi.Contact;
import dev.agentauth.spi.ContactProof;
import dev.agentauth.spi.Provisioning;
import dev.agentauth.spi.User;
import dev.agentauth.spi.UserDirectory;
import java.text.Normalizer;
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
            return super.findById(userId).or(() -> Optional.of(new User(userId, false, null, ContactProof.PROVIDER)));
        }
    }),

    CHECKS_THEN_MAKES(
            by(
                    "T58: yields a forgotten user to none of 64 calls that start afterwards, and one other user to all",
                    "yields one user to 64 concurrent calls with one key",
                    "T57: makes one user of one contact under 64 keys at once and tells the others whose it is"),
            () -> new PlainUserDirectory() {
                @Override
                public Provisioning provision(SecretHash key, Contact contact) {
                    backend.check();
                    Optional<Provisioning> known = known(key, contact);
                    if (known.isPresent()) {
                        return known.get();
                    }
                    meeting.waitForAnother();
                    synchronized (this) {
                        return new Provisioning.Made(make(key, contact));
                    }
                }
            }),

    MAKES_TWO_USERS_OF_ONE_ADDRESS(
            by(
                    "compares addresses without regard to case",
                    "tells another key that the contact is taken, by address and by number"),
            () -> new PlainUserDirectory() {
                @Override
                Optional<User> holder(Contact contact) {
                    return contact.phone().flatMap(this::findByVerifiedPhone);
                }
            }),

    MAKES_TWO_USERS_OF_ONE_NUMBER(
            by(
                    "tells another key that the contact is taken, by address and by number",
                    "T57: makes one user of one number under 64 keys at once, half of them with an address of their own"),
            () -> new PlainUserDirectory() {
                @Override
                Optional<User> holder(Contact contact) {
                    return contact.email().flatMap(this::findByVerifiedEmail);
                }
            }),

    YIELDS_THE_HOLDER_AS_IF_MADE(
            by(
                    "tells who has the address or who has the number where they are two users",
                    "compares addresses without regard to case"),
            () -> new PlainUserDirectory() {
                @Override
                public Provisioning provision(SecretHash key, Contact contact) {
                    Provisioning outcome = super.provision(key, contact);
                    return outcome instanceof Provisioning.Taken taken ? new Provisioning.Made(taken.user()) : outcome;
                }
            }),

    BINDS_THE_KEY_TO_THE_HOLDER(
            by(
                    "tells another key that the contact is taken, by address and by number",
                    "T58: yields another user for each key that was forgotten, and leaves other users' keys alone"),
            () -> new PlainUserDirectory() {
                @Override
                public Provisioning provision(SecretHash key, Contact contact) {
                    Provisioning outcome = super.provision(key, contact);
                    if (outcome instanceof Provisioning.Taken taken) {
                        idByKey.put(key, taken.user().id());
                    }
                    return outcome;
                }
            }),

    TAKEN_LEAVES_A_TRACE(
            by("T57: makes one user of one number under 64 keys at once, half of them with an address of their own"),
            () -> new PlainUserDirectory() {
                @Override
                public Provisioning provision(SecretHash key, Contact contact) {
                    Provisioning outcome = super.provision(key, contact);
                    if (outcome instanceof Provisioning.Taken taken) {
                        contact.email()
                                .ifPresent(email -> idByEmail.putIfAbsent(
                                        emailKey(email), taken.user().id()));
                    }
                    return outcome;
                }
            }),

    GOES_BY_THE_CONTACT_FIRST(
            by(
                    "yields the same user for the same key, whatever the contact",
                    "yields one user to 64 concurrent calls with one key"),
            () -> new PlainUserDirectory() {
                @Override
                public synchronized Provisioning provision(SecretHash key, Contact contact) {
                    backend.check();
                    Optional<User> holder = holder(contact);
                    return holder.isPresent() ? new Provisioning.Taken(holder.get()) : super.provision(key, contact);
                }
            }),

    GIVES_THE_USER_EVERY_CONTACT_OF_THE_KEY(
            by("yields the same user for the same key, whatever the contact"), () -> new PlainUserDirectory() {
                @Override
                public Provisioning provision(SecretHash key, Contact contact) {
                    Provisioning outcome = super.provision(key, contact);
                    if (outcome instanceof Provisioning.Made made) {
                        contact.email()
                                .ifPresent(email -> idByEmail.putIfAbsent(
                                        emailKey(email), made.user().id()));
                    }
                    return outcome;
                }
            }),

    INVENTS_AN_ADDRESS(
            by(
                    "invents no contact",
                    "records the service's own proof of a user's own address, in whatever case it is on file, and of no"
                            + " other"),
            () -> new PlainUserDirectory() {
                @Override
                User newUser(String id, Contact contact) {
                    return new User(id, true, contact.email().orElse(id + "@invalid"), contact.proof());
                }
            }),

    MAKES_INACTIVE_USERS(
            by(
                    "makes an active user with the contact and who proved it, and finds that user by all of it",
                    "records the service's own proof of a user's own address, in whatever case it is on file, and of no"
                            + " other"),
            () -> new PlainUserDirectory() {
                @Override
                User newUser(String id, Contact contact) {
                    return new User(id, false, contact.email().orElse(null), contact.proof());
                }
            }),

    TAKES_A_PROVIDERS_WORD_FOR_PROOF(
            by(
                    "makes an active user with the contact and who proved it, and finds that user by all of it",
                    "records the service's own proof of a user's own address, in whatever case it is on file, and of no"
                            + " other"),
            () -> new PlainUserDirectory() {
                @Override
                User newUser(String id, Contact contact) {
                    return new User(id, true, contact.email().orElse(null), ContactProof.SERVICE);
                }
            }),

    FORGETS_ITS_OWN_PROOF(by("notes that the service itself has proved an address"), () -> new PlainUserDirectory() {
        @Override
        User newUser(String id, Contact contact) {
            return new User(id, true, contact.email().orElse(null), ContactProof.PROVIDER);
        }
    }),

    MINDS_THE_CASE_OF_ADDRESSES(
            by(
                    "compares addresses without regard to case",
                    "records the service's own proof of a user's own address, in whatever case it is on file, and of no"
                            + " other"),
            () -> comparing(text -> text, text -> text)),

    FOLDS_CASE_OF_NUMBERS(
            by("compares addresses and numbers exactly otherwise: blanks, accents, Unicode forms, the last character"),
            () -> comparing(BrokenUserDirectory::lower, BrokenUserDirectory::lower)),

    FOLDS_UNICODE_FORMS(
            by("compares addresses and numbers exactly otherwise: blanks, accents, Unicode forms, the last character"),
            () -> comparing(text -> lower(composed(text)), BrokenUserDirectory::composed)),

    FOLDS_ACCENTS(
            by("compares addresses and numbers exactly otherwise: blanks, accents, Unicode forms, the last character"),
            () -> comparing(text -> lower(withoutAccents(text)), BrokenUserDirectory::withoutAccents)),

    FOLDS_BLANKS_OF_NUMBERS(
            by("compares addresses and numbers exactly otherwise: blanks, accents, Unicode forms, the last character"),
            () -> comparing(BrokenUserDirectory::lower, String::strip)),

    COMPARES_255_CHARACTERS(
            by("compares addresses and numbers exactly otherwise: blanks, accents, Unicode forms, the last character"),
            () -> comparing(text -> lower(cut(text)), BrokenUserDirectory::cut)),

    CONFUSES_ADDRESSES_AND_NUMBERS(
            by("keeps an address apart from a number that is written alike"), () -> new PlainUserDirectory() {
                @Override
                public Optional<User> findByVerifiedPhone(String phone) {
                    return super.findByVerifiedPhone(phone).or(() -> findByVerifiedEmail(phone));
                }
            }),

    // keys

    KEYS_SURVIVE(
            by(
                    "has forgotten a user's keys, or recorded a proof, as a whole or not at all when that threw",
                    "T58: yields another user for each key that was forgotten, and leaves other users' keys alone"),
            () -> new PlainUserDirectory() {
                @Override
                public void forgetKeys(String userId) {
                    backend.check();
                }
            }),

    FORGETS_EVERYBODYS_KEYS(
            by("T58: yields another user for each key that was forgotten, and leaves other users' keys alone"),
            () -> new PlainUserDirectory() {
                @Override
                public void forgetKeys(String userId) {
                    backend.check();
                    idByKey.clear();
                }
            }),

    FORGETS_THE_USER_WITH_THE_KEYS(
            by(
                    "forgets neither address nor proof with a user's keys",
                    "has forgotten a user's keys, or recorded a proof, as a whole or not at all when that threw"),
            () -> new PlainUserDirectory() {
                @Override
                public void forgetKeys(String userId) {
                    super.forgetKeys(userId);
                    byId.remove(userId);
                }
            }),

    FORGETS_THE_NUMBER_WITH_THE_KEYS(
            by("forgets neither address nor proof with a user's keys"), () -> new PlainUserDirectory() {
                @Override
                public void forgetKeys(String userId) {
                    super.forgetKeys(userId);
                    idByPhone.values().removeIf(userId::equals);
                }
            }),

    // proof

    RECORDS_PROOF_OF_ANY_ADDRESS(
            by("records the service's own proof of a user's own address, in whatever case it is on file, and of no"
                    + " other"),
            () -> new PlainUserDirectory() {
                @Override
                boolean isOwn(User user, String email) {
                    return true;
                }
            }),

    RECORDS_PROOF_FOR_WHOEVER_HAS_THE_ADDRESS(
            by("records the service's own proof of a user's own address, in whatever case it is on file, and of no"
                    + " other"),
            () -> new PlainUserDirectory() {
                @Override
                public void recordOwnProof(String userId, String email) {
                    findByVerifiedEmail(email).ifPresent(user -> byId.put(user.id(), proved(user)));
                }
            }),

    RECORDS_PROOF_OF_THE_SAME_CASE_ONLY(
            by("records the service's own proof of a user's own address, in whatever case it is on file, and of no"
                    + " other"),
            () -> new PlainUserDirectory() {
                @Override
                boolean isOwn(User user, String email) {
                    return user.email().equals(Optional.of(email));
                }
            }),

    RECORDS_NO_PROOF(
            by(
                    "forgets neither address nor proof with a user's keys",
                    "has forgotten a user's keys, or recorded a proof, as a whole or not at all when that threw"),
            () -> new PlainUserDirectory() {
                @Override
                boolean isOwn(User user, String email) {
                    return false;
                }
            }),

    PROOF_PUTS_THE_USER_OUT_OF_ACTION(
            by("records the service's own proof of a user's own address, in whatever case it is on file, and of no"
                    + " other"),
            () -> new PlainUserDirectory() {
                @Override
                public void recordOwnProof(String userId, String email) {
                    super.recordOwnProof(userId, email);
                    byId.computeIfPresent(
                            userId,
                            (id, user) -> new User(id, false, user.email().orElse(null), user.emailProof()));
                }
            }),

    // outages

    THROWS_ANOTHER_EXCEPTION(
            by("has forgotten a user's keys, or recorded a proof, as a whole or not at all when that threw"),
            () -> new PlainUserDirectory() {
                @Override
                public void forgetKeys(String userId) {
                    if (backend.isAway()) {
                        throw new IllegalStateException("the driver's own");
                    }
                    super.forgetKeys(userId);
                }
            }),

    KNOWS_NOBODY_DURING_AN_OUTAGE(
            by("throws StoreUnavailableException from every method while the backend is away, and knows whom it"
                    + " knew when it is back"),
            () -> new PlainUserDirectory() {
                @Override
                public Optional<User> findByVerifiedPhone(String phone) {
                    return backend.isAway() ? Optional.empty() : super.findByVerifiedPhone(phone);
                }
            }),

    USER_WHOSE_MAKING_THREW_IS_HALF_THERE(
            by("throws StoreUnavailableException from every method while the backend is away, and knows whom it"
                    + " knew when it is back"),
            () -> new PlainUserDirectory() {
                @Override
                public Provisioning provision(SecretHash key, Contact contact) {
                    if (backend.isAway()) {
                        User half = newUser("user_half", contact);
                        byId.putIfAbsent(half.id(), half);
                        contact.email().ifPresent(email -> idByEmail.putIfAbsent(emailKey(email), half.id()));
                    }
                    return super.provision(key, contact);
                }
            }),

    USER_WHOSE_MAKING_THREW_HAS_NO_KEY(
            by("throws StoreUnavailableException from every method while the backend is away, and knows whom it"
                    + " knew when it is back"),
            () -> new PlainUserDirectory() {
                @Override
                public Provisioning provision(SecretHash key, Contact contact) {
                    if (backend.isAway() && !idByKey.containsKey(key)) {
                        make(key, contact);
                        idByKey.remove(key);
                    }
                    return super.provision(key, contact);
                }
            }),

    FORGETS_IN_AN_OUTAGE(
            by("throws StoreUnavailableException from every method while the backend is away, and knows whom it"
                    + " knew when it is back"),
            () -> new PlainUserDirectory() {
                @Override
                public Optional<User> findById(String userId) {
                    if (backend.isAway()) {
                        byId.clear();
                    }
                    return super.findById(userId);
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

    private static PlainUserDirectory comparing(UnaryOperator<String> emails, UnaryOperator<String> phones) {
        return new PlainUserDirectory() {
            @Override
            String emailKey(String email) {
                return emails.apply(email);
            }

            @Override
            String phoneKey(String phone) {
                return phones.apply(phone);
            }
        };
    }

    private static String lower(String text) {
        return text.toLowerCase(Locale.ROOT);
    }

    private static String composed(String text) {
        return Normalizer.normalize(text, Normalizer.Form.NFC);
    }

    private static String withoutAccents(String text) {
        return Normalizer.normalize(text, Normalizer.Form.NFD).replaceAll("\\p{M}", "");
    }

    private static String cut(String text) {
        return text.substring(0, Math.min(text.length(), 255));
    }
}
