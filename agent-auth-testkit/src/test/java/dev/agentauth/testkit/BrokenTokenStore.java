package dev.agentauth.testkit;

import static dev.agentauth.testkit.ContractRun.by;
import static dev.agentauth.testkit.PortContract.TICK;

import dev.agentauth.SecretHash;
import dev.agentauth.spi.AccessToken;
import dev.agentauth.spi.TokenStore;
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
enum BrokenTokenStore implements ContractRun.Defect {
    NONE(by(), PlainTokenStore::new),

    CACHES_WHAT_IT_FOUND(
            by(
                    "shows every insert and every delete to whoever looks afterwards, while 64 threads write and purge",
                    "purges a token exactly when it expires and finds it until then, expired or not"),
            () -> new PlainTokenStore() {
                private final Map<SecretHash, AccessToken> cache = new ConcurrentHashMap<>();

                @Override
                public Optional<AccessToken> find(SecretHash hash) {
                    return super.find(hash)
                            .map(token -> cache.computeIfAbsent(hash, key -> token))
                            .or(() -> Optional.ofNullable(cache.get(hash)));
                }
            }),

    CACHES_WHAT_IT_DID_NOT_FIND(
            by("throws PortUnavailableException from every method while the backend is away, and has what it had"
                    + " when it is back"),
            () -> new PlainTokenStore() {
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
            by("keeps hashes apart that differ in a single bit of any part"), () -> new PlainTokenStore() {
                @Override
                Object key(SecretHash hash) {
                    return hash.hex().substring(0, 32);
                }
            }),

    TAKES_NO_CEILING_FOR_AN_EMPTY_ONE(
            by("keeps a token without a ceiling apart from one that may do nothing"),
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
            () -> new PlainTokenStore() {
                @Override
                public void delete(SecretHash hash) {
                    backend.check();
                }
            }),

    DELETES_ALL_OF_THE_REGISTRATION(
            by("does not find a token once it was deleted, and minds no other"), () -> new PlainTokenStore() {
                @Override
                public void delete(SecretHash hash) {
                    find(hash)
                            .ifPresent(deleted -> tokens.values()
                                    .removeIf(token -> token.registrationId().equals(deleted.registrationId())));
                }
            }),

    DELETE_MINDS_WHAT_IS_NOT_THERE(
            by("does nothing when a token is deleted that is not there"), () -> new PlainTokenStore() {
                @Override
                public void delete(SecretHash hash) {
                    super.delete(find(hash).orElseThrow().hash());
                }
            }),

    // the limit

    KEEPS_EVERY_TOKEN(
            by(
                    "keeps the newest tokens of a registration up to the limit, and at most a tenth more",
                    "comes back to the limit after 64 threads have added tokens to one registration"),
            () -> new PlainTokenStore() {
                @Override
                List<AccessToken> surplus(AccessToken newest, int limit) {
                    return List.of();
                }
            }),

    REMOVES_A_FIFTH_TOO_LATE(
            by("keeps the newest tokens of a registration up to the limit, and at most a tenth more"),
            () -> new PlainTokenStore() {
                @Override
                List<AccessToken> surplus(AccessToken newest, int limit) {
                    return super.surplus(newest, limit + limit / 5);
                }
            }),

    REMOVES_ONE_TOO_MANY(
            by("keeps the newest tokens of a registration up to the limit, and at most a tenth more"),
            () -> new PlainTokenStore() {
                @Override
                List<AccessToken> surplus(AccessToken newest, int limit) {
                    return super.surplus(newest, limit - 1);
                }
            }),

    LIMITS_ALL_REGISTRATIONS_TOGETHER(by("counts the tokens of each registration apart"), () -> new PlainTokenStore() {
        @Override
        boolean isCounted(AccessToken token, AccessToken newest) {
            return true;
        }
    }),

    COUNTS_THE_DELETED_TOWARDS_THE_LIMIT(by("counts no deleted token towards the limit"), () -> new PlainTokenStore() {
        @Override
        List<AccessToken> surplus(AccessToken newest, int limit) {
            List<AccessToken> all =
                    inOrder.stream().filter(token -> isCounted(token, newest)).toList();
            return all.subList(0, Math.max(0, all.size() - limit));
        }
    }),

    // purge

    PURGES_A_TICK_EARLY(
            by(
                    "purges a token exactly when it expires and finds it until then, expired or not",
                    "has nothing left to purge when it removed fewer than the limit"),
            () -> new PlainTokenStore() {
                @Override
                boolean hasExpired(AccessToken token, Instant now) {
                    return super.hasExpired(token, now.plus(TICK));
                }
            }),

    PURGES_A_TICK_LATE(
            by(
                    "purges in the minute of the expiry, and later, whatever expired before",
                    "leaves each expired token where it was or gone for good when a purge threw"),
            () -> new PlainTokenStore() {
                @Override
                boolean hasExpired(AccessToken token, Instant now) {
                    return super.hasExpired(token, now.minus(TICK));
                }
            }),

    PURGES_WHAT_HAS_NOT_EXPIRED(
            by(
                    "purges in the minute of the expiry, and later, whatever expired before",
                    "purges a token exactly when it expires and finds it until then, expired or not"),
            () -> new PlainTokenStore() {
                @Override
                boolean hasExpired(AccessToken token, Instant now) {
                    return true;
                }
            }),

    PURGE_STOPS_HALFWAY(
            by(
                    "has nothing left to purge when it removed fewer than the limit",
                    "removes each expired token in exactly one of 64 concurrent purges"),
            () -> new PlainTokenStore() {
                @Override
                public int purgeExpired(Instant now, int limit) {
                    return super.purgeExpired(now, (limit + 1) / 2);
                }
            }),

    PURGE_COUNTS_THE_DELETED(
            by(
                    "counts no token that was deleted before",
                    "leaves each expired token where it was or gone for good when a purge threw"),
            () -> new PlainTokenStore() {
                private final Set<AccessToken> inserted = ConcurrentHashMap.newKeySet();

                @Override
                public void insert(AccessToken token, Instant now, int limit) {
                    super.insert(token, now, limit);
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
            () -> new PlainTokenStore() {
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
            () -> new PlainTokenStore() {
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

    // outages

    THROWS_ANOTHER_EXCEPTION(
            by("throws PortUnavailableException from every method while the backend is away, and has what it had"
                    + " when it is back"),
            () -> new PlainTokenStore() {
                @Override
                public void delete(SecretHash hash) {
                    if (backend.isAway()) {
                        throw new IllegalStateException("the driver's own");
                    }
                    super.delete(hash);
                }
            }),

    FINDS_NOTHING_DURING_AN_OUTAGE(
            by("throws PortUnavailableException from every method while the backend is away, and has what it had"
                    + " when it is back"),
            () -> new PlainTokenStore() {
                @Override
                public Optional<AccessToken> find(SecretHash hash) {
                    return backend.isAway() ? Optional.empty() : super.find(hash);
                }
            }),

    PURGES_NOTHING_DURING_AN_OUTAGE(
            by(
                    "leaves each expired token where it was or gone for good when a purge threw",
                    "throws PortUnavailableException from every method while the backend is away, and has what it had"
                            + " when it is back"),
            () -> new PlainTokenStore() {
                @Override
                public int purgeExpired(Instant now, int limit) {
                    return backend.isAway() ? 0 : super.purgeExpired(now, limit);
                }
            }),

    INSERT_THAT_THREW_IS_HALF_THERE(
            by("throws PortUnavailableException from every method while the backend is away, and has what it had"
                    + " when it is back"),
            () -> new PlainTokenStore() {
                @Override
                public void insert(AccessToken token, Instant now, int limit) {
                    if (backend.isAway()) {
                        tokens.put(
                                token.hash(),
                                new AccessToken(
                                        token.hash(), token.registrationId(), token.epoch(), null, token.expiresAt()));
                    }
                    super.insert(token, now, limit);
                }
            }),

    FORGETS_IN_AN_OUTAGE(
            by("throws PortUnavailableException from every method while the backend is away, and has what it had"
                    + " when it is back"),
            () -> new PlainTokenStore() {
                @Override
                public Optional<AccessToken> find(SecretHash hash) {
                    if (backend.isAway()) {
                        tokens.clear();
                    }
                    return super.find(hash);
                }
            });

    private final Set<String> finders;
    private final Supplier<PlainTokenStore> maker;

    BrokenTokenStore(Set<String> finders, Supplier<PlainTokenStore> maker) {
        this.finders = finders;
        this.maker = maker;
    }

    @Override
    public Set<String> finders() {
        return finders;
    }

    /** The contract, run by {@link ContractRun} only. */
    @ExtendWith(ContractRun.DefectResolver.class)
    static class Contract extends TokenStoreContract {
        private final PlainTokenStore store;

        Contract(BrokenTokenStore defect) {
            store = defect.maker.get();
        }

        @Override
        protected TokenStore newStore() {
            return store;
        }

        @Override
        protected Optional<Outage> outage() {
            return Optional.of(store.backend);
        }
    }

    private static PlainTokenStore keeping(UnaryOperator<AccessToken> change) {
        return new PlainTokenStore() {
            @Override
            AccessToken kept(AccessToken token) {
                return change.apply(token);
            }
        };
    }
}
