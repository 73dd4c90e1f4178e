package dev.agentauth.examples.provider.kit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class TimelineTest {
    private static final Instant SECOND = Instant.parse("2026-05-04T13:00:00Z");
    private static final String ALICE = "usr_alice";

    private Instant now = SECOND;
    private final Timeline timeline = new Timeline(() -> now);

    @Test
    void idJagIsDatedToTheSecondOfNow() {
        now = SECOND.plusMillis(999);

        assertThat(timeline.idJag(ALICE)).isEqualTo(SECOND);
    }

    @Test
    void logoutInTheSecondOfAnIdJagIsDatedToThatSecond() {
        timeline.idJag(ALICE);
        now = SECOND.plusMillis(999);

        assertThat(timeline.logout(ALICE)).isEqualTo(SECOND);
    }

    @Test
    void logoutAfterTheClockWentBackIsNotDatedBeforeTheIdJag() {
        timeline.idJag(ALICE);
        now = SECOND.minusSeconds(30);

        assertThat(timeline.logout(ALICE)).isEqualTo(SECOND);
    }

    @Test
    void logoutThatWasNotTheFirstIsNotForgottenByAnEarlierOne() {
        timeline.logout(ALICE);
        now = SECOND.minusSeconds(30);
        timeline.logout(ALICE);
        now = SECOND;

        assertThat(delay()).isEqualTo(Duration.ofSeconds(1));
    }

    @Test
    void idJagInTheSecondOfALogoutIsTooSoonUntilTheNextSecond() {
        timeline.logout(ALICE);

        assertThat(delay()).isEqualTo(Duration.ofSeconds(1));
        now = SECOND.plusMillis(999);
        assertThat(delay()).isEqualTo(Duration.ofMillis(1));
        now = SECOND.plusSeconds(1);
        assertThat(timeline.idJag(ALICE)).isEqualTo(SECOND.plusSeconds(1));
    }

    @Test
    void logoutOfOnePersonIsNothingToAnother() {
        timeline.logout(ALICE);

        assertThat(timeline.idJag("usr_bob")).isEqualTo(SECOND);
    }

    @Test
    void whoWasSpokenOfLastIsRememberedAmongTenThousand() {
        timeline.logout(ALICE);
        timeline.logout("usr_first");
        timeline.logout(ALICE);
        for (int i = 0; i < 9_999; i++) {
            timeline.logout("usr_" + i);
        }

        assertThat(delay()).isEqualTo(Duration.ofSeconds(1));
        assertThat(timeline.idJag("usr_first")).isEqualTo(SECOND);
    }

    private Duration delay() {
        return catchThrowableOfType(TooSoonException.class, () -> timeline.idJag(ALICE))
                .delay();
    }
}
