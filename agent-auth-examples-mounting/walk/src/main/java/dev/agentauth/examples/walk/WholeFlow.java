package dev.agentauth.examples.walk;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.function.Supplier;

/**
 * One whole flow, from the 401 of an API to the end of a token, as an agent and a person live through it: by the URLs in
 * the answers and in the mail alone. The service is one that lets an agent read ({@code api.read}) before its person has
 * agreed, and write ({@code api.write}) afterwards.
 */
public final class WholeFlow {
    private static final String JWT_BEARER = "urn:ietf:params:oauth:grant-type:jwt-bearer";
    private static final String PERSON = "ada@example.com";

    private final Client client;
    private final String issuer;
    private final String api;
    private final Supplier<String> newestLink;

    private WholeFlow(Client client, String issuer, Supplier<String> newestLink) {
        this.client = client;
        this.issuer = issuer;
        this.api = issuer + "/api/resource";
        this.newestLink = newestLink;
    }

    /**
     * Walks it.
     *
     * @param issuer of the service, which has its API at {@code <issuer>/api/}
     * @param newestLink the link in the newest mail
     */
    public static void walk(Client client, String issuer, Supplier<String> newestLink) {
        new WholeFlow(client, issuer, newestLink).walk();
    }

    private void walk() {
        Reply server = discover();
        Reply registered = clean(
                        client.postJson(server.text("/agent_auth/identity_endpoint"), "{\"type\":\"anonymous\"}"))
                .hasStatus(200);
        String token = clean(client.postForm(
                        server.text("token_endpoint"),
                        "grant_type=" + JWT_BEARER + "&assertion=" + registered.text("identity_assertion")))
                .hasStatus(200)
                .text("access_token");
        use(token).hasStatus(200);
        change(token).isError(403, "insufficient_scope");

        claim(server, registered);

        assertThat(use(token).hasStatus(200).text("user_id")).isNotEmpty();
        change(token).hasStatus(200);

        clean(client.postForm(server.text("revocation_endpoint"), "token=" + token))
                .hasStatus(200);
        use(token).isError(401, "invalid_token");
    }

    /** From the challenge to the documents, wherever the service is mounted. */
    private Reply discover() {
        String challenge = clean(client.get(api)).hasStatus(401).header("WWW-Authenticate");
        String path = URI.create(issuer).getPath();
        String metadata = client.origin() + "/.well-known/oauth-protected-resource" + path + "/api/";
        assertThat(challenge).isEqualTo("Bearer resource_metadata=\"" + metadata + "\"");

        Reply resource = clean(client.get(metadata)).hasStatus(200);
        assertThat(resource.text("resource")).isEqualTo(issuer + "/api/");
        assertThat(resource.text("/authorization_servers/0")).isEqualTo(issuer);
        assertThat(resource.header("Cache-Control")).isEqualTo("public, max-age=300");

        String inserted = client.origin() + "/.well-known/oauth-authorization-server" + path;
        Reply server = clean(client.get(inserted)).hasStatus(200);
        assertThat(server.text("issuer")).isEqualTo(issuer);
        assertThat(client.get(issuer + "/.well-known/oauth-authorization-server")
                        .body())
                .isEqualTo(server.body());
        assertThat(clean(client.get(server.text("/agent_auth/skill")))
                        .hasStatus(200)
                        .body())
                .startsWith("# auth.md")
                .contains(server.text("token_endpoint"));
        clean(client.get(server.text("jwks_uri"))).hasStatus(200);
        return server;
    }

    private void claim(Reply server, Reply registered) {
        String claimUrl = registered.text("claim_url");
        String claimToken = registered.text("claim_token");
        assertThat(claimUrl).isEqualTo(server.text("/agent_auth/claim_endpoint"));
        clean(client.postJson(claimUrl, "{\"claim_token\":\"" + claimToken + "\",\"email\":\"" + PERSON + "\"}"))
                .hasStatus(200);

        String link = newestLink.get();
        assertThat(link).startsWith(issuer + "/agent/identity/claim/view?token=");
        String attemptToken = link.substring(link.indexOf('=') + 1);
        lookAtThePage(link, attemptToken);

        String code = clean(client.postJson(
                        claimUrl + "/attempt/challenge", "{\"claim_attempt_token\":\"" + attemptToken + "\"}"))
                .hasStatus(200)
                .text("challenge");
        Reply completed = clean(client.postJson(
                        claimUrl + "/complete", "{\"claim_token\":\"" + claimToken + "\",\"otp\":\"" + code + "\"}"))
                .hasStatus(200);
        assertThat(completed.text("status")).isEqualTo("claimed");
    }

    /** The page, its stylesheet, and its first button; a browser sends our own origin with it, and no other is taken. */
    private void lookAtThePage(String link, String attemptToken) {
        Reply page = clean(client.get(link)).hasStatus(200);
        assertThat(page.header("Cache-Control")).isEqualTo("no-store");
        assertThat(page.header("Content-Security-Policy")).startsWith("default-src 'none'");
        assertThat(page.headers().allValues("X-Frame-Options")).containsExactly("DENY");
        assertThat(page.headers().allValues("Referrer-Policy")).containsExactly("no-referrer");

        String stylesheet = resolve(link, page.find("<link[^>]* href=\"([^\"]*style\\.css[^\"]*)\""));
        assertThat(clean(client.get(stylesheet)).hasStatus(200).header("Content-Type"))
                .startsWith("text/css");

        String reveal = resolve(link, page.find("<form[^>]* action=\"([^\"]*/reveal)\""));
        String token = "token=" + URLEncoder.encode(attemptToken, StandardCharsets.UTF_8);
        clean(client.postForm(reveal, token, "Origin", "https://elsewhere.example"))
                .hasStatus(403);
        clean(client.postForm(reveal, token, "Origin", client.origin())).hasStatus(200);
    }

    private String resolve(String link, String reference) {
        String resolved = URI.create(link).resolve(reference).toString();
        assertThat(resolved).startsWith(issuer + "/agent/identity/claim/view/");
        return resolved;
    }

    private Reply use(String token) {
        return clean(client.get(api, "Authorization", "Bearer " + token));
    }

    private Reply change(String token) {
        return clean(client.postJson(api, "{}", "Authorization", "Bearer " + token));
    }

    /** Nothing here needs a cookie, so nothing here sets one. */
    private static Reply clean(Reply reply) {
        assertThat(reply.headers().allValues("Set-Cookie")).as(reply.request()).isEmpty();
        return reply;
    }
}
