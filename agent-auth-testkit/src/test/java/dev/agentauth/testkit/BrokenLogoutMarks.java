package dev.agentauth.testkit;

import static dev.agentauth.testkit.ContractRun.by;
import static dev.agentauth.testkit.PortContract.TICK;

import dev.agentauth.registration.ProviderIdentity;
import dev.agentauth.spi.LogoutMarks;
import java.text.Normalizer;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BinaryOperator;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.extension.ExtendWith;

/** Logout marks with one defect each, and the requirements that find it. */
@SuppressWarnings("ImmutableEnumChecker") // made anew for each run
enum BrokenLogoutMarks implements ContractRun.Defect {
    NONE(by(), PlainLogoutMarks::new),

    THE_LAST_WRITE_WINS(
            by(
                    "keep the greatest instant, in whatever order they are raised",
                    "are needed until the latest time that was given for them"),
            () -> merging((known, raised) -> new PlainLogoutMarks.Mark(
                    raised.issuedAt(), PlainLogoutMarks.later(known.until(), raised.until())))),

    THE_FIRST_WRITE_WINS(
            by(
                    "keep the greatest instant, in whatever order they are raised",
                    "are needed until the latest time that was given for them"),
            () -> merging((known, raised) -> new PlainLogoutMarks.Mark(
                    known.issuedAt(), PlainLogoutMarks.later(known.until(), raised.until())))),

    THE_FIRST_UNTIL_WINS(
            by("are needed until the latest time that was given for them"),
            () -> merging((known, raised) -> new PlainLogoutMarks.Mark(
                    PlainLogoutMarks.later(known.issuedAt(), raised.issuedAt()), known.until()))),

    THE_LAST_UNTIL_WINS(
            by("are needed until the latest time that was given for them"),
            () -> merging((known, raised) -> new PlainLogoutMarks.Mark(
                    PlainLogoutMarks.later(known.issuedAt(), raised.issuedAt()), raised.until()))),

    UNTIL_GOES_WITH_THE_GREATEST(
            by("are needed until the latest time that was given for them"),
            () -> merging((known, raised) -> raised.issuedAt().isAfter(known.issuedAt()) ? raised : known)),

    CHECKS_THEN_WRITES(
            by("are left at the greatest instant by 64 concurrent calls, and seen by each at once"),
            () -> new PlainLogoutMarks() {
                @Override
                public void raise(ProviderIdentity subject, Instant issuedAt, Instant until) {
                    backend.check();
                    Mark raised = new Mark(issuedAt, until);
                    Mark known = marks.get(subject);
                    meeting.waitForAnother();
                    write(subject, known == null ? raised : merged(known, raised));
                }
            }),

    REMEMBERS_WHAT_WAS_NEWEST(
            by(
                    "keep the greatest instant, in whatever order they are raised",
                    "are purged exactly when they are no longer needed"),
            () -> new PlainLogoutMarks() {
                private final Map<ProviderIdentity, Optional<Instant>> cache = new ConcurrentHashMap<>();

                @Override
                public Optional<Instant> newest(ProviderIdentity identity) {
                    Optional<Instant> newest = super.newest(identity);
                    return cache.computeIfAbsent(identity, key -> newest);
                }
            }),

    EVERY_IDENTITY_HAS_ONE(
            by(
                    "are absent for an identity that nothing was said about",
                    "of a tenant cover that tenant's identity alone"),
            () -> new PlainLogoutMarks() {
                @Override
                public Optional<Instant> newest(ProviderIdentity identity) {
                    return super.newest(identity).or(() -> Optional.of(Instant.EPOCH));
                }
            }),

    THE_TENANTS_MARK_IS_PREFERRED(
            by(
                    "for an identity are the greatest of those that cover it",
                    "throw PortUnavailableException from every method while the backend is away, and are what they"
                            + " were when it is back"),
            () -> new PlainLogoutMarks() {
                @Override
                public Optional<Instant> newest(ProviderIdentity identity) {
                    Mark ofTenant = marks.get(identity);
                    return ofTenant == null ? super.newest(identity) : Optional.of(ofTenant.issuedAt());
                }
            }),

    A_TENANTS_MARK_COVERS_ALL(
            by(
                    "of a tenant cover that tenant's identity alone",
                    "of a tenant without a name do not cover the identity without a tenant"),
            () -> covering((subject, identity) -> new ProviderIdentity(
                            subject.issuer(), null, subject.subject(), subject.audience())
                    .covers(identity))),

    THE_MARK_OF_ALL_COVERS_NO_TENANT(
            by(
                    "without a tenant cover every tenant's identity of the subject and the one without",
                    "for an identity are the greatest of those that cover it"),
            () -> covering((subject, identity) ->
                    subject.covers(identity) && (subject.tenant() != null || identity.tenant() == null))),

    THE_MARK_OF_ALL_COVERS_TENANTS_ONLY(
            by(
                    "without a tenant cover every tenant's identity of the subject and the one without",
                    "for an identity are the greatest of those that cover it"),
            () -> covering((subject, identity) -> subject.covers(identity) && identity.tenant() != null)),

    COVERS_EVERY_AUDIENCE(
            by(
                    "without a tenant do not cover another subject, issuer or audience",
                    "compare all parts exactly: case, blanks, Unicode forms, the 1,000th character"),
            () -> covering((subject, identity) -> new ProviderIdentity(
                            subject.issuer(), subject.tenant(), subject.subject(), identity.audience())
                    .covers(identity))),

    TAKES_NO_TENANT_FOR_AN_EMPTY_ONE(
            by("of a tenant without a name do not cover the identity without a tenant"), () -> new PlainLogoutMarks() {
                @Override
                boolean covers(ProviderIdentity subject, ProviderIdentity identity) {
                    return super.covers(subject, identity)
                            || ("".equals(subject.tenant())
                                    && identity.tenant() == null
                                    && subject.subject().equals(identity.subject()));
                }
            }),

    FOLDS_CASE(
            by(
                    "of a tenant cover that tenant's identity alone",
                    "without a tenant do not cover another subject, issuer or audience"),
            () -> folding(text -> text.toLowerCase(Locale.ROOT))),

    FOLDS_UNICODE_FORMS(
            by("compare all parts exactly: case, blanks, Unicode forms, the 1,000th character"),
            () -> folding(text -> Normalizer.normalize(text, Normalizer.Form.NFC))),

    FOLDS_BLANKS(
            by(
                    "without a tenant do not cover another subject, issuer or audience",
                    "compare all parts exactly: case, blanks, Unicode forms, the 1,000th character"),
            () -> folding(String::stripTrailing)),

    COMPARES_255_CHARACTERS(
            by("compare all parts exactly: case, blanks, Unicode forms, the 1,000th character"),
            () -> folding(text -> text.substring(0, Math.min(text.length(), 255)))),

    CUTS_TIMES_TO_MILLISECONDS(
            by("keep the instant, and the time that they are needed, to the microsecond, from the year 1970 to the"
                    + " year 9998"),
            () -> cutting(ChronoUnit.MILLIS)),

    CUTS_TIMES_TO_SECONDS(
            by("keep the instant, and the time that they are needed, to the microsecond, from the year 1970 to the"
                    + " year 9998"),
            () -> cutting(ChronoUnit.SECONDS)),

    // purge

    PURGES_A_TICK_EARLY(
            by(
                    "have nothing left to purge when fewer than the limit were removed",
                    "are purged exactly when they are no longer needed"),
            () -> new PlainLogoutMarks() {
                @Override
                boolean mayGo(Mark mark, Instant now) {
                    return super.mayGo(mark, now.plus(TICK));
                }
            }),

    PURGES_A_TICK_LATE(
            by(
                    "have nothing left to purge when fewer than the limit were removed",
                    "are purged exactly when they are no longer needed"),
            () -> new PlainLogoutMarks() {
                @Override
                boolean mayGo(Mark mark, Instant now) {
                    return super.mayGo(mark, now.minus(TICK));
                }
            }),

    PURGE_STOPS_HALFWAY(
            by(
                    "have nothing left to purge when fewer than the limit were removed",
                    "lose exactly what is no longer needed, in batches, while 48 threads raise and ask"),
            () -> new PlainLogoutMarks() {
                @Override
                public int purgeExpired(Instant now, int limit) {
                    return super.purgeExpired(now, (limit + 1) / 2);
                }
            }),

    PURGE_COUNTS_ONE_TWICE(
            by("lose exactly what is no longer needed, in batches, while 48 threads raise and ask"),
            () -> new PlainLogoutMarks() {
                @Override
                public int purgeExpired(Instant now, int limit) {
                    backend.check();
                    List<Map.Entry<ProviderIdentity, Mark>> over = over(now, limit);
                    meeting.waitForAnother();
                    over.forEach(entry -> marks.remove(entry.getKey(), entry.getValue()));
                    return over.size();
                }
            }),

    PURGES_WHAT_WAS_RAISED_MEANWHILE(
            by("survive a purge that runs while they are raised again"), () -> new PlainLogoutMarks() {
                @Override
                public int purgeExpired(Instant now, int limit) {
                    backend.check();
                    List<Map.Entry<ProviderIdentity, Mark>> over = over(now, limit);
                    meeting.waitAfterCheckUntil(() ->
                            over.stream().anyMatch(entry -> !entry.getValue().equals(marks.get(entry.getKey()))));
                    return (int) over.stream()
                            .filter(entry -> marks.remove(entry.getKey()) != null)
                            .count();
                }

                @Override
                public void raise(ProviderIdentity subject, Instant issuedAt, Instant until) {
                    meeting.waitUntilChecked();
                    super.raise(subject, issuedAt, until);
                }
            }),

    // outages

    THROWS_ANOTHER_EXCEPTION(
            by("throw PortUnavailableException from every method while the backend is away, and are what they"
                    + " were when it is back"),
            () -> new PlainLogoutMarks() {
                @Override
                public void raise(ProviderIdentity subject, Instant issuedAt, Instant until) {
                    if (backend.isAway()) {
                        throw new IllegalStateException("the driver's own");
                    }
                    super.raise(subject, issuedAt, until);
                }
            }),

    THERE_ARE_NONE_DURING_AN_OUTAGE(
            by("throw PortUnavailableException from every method while the backend is away, and are what they"
                    + " were when it is back"),
            () -> new PlainLogoutMarks() {
                @Override
                public Optional<Instant> newest(ProviderIdentity identity) {
                    return backend.isAway() ? Optional.empty() : super.newest(identity);
                }
            }),

    RAISE_THAT_THREW_IS_HALF_THERE(
            by("throw PortUnavailableException from every method while the backend is away, and are what they"
                    + " were when it is back"),
            () -> new PlainLogoutMarks() {
                @Override
                public void raise(ProviderIdentity subject, Instant issuedAt, Instant until) {
                    if (backend.isAway()) {
                        marks.computeIfPresent(subject, (same, mark) -> new Mark(issuedAt, mark.until()));
                    }
                    super.raise(subject, issuedAt, until);
                }
            }),

    FORGETS_IN_AN_OUTAGE(
            by("throw PortUnavailableException from every method while the backend is away, and are what they"
                    + " were when it is back"),
            () -> new PlainLogoutMarks() {
                @Override
                public Optional<Instant> newest(ProviderIdentity identity) {
                    if (backend.isAway()) {
                        marks.clear();
                    }
                    return super.newest(identity);
                }
            });

    private final Set<String> finders;
    private final Supplier<PlainLogoutMarks> maker;

    BrokenLogoutMarks(Set<String> finders, Supplier<PlainLogoutMarks> maker) {
        this.finders = finders;
        this.maker = maker;
    }

    @Override
    public Set<String> finders() {
        return finders;
    }

    /** The contract, run by {@link ContractRun} only. */
    @ExtendWith(ContractRun.DefectResolver.class)
    static class Contract extends LogoutMarksContract {
        private final PlainLogoutMarks marks;

        Contract(BrokenLogoutMarks defect) {
            marks = defect.maker.get();
        }

        @Override
        protected LogoutMarks newMarks() {
            return marks;
        }

        @Override
        protected Optional<Outage> outage() {
            return Optional.of(marks.backend);
        }
    }

    /** Which identities a mark is said to cover. */
    private interface Covering {
        boolean covers(ProviderIdentity subject, ProviderIdentity identity);
    }

    private static PlainLogoutMarks covering(Covering covering) {
        return new PlainLogoutMarks() {
            @Override
            boolean covers(ProviderIdentity subject, ProviderIdentity identity) {
                return covering.covers(subject, identity);
            }
        };
    }

    private static PlainLogoutMarks merging(BinaryOperator<PlainLogoutMarks.Mark> merging) {
        return new PlainLogoutMarks() {
            @Override
            Mark merged(Mark known, Mark raised) {
                return merging.apply(known, raised);
            }
        };
    }

    private static PlainLogoutMarks folding(UnaryOperator<String> fold) {
        return new PlainLogoutMarks() {
            @Override
            ProviderIdentity key(ProviderIdentity subject) {
                return new ProviderIdentity(
                        fold.apply(subject.issuer()),
                        subject.tenant() == null ? null : fold.apply(subject.tenant()),
                        fold.apply(subject.subject()),
                        fold.apply(subject.audience()));
            }
        };
    }

    private static PlainLogoutMarks cutting(ChronoUnit unit) {
        return new PlainLogoutMarks() {
            @Override
            void write(ProviderIdentity subject, Mark mark) {
                super.write(subject, new Mark(mark.issuedAt().truncatedTo(unit), mark.until()));
            }
        };
    }
}
