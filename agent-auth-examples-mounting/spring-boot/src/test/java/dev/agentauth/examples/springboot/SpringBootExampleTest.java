package dev.agentauth.examples.springboot;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentauth.examples.walk.Client;
import dev.agentauth.examples.walk.Reply;
import dev.agentauth.examples.walk.WholeFlow;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Both chains of the example, side by side. */
class SpringBootExampleTest {
    private static final String ISSUER = "http://localhost:8080";

    private static RunningService service;
    private static Client client;

    @BeforeAll
    static void start() {
        service = RunningService.start();
        client = service.client(ISSUER);
    }

    @AfterAll
    static void stop() {
        service.close();
    }

    @Test
    void agentWalksTheWholeFlow() {
        WholeFlow.walk(client, ISSUER, service::newestLink);
    }

    @Test
    void personSignsInAndKeepsTheProtectionAgainstForgedRequests() {
        String ada = basic(ServiceConfiguration.ADA, ServiceConfiguration.PASSWORD);

        client.get(ISSUER + "/account").hasStatus(401);
        assertThat(client.get(ISSUER + "/account", "Authorization", ada)
                        .hasStatus(200)
                        .body())
                .isEqualTo("Hello, " + ServiceConfiguration.ADA);
        client.postForm(ISSUER + "/account", "", "Authorization", ada).hasStatus(403);
    }

    @Test
    void neitherSideTakesTheCredentialsOfTheOther() {
        String agent = "Bearer " + token();
        String ada = basic(ServiceConfiguration.ADA, ServiceConfiguration.PASSWORD);

        client.get(ISSUER + "/api/resource", "Authorization", agent).hasStatus(200);
        client.get(ISSUER + "/account", "Authorization", agent).hasStatus(401);
        client.get(ISSUER + "/api/resource", "Authorization", ada).hasStatus(401);
    }

    @Test
    void pathsOfTheServiceBesideOursStayBehindItsOwnSignIn() {
        client.get(ISSUER + "/oauth2/authorization/some-provider").hasStatus(401);
        client.get(ISSUER + "/agents").hasStatus(401);
        client.get(ISSUER + "/auth.mdx").hasStatus(401);
    }

    @Test
    void formOfAnotherMethodAndAMultipartBodyReachTheServletWhole() {
        Reply put = client.send(
                "PUT",
                ISSUER + "/oauth2/token",
                BodyPublishers.ofString("grant_type=x"),
                "Content-Type",
                "application/x-www-form-urlencoded");
        assertThat(put.isError(405, "invalid_request").header("Allow")).isEqualTo("POST");

        client.send(
                        "POST",
                        ISSUER + "/oauth2/token",
                        BodyPublishers.ofString(
                                "--b\r\nContent-Disposition: form-data; name=\"grant_type\"\r\n\r\nx\r\n--b--\r\n"),
                        "Content-Type",
                        "multipart/form-data; boundary=b")
                .isError(400, "invalid_request");
    }

    @Test
    void errorOfTheApiIsRenderedByTheServiceForAnAdmittedAgent() {
        client.get(ISSUER + "/api/nothing", "Authorization", "Bearer " + token())
                .hasStatus(404);
    }

    @Test
    void filterForHiddenMethodsReadsNoFormOfOurs() {
        try (RunningService hidden = RunningService.start("spring.mvc.hiddenmethod.filter.enabled=true")) {
            WholeFlow.walk(hidden.client(ISSUER), ISSUER, hidden::newestLink);
        }
    }

    private static String token() {
        Reply registered = client.postJson(ISSUER + "/agent/identity", "{\"type\":\"anonymous\"}");
        return client.postForm(
                        ISSUER + "/oauth2/token",
                        "grant_type=urn:ietf:params:oauth:grant-type:jwt-bearer&assertion="
                                + registered.text("identity_assertion"))
                .text("access_token");
    }

    private static String basic(String name, String password) {
        byte[] credentials = (name + ":" + password).getBytes(StandardCharsets.UTF_8);
        return "Basic " + Base64.getEncoder().encodeToString(credentials);
    }
}
