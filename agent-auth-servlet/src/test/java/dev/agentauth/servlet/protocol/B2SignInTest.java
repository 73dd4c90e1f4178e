package dev.agentauth.servlet.protocol;

import static dev.agentauth.servlet.protocol.Client.json;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.agentauth.servlet.AgentAuthServlet;
import dev.agentauth.servlet.SignIn;
import dev.agentauth.servlet.protocol.CookieSignIn.Session;
import dev.agentauth.spi.User;
import dev.agentauth.testkit.FakeProvider;
import jakarta.servlet.http.HttpServletRequest;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** B2, where people are known by the service's own sign-in. */
@DisplayName("B2. The service's own sign-in")
final class B2SignInTest extends ProtocolTest {
    private static final String ADA_ID = "user_ada";
    private static final String BOB_ID = "user_bob";
    private static final String VIEW = "/agent/identity/claim/view";

    private final CookieSignIn signIn = new CookieSignIn();

    @BeforeEach
    void start() {
        startService(options -> options.signIn(signIn));
        service().users.add(User.of(ADA_ID, ADA)).add(User.of(BOB_ID, BOB));
    }

    private Answer registerHinted(String address) {
        return client().register(json("type", "service_auth", "login_hint", address));
    }

    private Answer registerForAnybody() {
        return client().register(json("type", "service_auth"));
    }

    /** The token of the link that the agent got. */
    private String link(Answer answer) {
        return link(answer.json()
                .path("claim")
                .path("attempt")
                .path("verification_uri")
                .asText());
    }

    private String link(String uri) {
        assertThat(uri).startsWith(service().issuer() + VIEW + "?token=svt_");
        String token = uri.substring(uri.indexOf('=') + 1);
        Secrets.note(token);
        return token;
    }

    private Page page(String token, Session session) {
        return new Page(client().get(VIEW + "?token=" + token, session.cookie()));
    }

    private Page press(Page.Form form, Session session) {
        return form.submit(client(), session.cookie());
    }

    private Answer complete(Answer registered, String code) {
        return client().complete(registered.string("claim_token"), code);
    }

    private String userOf(String assertion) {
        return client().callApi(token(assertion)).hasStatus(200).string("user_id");
    }

    @Nested
    @DisplayName("Starting")
    final class Starting {

        @Test
        @DisplayName("nothing is mailed: the agent gets the link, with a token that is another kind of secret")
        void agentGetsTheLink() {
            Answer hinted = registerHinted(ADA).hasStatus(200);
            Registered anonymous = registerAnonymously();
            Answer started = client().startClaim(anonymous.claimToken(), ADA).hasStatus(200);

            link(hinted);
            link(started.json().path("attempt").path("verification_uri").asText());
            assertThat(service().mail.links()).isEmpty();
        }

        @Test
        @DisplayName("a step-up carries its link in the 401")
        void stepUpCarriesItsLink() {
            Answer asked = client().registerIdJag(idJag().compact()).isInteractionRequired();

            assertThat(page(link(asked), signIn.signIn(ADA_ID)).hasStatus(200).text())
                    .contains("Fake Provider says that it works for you");
        }

        @Test
        @DisplayName("a repeat is the same attempt with the same expiry and a fresh link; the old one dies")
        void repeatHasAFreshLink() {
            Registered anonymous = registerAnonymously();
            Answer first = client().startClaim(anonymous.claimToken(), ADA).hasStatus(200);
            service().clock.advance(Duration.ofMinutes(1));
            Answer second = client().startClaim(anonymous.claimToken(), ADA).hasStatus(200);

            String old =
                    link(first.json().path("attempt").path("verification_uri").asText());
            String fresh =
                    link(second.json().path("attempt").path("verification_uri").asText());
            assertThat(second.string("claim_attempt_id")).isEqualTo(first.string("claim_attempt_id"));
            assertThat(second.string("expires_at")).isEqualTo(first.string("expires_at"));
            Session ada = signIn.signIn(ADA_ID);
            page(old, ada).hasStatus(404);
            page(fresh, ada).hasStatus(200);
        }

        @Test
        @DisplayName("a code that was revealed stays good when the start is repeated")
        void revealedCodeSurvivesARepeat() {
            Registered anonymous = registerAnonymously();
            Answer first = client().startClaim(anonymous.claimToken(), ADA).hasStatus(200);
            Session ada = signIn.signIn(ADA_ID);
            String token =
                    link(first.json().path("attempt").path("verification_uri").asText());
            String code = press(page(token, ada).revealForm(), ada).code();

            client().startClaim(anonymous.claimToken(), ADA).hasStatus(200);

            client().complete(anonymous.claimToken(), code).hasStatus(200);
        }

        @Test
        @DisplayName("a step-up presented again hands out a fresh link of the same attempt")
        void stepUpAgain() {
            Answer first = client().registerIdJag(idJag().compact()).isInteractionRequired();
            Answer second = client().registerIdJag(idJag().compact()).isInteractionRequired();

            Session ada = signIn.signIn(ADA_ID);
            page(link(first), ada).hasStatus(404);
            String code = press(page(link(second), ada).revealForm(), ada).code();
            assertThat(userOf(complete(second, code).hasStatus(200).string("identity_assertion")))
                    .isEqualTo(ADA_ID);
        }

        @Test
        @DisplayName("an attempt that mails nothing counts 60 an hour for each client, and a repeat counts nothing")
        void questionsAreLimited() {
            ProtocolService limited = startService(options -> options.signIn(signIn)
                    .limited()
                    .configure(builder -> builder.trust(service().provider.trusted())));
            Answer agent = limited.client.registerAnonymously().hasStatus(200);
            String claimToken = agent.string("claim_token");
            for (int i = 0; i < 60; i++) {
                String address = "person-" + i + "@example.com";
                limited.client.startClaim(claimToken, address).hasStatus(200);
                limited.client.startClaim(claimToken, address).hasStatus(200);
            }

            limited.client.startClaim(claimToken, ADA).isIdentityError(429, "rate_limited");
        }

        @Test
        @DisplayName(
                "without a login_hint: whoever signs in may go on; such a registration is started again without one")
        void withoutHint() {
            Answer agent = registerForAnybody().hasStatus(200);
            String claimToken = agent.string("claim_token");

            client().startClaim(claimToken, ADA).isIdentityError(409, "claimed_or_in_flight");
            Answer again = client().postJson("/agent/identity/claim", json("claim_token", claimToken))
                    .hasStatus(200);

            Session bob = signIn.signIn(BOB_ID);
            String token =
                    link(again.json().path("attempt").path("verification_uri").asText());
            Page page = page(token, bob).hasStatus(200);
            assertThat(page.text()).contains("It asks whoever signs in here");
            String code = press(page.revealForm(), bob).code();
            assertThat(userOf(complete(agent, code).hasStatus(200).string("identity_assertion")))
                    .isEqualTo(BOB_ID);
        }

        @Test
        @DisplayName("an anonymous registration always needs an address, and one that named somebody names it again")
        void anonymousNeedsAnAddress() {
            String anonymous = registerAnonymously().claimToken();
            String hinted = registerHinted(ADA).hasStatus(200).string("claim_token");
            for (String claimToken : List.of(anonymous, hinted)) {
                client().postJson("/agent/identity/claim", json("claim_token", claimToken))
                        .isIdentityError(400, "invalid_request");
                client().postJson("/agent/identity/claim", json("claim_token", claimToken, "type", "login_hint"))
                        .isIdentityError(400, "invalid_login_hint");
            }
            client().startClaim(hinted, BOB).isIdentityError(409, "claimed_or_in_flight");
            client().startClaim(hinted, ADA).hasStatus(200);
        }

        @Test
        @DisplayName("a switch forbids to leave the address out")
        void hintCanBeRequired() {
            ProtocolService strict = startService(
                    options -> options.signIn(signIn).configure(builder -> builder.requireLoginHint(true)));

            strict.client.register(json("type", "service_auth")).isIdentityError(400, "invalid_login_hint");
        }

        @Test
        @DisplayName("the mailer is not needed, and the page that speaks of a mail is not there")
        void mailIsNotNeeded() {
            ProtocolService unmailed =
                    startService(options -> options.signIn(signIn).mailer(mail -> {
                        throw new IllegalStateException("nothing is mailed");
                    }));
            unmailed.users.add(User.of(ADA_ID, ADA));
            Answer agent = unmailed.client
                    .register(json("type", "service_auth", "login_hint", ADA))
                    .hasStatus(200);
            String uri = agent.json()
                    .path("claim")
                    .path("attempt")
                    .path("verification_uri")
                    .asText();
            Session ada = signIn.signIn(ADA_ID);
            String token = uri.substring(uri.indexOf('=') + 1);
            Secrets.note(token);

            Page page = new Page(unmailed.client.get(VIEW + "?token=" + token, ada.cookie()));
            String code =
                    page.revealForm().submit(unmailed.client, ada.cookie()).code();

            unmailed.client.complete(agent.string("claim_token"), code).hasStatus(200);
            unmailed.client.get("/agent/identity/claim/mail").hasStatus(404);
        }
    }

    @Nested
    @DisplayName("The page")
    final class ThePage {

        @Test
        @DisplayName(
                "wants the session first: 302 to the service's sign-in and back, to a relative target, whatever the token")
        void sessionFirst() {
            String token = link(registerHinted(ADA));
            for (String any : List.of(token, "svt_unknown", "cvt_unknown")) {
                Answer answer =
                        client().get(VIEW + "?token=" + any).hasStatus(302).isNotStored();
                assertThat(answer.header("Location"))
                        .isEqualTo("/sign-in?return_to=" + Client.encode(VIEW + "?token=" + any));
                assertThat(answer.header("Referrer-Policy")).isEqualTo("no-referrer");
            }
            client().head(VIEW + "?token=" + token).hasStatus(302);
        }

        @Test
        @DisplayName("then the token: 404; without one: 400")
        void thenTheToken() {
            Session ada = signIn.signIn(ADA_ID);

            page("svt_unknown", ada).hasStatus(404);
            client().get(VIEW, ada.cookie()).hasStatus(400);
        }

        @Test
        @DisplayName(
                "T53: then the account: 403 without the address for anybody else, for an inactive and an unknown user")
        void t53_thenTheAccount() {
            String token = link(registerHinted(ADA));
            service().users.add(User.of("user_eve", "eve@example.com"));
            service().users.setActive("user_eve", false);
            for (String other : List.of(BOB_ID, "user_eve", "user_unknown")) {
                Session session = signIn.signIn(other);
                Page page = page(token, session).hasStatus(403);
                assertThat(page.text())
                        .contains("not for this account", "Signed in as account of " + other)
                        .doesNotContain(ADA, "example.com");
                assertThat(page.forms()).isEmpty();
            }
            service().users.setActive(ADA_ID, false);
            page(token, signIn.signIn(ADA_ID)).hasStatus(403);
        }

        @Test
        @DisplayName("T53: names the service, the account with a way to change it, who asks, since when and what for")
        void t53_namesEverything() {
            String token = link(registerHinted(ADA));
            service().clock.advance(Duration.ofMinutes(2));

            Page page = page(token, signIn.signIn(ADA_ID)).hasStatus(200);

            assertThat(page.text())
                    .contains(
                            ProtocolService.NAME,
                            "Signed in as account of " + ADA_ID,
                            "That is not me",
                            "Nobody vouches for this agent",
                            "It signed up and named you",
                            "2 minutes ago",
                            ProtocolService.READ,
                            ProtocolService.ADMIN,
                            "first agent to act for you")
                    .contains(ProtocolService.NAME + " will never ask you for it");
            assertThat(page.answer().text())
                    .contains("href=\"/change-account?return_to=" + Client.encode(VIEW + "?token=" + token) + "\"");
        }

        @Test
        @DisplayName(
                "a page with the code that asks again reads this registration and none of the others of the account")
        void askingAgainReadsOneRegistration() {
            Session ada = signIn.signIn(ADA_ID);
            Answer other = registerHinted(ADA);
            complete(other, press(page(link(other), ada).revealForm(), ada).code())
                    .hasStatus(200);
            String token = link(registerHinted(ADA));
            press(page(token, ada).revealForm(), ada).hasStatus(200);
            service().wiretap.record();

            page(token, ada).hasStatus(200);

            assertThat(service().wiretap.calls())
                    .noneMatch(call -> call.startsWith("findByUser") || call.startsWith("findMade"))
                    .filteredOn(call -> call.startsWith("findByAttemptToken"))
                    .hasSize(1);
        }

        @Test
        @DisplayName("warns on the first agent of the account and the first time that its provider is linked, once")
        void warnsOnFirsts() {
            Session ada = signIn.signIn(ADA_ID);
            FakeProvider other = service().anotherProvider();
            Answer first = client().registerIdJag(idJag().compact()).isInteractionRequired();
            Page page = page(link(first), ada).hasStatus(200);
            assertThat(page.text()).contains("first agent to act for you", "first time that");
            complete(first, press(page.revealForm(), ada).code()).hasStatus(200);

            Answer second = client().registerIdJag(idJag().subject("person-2").compact())
                    .isInteractionRequired();
            assertThat(page(link(second), ada).hasStatus(200).text())
                    .doesNotContain("first agent to act for you", "first time that");
            Answer third = client().registerIdJag(
                            other.idJag(service().issuer()).compact())
                    .isInteractionRequired();
            assertThat(page(link(third), ada).hasStatus(200).text())
                    .doesNotContain("first agent to act for you")
                    .contains("first time that");
        }

        @Test
        @DisplayName("shows a code to whom it asks, and that user is bound")
        void bindsTheOneWhoIsAsked() {
            Answer agent = registerHinted(ADA);
            Session ada = signIn.signIn(ADA_ID);

            String code = press(page(link(agent), ada).revealForm(), ada)
                    .hasStatus(200)
                    .code();

            Answer completed = complete(agent, code).hasStatus(200);
            assertThat(userOf(completed.string("identity_assertion"))).isEqualTo(ADA_ID);
            assertThat(page(link(agent), ada).hasStatus(200).text()).contains("Already confirmed");
            page(link(agent), signIn.signIn(BOB_ID)).hasStatus(403);
        }

        @Test
        @DisplayName("takes a no from whom it asks, and from nobody else")
        void takesANo() {
            Answer agent = registerHinted(ADA);
            Session ada = signIn.signIn(ADA_ID);
            Page.Form no = page(link(agent), ada).rejectForm();

            press(no, signIn.signIn(BOB_ID)).hasStatus(403);
            page(link(agent), ada).hasStatus(200);
            assertThat(press(no, ada).hasStatus(200).text()).contains("You said that this wasn");

            complete(agent, "000000").isIdentityError(403, "claim_rejected");
        }

        @Test
        @DisplayName("a no to a question to nobody in particular is kept under no address")
        void noOfAnybody() {
            Answer agent = registerForAnybody();
            Session bob = signIn.signIn(BOB_ID);
            press(page(link(agent), bob).rejectForm(), bob).hasStatus(200);

            client().postJson("/agent/identity/claim", json("claim_token", agent.string("claim_token")))
                    .isIdentityError(410, "claim_expired");
        }

        @Test
        @DisplayName("lapses with its link")
        void lapses() {
            Answer agent = registerHinted(ADA);
            service().clock.advance(Duration.ofMinutes(10));

            page(link(agent), signIn.signIn(ADA_ID)).hasStatus(410);
        }
    }

    @Nested
    @DisplayName("A code belongs to the user who revealed it")
    final class CodesOfUsers {

        @Test
        @DisplayName("T80: of several people who reveal one attempt's code, the one whose code was used is bound")
        void t80_theOneWhoseCodeWasUsed() {
            Session ada = signIn.signIn(ADA_ID);
            Session bob = signIn.signIn(BOB_ID);
            Answer agent = registerForAnybody();
            String adas = press(page(link(agent), ada).revealForm(), ada).code();
            String bobs = press(page(link(agent), bob).revealForm(), bob).code();

            if (!adas.equals(bobs)) {
                complete(agent, adas).isIdentityError(401, "otp_invalid");
            }
            assertThat(userOf(complete(agent, bobs).hasStatus(200).string("identity_assertion")))
                    .isEqualTo(BOB_ID);
        }

        @Test
        @DisplayName("who must then still be active")
        void stillActive() {
            Answer agent = registerHinted(ADA);
            Session ada = signIn.signIn(ADA_ID);
            String code = press(page(link(agent), ada).revealForm(), ada).code();
            service().users.setActive(ADA_ID, false);

            complete(agent, code).isIdentityError(410, "claim_expired");

            service().users.setActive(ADA_ID, true);
            complete(agent, code).hasStatus(200);
        }

        @Test
        @DisplayName("and still the one who is asked: an address that has gone to somebody else binds nobody")
        void stillTheOneWhoIsAsked() {
            Answer agent = registerHinted(ADA);
            Session ada = signIn.signIn(ADA_ID);
            String code = press(page(link(agent), ada).revealForm(), ada).code();
            service().users.add(User.of(ADA_ID, "moved@example.com")).add(User.of("user_heir", ADA));

            complete(agent, code).isIdentityError(410, "claim_expired");
        }
    }

    @Nested
    @DisplayName("Verified means proved to the service itself (T79)")
    final class Verified {
        private String onProvidersWord() {
            // A provider's word makes a user, whom nobody else has vouched for.
            FakeProvider other = service().anotherProvider();
            Registered agent =
                    Registered.of(client().registerIdJag(other.idJag(service().issuer())
                                    .claim("email", "carol@example.com")
                                    .compact())
                            .hasStatus(200));
            return userOf(agent.assertion());
        }

        @Test
        @DisplayName("T79: a user on a provider's word gets the 403 page, until the service has proved the address")
        void t79_providersWordIsNoProof() {
            String carol = onProvidersWord();
            Answer agent = registerHinted("carol@example.com");
            Session session = signIn.signIn(carol);
            page(link(agent), session).hasStatus(403);
            page(link(agent), session).hasStatus(403);
            assertThat(service().origins.isOnProvidersWord(carol)).isTrue();

            assertThat(service().auth.addressProved(carol, "carol@example.com")).isTrue();

            String code = press(page(link(agent), session).hasStatus(200).revealForm(), session)
                    .code();
            assertThat(userOf(complete(agent, code).hasStatus(200).string("identity_assertion")))
                    .isEqualTo(carol);
        }

        @Test
        @DisplayName("T79: nor does a step-up of such a user go on")
        void t79_stepUpOfAUserOnProvidersWord() {
            String carol = onProvidersWord();
            Answer agent = client().registerIdJag(
                            idJag().claim("email", "carol@example.com").compact())
                    .isInteractionRequired();
            Session session = signIn.signIn(carol);

            page(link(agent), session).hasStatus(403);
        }

        @Test
        @DisplayName("T79: nor where nobody was named: a code shown before the first own proof would outlive it")
        void t79_anybodyIsNobodyOnProvidersWord() {
            String carol = onProvidersWord();
            Answer agent = registerForAnybody();
            Session session = signIn.signIn(carol);
            page(link(agent), session).hasStatus(403);

            service().auth.addressProved(carol, "carol@example.com");

            page(link(agent), session).hasStatus(200);
        }

        @Test
        @DisplayName("T79: completing under sign-in records no proof of an address")
        void t79_completingProvesNothing() {
            String carol = onProvidersWord();
            service().auth.addressProved(carol, "carol@example.com");
            Registered other = Registered.of(client().registerIdJag(service()
                            .anotherProvider()
                            .idJag(service().issuer())
                            .claim("email", "dan@example.com")
                            .compact())
                    .hasStatus(200));
            String dan = userOf(other.assertion());
            Answer agent = registerForAnybody();
            Session session = signIn.signIn(carol);
            String code = press(page(link(agent), session).hasStatus(200).revealForm(), session)
                    .code();

            complete(agent, code).hasStatus(200);

            assertThat(service().origins.isOnProvidersWord(dan)).isTrue();
            page(link(registerHinted("dan@example.com")), signIn.signIn(dan)).hasStatus(403);
        }
    }

    @Nested
    @DisplayName("Its forms need the session and a synchronizer token bound to session and attempt")
    final class Forms {

        @Test
        @DisplayName("T54: without a session they lead to the sign-in and do nothing")
        void t54_withoutSession() {
            Answer agent = registerHinted(ADA);
            Session ada = signIn.signIn(ADA_ID);
            Page page = page(link(agent), ada);
            for (Page.Form form : page.forms()) {
                Answer answer = form.submit(client()).hasStatus(302).answer();
                assertThat(answer.header("Location")).startsWith("/sign-in?return_to=");
            }

            assertThat(page(link(agent), ada).hasStatus(200).forms()).hasSameSizeAs(page.forms());
            complete(agent, "000000").isIdentityError(400, "otp_not_generated");
        }

        @Test
        @DisplayName(
                "T54, T78: a form of another session, another account, another attempt or without its token does nothing")
        void t54_t78_formsOfOthers() {
            Answer agent = registerForAnybody();
            Answer another = registerForAnybody();
            Session ada = signIn.signIn(ADA_ID);
            Session alsoAda = signIn.signIn(ADA_ID);
            Session bob = signIn.signIn(BOB_ID);
            String body = page(link(agent), ada).revealForm().body();
            String token = body.substring(0, body.indexOf('&'));
            String bond = body.substring(body.indexOf('&') + 1);
            String foreign = page(link(another), ada).revealForm().body();

            refused(body, alsoAda);
            refused(body, bob);
            refused(token, ada);
            refused(token + "&" + bond.substring(0, bond.length() - 1), ada);
            refused(token + foreign.substring(foreign.indexOf('&')), ada);
            signIn.signIn(ada, BOB_ID);
            refused(body, ada);
            signIn.signIn(ada, ADA_ID);
            refused(body, ada);
            complete(agent, "000000").isIdentityError(400, "otp_not_generated");
        }

        private void refused(String body, Session session) {
            new Page(client().postForm(VIEW + "/reveal", body, session.cookie())).hasStatus(403);
        }

        @Test
        @DisplayName("T54: and the rules of the mailed page hold: a form from elsewhere is refused even with its token")
        void t54_fromElsewhere() {
            Answer agent = registerHinted(ADA);
            Session ada = signIn.signIn(ADA_ID);
            Page.Form form = page(link(agent), ada).revealForm();

            form.submit(client(), "Cookie", "session=" + ada.id(), "Sec-Fetch-Site", "cross-site")
                    .hasStatus(403);
            form.submit(client(), "Cookie", "session=" + ada.id(), "Origin", "https://elsewhere.example")
                    .hasStatus(403);
            press(form, ada).hasStatus(200);
        }
    }

    @Nested
    @DisplayName("How an attempt was made is a fact of the attempt")
    final class Ways {

        @Test
        @DisplayName("challenge and reject answer 404 to every token")
        void noJsonDoors() {
            for (String token : List.of(link(registerHinted(ADA)), "cvt_unknown", "svt_unknown")) {
                client().challenge(token).hasStatus(404);
                client().reject(token).hasStatus(404);
            }
        }

        @Test
        @DisplayName("T66: a replica that mails links finds no sign-in attempt by its token, at any door")
        void t66_mailingReplica() {
            ProtocolService mailing = startService(options -> options.replicaOf(service()));
            Answer agent = registerHinted(ADA);
            String token = link(agent);

            mailing.client.challenge(token).isIdentityError(410, "claim_superseded");
            mailing.client.reject(token).isIdentityError(410, "claim_superseded");
            mailing.client.view(token).hasStatus(404);
            for (String form : List.of("/reveal", "/reject")) {
                mailing.client
                        .postForm(VIEW + form, Client.form("token", token))
                        .hasStatus(404);
            }
            Session ada = signIn.signIn(ADA_ID);
            assertThat(page(token, ada).hasStatus(200).forms()).isNotEmpty();
        }

        @Test
        @DisplayName("T66: a replica by sign-in finds no mailed attempt; asking again there starts another one")
        void t66_signingReplica() {
            ProtocolService mailing = startService(options -> options.replicaOf(service()));
            Answer agent = mailing.client.registerEmail(ADA).hasStatus(200);
            String mailed = service().mail.newestToken();
            Session ada = signIn.signIn(ADA_ID);
            page(mailed, ada).hasStatus(404);

            Answer started =
                    client().startClaim(agent.string("claim_token"), ADA).hasStatus(200);

            String token =
                    link(started.json().path("attempt").path("verification_uri").asText());
            String code = press(page(token, ada).revealForm(), ada).code();
            complete(agent, code).hasStatus(200);
            mailing.client.challenge(mailed).isIdentityError(410, "claim_superseded");
        }

        @Test
        @DisplayName("a code that was revealed before a service changed over is still completed")
        void completedAfterTheChange() {
            ProtocolService mailing = startService(options -> options.replicaOf(service()));
            Answer agent = registerHinted(ADA);
            Session ada = signIn.signIn(ADA_ID);
            String code = press(page(link(agent), ada).revealForm(), ada).code();

            mailing.client.complete(agent.string("claim_token"), code).hasStatus(200);
        }
    }

    @Test
    @DisplayName("/auth.md says how to go on without a mail")
    void authMdSpeaksOfSigningIn() {
        assertThat(client().get("/auth.md").hasStatus(200).text())
                .contains("Give the person the link", VIEW + "?token=svt_...", "leave `login_hint` out")
                .doesNotContain("link in the mail", "second mail", "address on file");
    }

    @Nested
    @DisplayName("The port")
    final class ThePort {

        @Test
        @DisplayName("that throws or answers null is out of reach: 503, and nothing is done")
        void portThatFails() {
            SignIn throwing = new Failing() {
                @Override
                public Optional<SignedIn> signedIn(HttpServletRequest request) {
                    throw new IllegalStateException("words of the sessions' store");
                }
            };
            SignIn nothing = new Failing() {
                @Override
                @SuppressWarnings("NullOptional")
                public Optional<SignedIn> signedIn(HttpServletRequest request) {
                    return null;
                }
            };
            SignIn nowhere = new Failing() {
                @Override
                public String signInUrl(String returnTo) {
                    return "/sign-in\r\nSet-Cookie: a=b";
                }
            };
            for (SignIn port : List.of(throwing, nothing, nowhere)) {
                ProtocolService broken = startService(options -> options.signIn(port));
                Answer answer = broken.client.get(VIEW + "?token=svt_x").hasStatus(503);
                assertThat(answer.header("Retry-After")).isEqualTo("5");
                assertThat(answer.text()).doesNotContain("words", "Exception");
            }
        }

        @Test
        @DisplayName("has to be there exactly where people are known by it")
        void portAndConfigurationAgree() {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> new AgentAuthServlet(service().auth))
                    .withMessageContaining("signIn is missing");
            ProtocolService mailing = startService(options -> {});
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> AgentAuthServlet.builder(mailing.auth)
                            .signIn(signIn)
                            .build())
                    .withMessageContaining("this service mails links");
        }

        @Test
        @DisplayName("isLocal knows what browsers take for another host")
        void isLocal() {
            assertThat(List.of("/", "/a?b=c", "/a/b?c=//d/../e#//f", "/.a/b..", "/a;b=c"))
                    .allMatch(SignIn::isLocal);
            assertThat(List.of(
                            "",
                            "a",
                            "//a",
                            "/\\a",
                            "\\/a",
                            "https://a",
                            "/\t/a",
                            "/a\r\nb",
                            "/\u00e9",
                            "/a//b",
                            "/.//a",
                            "/a/..//b",
                            "/;/..//a",
                            "/..",
                            "/a/.",
                            "/%2e%2E/a",
                            "/..;a/b"))
                    .noneMatch(SignIn::isLocal);
        }
    }

    /** Knows nobody. */
    private static class Failing implements SignIn {
        @Override
        public Optional<SignedIn> signedIn(HttpServletRequest request) {
            return Optional.empty();
        }

        @Override
        public String signInUrl(String returnTo) {
            return "/sign-in";
        }

        @Override
        public String changeAccountUrl(String returnTo) {
            return "/sign-in";
        }
    }
}
