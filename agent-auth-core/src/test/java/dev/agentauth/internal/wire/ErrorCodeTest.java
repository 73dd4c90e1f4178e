package dev.agentauth.internal.wire;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentauth.AgentAuthException;
import dev.agentauth.Problem;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ErrorCodeTest {

    @ParameterizedTest
    @EnumSource(ErrorCode.class)
    void textIsPlainAsciiThatSaysSomething(ErrorCode code) {
        assertThat(code.text())
                .matches("[\\x20-\\x21\\x23-\\x5B\\x5D-\\x7E]{20,}")
                .endsWith(".");
        assertThat(code.code()).matches("[a-z_]+");
        assertThat(code.status()).isBetween(400, 503);
    }

    @Test
    void statusesAreTheProtocols() {
        assertThat(ErrorCode.INVALID_REQUEST.status()).isEqualTo(400);
        assertThat(ErrorCode.INTERACTION_REQUIRED.status()).isEqualTo(401);
        assertThat(ErrorCode.USER_NOT_FOUND.status()).isEqualTo(403);
        assertThat(ErrorCode.INVALID_CLAIM_TOKEN.status()).isEqualTo(401);
        assertThat(ErrorCode.CLAIMED_OR_IN_FLIGHT.status()).isEqualTo(409);
        assertThat(ErrorCode.CLAIM_EXPIRED.status()).isEqualTo(410);
        assertThat(ErrorCode.CLAIM_REJECTED.status()).isEqualTo(403);
        assertThat(ErrorCode.CLAIM_SUPERSEDED.status()).isEqualTo(410);
        assertThat(ErrorCode.CLAIM_COMPLETED.status()).isEqualTo(409);
        assertThat(ErrorCode.OTP_INVALID.status()).isEqualTo(401);
        assertThat(ErrorCode.OTP_NOT_GENERATED.status()).isEqualTo(400);
        assertThat(ErrorCode.OTP_EXPIRED.status()).isEqualTo(410);
        assertThat(ErrorCode.PREVIOUSLY_CLAIMED.status()).isEqualTo(409);
        assertThat(ErrorCode.RATE_LIMITED.status()).isEqualTo(429);
        assertThat(ErrorCode.TEMPORARILY_UNAVAILABLE.status()).isEqualTo(503);
        assertThat(ErrorCode.INVALID_GRANT.status()).isEqualTo(400);
        assertThat(ErrorCode.INVALID_TOKEN.status()).isEqualTo(401);
        assertThat(ErrorCode.INSUFFICIENT_SCOPE.status()).isEqualTo(403);
    }

    @Test
    void refusalCarriesItsCodeAndNoStack() {
        AgentAuthException refusal = new AgentAuthException(Problem.CODE_WRONG);

        assertThat(refusal.problem()).isEqualTo(Problem.CODE_WRONG);
        assertThat(refusal.detail()).isEmpty();
        assertThat(refusal.getStackTrace()).isEmpty();
        assertThat(refusal.retryAfter()).isEmpty();
        assertThat(AgentAuthException.rateLimited(Duration.ofSeconds(7)).retryAfter())
                .contains(Duration.ofSeconds(7));
        assertThat(AgentAuthException.unavailable(new IllegalStateException("x"))
                        .problem())
                .isEqualTo(Problem.OUT_OF_REACH);
        assertThat(AgentAuthException.unavailable(null).retryAfter()).isPresent();
    }
}
