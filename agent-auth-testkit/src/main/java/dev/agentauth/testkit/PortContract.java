package dev.agentauth.testkit;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.agentauth.spi.PortUnavailableException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.IntSupplier;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Assumptions;

/** What the contracts of all ports have in common. */
abstract class PortContract {
    /** The smallest difference between two instants that has to be kept. */
    static final Duration TICK = Duration.ofNanos(1000);

    /** Before every instant that a service writes. */
    static final Instant EARLY = Instant.parse("1970-01-01T00:00:00.000001Z");

    /** After every instant that a service writes. */
    static final Instant FAR = Instant.parse("9998-12-31T23:59:59.999999Z");

    private static final String SMILE = "\ud83d\ude00";

    /**
     * How the tests of outages take the backend away. They are skipped unless this is overridden.
     *
     * @return empty if nothing can be out of reach, as in the memory of the process
     */
    protected Optional<Outage> outage() {
        return Optional.empty();
    }

    /** Skips the test unless the backend can be taken away. */
    final Outage outageOrSkip() {
        return outage().orElseGet(() -> Assumptions.abort("not proven: override "
                + getClass().getSimpleName() + ".outage() to take the backend away and give it back"));
    }

    static void during(Outage outage, Runnable work) {
        outage.begin();
        try {
            work.run();
        } finally {
            outage.end();
        }
    }

    static void assertUnavailable(ThrowingCallable call) {
        assertThatThrownBy(call).isInstanceOf(PortUnavailableException.class);
    }

    /**
     * Strings that only an exact comparison keeps apart: by case, blanks, accents, Unicode forms and ligatures, characters
     * beyond the basic plane, and the last of many characters.
     *
     * @param length how many characters (code points) the longest ones have
     */
    static List<String> lookalikes(int length) {
        return List.of(
                "s",
                "S",
                "s ",
                " s",
                "s\u00e9",
                "se\u0301",
                "se",
                "\u00df",
                "ss",
                "'\"\\%_;",
                SMILE,
                "\ud83d\ude01",
                "\u4e16".repeat(length - 1) + "a",
                "\u4e16".repeat(length - 1) + "A",
                "\u4e16".repeat(length - 1) + "b",
                SMILE.repeat(length - 1) + "a",
                SMILE.repeat(length - 1) + "b",
                SMILE.repeat(length - 1) + SMILE);
    }

    /** Purges batches of ten until fewer come, and says how many came in all. */
    static int purgeAll(IntSupplier purgeTen) {
        int total = 0;
        for (int batch = 0; batch < 1000; batch++) {
            int removed = purgeTen.getAsInt();
            total += removed;
            if (removed < 10) {
                return total;
            }
        }
        throw new AssertionError("a purge that never ends");
    }
}
