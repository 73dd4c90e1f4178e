package dev.agentauth.servlet;

import static dev.agentauth.servlet.TestService.FORM;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The page behind the mailed link, over a real container. */
class ClaimPageTest {
    private TestService service;

    @BeforeEach
    void start() throws Exception {
        service = new TestService();
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
                        "default-src 'none'; style-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'");
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
        assertThat(revealed.body()).isEqualTo(page.body()).contains("This link is too old");
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
        Matcher link = Pattern.compile("<link rel=\"stylesheet\" href=\"([^\"]+)\">")
                .matcher(service.get("/agent/identity/claim/view").body());
        assertThat(link.find()).isTrue();

        HttpResponse<String> css = service.get(link.group(1));

        assertThat(css.statusCode()).isEqualTo(200);
        assertThat(css.body()).contains("prefers-color-scheme: dark");
        assertThat(css.headers().firstValue("Cache-Control")).contains("public, max-age=31536000, immutable");
    }
}
