package dev.agentauth.testkit;

import static dev.agentauth.testkit.TestRegistrations.NOW;
import static dev.agentauth.testkit.TestRegistrations.identity;
import static dev.agentauth.testkit.TestRegistrations.subject;
import static org.assertj.core.api.Assertions.assertThat;

import dev.agentauth.registration.ProviderIdentity;
import dev.agentauth.spi.LogoutMarks;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What all {@link LogoutMarks} owe, each sentence of their Javadoc. */
@DisplayName("Logout marks")
public abstract class LogoutMarksContract {
    private static final Instant UNTIL = NOW.plus(Duration.ofMinutes(62));
    private static final Duration TICK = Duration.ofNanos(1000);

    private LogoutMarks marks;

    /** For subclasses. */
    protected LogoutMarksContract() {}

    /**
     * Marks to test.
     *
     * @return none yet
     */
    protected abstract LogoutMarks newMarks();

    @BeforeEach
    void open() {
        marks = newMarks();
    }

    @Test
    @DisplayName("are absent for an identity that nothing was said about")
    void absent() {
        assertThat(marks.newest(identity("s"))).isEmpty();
    }

    @Test
    @DisplayName("keep the instant exactly")
    void keepTheInstant() {
        Instant micros = NOW.plusNanos(123_456_000);
        marks.raise(subject(null, "s"), micros, UNTIL);

        assertThat(marks.newest(identity("s"))).contains(micros);
    }

    @Test
    @DisplayName("keep the greatest instant, in whatever order they are raised")
    void keepTheGreatest() {
        marks.raise(subject(null, "s"), NOW.plusSeconds(10), UNTIL);
        marks.raise(subject(null, "s"), NOW.plusSeconds(5), UNTIL.plusSeconds(5));
        assertThat(marks.newest(identity("s"))).contains(NOW.plusSeconds(10));

        marks.raise(subject(null, "s"), NOW.plusSeconds(15), UNTIL);
        assertThat(marks.newest(identity("s"))).contains(NOW.plusSeconds(15));
    }

    @Test
    @DisplayName("of a tenant cover that tenant's identity alone")
    void ofOneTenant() {
        marks.raise(subject("t1", "s"), NOW, UNTIL);

        assertThat(marks.newest(identity("t1", "s"))).contains(NOW);
        assertThat(marks.newest(identity("t2", "s"))).isEmpty();
        assertThat(marks.newest(identity("T1", "s"))).isEmpty();
        assertThat(marks.newest(identity("", "s"))).isEmpty();
        assertThat(marks.newest(identity(null, "s"))).isEmpty();
    }

    @Test
    @DisplayName("without a tenant cover every tenant's identity of the subject and the one without")
    void ofAllTenants() {
        marks.raise(subject(null, "s"), NOW, UNTIL);

        assertThat(marks.newest(identity("t1", "s"))).contains(NOW);
        assertThat(marks.newest(identity("", "s"))).contains(NOW);
        assertThat(marks.newest(identity(null, "s"))).contains(NOW);
    }

    @Test
    @DisplayName("for an identity are the greatest of those that cover it")
    void greatestOfTheCovering() {
        marks.raise(subject(null, "s"), NOW.plusSeconds(10), UNTIL);
        marks.raise(subject("older", "s"), NOW.plusSeconds(5), UNTIL);
        marks.raise(subject("newer", "s"), NOW.plusSeconds(15), UNTIL);

        assertThat(marks.newest(identity("older", "s"))).contains(NOW.plusSeconds(10));
        assertThat(marks.newest(identity("newer", "s"))).contains(NOW.plusSeconds(15));
        assertThat(marks.newest(identity(null, "s"))).contains(NOW.plusSeconds(10));
    }

    @Test
    @DisplayName("do not cover another subject, issuer or audience")
    void nobodyElse() {
        marks.raise(subject(null, "s"), NOW, UNTIL);

        assertThat(marks.newest(identity("S"))).isEmpty();
        assertThat(marks.newest(identity("s "))).isEmpty();
        assertThat(marks.newest(
                        new ProviderIdentity("https://other.example.net", null, "s", "https://auth.example.com")))
                .isEmpty();
        assertThat(marks.newest(
                        new ProviderIdentity("https://agents.example.net", null, "s", "https://other.example.com")))
                .isEmpty();
    }

    @Test
    @DisplayName("are purged exactly when they are no longer needed")
    void purgedExactly() {
        marks.raise(subject(null, "s"), NOW, UNTIL);

        assertThat(marks.purgeExpired(UNTIL.minus(TICK), 10)).isZero();
        assertThat(marks.newest(identity("s"))).contains(NOW);
        assertThat(marks.purgeExpired(UNTIL, 10)).isEqualTo(1);
        assertThat(marks.newest(identity("s"))).isEmpty();
        assertThat(marks.purgeExpired(UNTIL, 10)).isZero();
    }

    @Test
    @DisplayName("are needed until the latest time that was given for them")
    void latestTimeCounts() {
        marks.raise(subject(null, "s"), NOW.plusSeconds(10), UNTIL.plusSeconds(600));
        marks.raise(subject(null, "s"), NOW, UNTIL);
        marks.raise(subject(null, "s2"), NOW, UNTIL);
        marks.raise(subject(null, "s2"), NOW.plusSeconds(10), UNTIL.plusSeconds(600));

        assertThat(marks.purgeExpired(UNTIL.plusSeconds(600).minus(TICK), 10)).isZero();
        assertThat(marks.newest(identity("s"))).contains(NOW.plusSeconds(10));
        assertThat(marks.newest(identity("s2"))).contains(NOW.plusSeconds(10));
        assertThat(marks.purgeExpired(UNTIL.plusSeconds(600), 10)).isEqualTo(2);
    }

    @Test
    @DisplayName("have nothing left to purge when fewer than the limit were removed")
    void purgedInBatches() {
        for (int i = 0; i < 25; i++) {
            marks.raise(subject(null, "s" + i), NOW, UNTIL);
        }
        int removed;
        int total = 0;
        do {
            removed = marks.purgeExpired(UNTIL, 10);
            total += removed;
        } while (removed >= 10);

        assertThat(total).isEqualTo(25);
    }

    @Test
    @DisplayName("are left at the greatest instant by 64 concurrent calls, and seen by each at once")
    void greatestOfManyAtOnce() {
        for (int round = 0; round < 10; round++) {
            String name = "s" + round;

            Race.runEach(number -> () -> {
                Instant mine = NOW.plusSeconds((number * 37) % Race.THREADS);
                marks.raise(subject(null, name), mine, UNTIL);
                assertThat(marks.newest(identity(name)).orElseThrow()).isAfterOrEqualTo(mine);
                return true;
            });

            assertThat(marks.newest(identity(name))).contains(NOW.plusSeconds(Race.THREADS - 1));
        }
    }

    @Test
    @DisplayName("survive a purge that runs while they are raised again")
    void raisedDuringThePurge() {
        for (int round = 0; round < 20; round++) {
            String name = "s" + round;
            marks.raise(subject(null, name), NOW, UNTIL);

            Race.runEach(number -> () -> {
                if (number % 2 == 0) {
                    marks.purgeExpired(UNTIL, 1000);
                } else {
                    marks.raise(subject(null, name), NOW.plusSeconds(1), UNTIL.plusSeconds(60));
                }
                return true;
            });

            assertThat(marks.newest(identity(name))).contains(NOW.plusSeconds(1));
            assertThat(marks.purgeExpired(UNTIL.plusSeconds(60), 1000)).isEqualTo(1);
        }
    }
}
