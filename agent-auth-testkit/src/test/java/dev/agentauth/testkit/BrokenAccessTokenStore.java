package dev.agentauth.testkit;

import static dev.agentauth.testkit.ContractRun.by;
import static dev.agentauth.testkit.PortContract.TICK;

import dev.agentauth.SecretHash;
import dev.agentauth.spi.AccessToken;
import dev.agentauth.spi.AccessTokenStore;
import dev.agentauth.spi.RegistrationStore;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.junit.jupiter.api.extension.ExtendWith;

/** Access token stores with one defect each, and the requirements that find it. */
@SuppressWarnings("ImmutableEnumChecker") // made anew for each run
enum BrokenAccessTokenStore implements ContractRun.Defect {
    NONE(by(), PlainAccessTokenStore::new),

    CACHES_WHAT_IT_FOUND(
            by(
                    "shows every insert and every delete to whoever looks afterwards, while 64 threads write and purge",
                    "purges a token exactly when it expires and finds it until then, expired or not"),
            () -> new PlainAccessTokenStore() {
                private final Map<SecretHash, AccessToken> cache = new ConcurrentHashMap<>();

                @Override
                public Optional<AccessToken> find(SecretHash hash) {
                    return super.find(hash)
                            .map(token -> cache.computeIfAbsent(hash, key -> token))
                            .or(() -> Optional.ofNullable(cache.get(hash)));
                }
            }),

    CACHES_WHAT_IT_DID_NOT_FIND(
            by("throws StoreUnavailableException from every method while the backend is away, and has what it had"
                    + " when it is back"),
            () -> new PlainAccessTokenStore() {
                private final Set<SecretHash> cache = ConcurrentHashMap.newKeySet();

                @Override
                public Optional<AccessToken> find(SecretHash hash) {
                    Optional<AccessToken> found = super.find(hash);
                    if (found.isEmpty()) {
                        cache.add(hash);
                    }
                    return found.filter(token -> !cache.contains(hash));
                }
            }),

    COMPARES_HALF_OF_THE_HASH(
            by("keeps hashes apart that differ in a single bit of any part"), () -> new PlainAccessTokenStore() {
                @Override
                Object key(SecretHash hash) {
                    return List.of(hash.a(), hash.b());
                }
            }),

    TAKES_NO_CEILING_FOR_AN_EMPTY_ONE(
            by(
                    "asks the registrations that it is given, were they decorated or another store",
                    "finds a token together with its registration, whatever the status of either"),
            () -> keeping(token -> new AccessToken(
                    token.hash(),
                    token.registrationId(),
                    token.epoch(),
                    Objects.requireNonNullElse(token.ceiling(), Set.of()),
                    token.expiresAt()))),

    TAKES_AN_EMPTY_CEILING_FOR_NONE(
            by("keeps a token without a ceiling apart from one that may do nothing"),
            () -> keeping(token -> new AccessToken(
                    token.hash(),
                    token.registrationId(),
                    token.epoch(),
                    token.ceiling() == null || token.ceiling().isEmpty() ? null : token.ceiling(),
                    token.expiresAt()))),

    FOLDS_CASE_OF_SCOPES(
            by("keeps every scope of a ceiling, and their case"),
            () -> keeping(token -> new AccessToken(
                    token.hash(),
                    token.registrationId(),
                    token.epoch(),
                    token.ceiling() == null
                            ? null
                            : token.ceiling().stream()
                                    .map(scope -> scope.toLowerCase(Locale.ROOT))
                                    .collect(Collectors.toSet()),
                    token.expiresAt()))),

    CUTS_THE_EXPIRY_TO_MILLISECONDS(
            by(
                    "finds what was inserted, exactly, and nothing else",
                    "has nothing left to purge when it removed fewer than the limit"),
            () -> keeping(token -> new AccessToken(
                    token.hash(),
                    token.registrationId(),
                    token.epoch(),
                    token.ceiling(),
                    token.expiresAt().truncatedTo(ChronoUnit.MILLIS)))),

    COUNTS_EPOCHS_IN_32_BITS(
            by(
                    "finds what was inserted, exactly, and nothing else",
                    "keeps the epoch beyond 32 bits and the expiry to the microsecond, from the year 1970 to the year"
                            + " 9998"),
            () -> keeping(token -> new AccessToken(
                    token.hash(),
                    token.registrationId(),
                    token.epoch() & 0xffff_ffffL,
                    token.ceiling(),
                    token.expiresAt()))),

    DELETE_DOES_NOTHING(
            by("counts no token that was deleted before", "does nothing when a token is deleted that is not there"),
            () -> new PlainAccessTokenStore() {
                @Override
                public void delete(SecretHash hash) {
                    backend.check();
                }
            }),

    DELETES_ALL_OF_THE_REGISTRATION(
            by(
                    "does not find a token once it was deleted, and minds no other",
                    "does not find both once the token was deleted or purged"),
            () -> new PlainAccessTokenStore() {
                @Override
                public void delete(SecretHash hash) {
                    find(hash)
                            .ifPresent(deleted -> tokens.values()
                                    .removeIf(token -> token.registrationId().equals(deleted.registrationId())));
                }
            }),

    DELETE_MINDS_WHAT_IS_NOT_THERE(
            by("does nothing when a token is deleted that is not there"), () -> new PlainAccessTokenStore() {
                @Override
                public void delete(SecretHash hash) {
                    super.delete(find(hash).orElseThrow().hash());
                }
            }),

    // purge

    PURGES_A_TICK_EARLY(
            by(
                    "purges a token exactly when it expires and finds it until then, expired or not",
                    "has nothing left to purge when it removed fewer than the limit"),
            () -> new PlainAccessTokenStore() {
                @Override
                boolean hasExpired(AccessToken token, Instant now) {
                    return super.hasExpired(token, now.plus(TICK));
                }
            }),

    PURGES_A_TICK_LATE(
            by(
                    "purges in the minute of the expiry, and later, whatever expired before",
                    "leaves each expired token where it was or gone for good when a purge threw"),
            () -> new PlainAccessTokenStore() {
                @Override
                boolean hasExpired(AccessToken token, Instant now) {
                    return super.hasExpired(token, now.minus(TICK));
                }
            }),

    PURGES_WHAT_HAS_NOT_EXPIRED(
            by(
                    "purges in the minute of the expiry, and later, whatever expired before",
                    "purges a token exactly when it expires and finds it until then, expired or not"),
            () -> new PlainAccessTokenStore() {
                @Override
                boolean hasExpired(AccessToken token, Instant now) {
                    return true;
                }
            }),

    PURGE_STOPS_HALFWAY(
            by(
                    "has nothing left to purge when it removed fewer than the limit",
                    "removes each expired token in exactly one of 64 concurrent purges"),
            () -> new PlainAccessTokenStore() {
                @Override
                public int purgeExpired(Instant now, int limit) {
                    return super.purgeExpired(now, (limit + 1) / 2);
                }
            }),

    PURGE_COUNTS_THE_DELETED(
            by(
                    "counts no token that was deleted before",
                    "leaves each expired token where it was or gone for good when a purge threw"),
            () -> new PlainAccessTokenStore() {
                private final Set<AccessToken> inserted = ConcurrentHashMap.newKeySet();

                @Override
                public void insert(AccessToken token) {
                    super.insert(token);
                    inserted.add(token);
                }

                @Override
                public int purgeExpired(Instant now, int limit) {
                    List<AccessToken> expired = List.copyOf(inserted).stream()
                            .filter(token -> hasExpired(token, now))
                            .limit(limit)
                            .filter(inserted::remove)
                            .toList();
                    expired.forEach(token -> delete(token.hash()));
                    return expired.size();
                }
            }),

    PURGE_COUNTS_ONE_TWICE(
            by(
                    "removes each expired token in exactly one of 64 concurrent purges",
                    "purges exactly what is expired, in batches, while 48 threads insert, find and delete"),
            () -> new PlainAccessTokenStore() {
                @Override
                public int purgeExpired(Instant now, int limit) {
                    backend.check();
                    List<AccessToken> expired = expired(now, limit);
                    meeting.waitForAnother();
                    expired.forEach(token -> tokens.remove(token.hash()));
                    return expired.size();
                }
            }),

    PURGE_EMPTIES_THE_STORE_FOR_A_MOMENT(
            by("purges exactly what is expired, in batches, while 48 threads insert, find and delete"),
            () -> new PlainAccessTokenStore() {
                private volatile boolean somebodyLooks;

                @Override
                public Optional<AccessToken> find(SecretHash hash) {
                    somebodyLooks = true;
                    meeting.waitUntilChecked();
                    return super.find(hash);
                }

                @Override
                public int purgeExpired(Instant now, int limit) {
                    backend.check();
                    List<AccessToken> expired = expired(now, limit);
                    meeting.waitUntil(() -> somebodyLooks);
                    Map<Object, AccessToken> all = Map.copyOf(tokens);
                    tokens.clear();
                    meeting.waitAfterCheckUntil(() -> false);
                    tokens.putAll(all);
                    expired.forEach(token -> tokens.remove(token.hash()));
                    return expired.size();
                }
            }),

    // together with the registration

    REMEMBERS_THE_REGISTRATION(
            by(
                    "finds the newest value of the registration, also after having found an older one",
                    "finds both while 64 threads replace registrations and delete tokens, and sees each write at once"),
            () -> new PlainAccessTokenStore() {
                private final Map<SecretHash, WithRegistration> cache = new ConcurrentHashMap<>();

                @Override
                public Optional<WithRegistration> findWithRegistration(
                        SecretHash hash, RegistrationStore registrations) {
                    Optional<WithRegistration> found = super.findWithRegistration(hash, registrations);
                    return found.map(both -> cache.computeIfAbsent(hash, key -> both));
                }
            }),

    REMEMBERS_THE_TOKEN(
            by(
                    "does the same work whether or not there is such a token",
                    "does not find both once the token was deleted or purged"),
            () -> new PlainAccessTokenStore() {
                private final Map<SecretHash, AccessToken> cache = new ConcurrentHashMap<>();

                @Override
                public Optional<WithRegistration> findWithRegistration(
                        SecretHash hash, RegistrationStore registrations) {
                    super.find(hash).ifPresent(token -> cache.put(hash, token));
                    return Optional.ofNullable(cache.get(hash))
                            .flatMap(token -> registrations
                                    .findById(token.registrationId())
                                    .map(registration -> new WithRegistration(token, registration)));
                }
            }),

    ASKS_THE_FIRST_REGISTRATIONS_ONLY(
            by("asks the registrations that it is given, were they decorated or another store"),
            () -> new PlainAccessTokenStore() {
                private RegistrationStore first;

                @Override
                public synchronized Optional<WithRegistration> findWithRegistration(
                        SecretHash hash, RegistrationStore registrations) {
                    first = first == null || registrations.getClass() == first.getClass() ? registrations : first;
                    return super.findWithRegistration(hash, first);
                }
            }),

    FINDS_LIVE_REGISTRATIONS_ONLY(
            by(
                    "finds a token together with its registration, whatever the status of either",
                    "finds the newest value of the registration, also after having found an older one"),
            () -> new PlainAccessTokenStore() {
                @Override
                public Optional<WithRegistration> findWithRegistration(
                        SecretHash hash, RegistrationStore registrations) {
                    return super.findWithRegistration(hash, registrations)
                            .filter(both -> both.registration().revokedAt() == null);
                }
            }),

    FINDS_REGISTRATIONS_IN_ANY_CASE(
            by(
                    "finds neither if the token or the registration is not there",
                    "does the same work whether or not there is such a token"),
            () -> new PlainAccessTokenStore() {
                @Override
                public Optional<WithRegistration> findWithRegistration(
                        SecretHash hash, RegistrationStore registrations) {
                    return find(hash)
                            .map(AccessToken::registrationId)
                            .flatMap(id -> registrations
                                    .findById(id)
                                    .or(() -> registrations.findById(id.toLowerCase(Locale.ROOT)))
                                    .map(registration ->
                                            new WithRegistration(find(hash).orElseThrow(), registration)));
                }
            }),

    WORKS_LESS_FOR_AN_UNKNOWN_TOKEN(
            by("does the same work whether or not there is such a token"), () -> new PlainAccessTokenStore() {
                @Override
                public Optional<WithRegistration> findWithRegistration(
                        SecretHash hash, RegistrationStore registrations) {
                    return find(hash).isEmpty() ? Optional.empty() : super.findWithRegistration(hash, registrations);
                }
            }),

    // outages

    THROWS_ANOTHER_EXCEPTION(
            by("throws StoreUnavailableException from every method while the backend is away, and has what it had"
                    + " when it is back"),
            () -> new PlainAccessTokenStore() {
                @Override
                public void delete(SecretHash hash) {
                    if (backend.isAway()) {
                        throw new IllegalStateException("the driver's own");
                    }
                    super.delete(hash);
                }
            }),

    FINDS_NOTHING_DURING_AN_OUTAGE(
            by("throws StoreUnavailableException from every method while the backend is away, and has what it had"
                    + " when it is back"),
            () -> new PlainAccessTokenStore() {
                @Override
                public Optional<AccessToken> find(SecretHash hash) {
                    return backend.isAway() ? Optional.empty() : super.find(hash);
                }
            }),

    PURGES_NOTHING_DURING_AN_OUTAGE(
            by(
                    "leaves each expired token where it was or gone for good when a purge threw",
                    "throws StoreUnavailableException from every method while the backend is away, and has what it had"
                            + " when it is back"),
            () -> new PlainAccessTokenStore() {
                @Override
                public int purgeExpired(Instant now, int limit) {
                    return backend.isAway() ? 0 : super.purgeExpired(now, limit);
                }
            }),

    INSERT_THAT_THREW_IS_HALF_THERE(
            by("throws StoreUnavailableException from every method while the backend is away, and has what it had"
                    + " when it is back"),
            () -> new PlainAccessTokenStore() {
                @Override
                public void insert(AccessToken token) {
                    if (backend.isAway()) {
                        tokens.put(
                                token.hash(),
                                new AccessToken(
                                        token.hash(), token.registrationId(), token.epoch(), null, token.expiresAt()));
                    }
                    super.insert(token);
                }
            }),

    FORGETS_IN_AN_OUTAGE(
            by("throws StoreUnavailableException from every method while the backend is away, and has what it had"
                    + " when it is back"),
            () -> new PlainAccessTokenStore() {
                @Override
                public Optional<AccessToken> find(SecretHash hash) {
                    if (backend.isAway()) {
                        tokens.clear();
                    }
                    return super.find(hash);
                }
            });

    private final Set<String> finders;
    private final Supplier<PlainAccessTokenStore> maker;

    BrokenAccessTokenStore(Set<String> finders, Supplier<PlainAccessTokenStore> maker) {
        this.finders = finders;
        this.maker = maker;
    }

    @Override
    public Set<String> finders() {
        return finders;
    }

    /** The contract, run by {@link ContractRun} only. */
    @ExtendWith(ContractRun.DefectResolver.class)
    static class Contract extends AccessTokenStoreContract {
        private final PlainAccessTokenStore store;

        Contract(BrokenAccessTokenStore defect) {
            store = defect.maker.get();
        }

        @Override
        protected AccessTokenStore newStore() {
            return store;
        }

        @Override
        protected Optional<Outage> outage() {
            return Optional.of(store.backend);
        }
    }

    private static PlainAccessTokenStore keeping(UnaryOperator<AccessToken> change) {
        return new PlainAccessTokenStore() {
            @Override
            AccessToken kept(AccessToken token) {
                return change.apply(token);
            }
        };
    }
}
