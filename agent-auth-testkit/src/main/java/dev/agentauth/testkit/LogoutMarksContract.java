package dev.agentauth.testkit;

import static dev.agentauth.testkit.TestRegistrations.NOW;
import static dev.agentauth.testkit.TestRegistrations.identity;
import static org.assertj.core.api.Assertions.assertThat;

import dev.agentauth.registration.ProviderIdentity;
import dev.agentauth.spi.LogoutMarks;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/**
 * What all {@link LogoutMarks} owe, each sentence of their Javadoc.
 *
 * @since 0.2.0
 */
@DisplayName("Logout marks")
public abstract class LogoutMarksContract extends PortContract {
    private static final Instant UNTIL = NOW.plus(Duration.ofMinutes(62));

    private LogoutMarks marks;

    /** For subclasses. */
    protected LogoutMarksContract() {}

    /**
     * Marks to test. Asked for once a test; may be the same each time.
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
    @DisplayName(
            "keep the instant, and the time that they are needed, to the microsecond, from the year 1970 to the year"
                    + " 9998")
    void keepTheInstant() {
        for (Instant instant : List.of(EARLY, NOW.plusNanos(123_456_000), FAR.minus(TICK))) {
            String name = "s" + instant;
            marks.raise(identity(null, name), instant, instant.plus(TICK));

            assertThat(marks.newest(identity(name))).contains(instant);
        }

        assertThat(marks.purgeExpired(FAR.minus(TICK), 10)).isEqualTo(2);
        assertThat(marks.purgeExpired(FAR, 10)).isEqualTo(1);
    }

    @Test
    @DisplayName("keep the greatest instant, in whatever order they are raised")
    void keepTheGreatest() {
        marks.raise(identity(null, "s"), NOW.plusSeconds(10), UNTIL);
        marks.raise(identity(null, "s"), NOW.plusSeconds(5), UNTIL.plusSeconds(5));
        assertThat(marks.newest(identity("s"))).contains(NOW.plusSeconds(10));

        marks.raise(identity(null, "s"), NOW.plusSeconds(15), UNTIL);
        assertThat(marks.newest(identity("s"))).contains(NOW.plusSeconds(15));
    }

    @Test
    @DisplayName("of a tenant cover that tenant's identity alone")
    void ofOneTenant() {
        marks.raise(identity("t1", "s"), NOW, UNTIL);

        assertThat(marks.newest(identity("t1", "s"))).contains(NOW);
        assertThat(marks.newest(identity("t2", "s"))).isEmpty();
        assertThat(marks.newest(identity("T1", "s"))).isEmpty();
        assertThat(marks.newest(identity("", "s"))).isEmpty();
        assertThat(marks.newest(identity(null, "s"))).isEmpty();
    }

    @Test
    @DisplayName("of a tenant without a name do not cover the identity without a tenant")
    void ofTheTenantWithoutAName() {
        marks.raise(identity("", "s"), NOW, UNTIL);

        assertThat(marks.newest(identity("", "s"))).contains(NOW);
        assertThat(marks.newest(identity(null, "s"))).isEmpty();
    }

    @Test
    @DisplayName("without a tenant cover every tenant's identity of the subject and the one without")
    void ofAllTenants() {
        marks.raise(identity(null, "s"), NOW, UNTIL);

        assertThat(marks.newest(identity("t1", "s"))).contains(NOW);
        assertThat(marks.newest(identity("", "s"))).contains(NOW);
        assertThat(marks.newest(identity(null, "s"))).contains(NOW);
    }

    @Test
    @DisplayName("for an identity are the greatest of those that cover it")
    void greatestOfTheCovering() {
        marks.raise(identity(null, "s"), NOW.plusSeconds(10), UNTIL);
        marks.raise(identity("older", "s"), NOW.plusSeconds(5), UNTIL);
        marks.raise(identity("newer", "s"), NOW.plusSeconds(15), UNTIL);

        assertThat(marks.newest(identity("older", "s"))).contains(NOW.plusSeconds(10));
        assertThat(marks.newest(identity("newer", "s"))).contains(NOW.plusSeconds(15));
        assertThat(marks.newest(identity(null, "s"))).contains(NOW.plusSeconds(10));
    }

    @Test
    @DisplayName("compare all parts exactly: case, blanks, Unicode forms, the 1,000th character")
    void nobodyElse() {
        List<ProviderIdentity> different = new ArrayList<>();
        for (String text : lookalikes(1000)) {
            different.add(new ProviderIdentity(text, "tenant", "sub", "aud"));
            different.add(new ProviderIdentity("iss", text, "sub", "aud"));
            different.add(new ProviderIdentity("iss", "tenant", text, "aud"));
            different.add(new ProviderIdentity("iss", "tenant", "sub", text));
        }
        for (int i = 0; i < different.size(); i++) {
            ProviderIdentity identity = different.get(i);
            assertThat(marks.newest(identity)).as("%s", identity).isEmpty();
            marks.raise(identity, NOW.plusSeconds(i), UNTIL);
        }
        for (int i = 0; i < different.size(); i++) {
            assertThat(marks.newest(different.get(i)))
                    .as("%s", different.get(i))
                    .contains(NOW.plusSeconds(i));
        }
    }

    @Test
    @DisplayName("without a tenant do not cover another subject, issuer or audience")
    void ofAllTenantsOfOneSubject() {
        marks.raise(new ProviderIdentity("iss", null, "sub", "aud"), NOW, UNTIL);

        assertThat(marks.newest(new ProviderIdentity("iss", "t", "sub", "aud"))).contains(NOW);
        assertThat(marks.newest(new ProviderIdentity("iss", "t", "Sub", "aud"))).isEmpty();
        assertThat(marks.newest(new ProviderIdentity("ISS", "t", "sub", "aud"))).isEmpty();
        assertThat(marks.newest(new ProviderIdentity("iss", "t", "sub", "aud ")))
                .isEmpty();
        assertThat(marks.newest(new ProviderIdentity("iss", null, "sub", "other")))
                .isEmpty();
    }

    @Test
    @DisplayName("are purged exactly when they are no longer needed")
    void purgedExactly() {
        marks.raise(identity(null, "s"), NOW, UNTIL);

        assertThat(marks.purgeExpired(UNTIL.minus(TICK), 10)).isZero();
        assertThat(marks.newest(identity("s"))).contains(NOW);
        assertThat(marks.purgeExpired(UNTIL, 10)).isEqualTo(1);
        assertThat(marks.newest(identity("s"))).isEmpty();
        assertThat(marks.purgeExpired(UNTIL, 10)).isZero();
    }

    @Test
    @DisplayName("are needed until the latest time that was given for them")
    void latestTimeCounts() {
        marks.raise(identity(null, "s"), NOW.plusSeconds(10), UNTIL.plusSeconds(600));
        marks.raise(identity(null, "s"), NOW, UNTIL);
        marks.raise(identity(null, "s2"), NOW, UNTIL);
        marks.raise(identity(null, "s2"), NOW.plusSeconds(10), UNTIL.plusSeconds(600));
        marks.raise(identity(null, "s3"), NOW.plusSeconds(10), UNTIL);
        marks.raise(identity(null, "s3"), NOW, UNTIL.plusSeconds(600));

        assertThat(marks.purgeExpired(UNTIL.plusSeconds(600).minus(TICK), 10)).isZero();
        assertThat(marks.newest(identity("s"))).contains(NOW.plusSeconds(10));
        assertThat(marks.newest(identity("s2"))).contains(NOW.plusSeconds(10));
        assertThat(marks.newest(identity("s3"))).contains(NOW.plusSeconds(10));
        assertThat(marks.purgeExpired(UNTIL.plusSeconds(600), 10)).isEqualTo(3);
    }

    @Test
    @DisplayName("have nothing left to purge when fewer than the limit were removed")
    void purgedInBatches() {
        for (int i = 0; i < 25; i++) {
            marks.raise(identity(null, "s" + i), NOW, UNTIL);
        }
        marks.raise(identity(null, "kept"), NOW, UNTIL.plus(TICK));

        assertThat(purgeAll(() -> marks.purgeExpired(UNTIL, 10))).isEqualTo(25);
        assertThat(marks.newest(identity("kept"))).contains(NOW);
    }

    @Test
    @DisplayName("are left at the greatest instant by 64 concurrent calls, and seen by each at once")
    void greatestOfManyAtOnce() {
        for (int round = 0; round < 10; round++) {
            String name = "s" + round;

            Race.runEach(number -> () -> {
                Instant mine = NOW.plusSeconds((number * 37) % Race.THREADS);
                marks.raise(identity(null, name), mine, UNTIL);
                assertThat(marks.newest(identity(name)).orElseThrow()).isAfterOrEqualTo(mine);
                return true;
            });

            assertThat(marks.newest(identity(name))).contains(NOW.plusSeconds(Race.THREADS - 1));
        }
    }

    @Test
    @DisplayName("survive a purge that runs while they are raised again")
    void raisedDuringThePurge() {
        for (int round = 0; round < 10; round++) {
            String name = "s" + round;
            marks.raise(identity(null, name), NOW, UNTIL);

            Race.runEach(number -> () -> {
                if (number == Race.THREADS / 2) {
                    marks.raise(identity(null, name), NOW.plusSeconds(1), UNTIL.plusSeconds(60));
                } else {
                    marks.purgeExpired(UNTIL, 1000);
                }
                return true;
            });

            assertThat(marks.newest(identity(name))).contains(NOW.plusSeconds(1));
            assertThat(marks.purgeExpired(UNTIL.plusSeconds(60), 1000)).isEqualTo(1);
        }
    }

    @Test
    @DisplayName("lose exactly what is no longer needed, in batches, while 48 threads raise and ask")
    void purgedDuringTraffic() {
        for (int i = 0; i < 200; i++) {
            marks.raise(identity(null, "old" + i), NOW, UNTIL);
        }

        List<Integer> removed = Race.runEach(number -> () -> {
            if (number % 4 == 0) {
                return purgeAll(() -> marks.purgeExpired(UNTIL, 10));
            }
            for (int i = 0; i < 5; i++) {
                marks.raise(identity("t", "s" + number), NOW.plusSeconds(i), UNTIL.plus(TICK));
                assertThat(marks.newest(identity("t", "s" + number))).contains(NOW.plusSeconds(i));
            }
            return 0;
        });
        int left = purgeAll(() -> marks.purgeExpired(UNTIL, 10));

        assertThat(removed.stream().mapToInt(Integer::intValue).sum() + left).isEqualTo(200);
        for (int number = 0; number < Race.THREADS; number++) {
            assertThat(marks.newest(identity("t", "s" + number)).isPresent()).isEqualTo(number % 4 != 0);
        }
    }

    @Test
    @DisplayName(
            "throw PortUnavailableException from every method while the backend is away, and are what they were when"
                    + " it is back")
    void outageOfTheBackend() {
        Outage outage = outageOrSkip();
        marks.raise(identity(null, "s"), NOW, UNTIL);

        during(outage, () -> {
            assertUnavailable(() -> marks.newest(identity("s")));
            assertUnavailable(() -> marks.newest(identity("none")));
            assertUnavailable(() -> marks.raise(identity(null, "s"), NOW.plusSeconds(1), UNTIL.plus(TICK)));
            assertUnavailable(() -> marks.purgeExpired(NOW, 10));
        });

        assertThat(marks.newest(identity("none"))).isEmpty();
        Instant stored = marks.newest(identity("s")).orElseThrow();
        assertThat(stored).isIn(NOW, NOW.plusSeconds(1));
        assertThat(marks.purgeExpired(UNTIL, 10)).as("both or neither").isEqualTo(stored.equals(NOW) ? 1 : 0);
        marks.raise(identity(null, "s"), NOW.plusSeconds(2), UNTIL.plus(TICK));
        assertThat(marks.newest(identity("s"))).as("works again").contains(NOW.plusSeconds(2));
    }
}
