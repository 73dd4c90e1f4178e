package dev.agentauth.testkit;

import static dev.agentauth.testkit.ContractRun.by;

import dev.agentauth.SecretHash;
import dev.agentauth.spi.UserOrigins;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.junit.jupiter.api.extension.ExtendWith;

/** Origins of users with one defect each, and the requirements that find it. */
@SuppressWarnings("ImmutableEnumChecker") // made anew for each run
enum BrokenUserOrigins implements ContractRun.Defect {
    NONE(by(), PlainUserOrigins::new),

    EVERYBODY_RESTS_ON_A_WORD(
            by(
                    "know nothing of a key or a user before",
                    "reserve a key, then yield its user, who rests on a provider's word"),
            () -> new PlainUserOrigins() {
                @Override
                public boolean isOnProvidersWord(String userId) {
                    backend.check();
                    return true;
                }
            }),

    RECORDS_WITHOUT_A_RESERVATION(
            by(
                    "know nothing of a key or a user before",
                    "let a reservation be taken over exactly when it has lapsed, and refuse its maker then"),
            () -> new PlainUserOrigins() {
                @Override
                public synchronized boolean record(String reservation, String userId) {
                    if (super.record(reservation, userId)) {
                        return true;
                    }
                    add(SecretHash.of(reservation), reservation, Optional.empty(), Instant.EPOCH);
                    return super.record(reservation, userId);
                }
            }),

    KEEPS_THE_ADDRESS_RESERVED(
            by(
                    "reserve a key, then yield its user, who rests on a provider's word",
                    "T58: cancel every reservation for an address, and no other, nor what was recorded"),
            () -> new PlainUserOrigins() {
                @Override
                void settle(Row row, String userId) {
                    row.userId = userId;
                }
            }),

    FOLDS_CASE_OF_IDS(by("keep the ids of users as they are, and compare them exactly"), () -> new PlainUserOrigins() {
        @Override
        boolean is(String userId, Row row) {
            return userId.equalsIgnoreCase(row.userId);
        }
    }),

    FOLDS_BLANKS_OF_IDS(
            by("keep the ids of users as they are, and compare them exactly"), () -> new PlainUserOrigins() {
                @Override
                boolean is(String userId, Row row) {
                    return row.userId != null && userId.strip().equals(row.userId.strip());
                }
            }),

    CUTS_IDS(by("keep the ids of users as they are, and compare them exactly"), () -> new PlainUserOrigins() {
        @Override
        void settle(Row row, String userId) {
            super.settle(row, userId.substring(0, Math.min(userId.length(), 255)));
        }
    }),

    TAKES_RECORDED_KEYS_OVER(
            by("reserve nothing that is reserved or yields a user, and leave that as it was"),
            () -> new PlainUserOrigins() {
                @Override
                boolean mayTakeOver(Row row, Instant now) {
                    return !now.isBefore(row.until);
                }
            }),

    TAKES_OVER_TOO_EARLY(
            by(
                    "reserve nothing that is reserved or yields a user, and leave that as it was",
                    "let a reservation be taken over exactly when it has lapsed, and refuse its maker then",
                    "T57: reserve one key for one of 64 concurrent calls"),
            () -> new PlainUserOrigins() {
                @Override
                boolean mayTakeOver(Row row, Instant now) {
                    return row.userId == null;
                }
            }),

    TAKES_OVER_TOO_LATE(
            by(
                    "let a reservation be taken over exactly when it has lapsed, and refuse its maker then",
                    "T57: let one of 64 concurrent calls take a lapsed reservation over"),
            () -> new PlainUserOrigins() {
                @Override
                boolean mayTakeOver(Row row, Instant now) {
                    return row.userId == null && now.isAfter(row.until);
                }
            }),

    THE_FIRST_MAKER_STAYS(
            by(
                    "let a reservation be taken over exactly when it has lapsed, and refuse its maker then",
                    "T57: let one of 64 concurrent calls take a lapsed reservation over"),
            () -> new PlainUserOrigins() {
                @Override
                void takeOver(Row row) {
                    row.key = null;
                }
            }),

    RELEASES_NOTHING(
            by("release a reservation, and neither somebody else's nor what was recorded"),
            () -> new PlainUserOrigins() {
                @Override
                public synchronized void release(String reservation) {
                    backend.check();
                }
            }),

    RELEASES_WHAT_WAS_RECORDED(
            by("release a reservation, and neither somebody else's nor what was recorded"),
            () -> new PlainUserOrigins() {
                @Override
                public synchronized void release(String reservation) {
                    backend.check();
                    rows.removeIf(row -> reservation.equals(row.reservation));
                }
            }),

    CANCELS_ONE_ONLY(
            by("T58: cancel every reservation for an address, and no other, nor what was recorded"),
            () -> new PlainUserOrigins() {
                @Override
                public synchronized void cancel(SecretHash address) {
                    backend.check();
                    row(row -> address.equals(row.address)).ifPresent(rows::remove);
                }
            }),

    CANCELS_EVERY_RESERVATION(
            by("T58: cancel every reservation for an address, and no other, nor what was recorded"),
            () -> new PlainUserOrigins() {
                @Override
                public synchronized void cancel(SecretHash address) {
                    backend.check();
                    rows.removeIf(row -> row.userId == null);
                }
            }),

    KEYS_SURVIVE(
            by("T58: forget the keys of a user, who still rests on a provider's word, and of nobody else"),
            () -> new PlainUserOrigins() {
                @Override
                public synchronized void forgetKeys(String userId) {
                    backend.check();
                }
            }),

    FORGETS_THE_WORD_WITH_THE_KEYS(
            by("T58: forget the keys of a user, who still rests on a provider's word, and of nobody else"),
            () -> new PlainUserOrigins() {
                @Override
                public synchronized void forgetKeys(String userId) {
                    forget(userId);
                }
            }),

    THE_WORD_SURVIVES(
            by(
                    "T58: forget both facts about a user, and about nobody else",
                    "keep the ids of users as they are, and compare them exactly"),
            () -> new PlainUserOrigins() {
                @Override
                public synchronized void forget(String userId) {
                    forgetKeys(userId);
                }
            }),

    FORGETS_EVERYBODY(by("T58: forget both facts about a user, and about nobody else"), () -> new PlainUserOrigins() {
        @Override
        public synchronized void forget(String userId) {
            backend.check();
            rows.removeIf(row -> row.userId != null);
        }
    }),

    FORGETS_MORE_THAN_THE_LIMIT(
            by("forget the keys of all users in batches, and no reservation"), () -> new PlainUserOrigins() {
                @Override
                public synchronized int forgetAllKeys(int limit) {
                    return super.forgetAllKeys(Integer.MAX_VALUE);
                }
            }),

    FORGETS_NO_KEYS_AT_ALL(
            by("forget the keys of all users in batches, and no reservation"), () -> new PlainUserOrigins() {
                @Override
                boolean mayForgetKey(Row row) {
                    return false;
                }
            }),

    CHECKS_THEN_RESERVES(
            by(
                    "T57: reserve one key for one of 64 concurrent calls",
                    "T57: let one of 64 concurrent calls take a lapsed reservation over"),
            () -> new PlainUserOrigins() {
                @Override
                public boolean reserve(
                        SecretHash key, String reservation, Optional<SecretHash> address, Instant now, Instant until) {
                    backend.check();
                    Optional<Row> known = row(row -> key.equals(row.key));
                    if (known.isPresent() && !mayTakeOver(known.get(), now)) {
                        return false;
                    }
                    meeting.waitForAnother();
                    synchronized (this) {
                        known.ifPresent(this::takeOver);
                        add(key, reservation, address, until);
                        return true;
                    }
                }
            }),

    ANSWERS_BEFORE_IT_RECORDS(
            by("T58: either record a reservation or cancel it, when both happen at once"),
            () -> new PlainUserOrigins() {
                @Override
                public void cancel(SecretHash address) {
                    meeting.waitUntilChecked();
                    super.cancel(address);
                }

                @Override
                public boolean record(String reservation, String userId) {
                    backend.check();
                    Optional<Row> reserved = row(row -> reservation.equals(row.reservation) && row.userId == null);
                    reserved.ifPresent(row -> {
                        meeting.waitAfterCheckUntil(
                                () -> row(same -> same == row).isEmpty());
                        settle(row, userId);
                    });
                    return reserved.isPresent();
                }
            }),

    KNOWS_NOTHING_DURING_AN_OUTAGE(
            by(
                    "throw PortUnavailableException from every method while the backend is away, and are what they were when it is back"),
            () -> new PlainUserOrigins() {
                @Override
                public boolean isOnProvidersWord(String userId) {
                    return !backend.isAway() && super.isOnProvidersWord(userId);
                }
            });

    private final Set<String> finders;
    private final Supplier<PlainUserOrigins> maker;

    BrokenUserOrigins(Set<String> finders, Supplier<PlainUserOrigins> maker) {
        this.finders = finders;
        this.maker = maker;
    }

    @Override
    public Set<String> finders() {
        return finders;
    }

    /** The contract, run by {@link ContractRun} only. */
    @ExtendWith(ContractRun.DefectResolver.class)
    static class Contract extends UserOriginsContract {
        private final PlainUserOrigins origins;

        Contract(BrokenUserOrigins defect) {
            origins = defect.maker.get();
        }

        @Override
        protected UserOrigins newOrigins() {
            return origins;
        }

        @Override
        protected Optional<Outage> outage() {
            return Optional.of(origins.backend);
        }
    }
}
