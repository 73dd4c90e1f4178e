package dev.agentauth.servlet.protocol;

import static dev.agentauth.servlet.protocol.Client.json;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.agentauth.config.AnonymousClaim;
import dev.agentauth.registration.Attempt;
import dev.agentauth.registration.PollPace;
import dev.agentauth.spi.User;
import dev.agentauth.testkit.Race;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** B3 over a mailed link: the code that the agent shows, the page on which it is typed, and polling. */
@DisplayName("B3. How the yes reaches the agent: read back, or typed")
final class B3TypedTest extends ProtocolTest {

    /** An agent that shows a code, and the link that its person has. */
    private record Asked(Registered agent, String userCode, String link) {}

    /** Any agent, whose person is asked by mail. */
    private Asked asked() {
        return start(registerAnonymously(), ADA);
    }

    private Asked start(Registered agent, String address) {
        Answer started = client().startClaim(agent.claimToken(), address).hasStatus(200);
        return new Asked(
                agent,
                userCode(started.json().path("claim_attempt")),
                service().mail.newestToken());
    }

    private Asked email(String address) {
        Answer answer = client().registerEmail(address).hasStatus(200);
        return new Asked(
                Registered.of(answer),
                userCode(answer.json().path("claim")),
                service().mail.newestToken());
    }

    private static String userCode(JsonNode members) {
        assertThat(members.path("user_code").textValue()).matches("\\d{6}");
        return members.path("user_code").textValue();
    }

    private Page type(Asked asked, String code) {
        return new Page(client().type(asked.link(), code));
    }

    private void typeRight(Asked asked) {
        assertThat(type(asked, asked.userCode()).hasStatus(200).text()).contains("Done: your agent can go on");
    }

    private void typeWrongly(Asked asked, int times) {
        for (int i = 0; i < times; i++) {
            type(asked, other(asked.userCode())).hasStatus(422);
        }
    }

    private Answer poll(Asked asked, String... parameters) {
        return client().poll(asked.agent().claimToken(), parameters);
    }

    private void after(int seconds) {
        service().clock.advance(Duration.ofSeconds(seconds));
    }

    private PollPace pace(Asked asked) {
        Attempt attempt = service()
                .registrations
                .findById(asked.agent().id())
                .orElseThrow()
                .attempt();
        return attempt.pace();
    }

    private long version(Asked asked) {
        return service()
                .registrations
                .findById(asked.agent().id())
                .orElseThrow()
                .version();
    }

    @Nested
    @DisplayName("the answer that starts an attempt carries user_code, verification_uri, expires_in, interval")
    final class Starting {

        private void isTyped(JsonNode members, int expiresIn) {
            userCode(members);
            assertThat(members.path("verification_uri").textValue())
                    .isEqualTo(service().issuer() + "/agent/identity/claim/mail");
            assertThat(members.path("expires_in").isInt()).isTrue();
            assertThat(members.path("expires_in").intValue()).isEqualTo(expiresIn);
            assertThat(members.path("interval").intValue()).isEqualTo(5);
        }

        @Test
        @DisplayName("in the claim object of e-mail, service_auth and step-up; at /claim in claim_attempt")
        void everywhere() {
            service().users.add(User.of("u1", "carol@example.com"));
            isTyped(client().registerEmail(ADA).json().path("claim"), 600);
            isTyped(
                    client().register(json("type", "service_auth", "login_hint", BOB))
                            .json()
                            .path("claim"),
                    600);
            Answer stepUp = client().registerIdJag(
                            idJag().email("carol@example.com").compact())
                    .isInteractionRequired();
            isTyped(stepUp.json().path("claim"), 600);
            Registered agent = registerAnonymously();
            JsonNode started = client().startClaim(agent.claimToken(), ADA).json();
            isTyped(started.path("claim_attempt"), 600);
            assertThat(started.has("user_code")).isFalse();
        }

        @Test
        @DisplayName("expires_in: whole seconds until the link lapses, at a repeat too")
        void expiresIn() {
            Registered agent = registerAnonymously();
            Answer first = client().startClaim(agent.claimToken(), ADA);
            service().clock.advance(Duration.ofMillis(90_500));

            Answer again = client().startClaim(agent.claimToken(), ADA);

            isTyped(again.json().path("claim_attempt"), 509);
            assertThat(again.string("expires_at")).isEqualTo(first.string("expires_at"));
        }

        @Test
        @DisplayName("an anonymous registration has none before anybody is asked")
        void notBefore() {
            assertThat(client().registerAnonymously().json().path("claim").has("user_code"))
                    .isFalse();
        }

        @Test
        @DisplayName("no link carries a code, and no page shows the typed one")
        void noLinkCarriesIt() {
            Asked asked = asked();

            assertThat(service().mail.links().toString()).doesNotContain(asked.userCode());
            assertThat(client().view(asked.link()).text()).doesNotContain(asked.userCode());
            assertThat(client().view(asked.link()).text()).contains("name=\"user_code\"");
        }

        @Test
        @DisplayName("drawn independently of the code that is revealed")
        void independently() {
            int equal = 0;
            for (int i = 0; i < 20; i++) {
                Asked asked = asked();
                equal += reveal(asked.link()).equals(asked.userCode()) ? 1 : 0;
            }
            assertThat(equal).isLessThanOrEqualTo(1);
        }
    }

    @Nested
    @DisplayName("the person types it on the page, and that completes the claim")
    final class Typing {

        @ParameterizedTest
        @ValueSource(
                strings = {"ABCDEF", " ABCDEF ", "ABC-DEF", "ABC DEF", "ABC\u00a0\u2013\tDEF", "\u2003AB\u2010CDEF"})
        @DisplayName("white space and hyphens are ignored")
        void separators(String format) {
            Asked asked = asked();
            String typed = format;
            for (int i = 0; i < 6; i++) {
                typed = typed.replace("ABCDEF".charAt(i), asked.userCode().charAt(i));
            }

            assertThat(type(asked, typed).hasStatus(200).text()).contains("Done: your agent can go on");
            poll(asked).hasStatus(200);
        }

        @Test
        @DisplayName("binds the user of the recipient's address, made now if need be")
        void binds() {
            service().users.add(User.of("u1", ADA));
            Asked asked = email("Ada@Example.com");
            typeRight(asked);

            assertThat(service()
                            .registrations
                            .findById(asked.agent().id())
                            .orElseThrow()
                            .userId())
                    .isEqualTo("u1");
            assertThat(service().audit.names()).contains("claim.confirmed");
        }

        @Test
        @DisplayName("exactly once: typed again, or read back afterwards, it is there already")
        void once() {
            Asked asked = asked();
            String shown = reveal(asked.link());
            typeRight(asked);

            assertThat(type(asked, asked.userCode()).hasStatus(200).text()).contains("Already confirmed");
            assertThat(Page.of(client(), asked.link()).hasStatus(200).text()).contains("Already confirmed");
            client().complete(asked.agent().claimToken(), shown).isIdentityError(409, "previously_claimed");
            client().challenge(asked.link()).isIdentityError(409, "claim_completed");
        }

        @Test
        @DisplayName("read back first: typing says that it is confirmed already, and nothing can be collected")
        void readBackFirst() {
            Asked asked = asked();
            client().complete(asked.agent().claimToken(), reveal(asked.link())).hasStatus(200);

            assertThat(type(asked, asked.userCode()).hasStatus(200).text()).contains("Already confirmed");
            poll(asked).isCredentialError(400, "expired_token");
        }

        @Test
        @DisplayName("a wrong code, one that is none, a void and a lapsed one are said on the page, in its language")
        void wrongOnes() {
            Asked asked = asked();
            String wrong = other(asked.userCode());

            assertThat(type(asked, "12345").hasStatus(422).text()).contains("That was not a code");
            assertThat(type(asked, "").hasStatus(422).text()).contains("That was not a code");
            assertThat(type(asked, "12345a").hasStatus(422).text()).contains("That was not a code");
            assertThat(type(asked, "\uff11\uff12\uff13\uff14\uff15\uff16")
                            .hasStatus(422)
                            .text())
                    .contains("That was not a code");
            assertThat(type(asked, wrong).hasStatus(422).text()).contains("This code is not right");
            assertThat(new Page(client().type(asked.link(), wrong, "Accept-Language", "de")).text())
                    .contains("Dieser Code stimmt nicht");
            typeWrongly(asked, 3);
            assertThat(type(asked, asked.userCode()).hasStatus(422).text())
                    .as("five wrong ones void the right one")
                    .contains("Too many wrong codes");
            assertThat(service().audit.names()).filteredOn("otp.failed"::equals).hasSize(5);

            reveal(asked.link());
            after(599);
            reveal(asked.link());
            after(1);
            Page lapsed = type(asked, asked.userCode()).hasStatus(422);
            assertThat(lapsed.text()).contains("It is too late to type a code");
            assertThat(lapsed.answer().text()).doesNotContain("name=\"user_code\"");
        }

        @Test
        @DisplayName("the page stays what it is: unknown 404, lapsed 410, said no 200, without a token 400")
        void otherStates() {
            Asked asked = asked();
            new Page(client().type("cvt_unknown", asked.userCode())).hasStatus(404);
            client().postForm("/agent/identity/claim/view/type", "user_code=" + asked.userCode())
                    .hasStatus(400);
            Asked lapsed = asked();
            after(600);
            type(lapsed, lapsed.userCode()).hasStatus(410);
            Asked rejected = asked();
            client().reject(rejected.link()).hasStatus(200);
            assertThat(type(rejected, rejected.userCode()).hasStatus(200).text())
                    .contains("this wasn");
            client().get("/agent/identity/claim/view/type").hasStatus(405);
        }

        @Test
        @DisplayName("A4's rules for forms: refused from another site, and nothing is done")
        void foreignForms() {
            Asked asked = asked();
            for (String[] headers : new String[][] {
                {"Sec-Fetch-Site", "cross-site"},
                {"Sec-Fetch-Site", "same-site"},
                {"Sec-Fetch-Site", "none"},
                {"Origin", "https://evil.example"}
            }) {
                client().type(asked.link(), asked.userCode(), headers).hasStatus(403);
            }
            poll(asked).isCredentialError(400, "authorization_pending");
            Page typed = new Page(client().type(
                                    asked.link(), asked.userCode(), "Sec-Fetch-Site", "same-origin", "Origin", "null"))
                    .hasStatus(200);
            assertThat(typed.answer().header("Content-Security-Policy")).doesNotContain("connect-src", "unsafe");
            assertThat(typed.answer().header("Cache-Control")).isEqualTo("no-store");
        }

        @Test
        @DisplayName("works without JavaScript, from the page's own form, beside the other button and the no")
        void ownForm() {
            Asked asked = asked();
            Page page = Page.of(client(), asked.link());

            assertThat(page.forms()).extracting(Page.Form::button).hasSize(3);
            String text = page.text();
            assertThat(text.indexOf("If your agent shows you a code"))
                    .isPositive()
                    .isLessThan(text.indexOf("If your agent asks you for a code"));
            assertThat(text.indexOf("If your agent asks you for a code")).isLessThan(text.indexOf("If you did not"));
            Page.Form form = page.form("confirm");
            Page done = new Page.Form(form.action(), form.body() + "&user_code=" + asked.userCode(), form.button())
                    .submit(client());
            assertThat(done.hasStatus(200).text()).contains("Done");
        }
    }

    @Nested
    @DisplayName("polling: answers in this order, whatever the pace")
    final class Polling {

        @Test
        @DisplayName(
                "pending, then typed: a token response plus identity_assertion and assertion_expires, anew each time")
        void collects() {
            Asked asked = asked();
            poll(asked).isCredentialError(400, "authorization_pending").isNotStored();
            typeRight(asked);

            Answer first = poll(asked)
                    .isOkWith(
                            "access_token",
                            "token_type",
                            "expires_in",
                            "scope",
                            "identity_assertion",
                            "assertion_expires");
            Answer second = poll(asked).hasStatus(200);

            assertThat(first.string("token_type")).isEqualTo("Bearer");
            assertThat(first.json().path("expires_in").intValue()).isEqualTo(3600);
            assertThat(first.header("Pragma")).isEqualTo("no-cache");
            assertThat(second.string("access_token")).isNotEqualTo(first.string("access_token"));
            assertThat(second.string("identity_assertion")).isNotEqualTo(first.string("identity_assertion"));
            for (Answer answer : List.of(first, second)) {
                assertThat(client().callApi(answer.string("access_token")).strings("scopes"))
                        .hasSize(3);
                assertThat(client().callApi(token(answer.string("identity_assertion")))
                                .strings("scopes"))
                        .hasSize(3);
            }
        }

        @Test
        @DisplayName("for at most ten minutes, and the tenth counts")
        void tenMinutes() {
            Asked asked = asked();
            typeRight(asked);
            after(600);
            poll(asked).hasStatus(200);
            service().clock.advance(Duration.ofMillis(1));

            poll(asked).isCredentialError(400, "expired_token");
        }

        @Test
        @DisplayName("rejected: access_denied, for every kind")
        void rejected() {
            service().users.add(User.of("u1", "carol@example.com"));
            Answer stepUp =
                    client().registerIdJag(idJag().email("carol@example.com").compact());
            String stepUpLink = service().mail.newestToken();
            for (Asked asked : List.of(asked(), email(BOB), new Asked(Registered.of(stepUp), "", stepUpLink))) {
                poll(asked).isCredentialError(400, "authorization_pending");
                client().reject(asked.link()).hasStatus(200);
                poll(asked).isCredentialError(400, "access_denied");
                poll(asked).isCredentialError(400, "access_denied");
            }
        }

        @Test
        @DisplayName("everything else that is over: expired_token")
        void over() {
            client().poll("clm_unknown").isCredentialError(400, "expired_token");
            Registered nobodyAsked = registerAnonymously();
            client().poll(nobodyAsked.claimToken()).isCredentialError(400, "expired_token");

            Asked revoked = email(BOB);
            service().auth.revokeRegistration(revoked.agent().id());
            poll(revoked).isCredentialError(400, "expired_token");

            Asked voided = asked();
            typeWrongly(voided, 5);
            poll(voided).isCredentialError(400, "expired_token");

            Asked readBack = asked();
            client().complete(readBack.agent().claimToken(), reveal(readBack.link()))
                    .hasStatus(200);
            poll(readBack).isCredentialError(400, "expired_token");

            Asked lapsed = asked();
            reveal(lapsed.link());
            after(599);
            poll(lapsed).isCredentialError(400, "authorization_pending");
            after(1);
            poll(lapsed).isCredentialError(400, "expired_token");
            service().clock.advance(Duration.ofHours(24));
            poll(lapsed).isCredentialError(400, "expired_token");
        }

        @Test
        @DisplayName("guessed out: expired_token")
        void guessedOut() {
            Asked asked = asked();
            for (int i = 0; i < 3; i++) {
                typeWrongly(asked, 5);
                asked = start(asked.agent(), ADA);
            }
            typeWrongly(asked, 4);
            type(asked, other(asked.userCode())).hasStatus(410);
            poll(asked).isCredentialError(400, "expired_token");
            client().startClaim(asked.agent().claimToken(), ADA).isIdentityError(410, "claim_expired");
        }

        @Test
        @DisplayName("a user or provider that is switched off: expired_token while it lasts")
        void switchedOff() {
            service().users.add(User.of("u1", ADA));
            Asked asked = email(ADA);
            typeRight(asked);
            service().users.setActive("u1", false);
            poll(asked).isCredentialError(400, "expired_token");
            service().users.setActive("u1", true);
            poll(asked).hasStatus(200);

            Answer answer = client().registerIdJag(idJag().email(ADA).compact());
            Asked stepUp = new Asked(
                    Registered.of(answer),
                    userCode(answer.json().path("claim")),
                    service().mail.newestToken());
            service().trustOnly();
            poll(stepUp).isCredentialError(400, "expired_token");
            service().trustOnly(provider().trusted());
            poll(stepUp).isCredentialError(400, "authorization_pending");
            service().users.setActive("u1", false);
            poll(stepUp).isCredentialError(400, "expired_token");
        }

        @Test
        @DisplayName("resource and scope as in A5")
        void resourceAndScope() {
            Asked asked = asked();
            poll(asked, "scope", "no.such").isCredentialError(400, "authorization_pending");
            typeRight(asked);

            poll(asked, "resource", "https://other.example/").isCredentialError(400, "invalid_target");
            poll(asked, "scope", "no.such").isCredentialError(400, "invalid_scope");
            poll(asked, "scope", ProtocolService.READ, "scope", ProtocolService.READ)
                    .isCredentialError(400, "invalid_request");
            Answer narrow = poll(
                            asked,
                            "scope",
                            ProtocolService.READ,
                            "resource",
                            service().resource(),
                            "resource",
                            service().resource())
                    .hasStatus(200);
            assertThat(narrow.string("scope")).isEqualTo(ProtocolService.READ);
            assertThat(client().callApi(narrow.string("access_token")).strings("scopes"))
                    .containsExactly(ProtocolService.READ);
            assertThat(client().exchange(narrow.string("identity_assertion")).string("scope"))
                    .as("the assertion is not narrowed by the token's scope")
                    .contains(ProtocolService.ADMIN);
        }

        @Test
        @DisplayName("without a claim_token, or with two: invalid_request; the query does not count")
        void malformed() {
            String grant = Client.form("grant_type", Client.CLAIM_GRANT);
            client().token(grant).isCredentialError(400, "invalid_request");
            client().token(grant + "&claim_token=").isCredentialError(400, "invalid_request");
            client().token(grant + "&claim_token=a&claim_token=b").isCredentialError(400, "invalid_request");
            client().postForm("/oauth2/token?claim_token=a", grant).isCredentialError(400, "invalid_request");
            client().token(grant + "&claim_token=a&client_id=x&assertion=y").isCredentialError(400, "expired_token");
        }

        @Test
        @DisplayName("switched off: unsupported_grant_type, and no answer, page or document offers it")
        void off() {
            startService(options -> options.configure(builder -> builder.typedCode(false)));
            Registered agent = registerAnonymously();
            Answer started = client().startClaim(agent.claimToken(), ADA).hasStatus(200);
            String firstLink = service().mail.newestToken();

            client().poll(agent.claimToken()).isCredentialError(400, "unsupported_grant_type");
            assertThat(started.json().has("claim_attempt")).isFalse();
            assertThat(client().registerEmail(BOB).json().path("claim").has("user_code"))
                    .isFalse();
            Page page = Page.of(client(), firstLink);
            assertThat(page.answer().text()).doesNotContain("user_code");
            assertThat(page.text()).contains("If you asked for this");
            client().get("/.well-known/oauth-authorization-server");
            assertThat(client().get("/.well-known/oauth-authorization-server").strings("grant_types_supported"))
                    .containsExactly(Client.JWT_BEARER);
            assertThat(client().get("/auth.md").text()).doesNotContain("authorization_pending", "user_code\":\"2");
            assertThat(client().startClaim(agent.claimToken(), ADA).text())
                    .as("a repeat")
                    .isEqualTo(started.text());
        }

        @Test
        @DisplayName("B10: grant_types_supported names the claim grant where it is on")
        void discovery() {
            assertThat(client().get("/.well-known/oauth-authorization-server").strings("grant_types_supported"))
                    .containsExactly(Client.JWT_BEARER, Client.CLAIM_GRANT);
        }
    }

    @Nested
    @DisplayName("pace")
    final class Pace {

        @Test
        @DisplayName("the first poll is never too early; then 5 s from the last one that was answered pending")
        void fiveSeconds() {
            Asked asked = asked();
            poll(asked).isCredentialError(400, "authorization_pending");
            after(5);
            poll(asked).isCredentialError(400, "authorization_pending");
            service().clock.advance(Duration.ofMillis(4999));
            poll(asked).isCredentialError(400, "slow_down");
        }

        @Test
        @DisplayName("the first poll too early raises the interval by 5 s, further ones write nothing")
        void raisedOnce() {
            Asked asked = asked();
            poll(asked).isCredentialError(400, "authorization_pending");
            poll(asked).isCredentialError(400, "slow_down");
            long written = version(asked);
            for (int i = 0; i < 20; i++) {
                poll(asked).isCredentialError(400, "slow_down");
            }
            assertThat(version(asked)).isEqualTo(written);
            assertThat(pace(asked).interval()).isEqualTo(Duration.ofSeconds(10));
            after(9);
            poll(asked).isCredentialError(400, "slow_down");
            after(1);
            poll(asked).isCredentialError(400, "authorization_pending");
        }

        @Test
        @DisplayName("a poll that lies in the future, by another replica's clock, does not count")
        void future() {
            Asked asked = asked();
            after(60);
            poll(asked).isCredentialError(400, "authorization_pending");
            service().clock.set(service().clock.instant().minusSeconds(60));

            poll(asked).isCredentialError(400, "authorization_pending");
        }

        @Test
        @DisplayName("what is over, or typed, is told whatever the pace")
        void terminalFirst() {
            Asked asked = asked();
            poll(asked).isCredentialError(400, "authorization_pending");
            typeRight(asked);
            poll(asked).hasStatus(200);
            poll(asked).hasStatus(200);

            Asked rejected = asked();
            poll(rejected).isCredentialError(400, "authorization_pending");
            client().reject(rejected.link());
            poll(rejected).isCredentialError(400, "access_denied");
        }

        @Test
        @DisplayName("T52, T76: a flood of polls writes twice an interval at the most, and does not starve the person")
        void t76_floodOfPollsBesideTyping() {
            Asked asked = asked();
            long before = version(asked);

            List<Boolean> answered = Race.run(
                    32,
                    number -> number == 0
                            ? type(asked, asked.userCode()).answer().status() == 200
                            : IntStream.range(0, 20)
                                    .allMatch(i -> Set.of(200, 400)
                                            .contains(poll(asked).status())));

            assertThat(answered).as("typed, and every poll has an answer").containsOnly(true);

            assertThat(version(asked) - before).as("pending, raised, typed").isLessThanOrEqualTo(3);
            poll(asked).hasStatus(200);
        }

        @Test
        @DisplayName("T52: polling and exchanging guess at nothing, so no lock-out is got around by another grant")
        void t52_noOracleBesideTheLockOut() {
            Asked asked = asked();
            String shown = reveal(asked.link());
            guessWrongly(asked.agent(), shown, 5);
            for (String code : List.of(shown, asked.userCode())) {
                client().token(Client.form(
                                "grant_type",
                                Client.CLAIM_GRANT,
                                "claim_token",
                                asked.agent().claimToken(),
                                "user_code",
                                code,
                                "otp",
                                code))
                        .isCredentialError(400, "expired_token");
            }
            client().complete(asked.agent().claimToken(), shown).isIdentityError(410, "otp_expired");
        }
    }

    @Nested
    @DisplayName("neither code works in the other's place; wrong ones count together")
    final class TwoCodes {

        @Test
        @DisplayName("T77: the matrix of codes and doors, with shared budgets of 5 and 20")
        void t77_matrix() {
            Asked asked = asked();
            String shown = reveal(asked.link());
            while (shown.equals(asked.userCode())) {
                shown = reveal(asked.link());
            }

            client().complete(asked.agent().claimToken(), asked.userCode()).isIdentityError(401, "otp_invalid");
            client().postJson(
                            "/agent/identity/claim/complete",
                            json("claim_token", asked.agent().claimToken(), "user_code", asked.userCode()))
                    .isIdentityError(401, "invalid_user_code");
            assertThat(type(asked, shown).hasStatus(422).text()).contains("This code is not right");
            typeWrongly(asked, 2);

            client().complete(asked.agent().claimToken(), shown).isIdentityError(410, "otp_expired");
            assertThat(type(asked, asked.userCode()).hasStatus(422).text()).contains("Too many wrong codes");

            String anew = reveal(asked.link());
            guessWrongly(asked.agent(), anew, 5);
            client().complete(asked.agent().claimToken(), anew).isIdentityError(410, "otp_expired");
            Asked again = start(asked.agent(), ADA);
            typeWrongly(again, 5);
            Asked third = start(asked.agent(), ADA);
            typeWrongly(third, 4);
            type(third, other(third.userCode())).hasStatus(410);
            assertThat(Page.of(client(), third.link()).hasStatus(410).text()).contains("Too many wrong codes");
            poll(third).isCredentialError(400, "expired_token");
        }

        @Test
        @DisplayName("a new press gives a code with five guesses of its own")
        void newPress() {
            Asked asked = asked();
            typeWrongly(asked, 5);
            String shown = reveal(asked.link());
            guessWrongly(asked.agent(), shown, 4);

            client().complete(asked.agent().claimToken(), shown).hasStatus(200);
        }

        @Test
        @DisplayName(
                "a repeat gives a typed code with five guesses of its own; the old one dies, the revealed one stays")
        void repeat() {
            Asked asked = asked();
            String shown = reveal(asked.link());
            typeWrongly(asked, 2);
            Answer answer = client().startClaim(asked.agent().claimToken(), ADA).hasStatus(200);
            Asked again = new Asked(asked.agent(), userCode(answer.json().path("claim_attempt")), asked.link());
            assertThat(service().mail.links()).as("no second mail").hasSize(1);
            if (!asked.userCode().equals(again.userCode())) {
                type(again, asked.userCode()).hasStatus(422);
            }
            typeWrongly(again, 1);

            client().complete(asked.agent().claimToken(), shown).hasStatus(200);
        }

        @Test
        @DisplayName("a repeat keeps the same attempt, its expiry and its pace")
        void repeatKeepsThePace() {
            Asked asked = asked();
            poll(asked).isCredentialError(400, "authorization_pending");
            poll(asked).isCredentialError(400, "slow_down");
            Answer again = client().startClaim(asked.agent().claimToken(), ADA).hasStatus(200);

            poll(asked).isCredentialError(400, "slow_down");
            assertThat(again.json().path("claim_attempt").path("interval").intValue())
                    .isEqualTo(10);
        }

        @Test
        @DisplayName("a step-up presented again: fresh claim token, fresh code, no second mail")
        void stepUpAgain() {
            service().users.add(User.of("u1", ADA));
            Answer first = client().registerIdJag(idJag().email(ADA).compact());
            Answer second = client().registerIdJag(idJag().email(ADA).compact()).isInteractionRequired();
            Asked asked = new Asked(
                    Registered.of(second),
                    userCode(second.json().path("claim")),
                    service().mail.newestToken());

            assertThat(service().mail.links()).hasSize(1);
            client().poll(Registered.of(first).claimToken()).isCredentialError(400, "expired_token");
            typeRight(asked);
            poll(asked).hasStatus(200);
        }
    }

    @Nested
    @DisplayName("B5: completed by typing, then polling")
    final class WhatBecomes {

        @Test
        @DisplayName("an anonymous registration: epoch raised, new assertion, even where the service widens")
        void anonymous() {
            startService(options -> options.configure(builder -> builder.anonymousClaim(AnonymousClaim.WIDEN)));
            Asked asked = asked();
            String stolen = token(asked.agent().assertion());
            typeRight(asked);

            client().callApi(stolen).isCredentialError(401, "invalid_token");
            client().exchange(asked.agent().assertion()).isCredentialError(400, "invalid_grant");
            Answer collected = poll(asked).hasStatus(200);
            assertThat(client().callApi(collected.string("access_token")).string("registration_id"))
                    .isEqualTo(asked.agent().id());
        }

        @Test
        @DisplayName("any other: an assertion")
        void others() {
            Asked email = email(ADA);
            typeRight(email);
            assertThat(service()
                            .registrations
                            .findById(email.agent().id())
                            .orElseThrow()
                            .epoch())
                    .isZero();
            poll(email).hasStatus(200);

            service().users.add(User.of("u2", BOB));
            Answer answer = client().registerIdJag(idJag().email(BOB).compact());
            Asked stepUp = new Asked(
                    Registered.of(answer),
                    userCode(answer.json().path("claim")),
                    service().mail.newestToken());
            typeRight(stepUp);
            poll(stepUp).hasStatus(200);
            client().registerIdJag(idJag().email(BOB).compact()).hasStatus(200);
        }

        @Test
        @DisplayName("B9: after typing, a 409's text says to collect with the claim grant")
        void textsFit() {
            Asked asked = asked();
            typeRight(asked);
            Answer completing =
                    client().complete(asked.agent().claimToken(), "123456").isIdentityError(409, "previously_claimed");
            Answer starting =
                    client().startClaim(asked.agent().claimToken(), ADA).isIdentityError(409, "claimed_or_in_flight");

            assertThat(completing.string("message")).contains("claim grant");
            assertThat(completing.string("code")).isEqualTo("already_claimed");
            assertThat(starting.string("message")).contains("claim grant");
            Asked other = asked();
            client().complete(other.agent().claimToken(), reveal(other.link())).hasStatus(200);
            assertThat(client().complete(other.agent().claimToken(), "123456").string("message"))
                    .doesNotContain("claim grant");
        }

        @Test
        @DisplayName("what is collected ends with its registration")
        void ends() {
            Asked asked = asked();
            typeRight(asked);
            Answer collected = poll(asked).hasStatus(200);
            service().auth.revokeRegistration(asked.agent().id());

            client().callApi(collected.string("access_token")).isCredentialError(401, "invalid_token");
            client().exchange(collected.string("identity_assertion")).isCredentialError(400, "invalid_grant");
            poll(asked).isCredentialError(400, "expired_token");
        }

        @Test
        @DisplayName("audit: claim.confirmed once, assertion.issued and token.issued at each poll")
        void audit() {
            Asked asked = asked();
            typeRight(asked);
            poll(asked).hasStatus(200);
            poll(asked).hasStatus(200);

            assertThat(service().audit.of("claim.confirmed")).hasSize(1);
            assertThat(service().audit.names())
                    .filteredOn("token.issued"::equals)
                    .hasSize(2);
            assertThat(service().audit.names())
                    .filteredOn("assertion.issued"::equals)
                    .as("with the one of registering")
                    .hasSize(3);
        }
    }

    @Test
    @DisplayName("whichever comes first completes, exactly once: typing races reading back")
    void typingRacesReadingBack() {
        for (int round = 0; round < 5; round++) {
            Asked asked = asked();
            String shown = reveal(asked.link());
            List<String> outcomes = Race.run(
                    16,
                    number -> number % 2 == 0
                            ? client().complete(asked.agent().claimToken(), shown)
                                                    .status()
                                            == 200
                                    ? "read back"
                                    : ""
                            : type(asked, asked.userCode()).text().contains("Done") ? "typed" : "");
            List<String> winners =
                    outcomes.stream().filter(outcome -> !outcome.isEmpty()).toList();

            assertThat(winners).hasSize(1);
            poll(asked).hasStatus(winners.get(0).equals("typed") ? 200 : 400);
        }
    }
}
