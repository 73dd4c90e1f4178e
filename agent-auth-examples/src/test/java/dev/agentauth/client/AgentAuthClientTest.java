package dev.agentauth.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.agentauth.client.Outcome.Answered;
import dev.agentauth.client.Outcome.Bearer;
import dev.agentauth.client.Outcome.NeedsPerson;
import dev.agentauth.client.Outcome.PersonAsked;
import dev.agentauth.client.Outcome.Ready;
import dev.agentauth.client.Outcome.Refused;
import dev.agentauth.client.Outcome.Revoked;
import dev.agentauth.client.Outcome.ScopeMissing;
import dev.agentauth.client.Outcome.StartOver;
import dev.agentauth.client.Outcome.Step;
import dev.agentauth.client.Outcome.TryLater;
import dev.agentauth.client.http.Http;
import dev.agentauth.client.http.Json;
import dev.agentauth.examples.QuietLogs;
import dev.agentauth.examples.RunningDemo;
import dev.agentauth.testkit.MovableClock;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The client against the demo, over real HTTP, with a clock that is moved. */
@ExtendWith(QuietLogs.class)
class AgentAuthClientTest {
    private static final Instant START = Instant.parse("2026-05-04T13:00:00Z");
    private static final Duration HOUR = Duration.ofHours(1);

    private final MovableClock serviceClock = MovableClock.at(START);
    private final MovableClock agentClock = MovableClock.at(START);
    private RunningDemo demo;
    private AgentAuthClient agent;

    @BeforeEach
    void start() throws Exception {
        demo = RunningDemo.start(serviceClock, Map.of());
        agent = client();
    }

    @AfterEach
    void stop() {
        demo.close();
    }

    @Test
    void discoveryFindsAllThatTheServiceOffers() {
        assertThat(agent.service().issuer()).isEqualTo(demo.issuer());
        assertThat(agent.service().resource()).isEqualTo(demo.issuer() + "/api/");
        assertThat(agent.service().takesAnonymous()).isTrue();
        assertThat(agent.service().takesEmail()).isTrue();
        assertThat(agent.service().takesIdJags()).isTrue();
    }

    @Test
    void anonymousAgentReadsAtOnceAndItsTokenWidensWhenItIsClaimed() {
        Credentials credentials = ready(agent.registerAnonymous());
        assertThat(answer(get()).get("scopes").texts()).containsExactly("api.read");
        AccessToken token = agent.token().orElseThrow();
        assertThat(agent.call(post())).isEqualTo(new ScopeMissing("api.write", true));

        PersonAsked asked = (PersonAsked) agent.startClaim("anna@example.com");
        assertThat(asked.attemptId()).contains(attempt(agent.startClaim("anna@example.com")));
        assertThat(asked.expiresAt()).isEqualTo(START.plusSeconds(600));
        String code = demo.code("anna@example.com", credentials.registrationId());
        Credentials claimed = ready(agent.completeClaim(code));

        assertThat(answer(post()).get("email").text()).isEqualTo("anna@example.com");
        assertThat(agent.token()).contains(token);
        assertThat(claimed.claimToken()).isEmpty();
        assertThat(agent.credentials()).contains(claimed);
    }

    @Test
    void t61_agentWhoseClaimTokenWasStolenIsToldWhomItWorksFor() {
        Credentials stolen = ready(agent.registerAnonymous());
        assertThat(answer(get()).get("email").isPresent()).isFalse();
        Endpoints thief = new Endpoints(new Http(), agent.service());
        String claimToken = stolen.claimToken().orElseThrow();
        assertThat(thief.startClaim(claimToken, "thief@example.com").status()).isEqualTo(200);
        String code = demo.code("thief@example.com", stolen.registrationId());
        assertThat(thief.completeClaim(claimToken, code).status()).isEqualTo(200);

        Json principal = answer(get());

        assertThat(principal.get("email").text()).isEqualTo("thief@example.com");
        assertThat(principal.get("registration_id").text()).isEqualTo(stolen.registrationId());
    }

    @Test
    void narrowRegistrationThatIsClaimedAlreadyCannotBeHelpedByAClaim() {
        register("anna@example.com");

        assertThat(agent.call(
                        HttpRequest.newBuilder(URI.create(demo.api())).DELETE().build()))
                .isEqualTo(new ScopeMissing("", false));
    }

    @Test
    void tokenForOtherClientsIsTheOneInHandUntilTheApiRefusesIt() {
        register("anna@example.com");
        answer(get());
        String inHand = agent.token().orElseThrow().value();

        assertThat(agent.accessToken()).isEqualTo(new Bearer(inHand)).hasToString("Bearer[]");
        agent.accessTokenRefused("another");
        assertThat(agent.accessToken()).isEqualTo(new Bearer(inHand));

        agent.accessTokenRefused(inHand);
        assertThat(agent.accessToken()).isInstanceOf(Bearer.class).isNotEqualTo(new Bearer(inHand));
    }

    @Test
    void thereIsNoTokenForOtherClientsWhereAccessHasEnded() {
        register("anna@example.com");
        Bearer token = (Bearer) agent.accessToken();
        serviceClock.advance(HOUR);

        agent.accessTokenRefused(token.token());

        assertThat(agent.accessToken()).isEqualTo(new StartOver(Step.REGISTRATION));
        assertThat(agent.accessToken()).isEqualTo(new StartOver(Step.REGISTRATION));
    }

    @Test
    void tokenThatWasRevokedBehindTheClientsBackIsReplaced() {
        register("anna@example.com");
        answer(get());
        AccessToken before = agent.token().orElseThrow();
        assertThat(new Endpoints(new Http(), agent.service())
                        .revoke(before.value())
                        .status())
                .isEqualTo(200);

        answer(post());

        assertThat(agent.token()).isPresent().isNotEqualTo(Optional.of(before));
    }

    @Test
    void tokenWhoseTimeIsOverByTheServicesClockAloneIsReplaced() throws Exception {
        restart(Map.of("AGENT_AUTH_ACCESS_TOKEN_TTL", "60"));
        register("anna@example.com");
        answer(get());
        AccessToken before = agent.token().orElseThrow();
        serviceClock.advance(Duration.ofSeconds(60));

        answer(get());

        assertThat(agent.token()).isPresent().isNotEqualTo(Optional.of(before));
    }

    @Test
    void tokenIsUsedUntilTheInstantOfItsExpiryAndReplacedThen() throws Exception {
        restart(Map.of("AGENT_AUTH_ACCESS_TOKEN_TTL", "60"));
        register("anna@example.com");
        answer(get());
        AccessToken before = agent.token().orElseThrow();
        assertThat(before.expiresAt()).isEqualTo(START.plusSeconds(60));

        agentClock.moveTo(START.plusSeconds(60).minusNanos(1));
        answer(get());
        assertThat(agent.token()).contains(before);

        agentClock.moveTo(START.plusSeconds(60));
        answer(get());
        assertThat(agent.token()).isPresent().isNotEqualTo(Optional.of(before));
    }

    @Test
    void deadAssertionEndsTheRegistrationAndAnotherCanFollow() {
        register("anna@example.com");
        answer(get());
        serviceClock.advance(HOUR);

        assertThat(agent.call(get())).isEqualTo(new StartOver(Step.REGISTRATION));
        assertThat(agent.credentials()).isEmpty();
        assertThat(agent.token()).isEmpty();
        assertThat(agent.call(get())).isEqualTo(new StartOver(Step.REGISTRATION));

        register("anna@example.com");
        assertThat(answer(post()).get("email").text()).isEqualTo("anna@example.com");
    }

    @Test
    void signOutAtTheProviderEndsAccess() {
        String session = session("guest-1@example.com");
        ready(agent.registerWithIdJag(idJag(session)));
        assertThat(answer(post()).get("email").text()).isEqualTo("guest-1@example.com");

        assertThat(demo.provider().signOut(session).json().get("delivered").number())
                .isEqualTo(200);

        assertThat(agent.call(get())).isEqualTo(new StartOver(Step.REGISTRATION));
    }

    @Test
    void freshIdJagAfterTheAssertionHasExpiredGoesOnWithTheSameRegistration() {
        String session = session("guest-1@example.com");
        String id = ready(agent.registerWithIdJag(idJag(session))).registrationId();
        serviceClock.advance(HOUR);
        assertThat(agent.call(get())).isEqualTo(new StartOver(Step.REGISTRATION));

        assertThat(ready(agent.registerWithIdJag(idJag(session))).registrationId())
                .isEqualTo(id);
        answer(post());
    }

    @Test
    void idJagForSomebodyWithAnAccountNeedsThatPerson() {
        Outcome outcome = agent.registerWithIdJag(idJag(session("alice@example.com")));
        assertThat(outcome).isInstanceOf(NeedsPerson.class);
        Credentials pending = ((NeedsPerson) outcome).credentials();
        assertThat(pending.assertion()).isEmpty();
        assertThatThrownBy(() -> agent.call(get())).isInstanceOf(IllegalStateException.class);

        ready(agent.completeClaim(demo.code("alice@example.com", pending.registrationId())));

        assertThat(answer(post()).get("email").text()).isEqualTo("alice@example.com");
    }

    @Test
    void idJagThatWasPresentedIsRefused() {
        String idJag = idJag(session("guest-1@example.com"));
        Credentials first = ready(agent.registerWithIdJag(idJag));

        assertThat(agent.registerWithIdJag(idJag)).isEqualTo(new Refused(400, Optional.of("replay_detected")));
        assertThat(agent.credentials()).contains(first);
    }

    @Test
    void claimAndRegistrationSurviveRestartsByWhatWasStored() {
        NeedsPerson pending = (NeedsPerson) agent.registerWithEmail("anna@example.com");
        agent = client();
        agent.resume(Credentials.fromJson(pending.credentials().toJson()));
        String code = demo.code("anna@example.com", pending.credentials().registrationId());

        String stored = ready(agent.completeClaim(code)).toJson();
        agent = client();
        agent.resume(Credentials.fromJson(stored));

        assertThat(answer(post()).get("registration_id").text())
                .isEqualTo(pending.credentials().registrationId());
        assertThat(agent.credentials().orElseThrow().toJson()).isEqualTo(stored);
        assertThat(stored).doesNotContain(agent.token().orElseThrow().value());
    }

    @Test
    void credentialsOfAnotherServiceAreRefused() throws Exception {
        Credentials stored = register("anna@example.com");
        try (RunningDemo other = RunningDemo.start(serviceClock, Map.of())) {
            AgentAuthClient there = AgentAuthClient.discover(other.api());

            assertThatThrownBy(() -> there.resume(stored)).isInstanceOf(IllegalArgumentException.class);
            assertThat(there.credentials()).isEmpty();
        }
    }

    @Test
    void wrongCodeIsRefusedAndTheRightOneStillWorks() {
        Credentials pending = ((NeedsPerson) agent.registerWithEmail("anna@example.com")).credentials();
        String code = demo.code("anna@example.com", pending.registrationId());

        assertThat(agent.completeClaim(code.equals("000000") ? "000001" : "000000"))
                .isEqualTo(new Refused(401, Optional.of("otp_invalid")));
        ready(agent.completeClaim(code));
        assertThatThrownBy(() -> agent.completeClaim(code)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void completionWhoseAnswerWasLostIsFoundOutByRepeatingIt() {
        Credentials credentials = ready(agent.registerAnonymous());
        assertThat(agent.startClaim("anna@example.com")).isInstanceOf(PersonAsked.class);
        String code = demo.code("anna@example.com", credentials.registrationId());
        assertThat(new Endpoints(new Http(), agent.service())
                        .completeClaim(credentials.claimToken().orElseThrow(), code)
                        .status())
                .isEqualTo(200);

        ready(agent.completeClaim(code));
        answer(post());
    }

    @Test
    void revokedTokenIsForgottenAndTheAssertionYieldsAnother() {
        register("anna@example.com");
        assertThat(agent.revoke()).isEqualTo(new Revoked());
        answer(get());
        AccessToken token = agent.token().orElseThrow();

        assertThat(agent.revoke()).isEqualTo(new Revoked());

        assertThat(agent.token()).isEmpty();
        assertThat(new Endpoints(new Http(), agent.service())
                        .call("GET", demo.api(), token.value())
                        .toString())
                .isEqualTo("401 invalid_token");
        answer(get());
    }

    @Test
    void forgottenRegistrationIsNotUsedAnyMore() {
        register("anna@example.com");
        answer(get());
        agent.forget();

        assertThat(agent.token()).isEmpty();
        assertThat(agent.call(get())).isEqualTo(new StartOver(Step.REGISTRATION));
    }

    @Test
    void anotherClientStartsWithoutARegistration() {
        register("anna@example.com");
        AgentAuthClient other = agent.another();

        assertThat(other.credentials()).isEmpty();
        ready(other.registerAnonymous());
        assertThat(agent.credentials().orElseThrow().registrationId())
                .isNotEqualTo(other.credentials().orElseThrow().registrationId());
    }

    @Test
    void limitThatIsSpentSaysWhenToTryLater() throws Exception {
        restart(Map.of("AGENT_AUTH_RATE_LIMITS", "strict"));
        for (int i = 0; i < 5; i++) {
            ready(agent.registerAnonymous());
        }

        TryLater later = (TryLater) agent.registerAnonymous();

        assertThat(later.toString()).isEqualTo("429 rate_limited");
        assertThat(later.retryAfter().orElseThrow()).isPositive().isLessThanOrEqualTo(HOUR);
    }

    @Test
    void agentThatWantsRefreshTokensGoesOnForMonths() throws Exception {
        List<Credentials> stored = new ArrayList<>();
        agent = AgentAuthClient.builder()
                .clock(agentClock)
                .withRefreshTokens()
                .storeIn(stored::add)
                .discover(demo.api());
        Credentials first = register("anna@example.com");
        assertThat(first.refreshToken()).isPresent();
        for (int day = 0; day < 60; day += 20) {
            serviceClock.advance(Duration.ofDays(20));
            agentClock.advance(Duration.ofDays(20));
            assertThat(answer(post()).get("registration_id").text()).isEqualTo(first.registrationId());
        }

        AgentAuthClient restarted = client();
        restarted.resume(Credentials.fromJson(stored.get(stored.size() - 1).toJson()));
        ready(restarted.refresh());

        assertThat(stored).extracting(Credentials::refreshToken).doesNotHaveDuplicates();
        serviceClock.advance(Duration.ofMinutes(3));
        agent.resume(first);
        assertThat(agent.refresh()).isEqualTo(new Refused(401, Optional.of("invalid_refresh_token")));
        assertThat(restarted.call(get())).isEqualTo(new StartOver(Step.REGISTRATION));
    }

    @Test
    void nothingShownIsSecret() {
        Ready ready = (Ready) agent.registerAnonymous();
        answer(get());
        Credentials credentials = ready.credentials();

        assertThat(ready + " " + credentials + " " + agent.token() + " " + agent)
                .contains(demo.issuer())
                .doesNotContain(
                        credentials.assertion().orElseThrow(),
                        credentials.claimToken().orElseThrow(),
                        credentials.registrationId(),
                        agent.token().orElseThrow().value());
    }

    private void restart(Map<String, String> settings) throws Exception {
        demo.close();
        demo = RunningDemo.start(serviceClock, settings);
        agent = client();
    }

    private AgentAuthClient client() {
        return AgentAuthClient.builder().clock(agentClock).discover(demo.api());
    }

    /** Registers by address, with all that the person has to do. */
    private Credentials register(String address) {
        NeedsPerson pending = (NeedsPerson) agent.registerWithEmail(address);
        return ready(
                agent.completeClaim(demo.code(address, pending.credentials().registrationId())));
    }

    private String session(String user) {
        return demo.provider().signIn(user).json().get("session").text();
    }

    private String idJag(String session) {
        return demo.provider()
                .idJag(session, demo.issuer(), null)
                .json()
                .get("id_jag")
                .text();
    }

    private static Credentials ready(Outcome outcome) {
        assertThat(outcome).isInstanceOf(Ready.class);
        return ((Ready) outcome).credentials();
    }

    private static String attempt(Outcome outcome) {
        return ((PersonAsked) outcome).attemptId().orElseThrow();
    }

    private Json answer(HttpRequest request) {
        Outcome outcome = agent.call(request);
        assertThat(outcome).isInstanceOf(Answered.class);
        assertThat(((Answered) outcome).reply().status()).isEqualTo(200);
        return ((Answered) outcome).reply().json();
    }

    private HttpRequest get() {
        return HttpRequest.newBuilder(URI.create(demo.api())).build();
    }

    private HttpRequest post() {
        return HttpRequest.newBuilder(URI.create(demo.api()))
                .POST(BodyPublishers.noBody())
                .build();
    }
}
