package dev.agentauth.servlet;

import static dev.agentauth.servlet.MountedService.FORM;
import static dev.agentauth.servlet.MountedService.JSON;
import static dev.agentauth.servlet.MountedService.json;
import static org.assertj.core.api.Assertions.assertThat;

import dev.agentauth.internal.json.JsonObject;
import java.io.ByteArrayInputStream;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is refused before or while a request is read, and in which envelope. */
class StrictRequestTest {
    private static final String JWT_BEARER = "urn:ietf:params:oauth:grant-type:jwt-bearer";

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

    @Test
    void challengeOfAnUnknownClaimTokenNamesTheError() throws Exception {
        HttpResponse<String> response =
                service.postJson("/agent/identity/claim/complete", complete("clm_unknown", "123456"));

        assertThat(response.statusCode()).isEqualTo(401);
        assertThat(response.headers().firstValue("WWW-Authenticate"))
                .contains("AgentAuth error=\"invalid_claim_token\"");
        assertThat(json(response).names()).containsExactlyInAnyOrder("error", "code", "message", "error_description");
    }

    @ParameterizedTest
    @CsvSource({
        "/agent/identity, message, POST",
        "/agent/identity/claim, message, POST",
        "/agent/identity/claim/attempt/challenge, message, POST",
        "/agent/identity/claim/attempt/reject, message, POST",
        "/agent/identity/claim/complete, message, POST",
        "/agent/identity/claim/view/reveal, message, POST",
        "/agent/identity/claim/view/reject, message, POST",
        "/agent/auth/revoke, error_description, POST",
        "/oauth2/token, error_description, POST",
        "/oauth2/revoke, error_description, POST",
        "/agent/identity/claim/view, message, 'GET, HEAD'",
        "/auth.md, message, 'GET, HEAD'",
        "/.well-known/jwks.json, message, 'GET, HEAD'"
    })
    void otherMethodsAreRefusedInTheEnvelopeOfTheEndpoint(String path, String member, String allow) throws Exception {
        // A form of the page answers GET with a page, see A4PageTest.
        String other = allow.equals("POST") ? path.contains("/view/") ? "PATCH" : "GET" : "POST";
        for (String method : List.of(other, "OPTIONS", "PUT", "DELETE", "TRACK")) {
            HttpResponse<String> response = service.send(service.request(path).method(method, BodyPublishers.noBody()));

            assertThat(response.statusCode()).as(method).isEqualTo(405);
            assertThat(response.headers().allValues("Allow")).containsExactly(allow);
            assertThat(json(response).string("error")).contains("invalid_request");
            assertThat(json(response).names())
                    .containsExactlyInAnyOrderElementsOf(
                            member.equals("message")
                                    ? List.of("error", "code", "message", "error_description")
                                    : List.of("error", "error_description"));
            assertThat(response.headers().firstValue("Cache-Control")).contains("no-store");
            assertThat(response.headers().firstValue("Access-Control-Allow-Origin"))
                    .isEmpty();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "/agent/identity, application/json, 413",
        "/agent/identity, text/plain, 415",
        "/agent/identity, application/json; charset=utf-16, 415",
        "/agent/auth/revoke, application/logout+jwt, 413",
        "/agent/auth/revoke, application/jwt, 415",
        "/oauth2/token, application/x-www-form-urlencoded, 413",
        "/oauth2/token, application/json, 400",
        "/oauth2/token, multipart/form-data; boundary=x, 400",
        "/oauth2/token, application/x-www-form-urlencoded; charset=iso-8859-1, 400"
    })
    void bodiesTooLargeOrOfAnotherTypeAreRefused(String path, String contentType, int status) throws Exception {
        String body = "x".repeat(64 * 1024 + 1);
        HttpResponse<String> declared = service.post(path, contentType, body);
        HttpResponse<String> chunked = service.send(service.request(path)
                .header("Content-Type", contentType)
                .POST(BodyPublishers.ofInputStream(
                        () -> new ByteArrayInputStream(body.getBytes(StandardCharsets.UTF_8)))));

        assertThat(declared.statusCode()).isEqualTo(status);
        assertThat(chunked.statusCode()).isEqualTo(status);
        assertThat(json(declared).string("error")).contains("invalid_request");
        assertThat(declared.body()).isEqualTo(chunked.body());
    }

    @Test
    void bodyOfExactlyTheLimitIsRead() throws Exception {
        String start = "{\"type\":\"anonymous\",\"x\":\"";
        String body = start + "x".repeat(64 * 1024 - start.length() - 2) + "\"}";

        assertThat(service.postJson("/agent/identity", body).statusCode()).isEqualTo(200);
    }

    @Test
    void compressedBodiesAreRefused() throws Exception {
        assertThat(service.send(service.request("/agent/identity")
                                .header("Content-Type", JSON)
                                .header("Content-Encoding", "gzip")
                                .POST(BodyPublishers.ofString("{\"type\":\"anonymous\"}")))
                        .statusCode())
                .isEqualTo(415);
        assertThat(service.send(service.request("/oauth2/token")
                                .header("Content-Type", FORM)
                                .header("Content-Encoding", "gzip")
                                .POST(BodyPublishers.ofString("grant_type=x")))
                        .statusCode())
                .isEqualTo(400);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            nullValues = "-",
            value = {
                "-|invalid_request",
                "grant_type=|invalid_request",
                "grant_type=password&assertion=x|unsupported_grant_type",
                "grant_type=password&grant_type=password|invalid_request",
                "grant_type=" + JWT_BEARER + "|invalid_request",
                "grant_type=" + JWT_BEARER + "&assertion=|invalid_request",
                "grant_type=" + JWT_BEARER + "&assertion=a&assertion=|invalid_request",
                "grant_type=" + JWT_BEARER + "&assertion=a&scope=&scope=|invalid_request",
                "grant_type=" + JWT_BEARER + "&assertion=a&x=1&x=2|invalid_grant",
                "grant_type=" + JWT_BEARER + "&assertion=%FF|invalid_request"
            })
    void tokenRequestsAreReadStrictly(String form, String error) throws Exception {
        HttpResponse<String> response =
                service.post("/oauth2/token?grant_type=" + JWT_BEARER + "&assertion=x", FORM, form == null ? "" : form);

        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(json(response).string("error")).contains(error);
        assertThat(response.headers().firstValue("Cache-Control")).contains("no-store");
        assertThat(response.headers().firstValue("Pragma")).contains("no-cache");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "[]",
                "{",
                "{}",
                "{\"type\":null}",
                "{\"type\":1}",
                "{\"type\":\"anonymous\",\"type\":\"anonymous\"}",
                "{\"type\":\"other\"}",
                "{\"type\":\"identity_assertion\"}",
                "{\"type\":\"identity_assertion\",\"assertion\":\"\"}",
                "{\"type\":\"identity_assertion\",\"assertion\":7}",
                "{\"type\":\"identity_assertion\",\"assertion_type\":\"other\",\"assertion\":\"x\"}",
                "{\"type\":\"identity_assertion\",\"assertion_type\":null,\"assertion\":\"x\"}"
            })
    void registrationsAreReadStrictly(String body) throws Exception {
        HttpResponse<String> response = service.postJson("/agent/identity", body);

        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(json(response).string("error")).contains("invalid_request");
    }

    @ParameterizedTest
    @ValueSource(strings = {"12345", "1234567", "12345a", "１２３４５６", " 12345", "-12345"})
    void codeThatIsNotSixDigitsIsNoGuess(String code) throws Exception {
        JsonObject registration = service.registerByEmail("ada@example.com");

        HttpResponse<String> response = service.postJson(
                "/agent/identity/claim/complete", complete(registration.requiredString("claim_token"), code));

        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(json(response).string("error")).contains("invalid_request");
    }

    @Test
    void logoutTokenIsTakenInBothForms() throws Exception {
        HttpResponse<String> jwt = service.post("/agent/auth/revoke", "application/logout+jwt", "a.b.c");
        HttpResponse<String> form = service.post("/agent/auth/revoke", FORM, "logout_token=a.b.c");

        assertThat(jwt.statusCode()).isEqualTo(400);
        assertThat(json(jwt).names()).containsExactlyInAnyOrder("error", "error_description");
        assertThat(form.body()).isEqualTo(jwt.body());
        assertThat(service.post("/agent/auth/revoke", FORM, "logout_token=").body())
                .contains("logout_token is missing");
    }

    @Test
    void unknownPathsAreNotFoundInTheEnvelopeOfTheIdentitySurface() throws Exception {
        for (String path :
                List.of("/", "/agent", "/agent/identity/", "/oauth2/token/x", "/.well-known/openid-configuration")) {
            HttpResponse<String> response = service.get(path);

            assertThat(response.statusCode()).as(path).isEqualTo(404);
            assertThat(json(response).string("error")).contains("invalid_request");
            assertThat(json(response).names())
                    .containsExactlyInAnyOrder("error", "code", "message", "error_description");
        }
    }

    private static String complete(String claimToken, String code) {
        return "{\"claim_token\":\"" + claimToken + "\",\"otp\":\"" + code + "\"}";
    }
}
