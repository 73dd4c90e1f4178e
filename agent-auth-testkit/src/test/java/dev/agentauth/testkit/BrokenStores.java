package dev.agentauth.testkit;

import static dev.agentauth.testkit.ContractRun.by;

import dev.agentauth.SecretHash;
import dev.agentauth.spi.AccessToken;
import dev.agentauth.spi.PortUnavailableException;
import dev.agentauth.spi.ReplayStore;
import dev.agentauth.spi.Stores;
import java.time.Instant;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.junit.jupiter.api.extension.ExtendWith;

/** Bundles of stores with one defect each, and the requirements that find it. */
@SuppressWarnings("ImmutableEnumChecker") // made anew for each run
enum BrokenStores implements ContractRun.Defect {
    NONE(by(), PlainStores::new),

    NAMES_ANOTHER_SERVICE(
            by("name their service, and have parts that stay the same"),
            issuer -> new PlainStores(issuer.toUpperCase(Locale.ROOT))),

    MAKES_A_PART_EACH_TIME(
            by("name their service, and have parts that stay the same"), issuer -> new PlainStores(issuer) {
                @Override
                public ReplayStore replay() {
                    return new PlainReplayStore();
                }
            }),

    // together with the registration

    REMEMBERS_THE_REGISTRATION(
            by(
                    "find the newest value of the registration, also after having found an older one",
                    "find both while 64 threads replace registrations and delete tokens, and see each write at once"),
            issuer -> new PlainStores(issuer) {
                private final Map<SecretHash, TokenWithRegistration> cache = new ConcurrentHashMap<>();

                @Override
                public Optional<TokenWithRegistration> findTokenWithRegistration(SecretHash hash) {
                    Optional<TokenWithRegistration> found = super.findTokenWithRegistration(hash);
                    return found.map(both -> cache.computeIfAbsent(hash, key -> both));
                }
            }),

    REMEMBERS_THE_TOKEN(by("do not find both once the token was deleted or purged"), issuer -> new PlainStores(issuer) {
        private final Map<SecretHash, AccessToken> cache = new ConcurrentHashMap<>();

        @Override
        public Optional<TokenWithRegistration> findTokenWithRegistration(SecretHash hash) {
            tokens.find(hash).ifPresent(token -> cache.put(hash, token));
            return Optional.ofNullable(cache.get(hash))
                    .flatMap(token -> registrations
                            .findById(token.registrationId())
                            .map(registration -> new TokenWithRegistration(token, registration)));
        }
    }),

    FINDS_LIVE_REGISTRATIONS_ONLY(
            by(
                    "find a token together with its registration, whatever the status of either",
                    "find the newest value of the registration, also after having found an older one"),
            issuer -> new PlainStores(issuer) {
                @Override
                public Optional<TokenWithRegistration> findTokenWithRegistration(SecretHash hash) {
                    return super.findTokenWithRegistration(hash)
                            .filter(both -> both.registration().revokedAt() == null);
                }
            }),

    FINDS_REGISTRATIONS_IN_ANY_CASE(
            by("find neither if the token or the registration is not there"), issuer -> new PlainStores(issuer) {
                @Override
                public Optional<TokenWithRegistration> findTokenWithRegistration(SecretHash hash) {
                    return tokens.find(hash)
                            .flatMap(token -> registrations
                                    .findById(token.registrationId().toLowerCase(Locale.ROOT))
                                    .map(registration -> new TokenWithRegistration(token, registration)));
                }
            }),

    // two services

    SHARES_REGISTRATIONS(
            by(
                    "show nothing of one service to another one on the same backend, and let it have the same keys",
                    "end, purge and forget nothing of another service on the same backend"),
            issuer -> new PlainStores(issuer) {
                @Override
                PlainStores neighbour(String other) {
                    PlainStores neighbour = super.neighbour(other);
                    neighbour.registrations = registrations;
                    return neighbour;
                }
            }),

    SHARES_TOKENS(
            by(
                    "show nothing of one service to another one on the same backend, and let it have the same keys",
                    "end, purge and forget nothing of another service on the same backend"),
            issuer -> new PlainStores(issuer) {
                @Override
                PlainStores neighbour(String other) {
                    PlainStores neighbour = super.neighbour(other);
                    neighbour.tokens = tokens;
                    return neighbour;
                }
            }),

    SHARES_PRESENTED_JWTS(
            by(
                    "show nothing of one service to another one on the same backend, and let it have the same keys",
                    "end, purge and forget nothing of another service on the same backend"),
            issuer -> new PlainStores(issuer) {
                @Override
                PlainStores neighbour(String other) {
                    PlainStores neighbour = super.neighbour(other);
                    neighbour.replay = replay;
                    return neighbour;
                }
            }),

    SHARES_MARKS(
            by(
                    "show nothing of one service to another one on the same backend, and let it have the same keys",
                    "end, purge and forget nothing of another service on the same backend"),
            issuer -> new PlainStores(issuer) {
                @Override
                PlainStores neighbour(String other) {
                    PlainStores neighbour = super.neighbour(other);
                    neighbour.logoutMarks = logoutMarks;
                    return neighbour;
                }
            }),

    LEAVES_A_TRACE_OF_A_CHECK(
            by("let it be checked that they take writes, and show nothing of it"), issuer -> new PlainStores(issuer) {
                @Override
                public void checkWritable() {
                    tokens.insert(
                            new AccessToken(SecretHash.of("checked"), "none", 0, null, Instant.EPOCH),
                            Instant.EPOCH,
                            1000);
                }
            }),

    TAKES_WRITES_DURING_AN_OUTAGE(
            by("throw PortUnavailableException when they are checked while the backend is away, and do not afterwards"),
            issuer -> new PlainStores(issuer) {
                @Override
                public void checkWritable() {}
            }),

    FINDS_NOTHING_DURING_AN_OUTAGE(
            by("throw PortUnavailableException when asked for both while the backend is away, and find them"
                    + " afterwards"),
            issuer -> new PlainStores(issuer) {
                @Override
                public Optional<TokenWithRegistration> findTokenWithRegistration(SecretHash hash) {
                    try {
                        return super.findTokenWithRegistration(hash);
                    } catch (PortUnavailableException e) {
                        return Optional.empty();
                    }
                }
            });

    private final Set<String> finders;
    private final Function<String, PlainStores> maker;

    BrokenStores(Set<String> finders, Function<String, PlainStores> maker) {
        this.finders = finders;
        this.maker = maker;
    }

    @Override
    public Set<String> finders() {
        return finders;
    }

    /** The contract, run by {@link ContractRun} only. */
    @ExtendWith(ContractRun.DefectResolver.class)
    static class Contract extends StoresContract {
        private final BrokenStores defect;
        private PlainStores stores;

        Contract(BrokenStores defect) {
            this.defect = defect;
        }

        @Override
        protected Stores newStores(String issuer) {
            stores = defect.maker.apply(issuer);
            return stores;
        }

        @Override
        protected Stores newNeighbour(String issuer) {
            return stores.neighbour(issuer);
        }

        @Override
        protected Optional<Outage> outage() {
            return Optional.of(stores.outage());
        }
    }
}
