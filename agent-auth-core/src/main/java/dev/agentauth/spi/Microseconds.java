package dev.agentauth.spi;

import java.time.Instant;

/**
 * Instants as numbers, for stores: to the microsecond, which is what a store has to keep, and in the one form that no
 * session's time zone and no calendar can change. {@code ChronoUnit.MICROS.between} is no way to get there: on some JDKs it
 * overflows for instants a few centuries away.
 *
 * @since 0.2.0
 */
public final class Microseconds {
    private static final long IN_A_SECOND = 1_000_000;
    private static final long NANOS = 1_000;

    private Microseconds() {}

    /**
     * The microseconds since 1970-01-01T00:00:00Z, cut to whole ones. Later instants never have smaller numbers.
     *
     * @param instant between the years -290308 and 294247, as all are that the library passes to a store
     * @return negative before 1970
     * @throws ArithmeticException if it is farther away, such as {@link Instant#MAX}
     */
    public static long of(Instant instant) {
        return Math.addExact(Math.multiplyExact(instant.getEpochSecond(), IN_A_SECOND), instant.getNano() / NANOS);
    }

    /**
     * The instant of a number that {@link #of} has made.
     *
     * @param microseconds since 1970-01-01T00:00:00Z
     * @return the same instant, to the microsecond
     */
    public static Instant toInstant(long microseconds) {
        return Instant.ofEpochSecond(
                Math.floorDiv(microseconds, IN_A_SECOND), Math.floorMod(microseconds, IN_A_SECOND) * NANOS);
    }
}
