package dev.agentauth.testkit;

import static dev.agentauth.testkit.ContractRun.by;
import static dev.agentauth.testkit.PortContract.TICK;

import dev.agentauth.SecretHash;
import dev.agentauth.registration.Asked;
import dev.agentauth.registration.Attempt;
import dev.agentauth.registration.Claim;
import dev.agentauth.registration.Delivery;
import dev.agentauth.registration.End;
import dev.agentauth.registration.EndReason;
import dev.agentauth.registration.OneTimeCode;
import dev.agentauth.registration.Ownership;
import dev.agentauth.registration.PollPace;
import dev.agentauth.registration.ProviderIdentity;
import dev.agentauth.registration.RefreshFamily;
import dev.agentauth.registration.Registration;
import dev.agentauth.registration.TypedCode;
import dev.agentauth.registration.Way;
import dev.agentauth.spi.PortUnavailableException;
import dev.agentauth.spi.RegistrationStore;
import java.text.Normalizer;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.AbstractList;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.extension.ExtendWith;

/** Registration stores with one defect each, and the requirements that find it. */
@SuppressWarnings("ImmutableEnumChecker") // made anew for each run
enum BrokenRegistrationStore implements ContractRun.Defect {
    NONE(by(), PlainRegistrationStore::new),

    // insert

    INSERT_KEEPS_THE_VERSION(
            by("finds what was inserted by every key that it has, with version 0"), () -> new PlainRegistrationStore() {
                @Override
                public boolean insert(Registration registration, Instant now) {
                    boolean inserted = super.insert(registration, now);
                    if (inserted) {
                        write(registration);
                    }
                    return inserted;
                }
            }),

    LETS_A_SECOND_LIVE_ONE_IN(
            by(
                    "never frees the identity of a claimed registration by time",
                    "refuses a second live registration of kind provider for one identity and changes nothing then"),
            () -> new PlainRegistrationStore() {
                @Override
                boolean isTaken(Registration registration, Instant now) {
                    return false;
                }
            }),

    INSERT_CHECKS_THEN_WRITES(
            by(
                    "lets exactly one of 64 concurrent inserts for one identity through",
                    "lets exactly one of 64 concurrent inserts into an identity through that has just expired"),
            () -> new PlainRegistrationStore() {
                @Override
                public boolean insert(Registration registration, Instant now) {
                    backend.check();
                    if (isTaken(registration, now)) {
                        return false;
                    }
                    meeting.waitForAnother();
                    add(registration);
                    return true;
                }
            }),

    REFUSED_INSERT_LEAVES_A_TRACE(
            by(
                    "refuses a second live registration of kind provider for one identity and changes nothing then",
                    "compares all parts of an identity exactly: case, blanks, Unicode forms, the 1,000th character"),
            () -> new PlainRegistrationStore() {
                @Override
                public boolean insert(Registration registration, Instant now) {
                    boolean inserted = super.insert(registration, now);
                    if (!inserted) {
                        write(registration);
                    }
                    return inserted;
                }
            }),

    REVOCATION_DOES_NOT_FREE(
            by(
                    "frees an identity by revocation and by erasure",
                    "revokes every registration that is not revoked, and says how many"),
            () -> new PlainRegistrationStore() {
                @Override
                boolean isTaken(Registration registration, Instant now) {
                    String holder = holders.get(identityKey(registration));
                    return super.isTaken(registration, now)
                            || (holder != null
                                    && occupies(registration)
                                    && byId.get(holder) != null
                                    && byId.get(holder).revokedAt() != null);
                }
            }),

    ERASURE_DOES_NOT_FREE(by("frees an identity by revocation and by erasure"), () -> new PlainRegistrationStore() {
        @Override
        boolean isTaken(Registration registration, Instant now) {
            String holder = holders.get(identityKey(registration));
            return super.isTaken(registration, now)
                    || (holder != null
                            && occupies(registration)
                            && byId.get(holder) != null
                            && byId.get(holder).provider() == null);
        }
    }),

    EXPIRY_DOES_NOT_FREE(
            by(
                    "frees an identity exactly when the claim behind it expires, and keeps the expired registration",
                    "raises the version of the expired registration whose identity it gives away, and changes nothing"
                            + " else"),
            () -> new PlainRegistrationStore() {
                @Override
                boolean holds(Registration holder, Instant now) {
                    return true;
                }
            }),

    EXPIRY_FREES_A_TICK_EARLY(
            by("frees an identity exactly when the claim behind it expires, and keeps the expired registration"),
            () -> new PlainRegistrationStore() {
                @Override
                boolean holds(Registration holder, Instant now) {
                    return holder.isLive(now.plus(TICK));
                }
            }),

    EXPIRY_FREES_A_TICK_LATE(
            by(
                    "frees an identity exactly when the claim behind it expires, and keeps the expired registration",
                    "raises the version of the expired registration whose identity it gives away, and changes nothing"
                            + " else"),
            () -> new PlainRegistrationStore() {
                @Override
                boolean holds(Registration holder, Instant now) {
                    return holder.isLive(now.minus(TICK));
                }
            }),

    CLAIMED_ONES_EXPIRE(
            by("never frees the identity of a claimed registration by time"), () -> new PlainRegistrationStore() {
                @Override
                boolean holds(Registration holder, Instant now) {
                    return holder.isLive(now)
                            && (holder.claim() == null
                                    || now.isBefore(holder.claim().expiresAt()));
                }
            }),

    PURGED_ONES_KEEP_THE_IDENTITY(
            by("forgets a purged registration under every key and frees its identity"),
            () -> new PlainRegistrationStore() {
                @Override
                boolean isTaken(Registration registration, Instant now) {
                    String holder = holders.get(identityKey(registration));
                    return super.isTaken(registration, now)
                            || (holder != null && occupies(registration) && !byId.containsKey(holder));
                }
            }),

    ANOTHER_KIND_OCCUPIES_THE_IDENTITY(
            by(
                    "is not kept from inserting by an identity that only another kind carries",
                    "lets registrations of other kinds carry the same identity beside a live one"),
            () -> new PlainRegistrationStore() {
                @Override
                boolean occupies(Registration registration) {
                    return registration.provider() != null;
                }
            }),

    ANOTHER_KIND_IS_REFUSED(
            by(
                    "lets registrations of other kinds carry the same identity beside a live one",
                    "finds by a provider's identity, and by its subject: every tenant's identity and the one without"),
            () -> new PlainRegistrationStore() {
                @Override
                boolean isTaken(Registration registration, Instant now) {
                    return registration.provider() != null
                            && holder(registration)
                                    .filter(holder -> holds(holder, now))
                                    .isPresent();
                }
            }),

    FOLDS_CASE_OF_IDENTITIES(
            by("compares all parts of an identity exactly: case, blanks, Unicode forms, the 1,000th character"),
            () -> withIdentityKey(text -> text.toLowerCase(Locale.ROOT))),

    FOLDS_UNICODE_FORMS_OF_IDENTITIES(
            by("compares all parts of an identity exactly: case, blanks, Unicode forms, the 1,000th character"),
            () -> withIdentityKey(text -> Normalizer.normalize(text, Normalizer.Form.NFC))),

    FOLDS_BLANKS_OF_IDENTITIES(
            by("compares all parts of an identity exactly: case, blanks, Unicode forms, the 1,000th character"),
            () -> withIdentityKey(String::stripTrailing)),

    COMPARES_255_CHARACTERS_OF_IDENTITIES(
            by("compares all parts of an identity exactly: case, blanks, Unicode forms, the 1,000th character"),
            () -> withIdentityKey(text -> cut(text, 255))),

    KNOWS_THE_BASIC_PLANE_ONLY(
            by("compares all parts of an identity exactly: case, blanks, Unicode forms, the 1,000th character"),
            () -> withIdentityKey(text -> text.replaceAll("[^\\x{0}-\\x{ffff}]", "?"))),

    TAKES_NO_TENANT_FOR_AN_EMPTY_ONE(
            by("keeps the identity without a tenant apart from that of a tenant without a name"),
            () -> new PlainRegistrationStore() {
                @Override
                Object identityKey(Registration registration) {
                    if (registration.provider() == null) {
                        return "none";
                    }
                    ProviderIdentity identity = identity(registration);
                    return identity.tenant() != null
                            ? identity
                            : new ProviderIdentity(identity.issuer(), "", identity.subject(), identity.audience());
                }
            }),

    // an identity that was given away

    GIVING_AWAY_DOES_NOT_RAISE_THE_VERSION(
            by(
                    "raises the version of the expired registration whose identity it gives away, and changes nothing"
                            + " else",
                    "refuses a claim in flight of an expired registration whose identity was given away meanwhile"),
            () -> new PlainRegistrationStore() {
                @Override
                void giveAway(Registration expired) {}
            }),

    GIVING_AWAY_CHECKS_THEN_WRITES(
            by("never has two live ones when 32 threads claim the old one while 32 insert at its expiry"),
            () -> new PlainRegistrationStore() {
                @Override
                public boolean insert(Registration registration, Instant now) {
                    backend.check();
                    Optional<Registration> expired = holder(registration);
                    if (isTaken(registration, now)) {
                        return false;
                    }
                    if (expired.isPresent()) {
                        meeting.waitAfterCheckUntil(() -> !isCurrent(expired.get()));
                    }
                    synchronized (this) {
                        if (!holder(registration).map(Registration::id).equals(expired.map(Registration::id))) {
                            return false;
                        }
                        add(registration);
                        return true;
                    }
                }

                @Override
                public Optional<Registration> replace(Registration current, Registration next) {
                    meeting.waitUntilChecked();
                    return super.replace(current, next);
                }
            }),

    GIVEN_AWAY_IS_CLAIMED_AFTERWARDS(
            by(
                    "refuses an owner for one whose identity was given away, even to a replica that read it afterwards",
                    "lets one whose identity was given away change in any other way, but have no owner"),
            () -> new PlainRegistrationStore() {
                @Override
                boolean isRefused(Registration next) {
                    return false;
                }
            }),

    GIVEN_AWAY_CANNOT_CHANGE_ANY_MORE(
            by("lets one whose identity was given away change in any other way, but have no owner"),
            () -> new PlainRegistrationStore() {
                @Override
                boolean isRefused(Registration next) {
                    return occupies(next)
                            && next.revokedAt() == null
                            && holder(next)
                                    .filter(holder -> !holder.id().equals(next.id()))
                                    .isPresent();
                }
            }),

    GIVEN_AWAY_IS_TAKEN_BACK_BY_ANY_CHANGE(
            by("lets one whose identity was given away change in any other way, but have no owner"),
            () -> new PlainRegistrationStore() {
                @Override
                public Optional<Registration> replace(Registration current, Registration next) {
                    Optional<Registration> written = super.replace(current, next);
                    if (written.isPresent() && occupies(next)) {
                        holders.put(identityKey(next), next.id());
                    }
                    return written;
                }
            }),

    PURGE_OF_THE_EXPIRED_ONE_FREES_ITS_IDENTITY(
            by("keeps the identity with its new holder when the expired one is purged"),
            () -> new PlainRegistrationStore() {
                @Override
                public List<Registration> purge(Instant unclaimedBefore, Instant settledBefore, int limit) {
                    List<Registration> purged = super.purge(unclaimedBefore, settledBefore, limit);
                    purged.stream().filter(this::occupies).forEach(gone -> holders.remove(identityKey(gone)));
                    return purged;
                }
            }),

    // replace

    REPLACE_DOES_NOT_COMPARE(
            by(
                    "T64: lets no replace in flight undo a revocation of all",
                    "T73: lets no use of a refresh token undo what ends it: not in flight, and not in a race",
                    "changes nothing for a stale version"),
            () -> new PlainRegistrationStore() {
                @Override
                boolean isCurrent(Registration current) {
                    return byId.containsKey(current.id());
                }
            }),

    REPLACE_COMPARES_THEN_WRITES(
            by(
                    "lets exactly one of 64 concurrent replaces of one version through",
                    "T77: lets exactly one of 64 concurrent owners through who type a code or have one read back, and"
                            + " keeps how",
                    "loses no update of 64 threads that read, change and replace until it holds"),
            () -> new PlainRegistrationStore() {
                @Override
                public Optional<Registration> replace(Registration current, Registration next) {
                    backend.check();
                    if (!isCurrent(current) || isRefused(next)) {
                        return Optional.empty();
                    }
                    meeting.waitForAnother();
                    return Optional.of(write(next.withVersion(current.version() + 1)));
                }
            }),

    REPLACE_DOES_NOT_RAISE_THE_VERSION(
            by("replaces the version that was read and raises it by one", "changes nothing for a stale version"),
            () -> new PlainRegistrationStore() {
                @Override
                public Optional<Registration> replace(Registration current, Registration next) {
                    return super.replace(current, next).map(written -> write(written.withVersion(current.version())));
                }
            }),

    REPLACE_COMPARES_EVERYTHING(
            by("goes by the version alone, not by what else the caller believes to be stored"),
            () -> new PlainRegistrationStore() {
                @Override
                boolean isCurrent(Registration current) {
                    return current.equals(byId.get(current.id()));
                }
            }),

    REPLACE_INSERTS_WHAT_IS_NOT_THERE(
            by(
                    "changes nothing for a registration that is not there",
                    "forgets a purged registration under every key and frees its identity"),
            () -> new PlainRegistrationStore() {
                @Override
                boolean isCurrent(Registration current) {
                    return !byId.containsKey(current.id()) || super.isCurrent(current);
                }
            }),

    REFUSED_REPLACE_LEAVES_A_TRACE(by("changes nothing for a stale version"), () -> new PlainRegistrationStore() {
        private final Map<SecretHash, String> tokens = new ConcurrentHashMap<>();

        @Override
        public Optional<Registration> replace(Registration current, Registration next) {
            if (claimToken(next) != null) {
                tokens.put(claimToken(next), next.id());
            }
            Optional<Registration> written = super.replace(current, next);
            written.ifPresent(registration -> tokens.clear());
            return written;
        }

        @Override
        public Optional<Registration> findByClaimToken(SecretHash tokenHash) {
            return super.findByClaimToken(tokenHash)
                    .or(() -> Optional.ofNullable(tokens.get(tokenHash)).flatMap(this::findById));
        }
    }),

    // look-ups

    STALE_BY_ID(
            by(
                    "lets one whose identity was given away change in any other way, but have no owner",
                    "shows every kind of write by every key, also to whoever has looked before"),
            () -> new PlainRegistrationStore() {
                private final Map<String, Registration> cache = new ConcurrentHashMap<>();

                @Override
                public Optional<Registration> findById(String id) {
                    Optional<Registration> found = super.findById(id);
                    return found.map(registration -> cache.computeIfAbsent(id, key -> registration));
                }
            }),

    STALE_BY_CLAIM_TOKEN(
            by(
                    "finds by the claim token in force and no longer by the one before",
                    "finds an erased registration by its id alone"),
            () -> new PlainRegistrationStore() {
                private final Map<SecretHash, String> ids = new ConcurrentHashMap<>();

                @Override
                Registration write(Registration registration) {
                    if (claimToken(registration) != null) {
                        ids.put(claimToken(registration), registration.id());
                    }
                    return super.write(registration);
                }

                @Override
                public Optional<Registration> findByClaimToken(SecretHash tokenHash) {
                    return Optional.ofNullable(ids.get(tokenHash)).flatMap(this::findById);
                }
            }),

    STALE_BY_ATTEMPT_TOKEN(
            by(
                    "finds by the attempt token in force and no longer by the one before",
                    "finds an erased registration by its id alone"),
            () -> new PlainRegistrationStore() {
                private final Map<SecretHash, String> ids = new ConcurrentHashMap<>();

                @Override
                Registration write(Registration registration) {
                    if (attemptToken(registration) != null) {
                        ids.put(attemptToken(registration), registration.id());
                    }
                    return super.write(registration);
                }

                @Override
                public Optional<Registration> findByAttemptToken(SecretHash tokenHash) {
                    return Optional.ofNullable(ids.get(tokenHash)).flatMap(this::findById);
                }
            }),

    STALE_BY_USER(
            by(
                    "finds by the owner once somebody owns it",
                    "does not mind what a caller does to a list that it was handed"),
            () -> new PlainRegistrationStore() {
                private final Map<String, List<Registration>> cache = new ConcurrentHashMap<>();

                @Override
                public boolean insert(Registration registration, Instant now) {
                    cache.clear();
                    return super.insert(registration, now);
                }

                @Override
                public List<Registration> findByUser(String userId) {
                    backend.check();
                    return cache.computeIfAbsent(userId, super::findByUser);
                }
            }),

    STALE_BY_PROVIDER(
            by(
                    "does not mind what a caller does to a list that it was handed",
                    "shows every kind of write by every key, also to whoever has looked before",
                    "shows every write to whoever looks afterwards, by whatever key, while 64 threads write"),
            () -> new PlainRegistrationStore() {
                private final Map<ProviderIdentity, List<Registration>> cache = new ConcurrentHashMap<>();

                @Override
                public boolean insert(Registration registration, Instant now) {
                    cache.clear();
                    return super.insert(registration, now);
                }

                @Override
                public List<Registration> findByProvider(ProviderIdentity subject) {
                    backend.check();
                    return cache.computeIfAbsent(subject, super::findByProvider);
                }

                @Override
                public List<Registration> findByProviderInAnyTenant(ProviderIdentity subject) {
                    backend.check();
                    return cache.computeIfAbsent(subject, super::findByProviderInAnyTenant);
                }
            }),

    GONE_FOR_A_MOMENT_WHILE_WRITTEN(
            by(
                    "loses no update of 64 threads that read, change and replace until it holds",
                    "finds a registration at every moment under the keys that it keeps, under none that it has lost"),
            () -> new PlainRegistrationStore() {
                @Override
                Registration write(Registration registration) {
                    byId.remove(registration.id());
                    meeting.rest();
                    return super.write(registration);
                }
            }),

    FINDS_REVOKED_ONES_BY_PROVIDER(
            by("does not find by provider what is revoked, one by one or all at once; expired ones it does"),
            () -> new PlainRegistrationStore() {
                @Override
                boolean isVouchedFor(Registration registration) {
                    return registration.provider() != null;
                }
            }),

    LISTS_ARE_LIVE(
            by("hands out snapshots: a later write does not change what was found"),
            () -> new PlainRegistrationStore() {
                @Override
                public List<Registration> findByUser(String userId) {
                    List<Registration> now = super.findByUser(userId);
                    return new AbstractList<>() {
                        @Override
                        public Registration get(int index) {
                            return byId.getOrDefault(now.get(index).id(), now.get(index));
                        }

                        @Override
                        public int size() {
                            return now.size();
                        }
                    };
                }
            }),

    FINDS_BY_THE_FIRST_IDENTITY_ALONE(
            by("finds by identity and subject what came to carry it later, beside the one of kind provider"),
            () -> new PlainRegistrationStore() {
                private final Set<String> carriers = ConcurrentHashMap.newKeySet();

                @Override
                public boolean insert(Registration registration, Instant now) {
                    if (registration.provider() != null) {
                        carriers.add(registration.id());
                    }
                    return super.insert(registration, now);
                }

                @Override
                public List<Registration> findByProvider(ProviderIdentity subject) {
                    return super.findByProvider(subject).stream()
                            .filter(registration -> carriers.contains(registration.id()))
                            .toList();
                }
            }),

    LISTS_WRITE_THROUGH(
            by("does not mind what a caller does to a list that it was handed"), () -> new PlainRegistrationStore() {
                @Override
                public List<Registration> findByProvider(ProviderIdentity subject) {
                    List<Registration> now = super.findByProvider(subject);
                    return new AbstractList<>() {
                        @Override
                        public Registration get(int index) {
                            return now.get(index);
                        }

                        @Override
                        public Registration remove(int index) {
                            byId.remove(now.get(index).id());
                            return now.remove(index);
                        }

                        @Override
                        public int size() {
                            return now.size();
                        }
                    };
                }
            }),

    FINDS_OWNERS_ONLY(
            by(
                    "hands out snapshots: a later write does not change what was found",
                    "changes nothing for a stale version"),
            () -> new PlainRegistrationStore() {
                @Override
                public List<Registration> findByUser(String userId) {
                    backend.check();
                    return all(registration -> userId.equals(registration.userId()));
                }
            }),

    FINDS_CLAIMED_AND_REVOKED_ONES_BY_RECIPIENT(
            by("finds by the recipient what waits for that address, expired ones too, oldest first, and nothing else"),
            () -> new PlainRegistrationStore() {
                @Override
                boolean isUnclaimed(Registration registration) {
                    return true;
                }
            }),

    FINDS_RECIPIENTS_IN_ANY_CASE(
            by("finds by the recipient what waits for that address, expired ones too, oldest first, and nothing else"),
            () -> new PlainRegistrationStore() {
                @Override
                public List<Registration> findUnclaimedByRecipient(String recipient) {
                    backend.check();
                    return all(registration -> isUnclaimed(registration)
                            && registration.attempt() != null
                            && recipient.equalsIgnoreCase(
                                    registration.attempt().asked().address()));
                }
            }),

    LISTS_OLDEST_FIRST(
            by(
                    "lists what was made before an instant, newest first, so that pages miss nothing and show nothing twice"),
            () -> new PlainRegistrationStore() {
                @Override
                Comparator<Registration> newestFirst() {
                    return super.newestFirst().reversed();
                }
            }),

    LISTS_ONE_OF_AN_INSTANT(
            by(
                    "lists what was made before an instant, newest first, so that pages miss nothing and show nothing twice"),
            () -> new PlainRegistrationStore() {
                @Override
                boolean isBefore(Registration registration, Instant createdAt, String id) {
                    return registration.createdAt().isBefore(createdAt);
                }
            }),

    LISTS_AN_INSTANT_TWICE(
            by(
                    "lists what was made before an instant, newest first, so that pages miss nothing and show nothing twice"),
            () -> new PlainRegistrationStore() {
                @Override
                boolean isBefore(Registration registration, Instant createdAt, String id) {
                    return super.isBefore(registration, createdAt, id.isEmpty() ? id : "reg_zz");
                }
            }),

    LISTS_LIVE_ONES_ONLY(
            by(
                    "lists what was made before an instant, newest first, so that pages miss nothing and show nothing twice"),
            () -> new PlainRegistrationStore() {
                @Override
                boolean isBefore(Registration registration, Instant createdAt, String id) {
                    return registration.revokedAt() == null && super.isBefore(registration, createdAt, id);
                }
            }),

    LISTS_TOO_MANY(
            by(
                    "lists what was made before an instant, newest first, so that pages miss nothing and show nothing twice"),
            () -> new PlainRegistrationStore() {
                @Override
                public List<Registration> findMadeBefore(Instant createdAt, String id, int limit) {
                    return super.findMadeBefore(createdAt, id, limit + 1);
                }
            }),

    FINDS_USERS_IN_ANY_CASE(
            by(
                    "finds nothing by keys that nobody has",
                    "keeps users and recipients of 255 characters exactly: case, blanks, Unicode forms, the last"
                            + " character"),
            () -> new PlainRegistrationStore() {
                @Override
                public List<Registration> findByUser(String userId) {
                    backend.check();
                    return all(registration -> userId.equalsIgnoreCase(registration.userBehind()));
                }
            }),

    FINDS_NEWEST_FIRST(
            by(
                    "finds all that a user owns and every step-up that waits for the user, whatever the status, oldest"
                            + " first",
                    "finds by a provider's identity, and by its subject: every tenant's identity and the one without"),
            () -> new PlainRegistrationStore() {
                @Override
                Comparator<Registration> order() {
                    return super.order().reversed();
                }
            }),

    FINDS_IN_THE_ORDER_OF_IDS(
            by(
                    "finds all that a user owns and every step-up that waits for the user, whatever the status, oldest"
                            + " first",
                    "finds by a provider's identity, and by its subject: every tenant's identity and the one without"),
            () -> new PlainRegistrationStore() {
                @Override
                Comparator<Registration> order() {
                    return Comparator.comparing(Registration::id);
                }
            }),

    FINDS_LIVE_ONES_ONLY(
            by(
                    "finds all that a user owns and every step-up that waits for the user, whatever the status, oldest"
                            + " first",
                    "lets one whose identity was given away change in any other way, but have no owner"),
            () -> new PlainRegistrationStore() {
                @Override
                public List<Registration> findByUser(String userId) {
                    return super.findByUser(userId).stream()
                            .filter(registration -> registration.revokedAt() == null)
                            .toList();
                }
            }),

    FINDS_PROVIDERS_IN_ANY_CASE(
            by(
                    "finds nothing by keys that nobody has",
                    "finds by a provider's identity, and by its subject: every tenant's identity and the one without"),
            () -> finding((wanted, inAnyTenant, identity) -> inAnyTenant
                    ? lower(wanted).isSameSubject(lower(identity))
                    : lower(wanted).equals(lower(identity)))),

    FINDS_PROVIDERS_OF_EVERY_TENANT(
            by(
                    "keeps the identity without a tenant apart from that of a tenant without a name",
                    "finds by a provider's identity, and by its subject: every tenant's identity and the one without"),
            () -> finding((wanted, inAnyTenant, identity) -> wanted.isSameSubject(identity))),

    FINDS_PROVIDERS_OF_EVERY_TENANT_WHERE_NONE_IS_ASKED_FOR(
            by(
                    "keeps the identity without a tenant apart from that of a tenant without a name",
                    "finds by a provider's identity, and by its subject: every tenant's identity and the one without"),
            () -> finding((wanted, inAnyTenant, identity) ->
                    inAnyTenant ? wanted.isSameSubject(identity) : wanted.covers(identity))),

    FINDS_PROVIDERS_OF_EVERY_AUDIENCE(
            by(
                    "finds by a provider's identity, and by its subject: every tenant's identity and the one without",
                    "compares all parts of an identity exactly: case, blanks, Unicode forms, the 1,000th character"),
            () -> finding((wanted, inAnyTenant, identity) -> {
                ProviderIdentity ofItsAudience =
                        new ProviderIdentity(wanted.issuer(), wanted.tenant(), wanted.subject(), identity.audience());
                return inAnyTenant ? ofItsAudience.isSameSubject(identity) : ofItsAudience.equals(identity);
            })),

    FINDS_ONE_TENANT_ALONE(
            by(
                    "finds what was inserted by every key that it has, with version 0",
                    "finds by a provider's identity, and by its subject: every tenant's identity and the one without"),
            () -> finding((wanted, inAnyTenant, identity) -> wanted.equals(identity))),

    // revokeAll

    REVOKE_ALL_KEEPS_VERSIONS(
            by(
                    "T64: lets no replace in flight undo a revocation of all",
                    "revokes every registration that is not revoked, and says how many"),
            () -> new PlainRegistrationStore() {
                @Override
                public int revokeAll(Instant now) {
                    backend.check();
                    List<Registration> live = all(registration -> registration.revokedAt() == null);
                    live.forEach(registration -> write(registration.revoke(EndReason.OPERATOR, now)));
                    return live.size();
                }
            }),

    REVOKE_ALL_REVOKES_AGAIN(
            by("revokes every registration that is not revoked, and says how many"),
            () -> new PlainRegistrationStore() {
                @Override
                public synchronized int revokeAll(Instant now) {
                    backend.check();
                    List<Registration> all = all(registration -> true);
                    all.forEach(registration -> write(new Registration(
                            registration.id(),
                            registration.kind(),
                            registration.createdAt(),
                            registration.version() + 1,
                            registration.epoch(),
                            registration.ownership(),
                            registration.claim(),
                            registration.provider(),
                            registration.refresh(),
                            new End(now, EndReason.OPERATOR))));
                    return all.size();
                }
            }),

    REVOKE_ALL_LEAVES_IT_TO_THE_WRITING(
            by(
                    "revokes all at once, before it is written down: by whatever key they are read, they have ended",
                    "leaves alone what is inserted after a revocation of all, also where that is still to be written down",
                    "purges nothing as unclaimed that a revocation of all has ended, and all of it as revoked"),
            () -> new PlainRegistrationStore() {
                private Instant revoked;

                @Override
                public int revokeAll(Instant now) {
                    backend.check();
                    revoked = now;
                    return 0;
                }

                @Override
                public synchronized int writeRevocations(int limit) {
                    List<Registration> live = all(registration -> revoked != null && registration.revokedAt() == null);
                    live.stream()
                            .limit(limit)
                            .forEach(registration -> write(registration
                                    .revoke(EndReason.OPERATOR, revoked)
                                    .withVersion(registration.version() + 1)));
                    return Math.min(limit, live.size());
                }
            }),

    WRITES_REVOCATIONS_IN_VERSIONS_OF_THEIR_OWN(
            by(
                    "revokes all at once, before it is written down: by whatever key they are read, they have ended",
                    "T64: takes only changes of what was read after a revocation of all, and loses none of them"),
            () -> new PlainRegistrationStore() {
                private final List<String> left = new ArrayList<>();

                @Override
                public synchronized int revokeAll(Instant now) {
                    all(registration -> registration.revokedAt() == null)
                            .forEach(registration -> left.add(registration.id()));
                    int unused = super.revokeAll(now);
                    return 0;
                }

                @Override
                public synchronized int writeRevocations(int limit) {
                    List<String> some = List.copyOf(left.subList(0, Math.min(limit, left.size())));
                    left.removeAll(some);
                    some.forEach(
                            id -> write(byId.get(id).withVersion(byId.get(id).version() + 1)));
                    return some.size();
                }
            }),

    COUNTS_REVOCATIONS_TWICE(
            by("writes each revocation down in exactly one of 64 concurrent calls"),
            () -> new PlainRegistrationStore() {
                private int left;

                @Override
                public synchronized int revokeAll(Instant now) {
                    left = super.revokeAll(now);
                    return 0;
                }

                @Override
                public int writeRevocations(int limit) {
                    int found = left;
                    int written = Math.min(limit, found);
                    meeting.waitForAnother();
                    synchronized (this) {
                        left = Math.min(left, found - written);
                    }
                    return written;
                }
            }),

    REVOKE_ALL_LEAVES_OUT_WHAT_CHANGES_MEANWHILE(
            by("T64: leaves nothing unrevoked that 64 threads were changing meanwhile"),
            () -> new PlainRegistrationStore() {
                @Override
                public int revokeAll(Instant now) {
                    backend.check();
                    List<Registration> live = all(registration -> registration.revokedAt() == null);
                    meeting.waitAfterCheckUntil(() -> live.stream().anyMatch(registration -> !isCurrent(registration)));
                    return (int) live.stream()
                            .filter(registration -> super.replace(
                                            registration, registration.revoke(EndReason.OPERATOR, now))
                                    .isPresent())
                            .count();
                }

                @Override
                public Optional<Registration> replace(Registration current, Registration next) {
                    meeting.waitUntilChecked();
                    return super.replace(current, next);
                }
            }),

    // purge

    PURGE_OVERLOOKS_REFRESH_TOKENS(
            by("T74: leaves alone whose refresh tokens live, however long ago it was claimed, until they have ended"),
            () -> new PlainRegistrationStore() {
                @Override
                boolean mayGo(Registration registration, Instant unclaimedBefore, Instant settledBefore) {
                    return super.mayGo(Keeping.withoutRefresh(registration), unclaimedBefore, settledBefore);
                }
            }),

    PURGES_UNCLAIMED_A_TICK_EARLY(
            by(
                    "purges what nobody claimed exactly at its bound, and returns it",
                    "purges exactly what is expired, in batches, while 48 threads insert, look up and replace"),
            () -> purging((unclaimed, settled) -> List.of(unclaimed.plus(TICK), settled))),

    PURGES_UNCLAIMED_A_TICK_LATE(
            by(
                    "purges no more than the limit at once, and fewer only if nothing is left",
                    "purges what nobody claimed exactly at its bound, and returns it"),
            () -> purging((unclaimed, settled) -> List.of(unclaimed.minus(TICK), settled))),

    PURGES_SETTLED_A_TICK_EARLY(
            by(
                    "goes by what a registration has become, not by what it was",
                    "purges claimed and revoked ones exactly at theirs"),
            () -> purging((unclaimed, settled) -> List.of(unclaimed, settled.plus(TICK)))),

    PURGES_SETTLED_A_TICK_LATE(
            by(
                    "goes by what a registration has become, not by what it was",
                    "purges claimed and revoked ones exactly at theirs"),
            () -> purging((unclaimed, settled) -> List.of(unclaimed, settled.minus(TICK)))),

    PURGE_CONFUSES_THE_BOUNDS(
            by(
                    "goes by what a registration has become, not by what it was",
                    "purges claimed and revoked ones exactly at theirs"),
            () -> purging((unclaimed, settled) -> List.of(settled, unclaimed))),

    PURGE_IGNORES_THE_LIMIT(
            by(
                    "purges no more than the limit at once, and fewer only if nothing is left",
                    "purges unclaimed and settled ones under one limit"),
            () -> new PlainRegistrationStore() {
                @Override
                public List<Registration> purge(Instant unclaimedBefore, Instant settledBefore, int limit) {
                    return super.purge(unclaimedBefore, settledBefore, Integer.MAX_VALUE);
                }
            }),

    PURGE_LIMITS_EACH_SORT(by("purges unclaimed and settled ones under one limit"), () -> new PlainRegistrationStore() {
        @Override
        public synchronized List<Registration> purge(Instant unclaimedBefore, Instant settledBefore, int limit) {
            List<Registration> purged = new ArrayList<>(super.purge(unclaimedBefore, Instant.MIN, limit));
            purged.addAll(super.purge(Instant.MIN, settledBefore, limit));
            return purged;
        }
    }),

    PURGE_STOPS_HALFWAY(
            by(
                    "purges no more than the limit at once, and fewer only if nothing is left",
                    "purges unclaimed and settled ones under one limit"),
            () -> new PlainRegistrationStore() {
                @Override
                public List<Registration> purge(Instant unclaimedBefore, Instant settledBefore, int limit) {
                    return super.purge(unclaimedBefore, settledBefore, (limit + 1) / 2);
                }
            }),

    PURGE_RETURNS_ONE_TWICE(
            by("returns each purged registration from exactly one of 64 concurrent calls"),
            () -> new PlainRegistrationStore() {
                @Override
                public List<Registration> purge(Instant unclaimedBefore, Instant settledBefore, int limit) {
                    backend.check();
                    List<Registration> purged =
                            all(registration -> mayGo(registration, unclaimedBefore, settledBefore)).stream()
                                    .limit(limit)
                                    .toList();
                    meeting.waitForAnother();
                    purged.forEach(registration -> byId.remove(registration.id()));
                    return purged;
                }
            }),

    PURGE_DELETES_WHAT_WAS_CLAIMED_MEANWHILE(
            by("leaves alone what somebody claims at the same moment, or it is gone: never both"),
            () -> new PlainRegistrationStore() {
                @Override
                public List<Registration> purge(Instant unclaimedBefore, Instant settledBefore, int limit) {
                    backend.check();
                    List<Registration> purged =
                            all(registration -> mayGo(registration, unclaimedBefore, settledBefore)).stream()
                                    .limit(limit)
                                    .toList();
                    meeting.waitAfterCheckUntil(
                            () -> purged.stream().anyMatch(registration -> !isCurrent(registration)));
                    return purged.stream()
                            .filter(registration -> byId.remove(registration.id()) != null)
                            .toList();
                }

                @Override
                public Optional<Registration> replace(Registration current, Registration next) {
                    meeting.waitUntilChecked();
                    return super.replace(current, next);
                }
            }),

    PURGE_GOES_BY_WHAT_WAS_INSERTED(
            by("goes by what a registration has become, not by what it was", "returns what it purged as it was last"),
            () -> new PlainRegistrationStore() {
                private final Map<String, Registration> inserted = new ConcurrentHashMap<>();

                @Override
                Registration write(Registration registration) {
                    inserted.putIfAbsent(registration.id(), registration);
                    return super.write(registration);
                }

                @Override
                boolean mayGo(Registration registration, Instant unclaimedBefore, Instant settledBefore) {
                    return super.mayGo(inserted.get(registration.id()), unclaimedBefore, settledBefore);
                }
            }),

    PURGE_RETURNS_WHAT_WAS_INSERTED(
            by(
                    "returns what it purged as it was last",
                    "keeps the identity with its new holder when the expired one is purged"),
            () -> new PlainRegistrationStore() {
                private final Map<String, Registration> inserted = new ConcurrentHashMap<>();

                @Override
                Registration write(Registration registration) {
                    inserted.putIfAbsent(registration.id(), registration);
                    return super.write(registration);
                }

                @Override
                public List<Registration> purge(Instant unclaimedBefore, Instant settledBefore, int limit) {
                    return super.purge(unclaimedBefore, settledBefore, limit).stream()
                            .map(registration -> inserted.get(registration.id()))
                            .toList();
                }
            }),

    PURGE_LEAVES_AN_INDEX(
            by(
                    "forgets a purged registration under every key and frees its identity",
                    "shows every kind of write by every key, also to whoever has looked before"),
            () -> new PlainRegistrationStore() {
                private final Map<SecretHash, Registration> purgedByAttempt = new ConcurrentHashMap<>();

                @Override
                public List<Registration> purge(Instant unclaimedBefore, Instant settledBefore, int limit) {
                    List<Registration> purged = super.purge(unclaimedBefore, settledBefore, limit);
                    for (Registration registration : purged) {
                        if (attemptToken(registration) != null) {
                            purgedByAttempt.put(attemptToken(registration), registration);
                        }
                    }
                    return purged;
                }

                @Override
                public Optional<Registration> findByAttemptToken(SecretHash tokenHash) {
                    return super.findByAttemptToken(tokenHash)
                            .or(() -> Optional.ofNullable(purgedByAttempt.get(tokenHash)));
                }
            }),

    // values

    CUTS_TIMES_TO_MILLISECONDS(
            by(
                    "keeps every fact exactly",
                    "keeps every instant to the microsecond, from the year 1970 to the year 9998"),
            () -> keeping(Keeping.times(instant -> instant.truncatedTo(ChronoUnit.MILLIS)))),

    CUTS_TIMES_TO_SECONDS(
            by(
                    "keeps every fact exactly",
                    "keeps every instant to the microsecond, from the year 1970 to the year 9998"),
            () -> keeping(Keeping.times(instant -> instant.truncatedTo(ChronoUnit.SECONDS)))),

    ENDS_IN_THE_YEAR_2262(
            by("keeps every instant to the microsecond, from the year 1970 to the year 9998"),
            () -> keeping(Keeping.times(instant -> instant.isAfter(Instant.ofEpochSecond(0, Long.MAX_VALUE))
                    ? Instant.ofEpochSecond(0, Long.MAX_VALUE)
                    : instant))),

    CUTS_STRINGS_TO_255(
            by("compares all parts of an identity exactly: case, blanks, Unicode forms, the 1,000th character"),
            () -> keeping(Keeping.texts(text -> cut(text, 255)))),

    CUTS_STRINGS_TO_254(
            by(
                    "keeps users and recipients of 255 characters exactly: case, blanks, Unicode forms, the last"
                            + " character",
                    "compares all parts of an identity exactly: case, blanks, Unicode forms, the 1,000th character"),
            () -> keeping(Keeping.texts(text -> cut(text, 254)))),

    COMPOSES_STRINGS(
            by(
                    "keeps users and recipients of 255 characters exactly: case, blanks, Unicode forms, the last"
                            + " character",
                    "compares all parts of an identity exactly: case, blanks, Unicode forms, the 1,000th character"),
            () -> keeping(Keeping.texts(text -> Normalizer.normalize(text, Normalizer.Form.NFC)))),

    DROPS_REFUSALS(
            by(
                    "keeps every fact exactly",
                    "keeps every instant to the microsecond, from the year 1970 to the year 9998"),
            () -> keeping(Keeping.claims(claim -> new Claim(
                    claim.tokenHash(),
                    claim.expiresAt(),
                    claim.attempt(),
                    claim.wrongGuesses(),
                    claim.recipients(),
                    Set.of())))),

    DROPS_RECIPIENTS(
            by(
                    "keeps every fact exactly",
                    "keeps every instant to the microsecond, from the year 1970 to the year 9998",
                    "keeps counters beyond 32 bits, all recipients and all refusals"),
            () -> keeping(Keeping.claims(claim -> new Claim(
                    claim.tokenHash(),
                    claim.expiresAt(),
                    claim.attempt(),
                    claim.wrongGuesses(),
                    Set.of(),
                    claim.refusals())))),

    KEEPS_ONE_REFUSAL(
            by("keeps counters beyond 32 bits, all recipients and all refusals"),
            () -> keeping(Keeping.claims(claim -> new Claim(
                    claim.tokenHash(),
                    claim.expiresAt(),
                    claim.attempt(),
                    claim.wrongGuesses(),
                    claim.recipients(),
                    claim.refusals().isEmpty()
                            ? Set.of()
                            : Set.of(claim.refusals().iterator().next()))))),

    FOLDS_CASE_OF_RECIPIENTS(
            by("keeps users and recipients of 255 characters exactly: case, blanks, Unicode forms, the last"
                    + " character"),
            () -> keeping(Keeping.asked(asked -> {
                if (asked instanceof Asked.OneUser one) {
                    return new Asked.OneUser(one.userId(), lower(one.address()));
                }
                return asked instanceof Asked.Mailbox ? new Asked.Mailbox(lower(asked.address())) : asked;
            }))),

    FORGETS_THAT_ONE_USER_IS_ASKED(
            by(
                    "keeps every fact exactly",
                    "keeps every instant to the microsecond, from the year 1970 to the year 9998"),
            () -> keeping(Keeping.asked(
                    asked -> asked instanceof Asked.OneUser ? new Asked.Mailbox(asked.address()) : asked))),

    FORGETS_WHY_IT_ENDED(
            by(
                    "keeps every fact exactly",
                    "keeps every instant to the microsecond, from the year 1970 to the year 9998"),
            () -> keeping(Keeping.ends(end -> new End(end.at(), EndReason.OPERATOR)))),

    KEEPS_ONE_REFRESH_TOKEN(
            by(
                    "keeps every fact exactly",
                    "keeps every instant to the microsecond, from the year 1970 to the year 9998",
                    "T71: gives each of 16 concurrent uses of one refresh token a successor of its own, and keeps them"
                            + " all"),
            () -> keeping(Keeping.families(family -> new RefreshFamily(
                    family.nameHash(),
                    Set.of(family.out().iterator().next()),
                    family.spent(),
                    family.spentAt(),
                    family.expiresAt(),
                    family.epoch())))),

    FORGETS_WHICH_REFRESH_TOKEN_WAS_SPENT(
            by("keeps every fact exactly"),
            () -> keeping(Keeping.families(family -> new RefreshFamily(
                    family.nameHash(), family.out(), null, null, family.expiresAt(), family.epoch())))),

    TAKES_A_FAMILY_FOR_ONE_OF_THE_PRESENT_EPOCH(
            by(
                    "keeps every fact exactly",
                    "T73: lets no use of a refresh token undo what ends it: not in flight, and not in a race"),
            () -> keeping(registration -> Keeping.families(family -> new RefreshFamily(
                            family.nameHash(),
                            family.out(),
                            family.spent(),
                            family.spentAt(),
                            family.expiresAt(),
                            registration.epoch()))
                    .apply(registration))),

    COUNTS_EPOCHS_IN_32_BITS(
            by(
                    "keeps every fact exactly",
                    "keeps every instant to the microsecond, from the year 1970 to the year 9998"),
            () -> keeping(registration -> Keeping.withEpoch(registration, registration.epoch() & 0xffff_ffffL))),

    FORGETS_THAT_IT_MAILED(
            by(
                    "keeps every fact exactly",
                    "keeps every instant to the microsecond, from the year 1970 to the year 9998"),
            () -> keeping(Keeping.attempts(attempt -> new Attempt(
                    attempt.id(),
                    attempt.tokenHash(),
                    attempt.way(),
                    attempt.asked(),
                    attempt.startedAt(),
                    attempt.linkExpiresAt(),
                    attempt.delivery() == Delivery.ACCEPTED ? Delivery.UNDERWAY : attempt.delivery(),
                    attempt.code(),
                    attempt.typed(),
                    attempt.pace())))),

    FORGETS_THE_WAY(
            by(Names.FACTS, Names.INSTANTS),
            () -> keeping(Keeping.attempts(attempt -> attempt.way() == Way.MAILED_LINK
                    ? attempt
                    : Attempt.asking(
                            attempt.id(),
                            attempt.tokenHash(),
                            new Asked.Mailbox(attempt.asked().address()),
                            attempt.startedAt(),
                            attempt.linkExpiresAt())))),

    TAKES_NOBODY_FOR_A_MAILBOX(
            by(Names.FACTS, Names.INSTANTS),
            () -> keeping(Keeping.asked(
                    asked -> asked instanceof Asked.Anybody ? new Asked.Mailbox(asked.address()) : asked))),

    DROPS_THE_TYPED_CODE(
            by(Names.FACTS, Names.INSTANTS), () -> keeping(Keeping.attempts(attempt -> attempt.withTyped(null)))),

    FORGETS_GUESSES_AT_THE_TYPED_CODE(
            by(Names.FACTS, Names.INSTANTS),
            () -> keeping(Keeping.attempts(attempt -> attempt.withTyped(
                    attempt.typed() == null
                            ? null
                            : new TypedCode(attempt.typed().hash(), 0))))),

    FORGETS_THE_PACE(by(Names.FACTS, Names.INSTANTS), () -> keeping(Keeping.paces(pace -> null))),

    FORGETS_THE_INTERVAL(
            by(Names.FACTS, Names.INSTANTS),
            () -> keeping(
                    Keeping.paces(pace -> new PollPace(pace.lastPending(), PollPace.FIRST_INTERVAL, pace.raised())))),

    FORGETS_THAT_THE_INTERVAL_WAS_RAISED(
            by(Names.FACTS, Names.INSTANTS),
            () -> keeping(Keeping.paces(pace -> new PollPace(pace.lastPending(), pace.interval(), false)))),

    CONFUSES_WHO_REVEALED_THE_CODE(
            by(Names.FACTS, Names.INSTANTS),
            () -> keeping(Keeping.codes(code -> code.revealedBy() == null
                    ? code
                    : new OneTimeCode(code.hash(), code.expiresAt(), code.wrongGuesses(), "somebody", code.shown())))),

    FORGETS_THAT_THE_CODE_WAS_SHOWN(
            by(Names.FACTS, Names.INSTANTS),
            () -> keeping(Keeping.codes(code ->
                    new OneTimeCode(code.hash(), code.expiresAt(), code.wrongGuesses(), code.revealedBy(), null)))),

    FORGETS_WHAT_ITS_OWNER_CALLS_THE_AGENT(
            by(Names.FACTS, Names.INSTANTS),
            () -> keeping(Keeping.owners(owner -> new Ownership(owner.userId(), owner.since(), owner.completion())))),

    FORGETS_HOW_IT_WAS_COMPLETED(
            by(Names.FACTS, Names.INSTANTS),
            () -> keeping(Keeping.owners(owner -> new Ownership(owner.userId(), owner.since(), null, owner.label())))),

    CONFUSES_TWO_INSTANTS(
            by(
                    "hands out snapshots: a later write does not change what was found",
                    "finds what was inserted by every key that it has, with version 0"),
            () -> keeping(Keeping.attempts(attempt -> new Attempt(
                    attempt.id(),
                    attempt.tokenHash(),
                    attempt.way(),
                    attempt.asked(),
                    attempt.linkExpiresAt(),
                    attempt.startedAt(),
                    attempt.delivery(),
                    attempt.code(),
                    attempt.typed(),
                    attempt.pace())))),

    // outages

    THROWS_ANOTHER_EXCEPTION(
            by("throws PortUnavailableException from every look-up while the backend is away, and answers as"
                    + " before when it is back"),
            () -> new PlainRegistrationStore() {
                @Override
                public Optional<Registration> findById(String id) {
                    if (backend.isAway()) {
                        throw new IllegalStateException("the driver's own");
                    }
                    return super.findById(id);
                }
            }),

    FINDS_NOTHING_DURING_AN_OUTAGE(
            by("throws PortUnavailableException from every look-up while the backend is away, and answers as"
                    + " before when it is back"),
            () -> new PlainRegistrationStore() {
                @Override
                public Optional<Registration> findByClaimToken(SecretHash tokenHash) {
                    return backend.isAway() ? Optional.empty() : super.findByClaimToken(tokenHash);
                }
            }),

    PURGES_NOTHING_DURING_AN_OUTAGE(
            by("leaves each registration whole when revoking all, or a purge, threw PortUnavailableException"),
            () -> new PlainRegistrationStore() {
                @Override
                public List<Registration> purge(Instant unclaimedBefore, Instant settledBefore, int limit) {
                    return backend.isAway() ? List.of() : super.purge(unclaimedBefore, settledBefore, limit);
                }
            }),

    INSERT_THAT_THREW_IS_HALF_THERE(
            by("leaves an insert that threw PortUnavailableException done as a whole or not at all"),
            () -> new PlainRegistrationStore() {
                @Override
                public boolean insert(Registration registration, Instant now) {
                    if (backend.isAway()) {
                        holder(registration).ifPresent(this::giveAway);
                    }
                    return super.insert(registration, now);
                }
            }),

    REPLACE_THAT_THREW_IS_HALF_THERE(
            by(
                    "leaves a replace that threw PortUnavailableException done as a whole or not at all",
                    "leaves every registration whole when the backend goes away in the midst of 64 threads that write"),
            () -> new PlainRegistrationStore() {
                @Override
                public Optional<Registration> replace(Registration current, Registration next) {
                    if (backend.isAway() && isCurrent(current) && current.claim() != null && next.claim() != null) {
                        Claim half = new Claim(
                                claimToken(next),
                                current.claim().expiresAt(),
                                current.claim().attempt(),
                                current.claim().wrongGuesses(),
                                current.claim().recipients(),
                                current.claim().refusals());
                        write(Keeping.claims(claim -> half).apply(current));
                    }
                    return super.replace(current, next);
                }
            }),

    FORGETS_IN_AN_OUTAGE(
            by("throws PortUnavailableException from every look-up while the backend is away, and answers as"
                    + " before when it is back"),
            () -> new PlainRegistrationStore() {
                @Override
                public Optional<Registration> findById(String id) {
                    if (backend.isAway()) {
                        byId.clear();
                    }
                    return super.findById(id);
                }
            }),

    STAYS_AWAY_AFTER_AN_OUTAGE(
            by("leaves a replace that threw PortUnavailableException done as a whole or not at all"),
            () -> new PlainRegistrationStore() {
                private volatile boolean broken;

                @Override
                public Optional<Registration> replace(Registration current, Registration next) {
                    broken |= backend.isAway();
                    if (broken) {
                        throw new PortUnavailableException("made anew only");
                    }
                    return super.replace(current, next);
                }
            });

    private final Set<String> finders;
    private final Supplier<PlainRegistrationStore> maker;

    BrokenRegistrationStore(Set<String> finders, Supplier<PlainRegistrationStore> maker) {
        this.finders = finders;
        this.maker = maker;
    }

    @Override
    public Set<String> finders() {
        return finders;
    }

    /** The contract, run by {@link ContractRun} only. */
    @ExtendWith(ContractRun.DefectResolver.class)
    static class Contract extends RegistrationStoreContract {
        private final PlainRegistrationStore store;

        Contract(BrokenRegistrationStore defect) {
            store = defect.maker.get();
        }

        @Override
        protected RegistrationStore newStore() {
            return store;
        }

        @Override
        protected Optional<Outage> outage() {
            return Optional.of(store.backend);
        }
    }

    /** Which identities are taken for the one that is wanted. */
    private interface Comparison {
        boolean is(ProviderIdentity wanted, boolean inAnyTenant, ProviderIdentity identity);
    }

    private static PlainRegistrationStore finding(Comparison comparison) {
        return new PlainRegistrationStore() {
            @Override
            boolean is(ProviderIdentity wanted, boolean inAnyTenant, ProviderIdentity identity) {
                return comparison.is(wanted, inAnyTenant, identity);
            }
        };
    }

    /** Other bounds than the ones that were asked for. */
    private interface Bounds {
        List<Instant> of(Instant unclaimedBefore, Instant settledBefore);
    }

    private static PlainRegistrationStore purging(Bounds bounds) {
        return new PlainRegistrationStore() {
            @Override
            boolean mayGo(Registration registration, Instant unclaimedBefore, Instant settledBefore) {
                List<Instant> other = bounds.of(unclaimedBefore, settledBefore);
                return super.mayGo(registration, other.get(0), other.get(1));
            }
        };
    }

    private static PlainRegistrationStore withIdentityKey(UnaryOperator<String> fold) {
        return new PlainRegistrationStore() {
            @Override
            Object identityKey(Registration registration) {
                if (registration.provider() == null) {
                    return "none";
                }
                ProviderIdentity identity = identity(registration);
                return new ProviderIdentity(
                        fold.apply(identity.issuer()),
                        identity.tenant() == null ? null : fold.apply(identity.tenant()),
                        fold.apply(identity.subject()),
                        fold.apply(identity.audience()));
            }
        };
    }

    /** Names of tests that find more than one. */
    private static final class Names {
        static final String FACTS = "keeps every fact exactly";
        static final String INSTANTS = "keeps every instant to the microsecond, from the year 1970 to the year 9998";
    }

    private static PlainRegistrationStore keeping(UnaryOperator<Registration> change) {
        return new PlainRegistrationStore() {
            @Override
            Registration write(Registration registration) {
                return super.write(change.apply(registration));
            }
        };
    }

    private static ProviderIdentity lower(ProviderIdentity identity) {
        return new ProviderIdentity(
                lower(identity.issuer()),
                lower(identity.tenant()),
                lower(identity.subject()),
                lower(identity.audience()));
    }

    private static String lower(String text) {
        return text == null ? null : text.toLowerCase(Locale.ROOT);
    }

    private static String cut(String text, int length) {
        return text.codePointCount(0, text.length()) <= length
                ? text
                : text.substring(0, text.offsetByCodePoints(0, length));
    }
}
