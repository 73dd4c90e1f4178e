package dev.agentauth.examples.replicas;

import dev.agentauth.client.http.Http;
import dev.agentauth.client.http.Reply;
import java.net.URI;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The requests of agents, people and providers, all to one replica, whatever URLs its documents name. */
final class Client {
    private static final String JWT_BEARER = "urn:ietf:params:oauth:grant-type:jwt-bearer";

    private final Http http;
    private final String origin;

    Client(Http http, String origin) {
        this.http = http;
        this.origin = origin;
    }

    Reply document(String path) {
        return http.get(origin + path);
    }

    Reply registerAnonymous() {
        return identity("", Map.of("type", "anonymous"));
    }

    Reply registerEmail(String address) {
        return identity(
                "", Map.of("type", "identity_assertion", "assertion_type", "verified_email", "assertion", address));
    }

    Reply registerIdJag(String idJag) {
        return identity("", Map.of("type", "identity_assertion", "assertion", idJag));
    }

    Reply startClaim(String claimToken, String address) {
        return identity("/claim", Map.of("claim_token", claimToken, "email", address));
    }

    Reply view(String attemptToken) {
        return document("/agent/identity/claim/view?token=" + attemptToken);
    }

    Reply reveal(String attemptToken) {
        return identity("/claim/attempt/challenge", Map.of("claim_attempt_token", attemptToken));
    }

    Reply reject(String attemptToken) {
        return identity("/claim/attempt/reject", Map.of("claim_attempt_token", attemptToken));
    }

    Reply complete(String claimToken, String code) {
        return identity("/claim/complete", Map.of("claim_token", claimToken, "otp", code));
    }

    private Reply identity(String path, Map<String, String> body) {
        return http.postJson(origin + "/agent/identity" + path, body);
    }

    Reply exchange(String assertion) {
        return exchange(assertion, null);
    }

    Reply exchange(String assertion, @Nullable String scope) {
        Map<String, String> form = new HashMap<>(Map.of("grant_type", JWT_BEARER, "assertion", assertion));
        if (scope != null) {
            form.put("scope", scope);
        }
        return http.postForm(origin + "/oauth2/token", form);
    }

    Reply revoke(String accessToken) {
        return http.postForm(origin + "/oauth2/revoke", Map.of("token", accessToken));
    }

    /** Needs {@code api.read}. */
    Reply read(String accessToken) {
        return use("GET", accessToken);
    }

    /** Needs {@code api.write}, which a claim brings. */
    Reply write(String accessToken) {
        return use("POST", accessToken);
    }

    private Reply use(String method, String accessToken) {
        return http.send(
                method, origin + "/api/resource", BodyPublishers.noBody(), "Authorization", "Bearer " + accessToken);
    }

    Reply logout(String logoutToken) {
        return http.post(origin + "/agent/auth/revoke", "application/logout+jwt", logoutToken);
    }

    /** The attempt tokens that this replica has mailed for a registration. */
    private Stream<Mail> mails(String registrationId) {
        return document("/outbox.json").json().items().stream()
                .filter(mail -> mail.get("registration_id").text().equals(registrationId))
                // A notice has no link.
                .filter(mail -> mail.get("link").isPresent())
                .map(mail -> new Mail(
                        token(mail.get("link").text()),
                        Instant.parse(mail.get("sent_at").text())));
    }

    /** The attempt tokens that replicas have mailed for a registration, the newest first. */
    static List<String> attemptTokens(String registrationId, List<Client> replicas) {
        return replicas.stream()
                .flatMap(replica -> replica.mails(registrationId))
                .sorted(Comparator.comparing(Mail::sentAt).reversed())
                .map(Mail::attemptToken)
                .toList();
    }

    private record Mail(String attemptToken, Instant sentAt) {}

    private static String token(String link) {
        return URI.create(link).getQuery().substring("token=".length());
    }
}
