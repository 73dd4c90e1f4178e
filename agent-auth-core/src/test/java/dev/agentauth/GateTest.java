package dev.agentauth;

import static dev.agentauth.TestService.ALICE;
import static dev.agentauth.TestService.BOB;
import static dev.agentauth.TestService.CALLER;
import static org.assertj.core.api.Assertions.assertThat;

import dev.agentauth.registration.Registration;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** T50, T51: whatever issues or accepts something asks the one gate, at every use. */
class GateTest {

    /** Something that is switched off and on again behind a registration. */
    private enum Off {
        PROVIDER_REMOVED,
        USER_INACTIVE;

        void off(Agents agents) {
            if (this == PROVIDER_REMOVED) {
                agents.service.trust.remove(agents.service.provider.issuer());
            } else {
                agents.setActive(false);
            }
        }

        void on(Agents agents) {
            if (this == PROVIDER_REMOVED) {
                agents.service.trust.add(agents.service.provider.trusted());
            } else {
                agents.setActive(true);
            }
        }
    }

    /** What a linked agent, one that refreshes and one that waits for its step-up hold. */
    private static final class Agents implements AutoCloseable {
        final TestService service = TestService.start();
        final Registered.Provider linked = service.presentCleanly("linked", ALICE);
        final String userId = service.stored(linked.registrationId()).userId();
        final IssuedToken token = service.exchange(linked.assertion());
        final ClaimHandle unclaimed = service.anonymous().claim();
        final String refreshable =
                service.refreshable("carol@example.com").value().reveal();
        final Registered.StepUp waiting = service.presentForStepUp("waiting", ALICE);
        final String link = service.outbox.lastToken();
        final String code = service.reveal();
        final String typed = waiting.attempt().typed().orElseThrow().digits().reveal();

        /** Whoever owns something here. */
        void setActive(boolean active) {
            service.users.setActive(userId, active);
            service.users.setActive(
                    service.users
                            .findByVerifiedEmail("carol@example.com")
                            .orElseThrow()
                            .id(),
                    active);
        }

        @Override
        public void close() {
            service.close();
        }
    }

    /** One use of what they hold: what it answers, as text. */
    private record Use(String method, Function<Agents, String> use, String on, Map<Off, String> off) {}

    private static final List<Use> USES = List.of(
            new Use(
                    "exchange",
                    agents -> said(() -> agents.service.exchange(agents.linked.assertion())),
                    "answered",
                    both("ASSERTION_UNUSABLE")),
            new Use(
                    "authenticate",
                    agents -> agents.service.scopesOf(agents.token) == null ? "nobody" : "answered",
                    "answered",
                    both("nobody")),
            new Use(
                    "introspect",
                    agents -> agents.service
                                    .auth
                                    .introspect(
                                            TestService.API,
                                            agents.token.value().reveal())
                                    .isEmpty()
                            ? "nobody"
                            : "answered",
                    "answered",
                    both("nobody")),
            new Use(
                    "registerWithIdJag",
                    agents -> said(() -> agents.service.present("linked", ALICE)),
                    "answered",
                    Map.of(Off.PROVIDER_REMOVED, "ISSUER_UNTRUSTED", Off.USER_INACTIVE, "NO_USER")),
            new Use(
                    "registerWithIdJag",
                    agents -> said(() -> agents.service.present("waiting", ALICE)),
                    "answered",
                    Map.of(Off.PROVIDER_REMOVED, "ISSUER_UNTRUSTED", Off.USER_INACTIVE, "NO_USER")),
            new Use(
                    "registerWithIdJag",
                    agents -> said(() -> agents.service.present("linked", BOB)),
                    "answered",
                    Map.of(Off.PROVIDER_REMOVED, "ISSUER_UNTRUSTED", Off.USER_INACTIVE, "NO_USER")),
            new Use(
                    "claimWithIdJag",
                    agents -> said(() -> agents.service.auth.claimWithIdJag(
                            CALLER,
                            agents.unclaimed.token().reveal(),
                            agents.service.provider.idJag("linked").email(ALICE).compact())),
                    "answered",
                    Map.of(Off.PROVIDER_REMOVED, "ISSUER_UNTRUSTED", Off.USER_INACTIVE, "NO_USER")),
            new Use(
                    "refresh",
                    agents -> said(() -> agents.service.auth.refresh(CALLER, agents.refreshable)),
                    "answered",
                    // No provider stands behind a registration by address.
                    Map.of(Off.PROVIDER_REMOVED, "answered", Off.USER_INACTIVE, "REFRESH_TOKEN_UNUSABLE")),
            new Use(
                    "viewClaim",
                    agents -> agents.service.auth.viewClaim(agents.link) instanceof ClaimView.Open
                            ? "answered"
                            : "closed",
                    "answered",
                    both("closed")),
            new Use(
                    "revealCode",
                    agents -> said(() -> agents.service.auth.revealCode(CALLER, agents.link)),
                    "answered",
                    both("STANDING_LOST")),
            new Use(
                    "completeClaim",
                    agents -> said(() -> agents.service.complete(agents.waiting.claim(), agents.code)),
                    "answered",
                    both("STANDING_LOST")),
            new Use(
                    "typeCode",
                    agents -> said(() -> agents.service.auth.typeCode(CALLER, agents.link, agents.typed)),
                    "answered",
                    both("STANDING_LOST")),
            new Use(
                    "collectClaim",
                    agents -> said(() -> agents.service.auth.collectClaim(
                            CALLER, agents.waiting.claim().token().reveal(), null, List.of())),
                    "NOT_TYPED_YET",
                    both("NOTHING_TO_COLLECT")),
            new Use(
                    "completeClaimWithRefreshToken",
                    agents -> said(() -> agents.service.auth.completeClaimWithRefreshToken(
                            CALLER, agents.waiting.claim().token().reveal(), agents.code)),
                    "answered",
                    both("STANDING_LOST")),
            new Use(
                    "completeClaim",
                    agents ->
                            said(() -> agents.service.complete(agents.waiting.claim(), TestService.wrong(agents.code))),
                    "CODE_WRONG",
                    both("STANDING_LOST")));

    /** Public operations that hand nothing out and take nothing in for a registration that exists, and why. */
    private static final Map<String, String> NOTHING_TO_ASK = new LinkedHashMap<>();

    static {
        NOTHING_TO_ASK.put("builder", "configures");
        NOTHING_TO_ASK.put("registerAnonymous", "a new registration has nobody behind it");
        NOTHING_TO_ASK.put(
                "registerWithEmail", "a new registration has nobody behind it, and must not tell who has an account");
        NOTHING_TO_ASK.put("registerForWhoeverSignsIn", "a new registration has nobody behind it");
        NOTHING_TO_ASK.put("signsIn", "tells how the service is set");
        NOTHING_TO_ASK.put("introspects", "tells how the service is set");
        NOTHING_TO_ASK.put("startClaim", "anonymous registrations that nobody owns have nobody behind them");
        NOTHING_TO_ASK.put("rejectClaim", "a no only ever ends things");
        NOTHING_TO_ASK.put("revokeToken", "only ends things");
        NOTHING_TO_ASK.put("logout", "only ends things");
        NOTHING_TO_ASK.put("securityEvent", "only ends things");
        NOTHING_TO_ASK.put("manageUrl", "tells how the service is set");
        NOTHING_TO_ASK.put("scopeTexts", "tells how the service is set");
        NOTHING_TO_ASK.put("nameRegistration", "a name that its owner gives, and nobody else acts by");
        NOTHING_TO_ASK.put("discovery", "public");
        NOTHING_TO_ASK.put("resourceMetadataUrl", "public");
        NOTHING_TO_ASK.put("jwks", "public");
        NOTHING_TO_ASK.put("addressProved", "only ever ends things");
        NOTHING_TO_ASK.put("isActiveUser", "tells what the directory says, of no registration");
        NOTHING_TO_ASK.put("registration", "for operators");
        NOTHING_TO_ASK.put("list", "for operators");
        NOTHING_TO_ASK.put("revokeRegistration", "for operators");
        NOTHING_TO_ASK.put("revokeAllRegistrations", "for operators");
        NOTHING_TO_ASK.put("eraseUser", "for operators");
        NOTHING_TO_ASK.put("purge", "for operators");
        NOTHING_TO_ASK.put("health", "for operators");
        NOTHING_TO_ASK.put("close", "ends");
    }

    @Test
    void t51_everyPublicOperationIsListed() {
        Set<String> listed = new TreeSet<>(NOTHING_TO_ASK.keySet());
        USES.forEach(use -> listed.add(use.method()));

        assertThat(Arrays.stream(AgentAuth.class.getDeclaredMethods())
                        .filter(method -> Modifier.isPublic(method.getModifiers()) && !method.isSynthetic())
                        .map(Method::getName)
                        .distinct())
                .as("an operation that is not listed here may forget the gate")
                .containsExactlyInAnyOrderElementsOf(listed);
    }

    @TestFactory
    Stream<DynamicTest> t50_everyKindOfOffAtEveryUseAndBackAgain() {
        return Arrays.stream(Off.values())
                .flatMap(off -> USES.stream()
                        .map(use -> DynamicTest.dynamicTest(
                                use.method() + " with " + off + ": " + use.off().get(off), () -> check(off, use))));
    }

    private static void check(Off off, Use use) {
        try (Agents agents = new Agents()) {
            List<Registration> before = agents.service.registrations.findByUser(agents.userId);

            off.off(agents);
            assertThat(use.use().apply(agents)).isEqualTo(use.off().get(off));
            assertThat(agents.service.registrations.findByUser(agents.userId))
                    .as("nothing has changed")
                    .isEqualTo(before);

            off.on(agents);
            assertThat(use.use().apply(agents)).isEqualTo(use.on());
        }
    }

    @Test
    void t50_whatIsOffStillOccupiesItsIdentity() {
        try (Agents agents = new Agents()) {
            agents.service.users.setActive(agents.userId, false);
            assertThat(Refused.problem(() -> agents.service.present("linked", BOB)))
                    .isEqualTo(Problem.NO_USER);

            agents.service.users.setActive(agents.userId, true);
            assertThat(agents.service.presentCleanly("linked", BOB).registrationId())
                    .isEqualTo(agents.linked.registrationId());
        }
    }

    @Test
    void t50_anAnonymousAgentsOwnerCountsTooAndAProviderThatItDoesNotHaveDoesNot() {
        try (TestService service = TestService.start()) {
            Registered.Anonymous agent = service.claimedAnonymous(ALICE);
            IssuedToken token = service.exchange(agent.assertion());
            String userId = service.stored(agent.registrationId()).userId();

            service.trust.remove(service.provider.issuer());
            assertThat(service.scopesOf(token)).hasSize(3);

            service.users.setActive(userId, false);
            assertThat(service.scopesOf(token)).isNull();
            assertThat(Refused.problem(() -> service.exchange(agent.assertion())))
                    .isEqualTo(Problem.ASSERTION_UNUSABLE);
            service.users.setActive(userId, true);
            assertThat(service.scopesOf(token)).hasSize(3);
        }
    }

    @Test
    void t50_oneProvidersRemovalLeavesTheOthersAlone() {
        try (TestService service = TestService.start()) {
            Registered.Provider one = service.presentCleanly("s", ALICE);
            Registered.Provider two = (Registered.Provider)
                    service.present(service.otherProvider.idJag("s").email(BOB));

            service.trust.remove(service.provider.issuer());

            assertThat(Refused.problem(() -> service.exchange(one.assertion()))).isEqualTo(Problem.ASSERTION_UNUSABLE);
            service.exchange(two.assertion());
        }
    }

    @Test
    void everyEndOfARegistrationIsRefusedAtEveryCredential() {
        for (String end : List.of("revoked", "erased", "all revoked", "logged out")) {
            try (TestService service = TestService.start()) {
                Registered.Provider agent = service.presentCleanly("s", ALICE);
                IssuedToken token = service.exchange(agent.assertion());
                switch (end) {
                    case "revoked" -> service.auth.revokeRegistration(agent.registrationId());
                    case "erased" ->
                        service.auth.eraseUser(
                                service.stored(agent.registrationId()).userId());
                    case "all revoked" -> service.auth.revokeAllRegistrations();
                    default ->
                        service.auth.logout(CALLER, service.provider.logout("s").compact());
                }

                assertThat(service.scopesOf(token)).as(end).isNull();
                assertThat(Refused.problem(() -> service.exchange(agent.assertion())))
                        .as(end)
                        .isEqualTo(Problem.ASSERTION_UNUSABLE);
            }
        }
    }

    private static Map<Off, String> both(String answer) {
        return Map.of(Off.PROVIDER_REMOVED, answer, Off.USER_INACTIVE, answer);
    }

    private static String said(Runnable request) {
        try {
            request.run();
            return "answered";
        } catch (AgentAuthException e) {
            return e.problem().name();
        }
    }
}
