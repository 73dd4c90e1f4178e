package dev.agentauth.servlet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.agentauth.AuthenticatedAgent;
import dev.agentauth.BearerTokens;
import dev.agentauth.internal.json.Json;
import dev.agentauth.internal.json.JsonFormatException;
import dev.agentauth.spi.PortUnavailableException;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class BearerChallengesTest {
    private static final String METADATA =
            "resource_metadata=\"https://service.example/.well-known/oauth-protected-resource\"";
    private static final String TOKEN = "at_" + "A".repeat(32);

    private final BearerChallenges challenges = BearerChallenges.of(tokens(Optional.empty()));

    @Test
    void challengesAreThoseOfTheFilter() throws Exception {
        check(challenges.unauthenticated(), 401, "invalid_token", "Bearer " + METADATA);
        check(challenges.invalidToken(), 401, "invalid_token", "Bearer error=\"invalid_token\", " + METADATA);
        check(
                challenges.insufficientScope(),
                403,
                "insufficient_scope",
                "Bearer error=\"insufficient_scope\", " + METADATA);
        check(
                challenges.insufficientScope("a.read", "a.write"),
                403,
                "insufficient_scope",
                "Bearer error=\"insufficient_scope\", " + METADATA + ", scope=\"a.read a.write\"");
        check(
                challenges.malformed("Send it once."),
                400,
                "invalid_request",
                "Bearer error=\"invalid_request\", " + METADATA);
    }

    @Test
    void failureIsNotTheTokensFaultAndTellsNothingOfItself() throws Exception {
        BearerAnswer unavailable = challenges.failure(new PortUnavailableException("secret words"));
        BearerAnswer failed = challenges.failure(new IllegalStateException("secret words"));

        check(unavailable, 503, "temporarily_unavailable", null);
        assertThat(unavailable.headers()).containsEntry("Retry-After", "5");
        check(failed, 500, "server_error", null);
        assertThat(new String(unavailable.body(), java.nio.charset.StandardCharsets.UTF_8)
                        + new String(failed.body(), java.nio.charset.StandardCharsets.UTF_8))
                .doesNotContain("secret words");
        assertThatThrownBy(() -> challenges.failure(new OutOfMemoryError())).isInstanceOf(OutOfMemoryError.class);
    }

    @Test
    void textsAndScopesCannotEndTheirQuotes() {
        for (String text : List.of("a\"b", "a\\b", "a\r\nb", "é")) {
            assertThatIllegalArgumentException().isThrownBy(() -> challenges.malformed(text));
            assertThatIllegalArgumentException().isThrownBy(() -> challenges.insufficientScope(text));
        }
        assertThatIllegalArgumentException().isThrownBy(() -> challenges.insufficientScope("a b"));
        assertThatIllegalArgumentException().isThrownBy(() -> challenges.insufficientScope(""));
    }

    @Test
    void judgeLooksUpWhatLooksLikeOurs() {
        AuthenticatedAgent agent = new AuthenticatedAgent("reg_1", null, List.of("a.read"), null);
        BearerJudge judge = BearerJudge.of(tokens(Optional.of(agent)));

        assertThat(judge.judge(List.of())).isInstanceOf(BearerVerdict.Absent.class);
        assertThat(judge.judge(List.of("Basic YTpi"))).isInstanceOf(BearerVerdict.Absent.class);
        assertThat(judge.judge(List.of("Bearer e30.e30.c2ln"))).isInstanceOf(BearerVerdict.Foreign.class);
        assertThat(judge.judge(List.of("Bearer " + TOKEN))).isEqualTo(new BearerVerdict.Agent(agent));
        assertThat(status(judge.judge(List.of("Bearer a b")))).isEqualTo(401);
        assertThat(status(judge.judge(List.of("Bearer " + TOKEN, "Bearer " + TOKEN))))
                .isEqualTo(400);
        assertThat(status(BearerJudge.of(tokens(Optional.empty())).judge(List.of("Bearer " + TOKEN))))
                .isEqualTo(401);
        assertThat(judge.judge(List.of("Bearer " + TOKEN)).toString()
                        + BearerCredentials.of(List.of("Bearer " + TOKEN)))
                .doesNotContain(TOKEN);
    }

    private static int status(BearerVerdict verdict) {
        return ((BearerVerdict.Refused) verdict).answer().status();
    }

    private static void check(BearerAnswer answer, int status, String error, String challenge)
            throws JsonFormatException {
        assertThat(answer.status()).isEqualTo(status);
        assertThat(answer.headers())
                .containsEntry("Cache-Control", "no-store")
                .containsEntry("Content-Type", "application/json");
        assertThat(answer.headers().get("WWW-Authenticate")).isEqualTo(challenge);
        assertThat(Json.parseObject(answer.body()).string("error")).contains(error);
    }

    private static BearerTokens tokens(Optional<AuthenticatedAgent> found) {
        return new BearerTokens() {
            @Override
            public Optional<AuthenticatedAgent> authenticate(String token) {
                return found;
            }

            @Override
            public String resourceMetadataUrl() {
                return "https://service.example/.well-known/oauth-protected-resource";
            }
        };
    }
}
