package dev.agentauth.servlet;

import static dev.agentauth.servlet.MountedService.FORM;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.agentauth.servlet.ClaimPageView.Closed;
import dev.agentauth.servlet.ClaimPageView.Code;
import dev.agentauth.servlet.ClaimPageView.Decision;
import dev.agentauth.servlet.ClaimPageView.Mailed;
import dev.agentauth.servlet.ClaimPageView.Problem;
import java.io.IOException;
import java.io.StringReader;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.PropertyResourceBundle;
import java.util.ResourceBundle;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The page behind the mailed link, over a real container. */
class ClaimPageTest {
    private MountedService service;

    @BeforeEach
    void start() throws Exception {
        service = new MountedService();
        service.withAgentAuthServlet().start();
    }

    @AfterEach
    void stop() throws Exception {
        service.stop();
    }

    @ParameterizedTest
    @CsvSource({"?, 400", "?token=, 400", "?token=a&token=b, 400", "?token=cvt_unknown, 404"})
    void pageWithoutAKnownTokenSaysSo(String query, int status) throws Exception {
        HttpResponse<String> page = service.get("/agent/identity/claim/view" + query);

        assertThat(page.statusCode()).isEqualTo(status);
        assertThat(page.headers().firstValue("Content-Type"))
                .hasValueSatisfying(type -> assertThat(type).startsWith("text/html"));
        assertThat(page.headers().firstValue("Content-Security-Policy"))
                .contains(
                        "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'");
        assertThat(page.headers().firstValue("X-Frame-Options")).contains("DENY");
        assertThat(page.headers().firstValue("Referrer-Policy")).contains("no-referrer");
        assertThat(page.headers().firstValue("X-Content-Type-Options")).contains("nosniff");
        assertThat(page.headers().firstValue("Cache-Control")).contains("no-store");
    }

    @Test
    void pageOfALapsedLinkIsGone() throws Exception {
        service.registerByEmail("ada@example.com");
        service.now = service.now.plusSeconds(600);

        HttpResponse<String> page = service.get("/agent/identity/claim/view?token=" + service.attemptToken());
        HttpResponse<String> revealed =
                service.post("/agent/identity/claim/view/reveal", FORM, "token=" + service.attemptToken());

        assertThat(page.statusCode()).isEqualTo(410);
        assertThat(revealed.statusCode()).isEqualTo(410);
        assertThat(revealed.body()).isEqualTo(page.body()).contains("This link has expired");
    }

    @Test
    void formsOfOtherSitesAreRefusedAndChangeNothing() throws Exception {
        service.registerByEmail("ada@example.com");
        for (String path : List.of("/agent/identity/claim/view/reveal", "/agent/identity/claim/view/reject")) {
            for (String[] header : new String[][] {
                {"Sec-Fetch-Site", "cross-site"}, {"Sec-Fetch-Site", "same-site"}, {"Origin", "https://evil.example"}
            }) {
                HttpResponse<String> response = service.send(service.request(path)
                        .header("Content-Type", FORM)
                        .headers(header)
                        .POST(BodyPublishers.ofString("token=" + service.attemptToken())));

                assertThat(response.statusCode()).isEqualTo(403);
                assertThat(response.body()).contains("This did not come from our page");
            }
        }
        assertThat(service.get("/agent/identity/claim/view?token=" + service.attemptToken())
                        .body())
                .contains("Show the code");
    }

    @Test
    void stylesheetOfThePageIsThere() throws Exception {
        HttpResponse<String> css = service.get(
                find("<link rel=\"stylesheet\" href=\"([^\"]+)\">", service.get("/agent/identity/claim/view")));

        assertThat(css.statusCode()).isEqualTo(200);
        assertThat(css.body())
                .contains("prefers-color-scheme: dark", "--accent: #0b57a4;")
                .doesNotContain("url(", "@import", "http");
        assertThat(css.headers().firstValue("Cache-Control")).contains("public, max-age=31536000, immutable");
    }

    @Test
    void pageWithTheCodeLoadsItsTwoScriptsFromPathsOfTheirOwn() throws Exception {
        service.registerByEmail("ada@example.com");
        HttpResponse<String> page = reveal();
        HttpResponse<String> script =
                service.get(find("<script src=\"([^\"]+code\\.js[^\"]+)\" defer=\"\"></script>", page));

        assertThat(page.body().split("<script", -1)).hasSize(3);
        assertThat(policy(page))
                .isEqualTo(
                        "default-src 'none'; style-src 'self'; img-src 'self'; script-src 'self'; connect-src 'self';"
                                + " form-action 'self'; base-uri 'none'; frame-ancestors 'none'");
        assertThat(script.statusCode()).isEqualTo(200);
        assertThat(script.headers().firstValue("Content-Type"))
                .hasValueSatisfying(type -> assertThat(type).startsWith("text/javascript;"));
        assertThat(script.headers().firstValue("Cache-Control")).contains("public, max-age=31536000, immutable");
        assertThat(script.headers().firstValue("X-Content-Type-Options")).contains("nosniff");
    }

    @Test
    void codeIsSixDigitsInOneElementAndIsSpokenDigitByDigit() throws Exception {
        service.registerByEmail("ada@example.com");
        HttpResponse<String> page = reveal();
        String digits = find("<span id=\"digits\" aria-hidden=\"true\">(.*?</span>)</span>", page)
                .replaceAll("<[^>]*>", "");

        assertThat(digits).matches("[0-9]{6}");
        assertThat(page.body())
                .contains(">" + String.join(" ", digits.split("")) + "</span>")
                .contains("data-seconds=\"600\"", "data-left=\"{0} left\"", ">10 minutes left<")
                .containsPattern("<button id=\"copy\"[^>]* hidden=\"\">");
    }

    @Test
    void pageIsInTheLanguageThatIsReadBest() throws Exception {
        service.registerByEmail("ada@example.com");
        service.now = service.now.plusSeconds(125);
        HttpResponse<String> german = service.get(view(), "Accept-Language", "fr, de-AT;q=0.8, en;q=0.3");
        HttpResponse<String> english = service.get(view(), "Accept-Language", "fr");

        assertThat(german.body())
                .contains("<html lang=\"de\" dir=\"ltr\">", "<title>Ein Agent möchte für Sie handeln – Example</title>")
                .contains("Vor 2 Minuten", "4. Mai 2026, 13:00 Uhr (UTC)", "Code anzeigen", "Das war ich nicht");
        assertThat(german.headers().firstValue("Content-Language")).contains("de");
        assertThat(german.headers().firstValue("Vary")).contains("Accept-Language");
        assertThat(english.body()).contains("<html lang=\"en\" dir=\"ltr\">", "2 minutes ago", "4 May 2026, 13:00 UTC");
        assertThat(english.headers().firstValue("Content-Language")).contains("en");
        assertThat(english.headers().firstValue("Vary")).contains("Accept-Language");
    }

    @Test
    void formsAreAnsweredInTheLanguageToo() throws Exception {
        service.registerByEmail("ada@example.com");
        service.send(form("reveal"));
        HttpResponse<String> code = service.get(view(), "Accept-Language", "de");
        HttpResponse<String> rejected = service.send(form("reject").header("Accept-Language", "de"));

        assertThat(code.body()).contains("Ihr Code", "Noch 10 Minuten", "data-left=\"Noch {0}\"");
        assertThat(rejected.body()).contains("Anfrage beendet", "Sie haben gesagt, dass Sie das nicht waren");
    }

    @Test
    void nameLogoColourAndTextsAreTheServices() throws Exception {
        byte[] logo = "<svg xmlns=\"http://www.w3.org/2000/svg\"/>".getBytes(StandardCharsets.UTF_8);
        restart(ClaimPage.builder()
                .name("Bird & Co")
                .logo(logo, "image/svg+xml", "A \"bird\"")
                .accent("#FFD400")
                .texts(Locale.ENGLISH, bundle("open.yes.button = Reveal\nscope.api.read = Read <your> birds"))
                .defaultLanguage(Locale.GERMAN)
                .build());
        service.registerByEmail("ada@example.com");
        HttpResponse<String> page = service.get(view(), "Accept-Language", "en");
        HttpResponse<String> image = service.get(find("<img src=\"([^\"]+)\" alt=\"A &quot;bird&quot;\">", page));

        assertThat(page.body())
                .contains("<span>Bird &amp; Co</span>", ">Reveal</button>")
                .contains("<li>Read &lt;your&gt; birds <code class=\"fine\">api.read</code></li>")
                .contains("<li><code>api.write</code></li>")
                .doesNotContain("Example");
        assertThat(policy(page)).contains("; img-src 'self';");
        assertThat(image.body().getBytes(StandardCharsets.UTF_8)).isEqualTo(logo);
        assertThat(image.headers().firstValue("Content-Type")).contains("image/svg+xml");
        assertThat(policy(image)).isEqualTo("default-src 'none'; style-src 'unsafe-inline'; sandbox");
        assertThat(service.get(find("<link rel=\"stylesheet\" href=\"([^\"]+)\">", page))
                        .body())
                .contains("--accent: #ffd400; --on-accent: #000000;");
        assertThat(service.get(view(), "Accept-Language", "fr").body()).contains("<html lang=\"de\"", "Bird &amp; Co");
    }

    @Test
    void wordmarkStandsInThePlaceOfTheNameAndLeavesTheIconToUs() throws Exception {
        byte[] logo = "<svg xmlns=\"http://www.w3.org/2000/svg\"/>".getBytes(StandardCharsets.UTF_8);
        restart(ClaimPage.builder()
                .name("Bird & Co")
                .wordmark(logo, "image/svg+xml")
                .build());
        HttpResponse<String> page = service.get("/agent/identity/claim/view");

        assertThat(page.body())
                .containsPattern("<header><p><img src=\"[^\"]+\" alt=\"Bird &amp; Co\"></p></header>")
                .containsPattern("<link rel=\"icon\" href=\"[^\"]+/icon\\.svg\\?v=");
    }

    @Test
    void everyPageHasAnIcon() throws Exception {
        HttpResponse<String> icon =
                service.get(find("<link rel=\"icon\" href=\"([^\"]+)\">", service.get("/agent/identity/claim/view")));

        assertThat(icon.headers().firstValue("Content-Type")).contains("image/svg+xml");
        assertThat(icon.body()).contains("#0b57a4").doesNotContain("script");
    }

    @Test
    void supportAndManageAreLinkedWhereTheyAreNeeded() throws Exception {
        restart(ClaimPage.builder()
                .support("mailto:help@example.com")
                .manage("/account/agents")
                .build());
        service.registerByEmail("ada@example.com");

        assertThat(service.get(view()).body())
                .contains("Until you end it, under <a href=\"/account/agents\">Your agents</a>");
        assertThat(service.get("/agent/identity/claim/view?token=cvt_x").body())
                .contains("<a href=\"/account/agents\">Your agents</a>")
                .contains("<a href=\"mailto:help@example.com\">Contact Example</a>");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "//elsewhere",
                "javascript:alert(1)",
                "http://example.com",
                "data:,x",
                "help",
                "https:",
                "/a b"
            })
    void linkThatLeadsNowhereGoodIsRefused(String url) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ClaimPage.builder().support(url))
                .withMessageContaining("support");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ClaimPage.builder().manage(url))
                .withMessageContaining("manage");
    }

    @Test
    void rendererOfAnEmbedderWritesThePageAndStatusAndHeadersStayOurs() throws Exception {
        restart(new OwnPage());
        service.registerByEmail("ada@example.com");
        HttpResponse<String> open = service.get(view(), "Accept-Language", "fr-CA");
        HttpResponse<String> css = service.get(find("href=([^>]+)>", open));
        String action = find("action=([^>]+)>", open);
        String token = find("token=([^>]+)>", open);
        HttpResponse<String> code = service.post(action, FORM, "token=" + token);

        assertThat(open.body()).startsWith("fr Decision Example [api.read, api.write]");
        assertThat(open.headers().firstValue("Content-Type")).contains("text/html;charset=utf-8");
        assertThat(open.headers().firstValue("Content-Language")).contains("fr");
        assertThat(policy(open)).doesNotContain("connect-src", "img-src").contains("default-src 'none'");
        assertThat(open.headers().firstValue("X-Frame-Options")).contains("DENY");
        assertThat(css.body()).isEqualTo("p {}");
        assertThat(code.body()).matches("en Code [0-9]{6}");
        assertThat(policy(code)).contains("script-src 'self'", "connect-src 'self'");

        assertThat(service.get("/agent/identity/claim/view?token=cvt_x").statusCode())
                .isEqualTo(404);
        assertThat(service.get("/agent/identity/claim/view").body()).isEqualTo("en Problem INCOMPLETE_LINK");
        assertThat(service.send(form("reject").header("Sec-Fetch-Site", "cross-site"))
                        .body())
                .isEqualTo("en Problem FOREIGN_FORM");
        assertThat(service.post("/agent/identity/claim/view/reject", FORM, "token=" + token)
                        .body())
                .isEqualTo("en Closed REJECTED");
    }

    @Test
    void rendererThatFailsIs500AndItsWordsStayInside() throws Exception {
        restart(view -> {
            throw new IllegalStateException("the template says no");
        });
        HttpResponse<String> page = service.get("/agent/identity/claim/view");

        assertThat(page.statusCode()).isEqualTo(500);
        assertThat(page.headers().firstValue("Content-Type").orElseThrow()).startsWith("text/html");
        assertThat(page.body()).contains("<h1>Not available right now</h1>").doesNotContain("template");
    }

    @Test
    void servletWithAPageThatCannotBeServedIsNotBuilt() {
        ClaimPageAsset file = ClaimPageAsset.of("a.css", "text/css", new byte[0]);
        for (List<ClaimPageAsset> assets :
                List.of(List.of(file, file), List.of(ClaimPageAsset.of("reveal", "text/css", new byte[0])))) {
            AgentAuthServlet.Builder builder =
                    AgentAuthServlet.builder(service.auth).claimPage(new Assets(assets, List.of(Locale.ENGLISH)));
            assertThatIllegalArgumentException().isThrownBy(builder::build).withMessageContaining("of this name");
        }
        AgentAuthServlet.Builder mute =
                AgentAuthServlet.builder(service.auth).claimPage(new Assets(List.of(), List.of()));
        assertThatIllegalArgumentException().isThrownBy(mute::build).withMessageContaining("no language");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a/b", "../a", "A", ".a", "a?", "a..b", "a%2e", "-"})
    void assetNameThatIsNoSegmentOfAPathIsRefused(String name) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ClaimPageAsset.of(name, "text/css", new byte[0]))
                .withMessageContaining("name");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "css", "text/css\r\nX: y", "text/html; charset=\"x\"", "TEXT/css"})
    void assetMediaTypeThatIsNoneIsRefused(String mediaType) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ClaimPageAsset.of("a", mediaType, new byte[0]))
                .withMessageContaining("media type");
    }

    @Test
    void defaultLanguageWithoutTextsIsRefused() {
        ClaimPage.Builder builder = ClaimPage.builder().defaultLanguage(Locale.FRENCH);

        assertThatIllegalArgumentException().isThrownBy(builder::build).withMessageContaining("fr");
    }

    /** As short as a page can be; only for values that need no escaping. */
    private static final class OwnPage implements ClaimPageRenderer {
        @Override
        public String render(ClaimPageView view) {
            String start = view.setting().language() + " " + view.getClass().getSimpleName() + " ";
            if (view instanceof Decision decision) {
                return start + view.setting().serviceName() + " "
                        + decision.claim().scopes() + " href="
                        + view.setting().asset("own.css") + "> action="
                        + decision.reveal().url() + "> token="
                        + decision.reveal().fields().get("token").reveal() + ">";
            } else if (view instanceof Code code) {
                return start + code.code().reveal();
            } else if (view instanceof Closed closed) {
                return start + closed.reason();
            } else if (view instanceof Mailed) {
                return start;
            }
            return start + ((Problem) view).kind();
        }

        @Override
        public List<Locale> languages() {
            return List.of(Locale.ENGLISH, Locale.FRENCH);
        }

        @Override
        public List<ClaimPageAsset> assets() {
            return List.of(ClaimPageAsset.of("own.css", "text/css", "p {}".getBytes(StandardCharsets.UTF_8)));
        }
    }

    /** Files and languages without a page. */
    private record Assets(List<ClaimPageAsset> assets, List<Locale> languages) implements ClaimPageRenderer {
        @Override
        public String render(ClaimPageView view) {
            return "";
        }
    }

    private void restart(ClaimPageRenderer page) throws Exception {
        service.stop();
        service = new MountedService();
        service.with(
                        AgentAuthServlet.builder(service.auth)
                                .clock(() -> service.now)
                                .claimPage(page)
                                .build(),
                        "/*")
                .start();
    }

    private String view() {
        return "/agent/identity/claim/view?token=" + service.attemptToken();
    }

    private HttpResponse<String> reveal() throws Exception {
        HttpResponse<String> pressed = service.send(form("reveal").header("Accept", "text/html"));
        return service.get(pressed.headers().firstValue("Location").orElseThrow());
    }

    private HttpRequest.Builder form(String decision) {
        return service.request("/agent/identity/claim/view/" + decision)
                .header("Content-Type", FORM)
                .POST(BodyPublishers.ofString("token=" + service.attemptToken()));
    }

    private static String policy(HttpResponse<String> page) {
        return page.headers().firstValue("Content-Security-Policy").orElseThrow();
    }

    private static String find(String pattern, HttpResponse<String> page) {
        Matcher matcher = Pattern.compile(pattern).matcher(page.body());
        assertThat(matcher.find()).as("%s in %s", pattern, page.body()).isTrue();
        return matcher.group(1);
    }

    private static ResourceBundle bundle(String lines) throws IOException {
        return new PropertyResourceBundle(new StringReader(lines));
    }
}
