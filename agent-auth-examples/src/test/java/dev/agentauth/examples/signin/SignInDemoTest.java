package dev.agentauth.examples.signin;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentauth.client.http.Http;
import dev.agentauth.client.http.Json;
import dev.agentauth.examples.RunningDemo;
import java.net.URI;
import java.net.http.HttpResponse;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The demo with AGENT_AUTH_CEREMONY=sign-in. */
class SignInDemoTest {
    private static final Pattern CODE = Pattern.compile("(?<![\\w-])[0-9](\\s*[0-9]){5}(?![\\w-])");

    private RunningDemo demo;

    @AfterEach
    void stop() {
        demo.close();
    }

    private Visitor start(String path) throws Exception {
        demo = RunningDemo.start(path, Map.of("AGENT_AUTH_CEREMONY", "sign-in"));
        URI issuer = URI.create(demo.issuer());
        return new Visitor(issuer.getScheme() + "://" + issuer.getAuthority());
    }

    private Json post(String path, Map<String, String> body) {
        return new Http().postJson(demo.issuer() + path, body).json();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "/below/a/path"})
    void personSignsInAndReadsTheCode(String path) throws Exception {
        Visitor ada = start(path);
        Json agent = post("/agent/identity", Map.of("type", "service_auth", "login_hint", "ada@example.com"));
        String link = URI.create(agent.get("claim")
                                .get("attempt")
                                .get("verification_uri")
                                .text())
                        .getRawPath()
                + "?"
                + URI.create(agent.get("claim")
                                .get("attempt")
                                .get("verification_uri")
                                .text())
                        .getRawQuery();

        HttpResponse<String> first = ada.get(link);
        assertThat(first.statusCode()).isEqualTo(302);
        String back = ada.signIn(ada.target(first), "Ada@Example.com");
        assertThat(back).isEqualTo(link);
        HttpResponse<String> page = ada.get(back);
        assertThat(page.statusCode()).isEqualTo(200);
        assertThat(page.body()).contains("ada@example.com");
        HttpResponse<String> code = ada.post(
                path + "/agent/identity/claim/view/reveal",
                Visitor.hidden(page.body().substring(page.body().indexOf("/view/reveal") - 60)));
        Matcher digits = CODE.matcher(code.body().replaceAll("<[^>]*>", " "));
        assertThat(digits.find()).isTrue();

        Json completed = post(
                "/agent/identity/claim/complete",
                Map.of(
                        "claim_token",
                        agent.get("claim").get("token").text(),
                        "user_code",
                        digits.group().replaceAll("\\s", "")));
        assertThat(completed.get("status").text()).isEqualTo("claimed");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "bob", "bob@", "@example.com", "bob@exa mple.com"})
    void whatIsNoAddressSignsNobodyIn(String address) throws Exception {
        Visitor bob = start("");

        HttpResponse<String> answer = bob.post("/sign-in", "email=" + address.replace(" ", "+"));

        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(answer.body()).contains("<form method=\"post\">");
    }

    @ParameterizedTest
    @ValueSource(strings = {"cross-site", "same-site", "none"})
    void t54_formFromElsewhereSignsNobodyIn(String site) throws Exception {
        Visitor eve = start("");

        HttpResponse<String> answer = eve.post("/sign-in", "email=eve@example.com", "Sec-Fetch-Site", site);

        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(answer.headers().firstValue("Set-Cookie")).isEmpty();
    }
}
