package dev.agentauth;

import static dev.agentauth.TestService.CALLER;
import static org.assertj.core.api.Assertions.assertThat;

import dev.agentauth.internal.Audit;
import dev.agentauth.internal.Limits;
import dev.agentauth.internal.Secrets;
import dev.agentauth.testkit.MovableClock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** PROTOCOL A11: a verification that fails by signature costs the client's budget. */
class F27_FailedVerificationsTest {
    private final MovableClock clock = MovableClock.at(TestService.START);
    private final Limits limits =
            new Limits(new HourlyLimiter(clock), new Audit(List.of(event -> {}), clock, new Secrets()));
    private final AtomicInteger verifications = new AtomicInteger();

    private boolean verify(Caller caller, boolean good) {
        return limits.verifies(caller, () -> {
            verifications.incrementAndGet();
            return good;
        });
    }

    @Test
    void f27_onceTheBudgetIsSpentNothingIsVerifiedAnyMore() {
        for (int i = 0; i < 60; i++) {
            assertThat(verify(CALLER, false)).isFalse();
        }

        for (int i = 0; i < 1_000; i++) {
            AgentAuthException refused = Refused.exception(() -> verify(CALLER, true));
            assertThat(refused.problem()).isEqualTo(Problem.LIMIT_SPENT);
            assertThat(refused.retryAfter()).contains(Duration.ofHours(1));
        }
        assertThat(verifications).hasValue(60);
    }

    @Test
    void f27_goodSignaturesCostNothing() {
        for (int i = 0; i < 1_000; i++) {
            assertThat(verify(CALLER, true)).isTrue();
        }
        assertThat(verify(CALLER, false)).isFalse();
    }

    @Test
    void f27_callerWithoutAnAddressIsNotCounted() {
        for (int i = 0; i < 100; i++) {
            assertThat(verify(Caller.unknown(), false)).isFalse();
        }
    }
}
