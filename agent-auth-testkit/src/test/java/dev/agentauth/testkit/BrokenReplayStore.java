package dev.agentauth.testkit;

import static dev.agentauth.testkit.ContractRun.by;
import static dev.agentauth.testkit.PortContract.TICK;

import dev.agentauth.spi.JwtKind;
import dev.agentauth.spi.ReplayStore;
import java.text.Normalizer;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.extension.ExtendWith;

/** Replay stores with one defect each, and the requirements that find it. */
@SuppressWarnings("ImmutableEnumChecker") // made anew for each run
enum BrokenReplayStore implements ContractRun.Defect {
    NONE(by(), PlainReplayStore::new),

    EVERY_CALL_IS_THE_FIRST(
            by(
                    "says true to the first and false to every later call for one JWT",
                    "purges a record exactly at its end"),
            () -> new PlainReplayStore() {
                @Override
                public boolean recordFirst(JwtKind kind, String issuer, String jti, Instant now, Instant until) {
                    super.recordFirst(kind, issuer, jti, now, until);
                    return true;
                }
            }),

    CHECKS_THEN_WRITES(
            by(
                    "T13: says true to exactly one of 64 concurrent calls for one JWT",
                    "says true to exactly one of 64 concurrent calls for a JWT whose record has just ended"),
            () -> new PlainReplayStore() {
                @Override
                public boolean recordFirst(JwtKind kind, String issuer, String jti, Instant now, Instant until) {
                    if (seen(kind, issuer, jti, now)) {
                        return false;
                    }
                    meeting.waitForAnother();
                    write(key(kind, issuer, jti), until);
                    return true;
                }
            }),

    CHECKS_THEN_WRITES_ANEW(
            by("says true to exactly one of 64 concurrent calls for a JWT whose record has just ended"),
            () -> new PlainReplayStore() {
                @Override
                public boolean recordFirst(JwtKind kind, String issuer, String jti, Instant now, Instant until) {
                    boolean known = untilByKey.containsKey(key(kind, issuer, jti));
                    if (!known || seen(kind, issuer, jti, now)) {
                        return super.recordFirst(kind, issuer, jti, now, until);
                    }
                    meeting.waitForAnother();
                    write(key(kind, issuer, jti), until);
                    return true;
                }
            }),

    ONE_NAMESPACE_FOR_ALL_KINDS(
            by(
                    "has seen what was recorded and nothing else",
                    "keeps kinds, issuers and ids of 1,024 characters apart, exactly: case, blanks, Unicode forms, the"
                            + " last character"),
            () -> new PlainReplayStore() {
                @Override
                Object key(JwtKind kind, String issuer, String jti) {
                    return List.of(issuer, jti);
                }
            }),

    ONE_NAMESPACE_FOR_ALL_ISSUERS(
            by(
                    "has seen what was recorded and nothing else",
                    "keeps kinds, issuers and ids of 1,024 characters apart, exactly: case, blanks, Unicode forms, the"
                            + " last character"),
            () -> new PlainReplayStore() {
                @Override
                Object key(JwtKind kind, String issuer, String jti) {
                    return List.of(kind, jti);
                }
            }),

    GLUES_ISSUER_AND_ID_TOGETHER(
            by("keeps kinds, issuers and ids of 1,024 characters apart, exactly: case, blanks, Unicode forms, the"
                    + " last character"),
            () -> new PlainReplayStore() {
                @Override
                Object key(JwtKind kind, String issuer, String jti) {
                    return List.of(kind, issuer + jti);
                }
            }),

    FOLDS_CASE(
            by(
                    "has seen what was recorded and nothing else",
                    "keeps kinds, issuers and ids of 1,024 characters apart, exactly: case, blanks, Unicode forms, the"
                            + " last character"),
            () -> folding(text -> text.toLowerCase(Locale.ROOT))),

    FOLDS_UNICODE_FORMS(
            by("keeps kinds, issuers and ids of 1,024 characters apart, exactly: case, blanks, Unicode forms, the"
                    + " last character"),
            () -> folding(text -> Normalizer.normalize(text, Normalizer.Form.NFC))),

    FOLDS_BLANKS(
            by(
                    "has seen what was recorded and nothing else",
                    "keeps kinds, issuers and ids of 1,024 characters apart, exactly: case, blanks, Unicode forms, the"
                            + " last character"),
            () -> folding(String::stripTrailing)),

    CUTS_IDS_TO_1023_CHARACTERS(
            by("keeps kinds, issuers and ids of 1,024 characters apart, exactly: case, blanks, Unicode forms, the"
                    + " last character"),
            () -> folding(text -> text.codePointCount(0, text.length()) < 1024
                    ? text
                    : text.substring(0, text.offsetByCodePoints(0, 1023)))),

    CUTS_IDS_TO_1024_CODE_UNITS(
            by("keeps kinds, issuers and ids of 1,024 characters apart, exactly: case, blanks, Unicode forms, the"
                    + " last character"),
            () -> folding(text -> text.substring(0, Math.min(text.length(), 1024)))),

    LATER_CALLS_MOVE_THE_END(
            by("changes nothing by a later call for one JWT, neither to a later end nor to an earlier one"),
            () -> new PlainReplayStore() {
                @Override
                public boolean recordFirst(JwtKind kind, String issuer, String jti, Instant now, Instant until) {
                    boolean first = super.recordFirst(kind, issuer, jti, now, until);
                    write(key(kind, issuer, jti), until);
                    return first;
                }
            }),

    SEEING_IS_RECORDING(
            by(
                    "records nothing by being asked whether it has seen a JWT",
                    "treats a record as absent exactly from its end on"),
            () -> new PlainReplayStore() {
                @Override
                public boolean seen(JwtKind kind, String issuer, String jti, Instant now) {
                    return !recordFirst(kind, issuer, jti, now, now.plusSeconds(60));
                }
            }),

    REMEMBERS_WHAT_IT_HAS_NOT_SEEN(
            by("keeps kinds, issuers and ids of 1,024 characters apart, exactly: case, blanks, Unicode forms, the"
                    + " last character"),
            () -> new PlainReplayStore() {
                private final Set<Object> unseen = ConcurrentHashMap.newKeySet();

                @Override
                public boolean seen(JwtKind kind, String issuer, String jti, Instant now) {
                    boolean seen = super.seen(kind, issuer, jti, now);
                    if (!seen) {
                        unseen.add(key(kind, issuer, jti));
                    }
                    return seen && !unseen.contains(key(kind, issuer, jti));
                }
            }),

    SEES_THE_LAST_RECORD_LATE(
            by(
                    "does not purge a record that was made anew after its end",
                    "has seen what was recorded and nothing else",
                    "has seen a JWT as soon as its record was made, whoever asks"),
            () -> new PlainReplayStore() {
                private volatile Object last = "none";

                @Override
                void write(Object key, Instant until) {
                    super.write(key, until);
                    last = key;
                }

                @Override
                public boolean seen(JwtKind kind, String issuer, String jti, Instant now) {
                    return super.seen(kind, issuer, jti, now) && !last.equals(key(kind, issuer, jti));
                }
            }),

    NEVER_FORGETS(
            by(
                    "does not purge a record that was made anew after its end",
                    "treats a record as absent exactly from its end on"),
            () -> new PlainReplayStore() {
                @Override
                boolean isOver(Instant until, Instant now) {
                    return false;
                }
            }),

    FORGETS_A_TICK_EARLY(
            by(
                    "treats a record as absent exactly from its end on",
                    "has nothing left to purge when it removed fewer than the limit"),
            () -> new PlainReplayStore() {
                @Override
                boolean isOver(Instant until, Instant now) {
                    return super.isOver(until, now.plus(TICK));
                }
            }),

    FORGETS_A_TICK_LATE(
            by(
                    "does not purge a record that was made anew after its end",
                    "treats a record as absent exactly from its end on"),
            () -> new PlainReplayStore() {
                @Override
                boolean isOver(Instant until, Instant now) {
                    return super.isOver(until, now.minus(TICK));
                }
            }),

    CUTS_TIMES_TO_MILLISECONDS(
            by(
                    "has nothing left to purge when it removed fewer than the limit",
                    "keeps the end of a record to the microsecond, from the year 1970 to the year 9998"),
            () -> new PlainReplayStore() {
                @Override
                void write(Object key, Instant until) {
                    super.write(key, until.truncatedTo(ChronoUnit.MILLIS));
                }
            }),

    CUTS_TIMES_TO_SECONDS(
            by(
                    "has nothing left to purge when it removed fewer than the limit",
                    "keeps the end of a record to the microsecond, from the year 1970 to the year 9998"),
            () -> new PlainReplayStore() {
                @Override
                void write(Object key, Instant until) {
                    super.write(key, until.truncatedTo(ChronoUnit.SECONDS));
                }
            }),

    // purge

    PURGES_A_TICK_EARLY(
            by("purges a record exactly at its end", "has nothing left to purge when it removed fewer than the limit"),
            () -> new PlainReplayStore() {
                @Override
                boolean mayGo(Object key, Instant until, Instant now) {
                    return super.mayGo(key, until, now.plus(TICK));
                }
            }),

    PURGES_A_TICK_LATE(
            by("purges a record exactly at its end", "does not purge a record that was made anew after its end"),
            () -> new PlainReplayStore() {
                @Override
                boolean mayGo(Object key, Instant until, Instant now) {
                    return super.mayGo(key, until, now.minus(TICK));
                }
            }),

    PURGES_THE_RENEWED_RECORD(
            by("does not purge a record that was made anew after its end"), () -> new PlainReplayStore() {
                private final Map<Object, Instant> firstUntil = new ConcurrentHashMap<>();

                @Override
                void write(Object key, Instant until) {
                    super.write(key, until);
                    firstUntil.putIfAbsent(key, until);
                }

                @Override
                boolean mayGo(Object key, Instant until, Instant now) {
                    return super.mayGo(key, firstUntil.get(key), now);
                }
            }),

    PURGES_WHAT_WAS_RENEWED_MEANWHILE(
            by("says true to exactly one of 64 concurrent calls while the old record is purged"),
            () -> new PlainReplayStore() {
                @Override
                public int purgeExpired(Instant now, int limit) {
                    backend.check();
                    List<Map.Entry<Object, Instant>> over = over(now, limit);
                    meeting.waitAfterCheckUntil(() ->
                            over.stream().anyMatch(entry -> !entry.getValue().equals(untilByKey.get(entry.getKey()))));
                    return (int) over.stream()
                            .filter(entry -> untilByKey.remove(entry.getKey()) != null)
                            .count();
                }

                @Override
                public boolean recordFirst(JwtKind kind, String issuer, String jti, Instant now, Instant until) {
                    meeting.waitUntilChecked();
                    return super.recordFirst(kind, issuer, jti, now, until);
                }
            }),

    PURGE_STOPS_HALFWAY(
            by(
                    "has nothing left to purge when it removed fewer than the limit",
                    "purges exactly what has ended, in batches, while 48 threads record and look"),
            () -> new PlainReplayStore() {
                @Override
                public int purgeExpired(Instant now, int limit) {
                    return super.purgeExpired(now, (limit + 1) / 2);
                }
            }),

    PURGE_COUNTS_ONE_TWICE(
            by("purges exactly what has ended, in batches, while 48 threads record and look"),
            () -> new PlainReplayStore() {
                @Override
                public int purgeExpired(Instant now, int limit) {
                    backend.check();
                    List<Map.Entry<Object, Instant>> over = over(now, limit);
                    meeting.waitForAnother();
                    over.forEach(entry -> untilByKey.remove(entry.getKey(), entry.getValue()));
                    return over.size();
                }
            }),

    // outages

    THROWS_ANOTHER_EXCEPTION(
            by("throws PortUnavailableException from every method while the backend is away, and has what it had"
                    + " when it is back"),
            () -> new PlainReplayStore() {
                @Override
                public int purgeExpired(Instant now, int limit) {
                    if (backend.isAway()) {
                        throw new IllegalStateException("the driver's own");
                    }
                    return super.purgeExpired(now, limit);
                }
            }),

    LETS_EVERYTHING_PASS_DURING_AN_OUTAGE(
            by("throws PortUnavailableException from every method while the backend is away, and has what it had"
                    + " when it is back"),
            () -> new PlainReplayStore() {
                @Override
                public boolean recordFirst(JwtKind kind, String issuer, String jti, Instant now, Instant until) {
                    return backend.isAway() || super.recordFirst(kind, issuer, jti, now, until);
                }
            }),

    HAS_SEEN_NOTHING_DURING_AN_OUTAGE(
            by("throws PortUnavailableException from every method while the backend is away, and has what it had"
                    + " when it is back"),
            () -> new PlainReplayStore() {
                @Override
                public boolean seen(JwtKind kind, String issuer, String jti, Instant now) {
                    return !backend.isAway() && super.seen(kind, issuer, jti, now);
                }
            }),

    RECORDS_WHAT_WAS_ASKED_FOR_IN_AN_OUTAGE(
            by("throws PortUnavailableException from every method while the backend is away, and has what it had"
                    + " when it is back"),
            () -> new PlainReplayStore() {
                @Override
                public boolean seen(JwtKind kind, String issuer, String jti, Instant now) {
                    if (backend.isAway()) {
                        write(key(kind, issuer, jti), now.plusSeconds(60));
                    }
                    return super.seen(kind, issuer, jti, now);
                }
            });

    private final Set<String> finders;
    private final Supplier<PlainReplayStore> maker;

    BrokenReplayStore(Set<String> finders, Supplier<PlainReplayStore> maker) {
        this.finders = finders;
        this.maker = maker;
    }

    @Override
    public Set<String> finders() {
        return finders;
    }

    /** The contract, run by {@link ContractRun} only. */
    @ExtendWith(ContractRun.DefectResolver.class)
    static class Contract extends ReplayStoreContract {
        private final PlainReplayStore store;

        Contract(BrokenReplayStore defect) {
            store = defect.maker.get();
        }

        @Override
        protected ReplayStore newStore() {
            return store;
        }

        @Override
        protected Optional<Outage> outage() {
            return Optional.of(store.backend);
        }
    }

    private static PlainReplayStore folding(UnaryOperator<String> fold) {
        return new PlainReplayStore() {
            @Override
            Object key(JwtKind kind, String issuer, String jti) {
                return super.key(kind, issuer, fold.apply(jti));
            }
        };
    }
}
