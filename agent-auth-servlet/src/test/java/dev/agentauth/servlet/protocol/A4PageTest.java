package dev.agentauth.servlet.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentauth.registration.Registration;
import dev.agentauth.spi.RegistrationStore;
import dev.agentauth.spi.User;
import java.time.Duration;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("A4. GET /agent/identity/claim/view?token=: the page that the person sees")
final class A4PageTest extends ProtocolTest {
    private static final String VIEW = "/agent/identity/claim/view";

    /** The ways in which a page comes about, each with its own answer. */
    enum Kind {
        OPEN(200),
        WITHOUT_TOKEN(400),
        UNKNOWN(404),
        SUPERSEDED(404),
        LAPSED(410),
        EXPIRED(410),
        REVOKED(410),
        LOCKED(410),
        CLAIMED(200),
        REJECTED(200);

        final int status;

        Kind(int status) {
            this.status = status;
        }
    }

    private Answer page(Kind kind) {
        Registered agent = registerAnonymously();
        String link = invite(agent, ADA);
        switch (kind) {
            case OPEN -> {}
            case WITHOUT_TOKEN -> {
                return client().get(VIEW);
            }
            case UNKNOWN -> link = "cvt_unknown";
            case SUPERSEDED -> invite(agent, BOB);
            case LAPSED -> service().clock.advance(Duration.ofMinutes(10));
            case EXPIRED -> {
                service().clock.advance(Duration.ofHours(24).minusMinutes(1));
                link = invite(agent, ADA);
                service().clock.advance(Duration.ofMinutes(1));
            }
            case REVOKED -> service().auth.revokeRegistration(agent.id());
            case LOCKED -> {
                for (int i = 0; i < 4; i++) {
                    guessWrongly(agent, reveal(link), 5);
                }
            }
            case CLAIMED -> client().complete(agent.claimToken(), reveal(link)).hasStatus(200);
            case REJECTED -> client().reject(link).hasStatus(200);
        }
        return client().view(link);
    }

    /** No page may run scripts but those about one claim that is open or confirmed, and these only our own. */
    private static void assertPageHeaders(Answer answer) {
        assertPageHeaders(answer, List.of());
    }

    private static void assertPageHeaders(Answer answer, List<String> scripts) {
        assertThat(answer.header("Content-Type")
                        .toLowerCase(java.util.Locale.ROOT)
                        .replace(" ", ""))
                .isEqualTo("text/html;charset=utf-8");
        answer.isNotStored();
        assertThat(answer.header("X-Frame-Options")).isEqualTo("DENY");
        assertThat(answer.header("Referrer-Policy")).isEqualTo("no-referrer");
        assertThat(answer.header("X-Content-Type-Options")).isEqualTo("nosniff");
        String policy = answer.header("Content-Security-Policy");
        assertThat(List.of(policy.split(" *; *")))
                .contains("frame-ancestors 'none'", "default-src 'none'")
                .filteredOn(directive -> directive.startsWith("script-src") || directive.startsWith("connect-src"))
                .isEqualTo(scripts);
        assertThat(answer.header("Vary")).isEqualTo("Accept-Language");
        assertThat(policy).doesNotContain("unsafe-inline", "unsafe-eval", "*", "http:", "https:", "data:");
        assertThat(answer.headers("Set-Cookie")).isEmpty();
    }

    @Nested
    @DisplayName(
            "It names the service, says that an agent asks to act for them and with which scopes, when it asked, and the registration id")
    final class Content {

        @Test
        void openPageSaysWhoAsksForWhat() {
            Registered agent = registerAnonymously();
            Page page = Page.of(client(), invite(agent, ADA)).hasStatus(200);

            assertThat(page.text())
                    .contains(ProtocolService.NAME)
                    .containsIgnoringCase("agent asks to act for you")
                    .contains(ProtocolService.READ, ProtocolService.WRITE, ProtocolService.ADMIN)
                    .contains(agent.id())
                    .containsPattern("4 May 2026.{0,3} 13:00");
        }

        @Test
        @DisplayName("whoever was sent here is told to stop before anything else can be read or pressed")
        void stopStandsWhereItIsRead() {
            String text = Page.of(client(), invite(registerAnonymously(), ADA)).text();

            assertThat(text)
                    .containsSubsequence(
                            "An agent asks to act for you",
                            "Nobody vouches for this agent.",
                            "If somebody sent you here or told you to open this page, stop.",
                            "On behalf of",
                            "What it will be able to do",
                            "For how long",
                            "After that it can do everything listed above.",
                            "Show the code",
                            ProtocolService.NAME + " will never ask you for it",
                            "This wasn\u2019t me");
        }

        @Test
        @DisplayName("a provider by the name that the service chose, never by its own words")
        void stepUpNamesTheProvider() {
            service().users.add(User.of("u1", ADA));
            stepUp(idJag().claim("agent_platform", "Evil Platform").claim("name", "Evil Name"));

            assertThat(Page.of(client(), service().mail.newestToken())
                            .hasStatus(200)
                            .text())
                    .contains("Fake Provider")
                    .doesNotContain("Evil", "person-1");
        }

        @Test
        @DisplayName("it has a button to reveal the code and a button to say this wasn't me")
        void twoButtons() {
            Page page = Page.of(client(), invite(registerAnonymously(), ADA)).hasStatus(200);

            assertThat(page.forms()).as("with the one for a typed code (B3)").hasSize(3);
            assertThat(page.revealForm().action())
                    .isNotEqualTo(page.rejectForm().action());
        }

        @Test
        @DisplayName("the reveal button shows the code, with which the agent completes")
        void revealButtonShowsTheCode() {
            Registered agent = registerAnonymously();
            Page revealed = Page.of(client(), invite(agent, ADA))
                    .revealForm()
                    .submit(client())
                    .hasStatus(200);

            assertPageHeaders(revealed.answer(), List.of("script-src 'self'", "connect-src 'self'"));
            client().complete(agent.claimToken(), revealed.code()).hasStatus(200);
        }

        @Test
        @DisplayName("revealing again voids the earlier code; saying no is still possible then")
        void revealAgainVoidsTheEarlierCode() {
            Registered agent = registerAnonymously();
            String link = invite(agent, ADA);
            Page first = Page.of(client(), link).revealForm().submit(client()).hasStatus(200);
            Page second = Page.of(client(), link).revealForm().submit(client()).hasStatus(200);
            while (second.code().equals(first.code())) {
                second = Page.of(client(), link).revealForm().submit(client()).hasStatus(200);
            }

            client().complete(agent.claimToken(), first.code()).isIdentityError(401, "otp_invalid");
            Page.of(client(), link).rejectForm().submit(client()).hasStatus(200);
            client().complete(agent.claimToken(), second.code()).isIdentityError(403, "claim_rejected");
        }

        @Test
        @DisplayName("the button this wasn't me rejects")
        void rejectButtonRejects() {
            Registered agent = registerAnonymously();
            String link = invite(agent, ADA);
            Page rejected =
                    Page.of(client(), link).rejectForm().submit(client()).hasStatus(200);

            assertPageHeaders(rejected.answer());
            assertThat(rejected.forms()).isEmpty();
            client().challenge(link).isIdentityError(403, "claim_rejected");
        }

        @Test
        @DisplayName("T20: texts of the embedder are escaped")
        void textsAreEscaped() {
            String markup = "<script>alert(1)</script>\"'&<img src=x onerror=alert(1)>";
            startService(options -> options.configure(builder -> builder.serviceName(markup)));
            service().trustOnly(provider().trusted().withDisplayName(markup));
            service().users.add(User.of("u1", ADA));
            stepUp(idJag());
            Page page = Page.of(client(), service().mail.newestToken()).hasStatus(200);

            assertThat(page.answer().text()).doesNotContain("<script>", "<img src=x", "onerror=alert(1)>");
            assertThat(page.text()).contains(markup);
        }
    }

    @Nested
    @DisplayName("GET and HEAD change nothing")
    final class ChangesNothing {

        @Test
        @DisplayName("T19: the stored state is equal before and after 1,000 GETs, and nothing was written")
        void thousandGetsChangeNothing() {
            Registered agent = registerAnonymously();
            String link = invite(agent, ADA);
            Registration before = service().registrations.findById(agent.id()).orElseThrow();
            int events = service().audit.events().size();
            service().wiretap.record();

            for (int i = 0; i < 1000; i++) {
                client().view(link).hasStatus(200);
                if (i % 10 == 0) {
                    client().head(VIEW + "?token=" + link).hasStatus(200);
                    for (String form : List.of("reveal", "type", "reject")) {
                        Answer nothing = client().get(VIEW + "/" + form + "?token=" + link)
                                .hasStatus(405);
                        assertPageHeaders(nothing);
                        assertThat(nothing.header("Allow")).isEqualTo("POST");
                        assertThat(new Page(nothing).text()).contains("Open your link again");
                    }
                }
            }

            assertThat(service().registrations.findById(agent.id())).contains(before);
            assertThat(service().audit.events()).hasSize(events);
            assertThat(service().wiretap.calls()).isNotEmpty().allMatch(call -> call.startsWith("find"));
            client().complete(agent.claimToken(), reveal(link)).hasStatus(200);
            assertThat(service().registrations.findById(agent.id()).orElseThrow())
                    .isNotEqualTo(before);
        }

        @Test
        @DisplayName("a code that was revealed survives what mail scanners do")
        void codeSurvives() {
            Registered agent = registerAnonymously();
            String link = invite(agent, ADA);
            String code = reveal(link);
            client().view(link);
            client().head(VIEW + "?token=" + link);
            client().view(link);

            client().complete(agent.claimToken(), code).hasStatus(200);
        }
    }

    @Nested
    @DisplayName("Reload, back and a restored tab show the code that was shown, or none, and never mint another")
    final class ShownAgain {

        @Test
        @DisplayName(
                "the press leads to where loading the page again presses nothing, and the code is in no URL and no header")
        void pressLeadsToAPageThatCanBeLoadedAgain() {
            Registered agent = registerAnonymously();
            String link = invite(agent, ADA);
            Page.Form press = Page.of(client(), link).revealForm();

            Answer answer = client().postForm(press.action(), press.body(), "Accept", "text/html,*/*;q=0.8")
                    .hasStatus(303);
            String code = new Page(client().get(answer.header("Location"))).code();

            assertThat(answer.header("Location"))
                    .endsWith(VIEW + "?token=" + link)
                    .doesNotContain(code);
            assertThat(answer.text()).isEmpty();
            assertThat(answer.header("Referrer-Policy")).isEqualTo("no-referrer");
            answer.isNotStored();
            for (int i = 0; i < 5; i++) {
                assertThat(Page.of(client(), link).hasStatus(200).code()).isEqualTo(code);
            }
            client().complete(agent.claimToken(), code).hasStatus(200);
        }

        @Test
        @DisplayName("a program, which asks for no page by name, gets the page at once")
        void programGetsThePageAtOnce() {
            Registered agent = registerAnonymously();
            Page.Form press = Page.of(client(), invite(agent, ADA)).revealForm();

            for (String accept : List.of("*/*", "application/json", "text/html;q=0", "text/*")) {
                Answer answer = client().postForm(press.action(), press.body(), "Accept", accept)
                        .hasStatus(200);
                assertThat(new Page(answer).code()).matches("[0-9]{6}");
            }
        }

        @Test
        @DisplayName("it says since when, counts the same minutes down, and repeats who asks for what")
        void saysSinceWhen() {
            Registered agent = registerAnonymously();
            String link = invite(agent, ADA);
            reveal(link);
            service().clock.advance(Duration.ofMinutes(4));

            assertThat(Page.of(client(), link).text())
                    .contains("6 minutes left", "4 minutes ago", "4 May 2026, 13:00 UTC")
                    .contains("nobody vouches for", ProtocolService.NAME, "things.read", "things.write");
        }

        @Test
        @DisplayName("once it has lapsed or is void the page says that one was shown, and shows none")
        void lapsedIsNotShown() {
            Registered agent = registerAnonymously();
            String link = invite(agent, ADA);
            guessWrongly(agent, reveal(link), 5);
            Page page = Page.of(client(), link).hasStatus(200);

            assertThat(page.text()).contains("A code was already shown here just now", "13:00 UTC");
            assertThat(page.text()).doesNotContainPattern("(?<![0-9])[0-9]{3}\\s*[0-9]{3}(?![0-9])");
            assertThat(page.revealForm().button()).isEqualTo("Show the code");
        }

        @Test
        @DisplayName(
                "an open page that asks again costs one read, of the one registration, however many the person has")
        void askingAgainReadsOneRegistration() {
            for (int i = 0; i < 3; i++) {
                Registered other = registerAnonymously();
                client().complete(other.claimToken(), reveal(invite(other, ADA)))
                        .hasStatus(200);
            }
            String link = invite(registerAnonymously(), ADA);
            reveal(link);
            service().wiretap.record();

            client().view(link).hasStatus(200);

            assertThat(service().wiretap.calls()).singleElement().asString().startsWith("findByAttemptToken");
        }

        @Test
        @DisplayName("an open page that asks again gets the end as soon as the agent has completed")
        void pageHasAnEnd() {
            Registered agent = registerAnonymously();
            String link = invite(agent, ADA);
            String code = reveal(link);
            assertThat(client().view(link).text()).contains("<body data-state=\"code\">");
            client().complete(agent.claimToken(), code).hasStatus(200);

            assertThat(client().view(link).text())
                    .contains("<body data-state=\"completed\">", agent.id())
                    .doesNotContain(code);
        }
    }

    @Nested
    @DisplayName("Works without JavaScript, with keyboard and screen reader, in light and dark, on a phone")
    final class ForEverybody {

        @ParameterizedTest
        @EnumSource(Kind.class)
        void markupIsPlain(Kind kind) {
            String html = page(kind).text();

            assertThat(html)
                    .startsWith("<!DOCTYPE html>")
                    .containsPattern("<html lang=\"[a-z]{2}\"")
                    .containsPattern("<title>[^<]+</title>")
                    .contains("<main>", "<h1>")
                    .containsPattern("<meta name=\"viewport\" content=\"width=device-width")
                    .containsPattern("color-scheme\" content=\"light dark\"")
                    .doesNotContainPattern(
                            "(?i)<script(?! src=\"/[^\"]*/times\\.js\\?v=[0-9a-f]*\" defer=\"\"></script>)")
                    .doesNotContainIgnoringCase("javascript:")
                    .doesNotContainPattern("(?i)<[^>]+\\son[a-z]+=")
                    .doesNotContainPattern("(?i)<[^>]+\\sstyle=")
                    .doesNotContainIgnoringCase("<style")
                    .doesNotContainIgnoringCase("tabindex")
                    .doesNotContainIgnoringCase("autofocus");
        }

        @ParameterizedTest
        @EnumSource(Kind.class)
        @DisplayName("T22: no third-party load")
        void everythingIsLoadedFromTheService(Kind kind) {
            String html = page(kind).text();
            Matcher url = Pattern.compile("(?:src|href|action)=\"([^\"]*)\"").matcher(html);

            assertThat(url.find()).isTrue();
            do {
                assertThat(url.group(1)).matches("/[^/].*");
                if (url.group(1).contains(".css")) {
                    Answer style = client().get(url.group(1)).hasStatus(200);
                    assertThat(style.header("Content-Type")).startsWith("text/css");
                    assertThat(style.header("X-Content-Type-Options")).isEqualTo("nosniff");
                    assertThat(style.text()).contains("prefers-color-scheme").doesNotContain("url(", "@import", "http");
                }
            } while (url.find());
        }
    }

    @Nested
    @DisplayName(
            "200; 400 without a token; 404 unknown or superseded; 410 lapsed, expired or revoked; 200 already claimed; 200 you said no")
    final class Statuses {

        @ParameterizedTest
        @EnumSource(Kind.class)
        void statusAndHeaders(Kind kind) {
            Answer answer = page(kind).hasStatus(kind.status);

            assertPageHeaders(
                    answer, kind == Kind.OPEN || kind == Kind.CLAIMED ? List.of("script-src 'self'") : List.of());
            assertThat(new Page(answer).forms()).hasSize(kind == Kind.OPEN ? 3 : 0);
        }

        @ParameterizedTest
        @ValueSource(strings = {"", "/reveal", "/type", "/reject", "/mail"})
        @DisplayName("whatever is wrong with a GET, and whatever it asks for, it gets a page and no JSON")
        void getIsAPage(String below) {
            String path = below.equals("/mail") ? "/agent/identity/claim/mail" : VIEW + below;
            for (String query : List.of("", "?token=%C3", "?token=a&token=b", "?token=" + "x".repeat(3000))) {
                for (String accept : List.of("application/json", "*/*", "text/html", "image/png")) {
                    assertPageHeaders(client().get(path + query, "Accept", accept));
                }
            }
            service().wiretap.down(RegistrationStore.class);
            assertPageHeaders(client().get(path + "?token=cvt_x", "Accept", "application/json"));
        }

        @ParameterizedTest
        @ValueSource(strings = {"", "?", "?token", "?token=", "?tok=x", "?TOKEN=x"})
        @DisplayName("400 without a token")
        void withoutAToken(String query) {
            assertPageHeaders(client().get(VIEW + query).hasStatus(400));
        }

        @Test
        @DisplayName("200 already claimed, 200 you said no")
        void saysWhatHappened() {
            assertThat(new Page(page(Kind.CLAIMED)).text()).containsIgnoringCase("already");
            assertThat(new Page(page(Kind.REJECTED)).text()).containsIgnoringCase("you said");
        }

        @Test
        @DisplayName("503 with Retry-After while the store is down, also for the forms")
        void storeIsDown() {
            String link = invite(registerAnonymously(), ADA);
            Page open = Page.of(client(), link);
            service().wiretap.down(RegistrationStore.class);

            for (Answer answer : List.of(
                    client().view(link),
                    open.revealForm().submit(client()).answer(),
                    open.rejectForm().submit(client()).answer())) {
                assertPageHeaders(answer.hasStatus(503));
                assertThat(answer.header("Retry-After")).matches("[1-9]\\d*");
                assertThat(new Page(answer).text()).containsIgnoringCase("not available");
            }
            service().wiretap.up();
            open.revealForm().submit(client()).hasStatus(200);
        }

        @Test
        @DisplayName("locked after wrong guesses says so")
        void lockedSaysSo() {
            assertThat(new Page(page(Kind.LOCKED)).text()).containsIgnoringCase("too many wrong codes");
        }

        @Test
        @DisplayName("a page about nothing does not tell of any registration")
        void unknownPageTellsNothing() {
            Registered agent = registerAnonymously();
            invite(agent, ADA);

            assertThat(client().view("cvt_unknown").text()).doesNotContain(agent.id(), "things.", ADA);
        }

        @Test
        @DisplayName("the link of an e-mail registration and of a step-up that said no is a 200 too")
        void emailRegistrationThatSaidNo() {
            registerEmail(ADA);
            String link = service().mail.newestToken();
            client().reject(link).hasStatus(200);

            assertThat(new Page(client().view(link).hasStatus(200)).text()).containsIgnoringCase("you said");
        }
    }

    @Nested
    @DisplayName(
            "Its forms carry the attempt token in the body, and are refused when Sec-Fetch-Site is present and not same-origin, or, without it, when Origin is present, not null and not ours")
    final class Forms {

        @Test
        void tokenIsInTheBodyAndNotInTheUrl() {
            String link = invite(registerAnonymously(), ADA);

            for (Page.Form form : Page.of(client(), link).forms()) {
                assertThat(form.action()).doesNotContain(link, "?");
                assertThat(form.body()).contains(link);
            }
        }

        @Test
        @DisplayName("a token in the query does not count")
        void tokenInTheQueryDoesNotCount() {
            Registered agent = registerAnonymously();
            String link = invite(agent, ADA);
            for (Page.Form form : Page.of(client(), link).forms()) {
                assertPageHeaders(client().postForm(form.action() + "?token=" + link, "x=y")
                        .hasStatus(400));
            }

            client().complete(agent.claimToken(), "123456").isIdentityError(400, "otp_not_generated");
        }

        @ParameterizedTest
        @CsvSource(
                nullValues = "-",
                value = {
                    "-, -, true",
                    "-, null, true",
                    "-, OURS, true",
                    "-, https://evil.example, false",
                    "-, http://127.0.0.1:1, false",
                    "-, OURS/, false",
                    "-, OURS.evil.example, false",
                    "-, http://localhost, false",
                    "-, '', false",
                    "same-origin, -, true",
                    "same-origin, null, true",
                    "same-origin, OURS, true",
                    "same-origin, https://evil.example, true",
                    "cross-site, -, false",
                    "cross-site, null, false",
                    "cross-site, OURS, false",
                    "same-site, OURS, false",
                    "none, -, false",
                    "none, OURS, false",
                    "other, OURS, false",
                    "'', OURS, false"
                })
        @DisplayName("T24: cross-site posts")
        void originOfAForm(String site, String origin, boolean accepted) {
            Registered agent = registerAnonymously();
            String link = invite(agent, ADA);
            String ours = service().root();
            Page page = Page.of(client(), link);
            String[] headers = Stream.of(
                            site == null ? Stream.<String>of() : Stream.of("Sec-Fetch-Site", site),
                            origin == null ? Stream.<String>of() : Stream.of("Origin", origin.replace("OURS", ours)))
                    .flatMap(each -> each)
                    .toArray(String[]::new);

            Page revealed = page.revealForm().submit(client(), headers);
            if (accepted) {
                client().complete(agent.claimToken(), revealed.hasStatus(200).code())
                        .hasStatus(200);
            } else {
                assertPageHeaders(revealed.hasStatus(403).answer());
                assertPageHeaders(page.rejectForm()
                        .submit(client(), headers)
                        .hasStatus(403)
                        .answer());
                client().complete(agent.claimToken(), "123456").isIdentityError(400, "otp_not_generated");
                client().complete(agent.claimToken(), reveal(link)).hasStatus(200);
            }
        }

        @ParameterizedTest
        @EnumSource(names = {"UNKNOWN", "SUPERSEDED", "LAPSED", "REVOKED", "CLAIMED", "REJECTED"})
        @DisplayName("a form whose link has meanwhile died is answered as the page is")
        void formOfADeadLink(Kind kind) {
            Registered agent = registerAnonymously();
            String link = invite(agent, ADA);
            Page open = Page.of(client(), link);
            switch (kind) {
                case UNKNOWN -> service().auth.purge();
                case SUPERSEDED -> invite(agent, BOB);
                case LAPSED -> service().clock.advance(Duration.ofMinutes(10));
                case REVOKED -> service().auth.revokeRegistration(agent.id());
                case CLAIMED ->
                    client().complete(agent.claimToken(), reveal(link)).hasStatus(200);
                case REJECTED -> client().reject(link).hasStatus(200);
                default -> throw new AssertionError(kind);
            }
            if (kind == Kind.UNKNOWN) {
                client().postForm(open.revealForm().action(), "token=cvt_unknown")
                        .hasStatus(404);
                return;
            }

            for (Page.Form form : open.forms()) {
                Page answer = form.submit(client());
                // A form tells no more than that it is over.
                assertPageHeaders(answer.answer());
                assertThat(answer.answer().status()).isEqualTo(kind.status);
                assertThat(answer.text()).doesNotContainPattern("[0-9]{3}\\s*[0-9]{3}");
            }
        }

        @ParameterizedTest
        @ValueSource(strings = {"application/json", "text/plain", "multipart/form-data; boundary=x"})
        @DisplayName("a form endpoint with another content type: 400")
        void otherContentType(String type) {
            String link = invite(registerAnonymously(), ADA);
            Page.Form form = Page.of(client(), link).revealForm();

            client().send("POST", form.action(), Client.utf8(form.body()), "Content-Type", type)
                    .hasStatus(400);
            form.submit(client()).hasStatus(200);
        }

        @Test
        @DisplayName("bodies beyond 64 KiB: 413; another method: 405 with Allow: POST")
        void limits() {
            Page.Form form =
                    Page.of(client(), invite(registerAnonymously(), ADA)).revealForm();

            client().postForm(form.action(), form.body() + "&x=" + "x".repeat(65_536))
                    .hasStatus(413);
            for (String method : List.of("GET", "HEAD", "PUT", "DELETE")) {
                assertThat(client().send(method, form.action(), new byte[0])
                                .hasStatus(405)
                                .header("Allow"))
                        .isEqualTo("POST");
            }
        }
    }

    @Nested
    @DisplayName("Wherever the servlet is mounted")
    final class Mounted {

        private void pageWorks() {
            Registered agent = registerAnonymously();
            Client root = service().clientAt("");
            Page page = new Page(root.get(pathOfNewLink(agent)).hasStatus(200));
            Page revealed =
                    page.revealForm().submit(root, "Origin", service().root()).hasStatus(200);

            client().complete(agent.claimToken(), revealed.code()).hasStatus(200);
        }

        private String pathOfNewLink(Registered agent) {
            invite(agent, ADA);
            return service().mail.newest().link().substring(service().root().length());
        }

        @Test
        @DisplayName("below a context path")
        void belowAContextPath() {
            startService(
                    options -> options.issuerPath("/auth").contextPath("/auth").withoutApi());
            pageWorks();
        }

        @Test
        @DisplayName("mapped below a path")
        void mappedBelowAPath() {
            startService(options ->
                    options.issuerPath("/agents").mappings("/agents/*").withoutApi());
            pageWorks();
        }

        @Test
        @DisplayName("mapped to the endpoints' own paths")
        void mappedToItsOwnPaths() {
            startService(options -> options.mappings("/agent/*", "/oauth2/*", "/.well-known/*", "/auth.md"));
            pageWorks();
        }

        @Test
        @DisplayName(
                "behind a proxy that strips a path: forms and stylesheet have the path that the browser needs, and our origin is the configured one")
        void behindAProxy() {
            startService(
                    options -> options.issuer("https://id.example.com/tenant").withoutApi());
            Registered agent = registerAnonymously();
            Page page = Page.of(client(), invite(agent, ADA)).hasStatus(200);

            assertThat(page.forms())
                    .allSatisfy(form -> assertThat(form.action()).startsWith("/tenant/agent/identity/claim/"));
            assertThat(page.answer().find("<link rel=\"stylesheet\" href=\"([^\"]*)\""))
                    .startsWith("/tenant/agent/");
            String stripped = page.revealForm().action().substring("/tenant".length());
            client().postForm(
                            stripped,
                            page.revealForm().body(),
                            "Origin",
                            service().root())
                    .hasStatus(403);
            assertThat(client().postForm(
                                    stripped,
                                    page.revealForm().body(),
                                    "Origin",
                                    "https://id.example.com",
                                    "Accept",
                                    "text/html")
                            .hasStatus(303)
                            .header("Location"))
                    .startsWith("/tenant/agent/identity/claim/view?token=");
        }
    }
}
