package dev.agentauth.examples.replicas;

import dev.agentauth.examples.http.Http;
import dev.agentauth.examples.http.Json;
import dev.agentauth.examples.http.Reply;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** One demo in a JVM of its own, and what an agent, a person and a provider can ask of it. */
final class Replica implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final Http http = new Http();
    private final String url;
    private final ProcessBuilder builder;
    private volatile @Nullable Process process;

    Replica(int port, Map<String, String> environment, Path log) {
        this.url = "http://localhost:" + port;
        this.builder = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        "dev.agentauth.examples.Demo")
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
        builder.environment().putAll(environment);
        builder.environment().put("AGENT_AUTH_PORT", String.valueOf(port));
        Runtime.getRuntime().addShutdownHook(new Thread(this::close));
    }

    void start() {
        try {
            process = builder.start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void awaitAnswer() {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (true) {
            try {
                if (http.get(url + "/auth.md").status() == 200) {
                    return;
                }
            } catch (UncheckedIOException e) {
                Process running = process;
                if (running == null || !running.isAlive() || System.nanoTime() > deadline) {
                    throw new AssertionError(url + " does not come up", e);
                }
                Thread.onSpinWait();
            }
        }
    }

    /** SIGKILL: nothing is finished, nothing is said goodbye to. */
    void kill() {
        Process running = process;
        if (running != null) {
            running.destroyForcibly();
            try {
                if (!running.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
                    throw new AssertionError(url + " survived SIGKILL");
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    @Override
    public void close() {
        Process running = process;
        if (running != null) {
            running.destroyForcibly();
        }
    }

    Reply document(String path) {
        return http.get(url + path);
    }

    Reply registerAnonymously() {
        return http.postJson(url + "/agent/identity", Map.of("type", "anonymous"));
    }

    Reply registerWithEmail(String address) {
        return http.postJson(
                url + "/agent/identity",
                Map.of("type", "identity_assertion", "assertion_type", "verified_email", "assertion", address));
    }

    Reply present(String idJag) {
        return http.postJson(url + "/agent/identity", Map.of("type", "identity_assertion", "assertion", idJag));
    }

    Reply startClaim(String claimToken, String address) {
        return http.postJson(url + "/agent/identity/claim", Map.of("claim_token", claimToken, "email", address));
    }

    Reply challenge(String attemptToken) {
        return http.postJson(
                url + "/agent/identity/claim/attempt/challenge", Map.of("claim_attempt_token", attemptToken));
    }

    Reply complete(String claimToken, String code) {
        return http.postJson(url + "/agent/identity/claim/complete", Map.of("claim_token", claimToken, "otp", code));
    }

    Reply exchange(String assertion) {
        return http.postForm(
                url + "/oauth2/token",
                Map.of("grant_type", "urn:ietf:params:oauth:grant-type:jwt-bearer", "assertion", assertion));
    }

    Reply revoke(String token) {
        return http.postForm(url + "/oauth2/revoke", Map.of("token", token));
    }

    Reply logout(String logoutToken) {
        return http.post(url + "/agent/auth/revoke", "application/logout+jwt", logoutToken);
    }

    /** Needs {@code api.read}. */
    Reply read(String token) {
        return http.get(url + "/api/resource", "Authorization", "Bearer " + token);
    }

    /** Needs {@code api.write}, which claiming brings. */
    Reply write(String token) {
        return http.send("POST", url + "/api/resource", BodyPublishers.noBody(), "Authorization", "Bearer " + token);
    }

    /** The token in the newest link that this replica has mailed for a registration. */
    Optional<String> mailedToken(String registrationId) {
        for (Json mail : http.get(url + "/outbox.json").json().items()) {
            if (mail.get("registration_id").text().equals(registrationId)) {
                String link = mail.get("link").text();
                return Optional.of(link.substring(link.indexOf("token=") + "token=".length()));
            }
        }
        return Optional.empty();
    }

    @Override
    public String toString() {
        return url;
    }
}
