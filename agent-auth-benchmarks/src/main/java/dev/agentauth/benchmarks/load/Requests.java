package dev.agentauth.benchmarks.load;

import java.nio.charset.StandardCharsets;

/** Requests, spelled out to the last byte: making them costs nothing while something is measured. */
final class Requests {
    private static final String HOST = "Host: 127.0.0.1\r\n";

    private Requests() {}

    /** Exchanges an assertion for an access token; the floor takes the same. */
    static byte[] exchange(String assertion) {
        return post(
                "/oauth2/token",
                "application/x-www-form-urlencoded",
                "grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Ajwt-bearer&assertion=" + assertion);
    }

    /** Registers an agent that names nobody. */
    static byte[] registerAnonymously() {
        return post("/agent/identity", "application/json", "{\"type\":\"anonymous\"}");
    }

    /** Comes back with a refresh token. */
    static byte[] refresh(String token) {
        return post(
                "/agent/identity", "application/json", "{\"type\":\"refresh\",\"refresh_token\":\"" + token + "\"}");
    }

    /** Calls the API; without the filter, the token is a header like any other. */
    static byte[] callApi(String token) {
        return ascii("GET /api/resource HTTP/1.1\r\n" + HOST + "Authorization: Bearer " + token + "\r\n\r\n");
    }

    /** What Spring Authorization Server does that is most like an exchange. */
    static byte[] clientCredentials() {
        return post(
                "/oauth2/token",
                "application/x-www-form-urlencoded",
                "grant_type=client_credentials&scope=api.read&client_id=measured"
                        + "&client_secret=a-secret-of-a-client-that-is-measured");
    }

    /** What an agent reads first. */
    static byte[] discovery() {
        return ascii("GET /.well-known/oauth-authorization-server HTTP/1.1\r\n" + HOST + "\r\n");
    }

    private static byte[] post(String path, String type, String body) {
        return ascii("POST " + path + " HTTP/1.1\r\n" + HOST + "Content-Type: " + type + "\r\nContent-Length: "
                + body.length() + "\r\n\r\n" + body);
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
