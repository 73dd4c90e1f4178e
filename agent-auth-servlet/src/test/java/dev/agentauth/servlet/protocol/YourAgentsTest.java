package dev.agentauth.servlet.protocol;

import static dev.agentauth.servlet.protocol.Client.form;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.agentauth.AgentQuery;
import dev.agentauth.registration.EndReason;
import dev.agentauth.servlet.protocol.CookieSignIn.Session;
import dev.agentauth.spi.RegistrationStore;
import dev.agentauth.spi.User;
import dev.agentauth.spi.UserDirectory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The page on which people see which agents act for them. */
@DisplayName("GET /agent/yours: a person's agents")
final class YourAgentsTest extends ProtocolTest {
    private static final String YOURS = "/agent/yours";
    private static final String ADA_ID = "user_ada";
    private static final String BOB_ID = "user_bob";

    private final CookieSignIn signIn = new CookieSignIn();
    private Session ada;
    private Session bob;

    @BeforeEach
    void start() {
        startService(options -> options.yourAgents(signIn)
                .configure(builder ->
                        builder.scopeTexts(Locale.ENGLISH, Map.of(ProtocolService.WRITE, "Change your things"))));
        service().users.add(User.of(ADA_ID, ADA)).add(User.of(BOB_ID, BOB));
        ada = signIn.signIn(ADA_ID);
        bob = signIn.signIn(BOB_ID);
    }

    private Registered owned(String address) {
        Registered agent = registerAnonymously();
        claim(agent, address).hasStatus(200);
        return agent;
    }

    private static String[] with(Session session, String... more) {
        List<String> headers = new ArrayList<>(List.of(session.cookie()));
        headers.addAll(Arrays.asList(more));
        return headers.toArray(String[]::new);
    }

    private Answer list(Session session) {
        return client().get(YOURS, session.cookie());
    }

    private JsonNode json(Session session) {
        return client().get(YOURS, with(session, "Accept", "application/json"))
                .hasStatus(200)
                .json();
    }

    private String bond(Session session) {
        String bond = json(session).path("session_token").asText();
        Secrets.note(bond);
        return bond;
    }

    private Answer press(String what, Session session, String agent, String bond, String... more) {
        return client().postForm(
                        YOURS + "/" + what,
                        form("agent", agent, "session_token", bond, "name", "x"),
                        with(session, more));
    }

    private Answer end(Session session, Registered agent) {
        return press("end", session, agent.id(), bond(session));
    }

    private boolean acts(Registered agent) {
        return client().exchange(agent.assertion()).status() == 200;
    }

    @Nested
    @DisplayName("It is there")
    final class There {

        @Test
        @DisplayName("only where it was mounted")
        void offByDefault() {
            ProtocolService plain = startService(options -> {});

            for (String path : List.of(YOURS, YOURS + "/end", YOURS + "/name", YOURS + "/style.css")) {
                plain.client.get(path).hasStatus(404);
            }
        }

        @Test
        @DisplayName("for whoever is signed in: others are sent to sign in and back, and as JSON get 401")
        void signInFirst() {
            assertThat(client().get(YOURS).hasStatus(302).header("Location"))
                    .isEqualTo("/sign-in?return_to=" + Client.encode(YOURS));
            assertThat(client().get(YOURS + "/end?agent=reg_1").hasStatus(302).header("Location"))
                    .isEqualTo("/sign-in?return_to=" + Client.encode(YOURS + "/end?agent=reg_1"));
            client().postForm(YOURS + "/end", form("agent", "reg_1")).hasStatus(302);

            Answer refused = client().get(YOURS, "Accept", "application/json").hasStatus(401);
            assertThat(refused.string("error")).isEqualTo("login_required");
            assertThat(refused.header("WWW-Authenticate")).contains("login_required");
        }

        @ParameterizedTest
        @ValueSource(strings = {"%C3", "%00", "a&agent=b"})
        @DisplayName("a query that nobody can read names no agent")
        void unreadableQuery(String agent) {
            client().get(YOURS + "/end?agent=" + agent).hasStatus(302);
            client().get(YOURS + "/end?agent=" + agent, ada.cookie())
                    .hasStatus(404)
                    .isNotStored();
            Answer list = client().get(YOURS + "?ended=" + agent.replace("agent", "ended"), ada.cookie())
                    .hasStatus(200);
            assertThat(list.header("Content-Type")).startsWith("text/html");
        }

        @Test
        @DisplayName("whichever way claims are confirmed, and below whatever path")
        void underSignInToo() {
            ProtocolService other = startService(options -> options.signIn(signIn)
                    .yourAgents(signIn)
                    .issuer("https://id.example.com/tenant")
                    .withoutApi());
            other.users.add(User.of(ADA_ID, ADA));

            String page = other.client.get(YOURS, ada.cookie()).hasStatus(200).text();
            assertThat(page).contains("href=\"/tenant/agent/yours/style.css?v=");
        }

        @Test
        @DisplayName("with the headers of the claim page")
        void headers() {
            Answer answer = list(ada).hasStatus(200);

            answer.isNotStored();
            assertThat(answer.header("Content-Security-Policy"))
                    .isEqualTo(
                            "default-src 'none'; style-src 'self'; img-src 'self'; script-src 'self'; form-action 'self';"
                                    + " base-uri 'none'; frame-ancestors 'none'");
            assertThat(answer.header("X-Frame-Options")).isEqualTo("DENY");
            assertThat(answer.header("Referrer-Policy")).isEqualTo("no-referrer");
            assertThat(answer.header("Vary")).isEqualTo("Accept, Accept-Language");
            Matcher url =
                    Pattern.compile("(?:src|href)=\"(/agent/yours/[^\"]*)\"").matcher(answer.text());
            assertThat(url.results().map(found -> found.group(1)))
                    .hasSize(3)
                    .allSatisfy(path -> client().get(path).hasStatus(200));
        }

        @Test
        @DisplayName("a claim page links to it")
        void claimPageLinks() {
            assertThat(client().view(invite(registerAnonymously(), ADA)).text())
                    .contains("<a href=\"/agent/yours\">Your agents</a>");
        }

        @Test
        @DisplayName("the notice that is mailed once an agent acts for somebody links to it")
        void noticeLinks() {
            String url = "https://www.example.com/agent/yours";
            ProtocolService other =
                    startService(options -> options.yourAgents(signIn).configure(builder -> builder.manageUrl(url)));
            other.users.add(User.of(ADA_ID, ADA));
            Registered agent = Registered.of(other.client
                    .registerIdJag(other.provider.idJag(other.issuer()).compact())
                    .isInteractionRequired());
            String code = other.client
                    .challenge(other.mail.newestToken())
                    .hasStatus(200)
                    .string("challenge");
            other.client.complete(agent.claimToken(), code).hasStatus(200);

            assertThat(other.mail.notices()).singleElement().satisfies(notice -> {
                assertThat(notice.text(Locale.ENGLISH)).contains("\n" + url + "\n");
                assertThat(notice.text(Locale.GERMAN)).contains("\n" + url + "\n");
                assertThat(notice.html(Locale.ENGLISH)).contains("<a href=\"" + url + "\"");
            });
        }
    }

    @Nested
    @DisplayName("It shows")
    final class Shows {

        @Test
        @DisplayName("each agent that acts for the person, and nobody else's")
        void theirs() {
            Registered hers = owned(ADA);
            Registered his = owned(BOB);
            invite(registerAnonymously(), ADA);

            assertThat(new Page(list(ada)).text())
                    .contains("Signed in as account of user_ada", hers.id(), "Agent that nobody vouches for")
                    .contains("Change your things", ProtocolService.READ, "4 May 2026, 13:00 UTC")
                    .contains("cannot come back")
                    .doesNotContain(his.id());
            assertThat(json(ada).path("agents")).hasSize(1);
            assertThat(json(bob).path("agents").path(0).path("id").asText()).isEqualTo(his.id());
        }

        @Test
        @DisplayName("by the provider's name, and until when it can come back by itself")
        void providersAgent() {
            service().users.add(User.of("user_carol", "carol@example.com"));
            Registered agent = stepUp(idJag().email("carol@example.com"));
            claimStepUp(agent);
            Session carol = signIn.signIn("user_carol");

            assertThat(new Page(list(carol)).text())
                    .contains("Agent from Fake Provider", "for as long as Fake Provider vouches for it");
            assertThat(json(carol).path("agents").path(0).path("provider").asText())
                    .isEqualTo("Fake Provider");
        }

        @Test
        @DisplayName("that one can be refreshed, and until when")
        void refreshable() {
            Registered agent = registerAnonymously();
            String code = reveal(invite(agent, ADA));
            client().postJson(
                            "/agent/identity/claim/complete",
                            Client.json("claim_token", agent.claimToken(), "user_code", code))
                    .hasStatus(200);

            assertThat(new Page(list(ada)).text()).contains("It can come back until", "30 days left");
            assertThat(json(ada)
                            .path("agents")
                            .path(0)
                            .path("refreshable_until")
                            .asText())
                    .isEqualTo("2026-06-03T13:00:00.000Z");
        }

        @Test
        @DisplayName("nothing, in so many words")
        void none() {
            assertThat(new Page(list(ada)).text()).contains("No agent acts on your behalf at " + ProtocolService.NAME);
            assertThat(new Page(client().get(YOURS, with(ada, "Accept-Language", "de"))).text())
                    .contains("Ihre Agenten", "handelt kein Agent in Ihrem Namen");
        }

        @Test
        @DisplayName("and GETs change nothing")
        void getsChangeNothing() {
            Registered agent = owned(ADA);
            service().wiretap.record();
            for (int i = 0; i < 20; i++) {
                list(ada).hasStatus(200);
                client().get(YOURS + "/end?agent=" + agent.id(), ada.cookie()).hasStatus(200);
                client().head(YOURS, ada.cookie()).hasStatus(200);
            }

            assertThat(service().wiretap.calls()).isNotEmpty().allMatch(call -> call.startsWith("find"));
            assertThat(acts(agent)).isTrue();
        }
    }

    @Nested
    @DisplayName("For an account that is switched off")
    final class SwitchedOff {

        @Test
        @DisplayName(
                "there is a 403 that says so, nothing is seen and nothing can be pressed; switched on again, all is there")
        void pageSaysSo() {
            Registered agent = owned(ADA);
            String bond = bond(ada);
            service().users.setActive(ADA_ID, false);

            for (Answer answer : List.of(
                    list(ada),
                    client().get(YOURS + "/end?agent=" + agent.id(), ada.cookie()),
                    press("end", ada, agent.id(), bond),
                    press("name", ada, agent.id(), bond))) {
                assertThat(new Page(answer.hasStatus(403)).text())
                        .contains("This account cannot be used", "Signed in as account of user_ada", "That is not me")
                        .doesNotContain(agent.id());
                answer.isNotStored();
            }
            Answer refused =
                    client().get(YOURS, with(ada, "Accept", "application/json")).hasStatus(403);
            assertThat(refused.string("error")).isEqualTo("user_not_found");
            assertThat(refused.text()).doesNotContain(agent.id(), "session_token");
            service().users.setActive(ADA_ID, true);
            assertThat(acts(agent)).as("it was not ended").isTrue();
            assertThat(json(ada).path("agents").path(0).has("name")).isFalse();
        }

        @Test
        @DisplayName("or that the directory does not know, it is the same")
        void unknownAccount() {
            Session nobody = signIn.signIn("user_nobody");

            assertThat(new Page(list(nobody).hasStatus(403)).text()).contains("does not know this account");
            assertThat(new Page(client().get(YOURS, with(nobody, "Accept-Language", "de"))
                                    .hasStatus(403))
                            .text())
                    .contains("Dieses Konto ist nicht verf\u00fcgbar");
        }

        @Test
        @DisplayName("what it holds does nothing meanwhile, which is why nothing has to be ended here")
        void agentsDoNothing() {
            Registered agent = owned(ADA);
            String token = token(agent.assertion());
            service().users.setActive(ADA_ID, false);

            client().callApi(token).hasStatus(401);
            assertThat(acts(agent)).isFalse();
        }
    }

    private void claimStepUp(Registered agent) {
        client().complete(agent.claimToken(), reveal(service().mail.newestToken()))
                .hasStatus(200);
    }

    @Nested
    @DisplayName("An agent is ended")
    final class Ended {

        @Test
        @DisplayName("with one press and a confirmation: what it holds is dead at once")
        void pressAndConfirmation() {
            Registered agent = owned(ADA);
            String token = token(agent.assertion());
            String link =
                    list(ada).find("<a class=\"button\" href=\"([^\"]*)\"").replace("&amp;", "&");
            Page confirmation = new Page(client().get(link, ada.cookie()).hasStatus(200));
            assertThat(confirmation.text()).contains("End this agent", ProtocolService.NAME, agent.id(), "Keep it");
            assertThat(acts(agent)).as("a look at the question ends nothing").isTrue();

            Page.Form press = confirmation.form("end access");
            Answer pressed = client().postForm(press.action(), press.body(), ada.cookie())
                    .hasStatus(303);
            assertThat(pressed.header("Referrer-Policy")).isEqualTo("no-referrer");
            Page done = new Page(client().get(pressed.header("Location"), ada.cookie()));

            assertThat(done.hasStatus(200).text())
                    .contains("Access ended: Agent that nobody vouches for", "Ended by you");
            client().callApi(token).hasStatus(401);
            assertThat(acts(agent)).isFalse();
            assertThat(service().auth.registration(agent.id()).orElseThrow().endReason())
                    .isEqualTo(EndReason.PERSON);
            assertThat(service().audit.names()).contains("registration.revoked");
        }

        @Test
        @DisplayName("and stays visible for seven days, whoever ended it")
        void staysVisible() {
            Registered byOperator = owned(ADA);
            service().auth.revokeRegistration(byOperator.id());
            assertThat(new Page(list(ada)).text())
                    .contains("Ended by " + ProtocolService.NAME)
                    .contains("just now");
            service().clock.advance(Duration.ofDays(7).minusSeconds(1));
            assertThat(json(ada).path("ended").path(0).path("ended_by").asText())
                    .isEqualTo("operator");
            service().clock.advance(Duration.ofSeconds(1));

            assertThat(json(ada).path("ended")).isEmpty();
            assertThat(new Page(list(ada)).text()).doesNotContain("Ended");
        }

        @Test
        @DisplayName("once: a repeat, an unknown one and somebody else's are 404, and nothing is done")
        void onlyOnesOwn() {
            Registered his = owned(BOB);
            Registered hers = owned(ADA);
            end(ada, hers).hasStatus(303);

            for (String id : List.of(hers.id(), his.id(), "reg_unknown", "")) {
                assertThat(new Page(press("end", ada, id, bond(ada)).hasStatus(404)).text())
                        .contains("does not act for you");
                press("name", ada, id, bond(ada)).hasStatus(404);
                client().get(YOURS + "/end?agent=" + id, ada.cookie()).hasStatus(404);
                press("end", ada, id, bond(ada), "Accept", "application/json").hasStatus(404);
            }
            assertThat(acts(his)).isTrue();
            assertThat(service().auth.registration(his.id()).orElseThrow().label())
                    .isNull();
        }

        @Test
        @DisplayName("a forged word about what was ended shows nothing")
        void forgedWord() {
            Registered agent = owned(ADA);

            assertThat(client().get(YOURS + "?ended=" + agent.id(), ada.cookie())
                            .text())
                    .doesNotContain("Access ended");
        }
    }

    @Nested
    @DisplayName("An agent is given a name")
    final class Named {

        private String nameIt(Registered agent, String name) {
            client().postForm(
                            YOURS + "/name",
                            form("agent", agent.id(), "session_token", bond(ada), "name", name),
                            ada.cookie())
                    .hasStatus(303);
            return service().auth.registration(agent.id()).orElseThrow().label();
        }

        @Test
        @DisplayName("which stands in the place of where it is from, escaped, until it is taken away")
        void name() {
            Registered agent = owned(ADA);

            assertThat(nameIt(agent, "  My <b>laptop\u2019s</b>\r\n helper "))
                    .isEqualTo("My <b>laptop\u2019s</b> helper");
            assertThat(list(ada).text())
                    .contains("My &lt;b&gt;laptop\u2019s&lt;/b&gt; helper")
                    .doesNotContain("<b>");
            assertThat(json(ada).path("agents").path(0).path("name").asText()).contains("laptop");
            assertThat(nameIt(agent, " \t ")).isNull();
            assertThat(json(ada).path("agents").path(0).has("name")).isFalse();
        }

        @ParameterizedTest
        @CsvSource({"60, 60", "61, 60", "5000, 60"})
        @DisplayName("of sixty characters at most")
        void length(int given, int kept) {
            String name = nameIt(owned(ADA), "\ud83e\udd16".repeat(given));

            assertThat(name.codePointCount(0, name.length())).isEqualTo(kept);
        }

        @ParameterizedTest
        @ValueSource(strings = {"a\u202eb", "a\u2028b", "a\ufeffb", "a\u0007b"})
        @DisplayName("of characters that can be seen")
        void characters(String name) {
            assertThat(nameIt(owned(ADA), name)).isEqualTo("a b");
        }

        @Test
        @DisplayName("which it keeps when it has ended")
        void afterTheEnd() {
            Registered agent = owned(ADA);
            nameIt(agent, "Helper");
            end(ada, agent);

            assertThat(new Page(list(ada)).text()).contains("Helper", "Ended by you");
        }
    }

    @Nested
    @DisplayName("Nobody else presses: T54 and T84 hold here, too")
    final class Forged {

        @ParameterizedTest
        @ValueSource(strings = {"end", "name"})
        void formsNeedTheSessionsOwnToken(String what) {
            Registered agent = owned(ADA);
            String bobs = bond(bob);
            String before = bond(ada);
            String claims = claimPagesBond();

            for (String bond : List.of("", "x", bobs, claims)) {
                press(what, ada, agent.id(), bond).hasStatus(403);
            }
            client().postForm(YOURS + "/" + what, form("agent", agent.id()), ada.cookie())
                    .hasStatus(403);
            signIn.signIn(ada, ADA_ID);
            press(what, ada, agent.id(), before).hasStatus(403);
            signIn.signIn(ada, BOB_ID);
            press(what, ada, agent.id(), bond(ada)).hasStatus(404);

            assertThat(acts(agent)).isTrue();
            assertThat(service().auth.registration(agent.id()).orElseThrow().label())
                    .isNull();
        }

        /** Of another page, for the same session. */
        private String claimPagesBond() {
            ProtocolService other = startService(options -> options.signIn(signIn));
            other.users.add(User.of(ADA_ID, ADA));
            String uri = other.client
                    .register(Client.json("type", "service_auth", "login_hint", ADA))
                    .json()
                    .path("claim")
                    .path("attempt")
                    .path("verification_uri")
                    .asText();
            String page = other.client
                    .get(uri.substring(uri.indexOf("/agent/")), ada.cookie())
                    .text();
            Matcher bond =
                    Pattern.compile("name=\"session_token\" value=\"([^\"]*)\"").matcher(page);
            assertThat(bond.find()).isTrue();
            Secrets.note(uri.substring(uri.indexOf('=') + 1));
            return bond.group(1);
        }

        @ParameterizedTest
        @CsvSource({
            "Sec-Fetch-Site, cross-site",
            "Sec-Fetch-Site, same-site",
            "Sec-Fetch-Site, none",
            "Origin, https://evil.example"
        })
        void formsOfOtherSites(String header, String value) {
            Registered agent = owned(ADA);
            String bond = bond(ada);

            press("end", ada, agent.id(), bond, header, value).hasStatus(403);
            press("end", ada, agent.id(), bond, header, value, "Accept", "application/json")
                    .hasStatus(403);

            assertThat(acts(agent)).isTrue();
        }

        @Test
        void tokensOfPagesAreNotInUrls() {
            owned(ADA);
            String bond = bond(ada);
            String page = list(ada).text();

            assertThat(page).contains(bond);
            assertThat(Pattern.compile("(?:href|action|src)=\"([^\"]*)\"")
                            .matcher(page)
                            .results())
                    .allMatch(url -> !url.group(1).contains(bond));
        }
    }

    @Nested
    @DisplayName("As JSON")
    final class Json {

        @Test
        @DisplayName("it is all that the page says, and a front end of the service's own does what the page does")
        void all() {
            Registered agent = owned(ADA);
            JsonNode all = json(ada);
            assertThat(all.path("account").asText()).isEqualTo("account of user_ada");
            JsonNode one = all.path("agents").path(0);
            assertThat(one.path("id").asText()).isEqualTo(agent.id());
            assertThat(one.path("status").asText()).isEqualTo("claimed");
            assertThat(one.path("scopes")).hasSize(3);
            assertThat(one.path("since").asText()).isEqualTo("2026-05-04T13:00:00.000Z");
            assertThat(one.path("last_issued").asText()).isEqualTo("2026-05-04T13:00:00.000Z");

            String bond = all.path("session_token").asText();
            JsonNode named = press("name", ada, agent.id(), bond, "Accept", "application/json")
                    .hasStatus(200)
                    .json();
            assertThat(named.path("agent").path("name").asText()).isEqualTo("x");
            JsonNode ended = press("end", ada, agent.id(), bond, "Accept", "application/json")
                    .hasStatus(200)
                    .json();
            assertThat(ended.path("agent").path("status").asText()).isEqualTo("revoked");
            assertThat(ended.path("agent").path("ended_by").asText()).isEqualTo("person");
            assertThat(acts(agent)).isFalse();
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "*/*",
                    "text/html",
                    "text/html,application/xhtml+xml,*/*;q=0.8",
                    "application/json;q=0.5,text/html"
                })
        @DisplayName("only for whoever would rather have it")
        void browsersGetThePage(String accept) {
            assertThat(client().get(YOURS, with(ada, "Accept", accept)).header("Content-Type"))
                    .startsWith("text/html");
        }

        @Test
        @DisplayName("never cached, and no other site may read it")
        void notForOthers() {
            startService(options -> options.yourAgents(signIn).anyOrigin());
            Answer answer = client().get(YOURS, with(ada, "Accept", "application/json", "Origin", "https://x.example"));

            answer.isNotStored();
            assertThat(answer.headers("Access-Control-Allow-Origin")).isEmpty();
            assertThat(answer.header("X-Content-Type-Options")).isEqualTo("nosniff");
            assertThat(answer.header("Cross-Origin-Resource-Policy")).isEqualTo("same-origin");
        }
    }

    @Test
    @DisplayName("503 with a page, or with JSON, while the store is down; nothing was done")
    void storeIsDown() {
        Registered agent = owned(ADA);
        String bond = bond(ada);
        service().wiretap.down(RegistrationStore.class);

        for (Answer answer : List.of(list(ada), press("end", ada, agent.id(), bond))) {
            assertThat(answer.hasStatus(503).header("Retry-After")).matches("[1-9]\\d*");
            assertThat(answer.text()).contains("Not available right now");
        }
        assertThat(client().get(YOURS, with(ada, "Accept", "application/json"))
                        .hasStatus(503)
                        .string("error"))
                .isEqualTo("temporarily_unavailable");
        service().wiretap.up();
        service().wiretap.down(UserDirectory.class);
        list(ada).hasStatus(503);
        service().wiretap.up();
        assertThat(acts(agent)).isTrue();
    }

    @Test
    @DisplayName("more agents than fit on a page of a list are all there")
    void many() {
        for (int i = 0; i < 5; i++) {
            owned(ADA);
        }
        assertThat(json(ada).path("agents")).hasSize(5);
        assertThat(service().auth.list(AgentQuery.ofUser(ADA_ID)).agents()).hasSize(5);
    }
}
