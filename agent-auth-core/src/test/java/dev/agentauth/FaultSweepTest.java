package dev.agentauth;

import static dev.agentauth.TestService.ALICE;
import static dev.agentauth.TestService.CALLER;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.agentauth.config.AnonymousClaim;
import dev.agentauth.memory.InMemoryRegistrationStore;
import dev.agentauth.registration.ProviderIdentity;
import dev.agentauth.registration.Registration;
import dev.agentauth.registration.RegistrationKind;
import dev.agentauth.spi.PortUnavailableException;
import dev.agentauth.testkit.DelegatingRegistrationStore;
import dev.agentauth.testkit.ProviderJwt;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * T14, T29, T38: each call of any port fails once, before or after it has taken effect, in the midst of whole flows. What
 * is left behind is never half-made, and repeating the request leads to the right end or to a truthful refusal.
 */
@DisplayName("T14, T29, T38: each call of any port fails once, in the midst of whole flows")
class FaultSweepTest {
    private static final int MAX_REPEATS = 20;

    /** One flow with one fault in it. */
    private static final class Run {
        final Faults faults;
        final TestService service;
        private boolean codeIsOut;

        Run(Faults faults, UnaryOperator<AgentAuthBuilder> more) {
            this.faults = faults;
            this.service = TestService.start((builder, parts) -> more.apply(faults.wrap(builder, parts)));
            faults.arm();
        }

        /** What an agent does with a 503: it waits and repeats. */
        <T> T request(Supplier<T> request) {
            for (int i = 0; i < MAX_REPEATS; i++) {
                try {
                    return request.get();
                } catch (PortUnavailableException e) {
                    boolean ignored = Thread.interrupted();
                    service.clock.advance(Duration.ofSeconds(5));
                } catch (AgentAuthException e) {
                    if (e.problem() != Problem.OUT_OF_REACH) {
                        throw e;
                    }
                    boolean ignored = Thread.interrupted();
                    service.clock.advance(e.retryAfter().orElseThrow());
                }
                nothingIsHalfMade();
            }
            throw new AssertionError("no answer after " + MAX_REPEATS + " repeats");
        }

        void request(Runnable request) {
            request(() -> {
                request.run();
                return true;
            });
        }

        /** An answer that says that somebody was asked is the truth. */
        void theMailIsOut(String registrationId) {
            Registration registration = service.stored(registrationId);
            assertThat(registration.claim()).isNotNull();
            assertThat(registration.claim().attempt())
                    .as("an attempt behind the answer")
                    .isNotNull();
            assertThat(service.outbox.mails)
                    .as("the mail behind the answer")
                    .anyMatch(mail -> SecretHash.of(Outbox.token(mail))
                            .equals(registration.claim().attempt().tokenHash()));
        }

        /** What the person does with the newest mail. */
        String reveal() {
            codeIsOut = true;
            return request(service::reveal);
        }

        void nothingIsHalfMade() {
            Set<ProviderIdentity> occupied = new HashSet<>();
            for (String id : faults.inserted) {
                service.registrations.findById(id).ifPresent(registration -> {
                    assertThat(registration.userId() == null)
                            .as("owner and claim time come together: %s", registration)
                            .isEqualTo(registration.claimedAt() == null);
                    if (registration.claimedAt() != null) {
                        assertThat(service.users.findById(registration.userId()))
                                .isPresent();
                        assertThat(codeIsOut || registration.claim() == null)
                                .as("claimed without the mailed code: %s", registration)
                                .isTrue();
                    }
                    if (registration.kind() == RegistrationKind.PROVIDER
                            && registration.isLive(service.clock.instant())) {
                        assertThat(occupied.add(registration.provider().identity()))
                                .as("one live registration an identity")
                                .isTrue();
                    }
                });
            }
        }
    }

    // The sweep

    private static void sweep(Faults.Mode mode, Consumer<Run> flow) {
        sweep(mode, builder -> builder, flow);
    }

    private static void sweep(Faults.Mode mode, UnaryOperator<AgentAuthBuilder> more, Consumer<Run> flow) {
        List<String> wrong = new ArrayList<>();
        try (LogRecords logs = LogRecords.capture()) {
            int calls = calls(mode, more, flow);
            assertThat(calls).isGreaterThan(5);
            for (int failing = 1; failing <= calls; failing++) {
                Faults faults = new Faults(mode, failing);
                Run run = new Run(faults, more);
                try (TestService service = run.service) {
                    flow.accept(run);
                    run.nothingIsHalfMade();
                    assertThat(service.auth.health()).isNotNull();
                } catch (AssertionError | RuntimeException e) {
                    boolean ignored = Thread.interrupted();
                    wrong.add("call " + failing + ", " + mode + " " + faults.failed() + ": "
                            + String.valueOf(e.getMessage()).lines().limit(8).toList());
                }
            }
            assertThat(logs.text()).doesNotContain(Faults.WORDS);
            assertThat(wrong)
                    .as("of %s calls; logs: %s", calls, logs.text().length())
                    .isEmpty();
        }
    }

    /** How many calls the flow makes when nothing fails. */
    private static int calls(Faults.Mode mode, UnaryOperator<AgentAuthBuilder> more, Consumer<Run> flow) {
        Faults faults = new Faults(mode, 0);
        Run run = new Run(faults, more);
        try (TestService service = run.service) {
            flow.accept(run);
            assertThat(faults.failed()).isEqualTo("none");
            int calls = faults.calls();
            assertThat(service.auth.health().isUp()).isTrue();
            return calls;
        }
    }

    // The flows

    @ParameterizedTest
    @EnumSource(Faults.Mode.class)
    void anonymousAgentIsClaimedExchangesAndRevokes(Faults.Mode mode) {
        sweep(mode, run -> {
            TestService service = run.service;
            Registered.Anonymous agent = run.request(service::anonymous);
            IssuedToken first = run.request(() -> service.exchange(agent.assertion()));
            assertThat(run.request(() -> service.scopesOf(first))).containsExactly("api.read");

            run.request(() -> service.startClaim(agent.claim(), ALICE));
            run.theMailIsOut(agent.registrationId());
            complete(run, agent.claim(), run.reveal());

            assertThat(service.stored(agent.registrationId()).userId())
                    .isEqualTo(service.users
                            .findByVerifiedEmail(ALICE)
                            .orElseThrow()
                            .id());
            assertThat(service.users.findById("user_2")).as("one person").isEmpty();
            assertThat(run.request(() -> service.scopesOf(first))).hasSize(3);
            exchangeAndRevoke(run, agent.assertion());
            assertThat(run.request(() -> service.scopesOf(first))).hasSize(3);
        });
    }

    @ParameterizedTest
    @EnumSource(Faults.Mode.class)
    void anonymousAgentIsClaimedWithRotation(Faults.Mode mode) {
        sweep(mode, builder -> builder.anonymousClaim(AnonymousClaim.ROTATE), run -> {
            TestService service = run.service;
            Registered.Anonymous agent = run.request(service::anonymous);
            IssuedToken before = run.request(() -> service.exchange(agent.assertion()));
            run.request(() -> service.startClaim(agent.claim(), ALICE));
            run.theMailIsOut(agent.registrationId());
            ClaimCompleted completed = complete(run, agent.claim(), run.reveal());

            assertThat(run.request(() -> service.scopesOf(before)))
                    .as("a stolen token gains nothing")
                    .isNull();
            if (completed != null) {
                exchangeAndRevoke(run, completed.assertion().orElseThrow());
            }
        });
    }

    @ParameterizedTest
    @EnumSource(Faults.Mode.class)
    void emailAgentIsClaimedExchangesAndRevokes(Faults.Mode mode) {
        sweep(mode, run -> {
            TestService service = run.service;
            ClaimCompleted completed = null;
            while (completed == null) {
                // An answer that was lost after the claim: the agent starts over at registration.
                Registered.Email agent = run.request(() -> service.email(ALICE));
                run.theMailIsOut(agent.registrationId());
                completed = complete(run, agent.claim(), run.reveal());
            }
            assertThat(service.users.findById("user_2")).as("one person").isEmpty();
            exchangeAndRevoke(run, completed.assertion().orElseThrow());
        });
    }

    @ParameterizedTest
    @EnumSource(Faults.Mode.class)
    void t71_agentThatRefreshesAsksAgainWhateverWasLost(Faults.Mode mode) {
        sweep(mode, run -> {
            TestService service = run.service;
            ClaimCompleted completed = null;
            while (completed == null) {
                Registered.Email agent = run.request(() -> service.email(ALICE));
                run.theMailIsOut(agent.registrationId());
                String code = run.reveal();
                try {
                    completed = run.request(() -> service.auth.completeClaimWithRefreshToken(
                            CALLER, agent.claim().token().reveal(), code));
                } catch (AgentAuthException e) {
                    assertThat(e.problem()).as("the answer was lost").isEqualTo(Problem.CLAIMED);
                }
            }
            IssuedRefreshToken first = completed.refreshToken().orElseThrow();
            Registered.Refreshed second =
                    run.request(() -> service.auth.refresh(CALLER, first.value().reveal()));
            Registered.Refreshed third = run.request(() ->
                    service.auth.refresh(CALLER, second.refreshToken().value().reveal()));
            exchangeAndRevoke(run, third.assertion());
            run.request(() -> {
                service.auth.revokeToken(CALLER, third.refreshToken().value().reveal());
                return true;
            });
            assertThat(Refused.problem(() -> run.request(() -> service.auth.refresh(
                            CALLER, third.refreshToken().value().reveal()))))
                    .isEqualTo(Problem.REFRESH_TOKEN_UNUSABLE);
        });
    }

    @ParameterizedTest
    @EnumSource(Faults.Mode.class)
    void emailAgentIsRejected(Faults.Mode mode) {
        sweep(mode, run -> {
            TestService service = run.service;
            Registered.Email agent = run.request(() -> service.email(ALICE));
            String link = service.outbox.lastToken();
            try {
                run.request(() -> service.auth.rejectClaim(CALLER, link));
            } catch (AgentAuthException e) {
                assertThat(e.problem()).as("said before").isEqualTo(Problem.SAID_NO);
            }
            assertThat(Refused.problem(() -> run.request(() -> service.complete(agent.claim(), "123456"))))
                    .isEqualTo(Problem.SAID_NO);
        });
    }

    @ParameterizedTest
    @EnumSource(Faults.Mode.class)
    void providersAgentIsLinkedExchangesAndIsLoggedOut(Faults.Mode mode) {
        sweep(mode, run -> {
            TestService service = run.service;
            Registered.Provider agent = presentCleanly(run);
            assertThat(service.users.findById("user_2")).as("one person").isEmpty();
            IssuedToken token = run.request(() -> service.exchange(agent.assertion()));
            exchangeAndRevoke(run, agent.assertion());

            String logout = service.provider.logout("s").compact();
            run.request(() -> service.auth.logout(CALLER, logout));

            assertThat(run.request(() -> service.scopesOf(token))).isNull();
            assertThat(Refused.problem(() -> run.request(() -> service.exchange(agent.assertion()))))
                    .isEqualTo(Problem.ASSERTION_UNUSABLE);
            run.request(() -> service.auth.logout(CALLER, logout));
        });
    }

    @ParameterizedTest
    @EnumSource(Faults.Mode.class)
    void providersAgentIsConfirmedByTheExistingUser(Faults.Mode mode) {
        sweep(mode, run -> {
            TestService service = run.service;
            service.user("user_a", ALICE);
            Registered.StepUp agent = (Registered.StepUp) run.request(() -> service.present("s", ALICE));
            run.theMailIsOut(agent.registrationId());
            ClaimCompleted completed = complete(run, agent.claim(), run.reveal());

            assertThat(service.stored(agent.registrationId()).userId()).isEqualTo("user_a");
            assertThat(service.users.findById("user_1")).as("nobody was made").isEmpty();
            IssuedAssertion assertion = completed == null
                    ? presentCleanly(run).assertion()
                    : completed.assertion().orElseThrow();
            exchangeAndRevoke(run, assertion);
        });
    }

    @ParameterizedTest
    @EnumSource(Faults.Mode.class)
    void stepUpIsRepeatedAfterItsLinkHasLapsed(Faults.Mode mode) {
        sweep(mode, run -> {
            TestService service = run.service;
            service.user("user_a", ALICE);
            Registered first = run.request(() -> service.present("s", ALICE));
            service.clock.advance(Duration.ofMinutes(11));
            Registered.StepUp again = (Registered.StepUp) run.request(() -> service.present("s", ALICE));

            assertThat(again.registrationId()).isEqualTo(first.registrationId());
            run.theMailIsOut(again.registrationId());
            complete(run, again.claim(), run.reveal());
            assertThat(service.stored(again.registrationId()).userId()).isEqualTo("user_a");
        });
    }

    @ParameterizedTest
    @EnumSource(Faults.Mode.class)
    void ownerProvesAnAddressForWhichSomebodyPreparedAnAccount(Faults.Mode mode) {
        sweep(mode, run -> {
            TestService service = run.service;
            Registered.Provider prepared = presentCleanly(run);
            if (!service.origins.isOnProvidersWord(
                    service.stored(prepared.registrationId()).userId())) {
                // The fault had the person of that address asked, who said yes: that is no preparing.
                return;
            }
            Registered.Email own = run.request(() -> service.email(ALICE));
            String code = run.reveal();
            boolean[] done = {false};
            while (!done[0]) {
                try {
                    service.complete(own.claim(), code);
                    done[0] = true;
                } catch (PortUnavailableException e) {
                    run.nothingIsHalfMade();
                } catch (AgentAuthException e) {
                    assertThat(e.problem()).isEqualTo(Problem.CLAIMED);
                    done[0] = true;
                }
                assertThat(service.stored(own.registrationId()).claimedAt() != null
                                && service.stored(prepared.registrationId()).revokedAt() == null)
                        .as("the owner is in and so is who prepared it")
                        .isFalse();
            }
            String account = service.stored(own.registrationId()).userId();
            assertThat(service.origins.isOnProvidersWord(account)).isFalse();
            service.clock.advance(Duration.ofSeconds(1));
            Registered elsewhere = run.request(() -> service.present("s", "elsewhere@example.com"));
            assertThat(service.stored(elsewhere.registrationId()).userId()).isNotEqualTo(account);
        });
    }

    @ParameterizedTest
    @EnumSource(Faults.Mode.class)
    void logoutReachesEveryRegistrationOfTheSubject(Faults.Mode mode) {
        sweep(mode, run -> {
            TestService service = run.service;
            List<IssuedToken> tokens = new ArrayList<>();
            for (String tenant : List.of("t1", "t2", "t3")) {
                Registered.Provider agent = presentCleanly(
                        run,
                        () -> service.provider
                                .idJag("s")
                                .claim("tenant", tenant)
                                .email(tenant + "@example.com"));
                tokens.add(run.request(() -> service.exchange(agent.assertion())));
            }
            String logout = service.provider.logout("s").compact();
            run.request(() -> service.auth.logout(CALLER, logout));

            tokens.forEach(token ->
                    assertThat(run.request(() -> service.scopesOf(token))).isNull());
        });
    }

    @ParameterizedTest
    @EnumSource(Faults.Mode.class)
    void wrongCodesAreCountedAndNeverForgotten(Faults.Mode mode) {
        sweep(mode, run -> {
            TestService service = run.service;
            Registered.Email agent = run.request(() -> service.email(ALICE));
            String code = run.reveal();
            int answered = 0;
            for (int i = 0; i < 12; i++) {
                Problem refusal = Refused.problem(
                        () -> run.request(() -> service.complete(agent.claim(), TestService.wrong(code))));
                answered += refusal == Problem.CODE_WRONG ? 1 : 0;
            }
            assertThat(answered).isBetween(4, 5);
            assertThat(Refused.problem(() -> run.request(() -> service.complete(agent.claim(), code))))
                    .isEqualTo(Problem.CODE_VOID);
        });
    }

    @ParameterizedTest
    @EnumSource(Faults.Mode.class)
    void operatorErasesAndPurges(Faults.Mode mode) {
        sweep(mode, run -> {
            TestService service = run.service;
            Registered.Provider agent = presentCleanly(run);
            String user = service.stored(agent.registrationId()).userId();
            run.request(() -> service.auth.eraseUser(user));
            assertThat(run.request(() -> service.registrations.findByUser(user)))
                    .isEmpty();
            run.request(() -> service.auth.revokeAllRegistrations());
            service.clock.advance(Duration.ofDays(1000));
            run.request(service.auth::purge);

            assertThat(service.registrations.findById(agent.registrationId())).isEmpty();
        });
    }

    @Test
    void personOfWhomOnlyANumberIsKnownIsNotLockedOutByAFaultBetweenUserAndRegistration() {
        boolean[] fails = {true};
        InMemoryRegistrationStore kept = new InMemoryRegistrationStore();
        try (TestService service = TestService.start(builder ->
                builder.stores(TestService.storesWith(new DelegatingRegistrationStore(kept) {
                    @Override
                    public boolean insert(Registration registration, Instant now) {
                        if (fails[0]) {
                            throw new PortUnavailableException("down");
                        }
                        return super.insert(registration, now);
                    }
                })))) {
            assertThatThrownBy(() -> service.present(service.provider.idJag("s").phone("+4930123456")))
                    .isInstanceOf(PortUnavailableException.class);
            fails[0] = false;

            assertThat(service.present(service.provider.idJag("s").phone("+4930123456")))
                    .as("a fresh ID-JAG succeeds")
                    .isInstanceOf(Registered.Provider.class);
        }
    }

    @Test
    void theSweepFindsAPlantedHole() {
        // A flow that takes the first answer of startClaim for granted, and a mail that never went out.
        Run run = new Run(new Faults(Faults.Mode.BEFORE, 0), builder -> builder);
        try (TestService service = run.service) {
            Registered.Anonymous agent = service.anonymous();
            service.startClaim(agent.claim(), ALICE);
            service.outbox.mails.clear();

            assertThat(catchThrowable(() -> run.theMailIsOut(agent.registrationId())))
                    .isInstanceOf(AssertionError.class);
        }
    }

    /** The claim is done; what it answered, or null if that was lost and the repeat truthfully says that it is done. */
    private static ClaimCompleted complete(Run run, ClaimHandle claim, String code) {
        try {
            return run.request(() -> run.service.complete(claim, code));
        } catch (AgentAuthException e) {
            assertThat(e.problem()).isEqualTo(Problem.CLAIMED);
            assertThat(run.faults.mode())
                    .as("claimed, although the answer was that nothing was done, after %s", run.faults.failed())
                    .isEqualTo(Faults.Mode.AFTER);
            return null;
        }
    }

    private static Registered.Provider presentCleanly(Run run) {
        return presentCleanly(run, () -> run.service.provider.idJag("s").email(ALICE));
    }

    /**
     * With a fresh ID-JAG for each repeat. Where the fault came between the making of the user and the note of whom the
     * user was made for, the person is asked.
     */
    private static Registered.Provider presentCleanly(Run run, Supplier<ProviderJwt> idJag) {
        Registered registered = run.request(() -> run.service.present(idJag.get()));
        if (registered instanceof Registered.StepUp stepUp) {
            assertThat(run.faults.failed()).isIn("users.create", "origins.record");
            complete(run, stepUp.claim(), run.reveal());
            registered = run.request(() -> run.service.present(idJag.get()));
        }
        return (Registered.Provider) registered;
    }

    private static void exchangeAndRevoke(Run run, IssuedAssertion assertion) {
        TestService service = run.service;
        IssuedToken token = run.request(() -> service.exchange(assertion));
        assertThat(run.request(() -> service.scopesOf(token))).isNotEmpty();
        run.request(() -> service.auth.revokeToken(CALLER, token.value().reveal()));
        assertThat(run.request(() -> service.scopesOf(token))).isNull();
    }
}
