package dev.agentauth.jdbc;

import java.time.Instant;

/** Instants as numbers: the one form that no session's time zone, and no calendar, can change. */
final class Microseconds {
    private static final long IN_A_SECOND = 1_000_000;
    private static final long NANOS = 1_000;

    private Microseconds() {}

    /** Since 1970-01-01T00:00:00Z, cut to whole ones. */
    static long of(Instant instant) {
        return Math.addExact(Math.multiplyExact(instant.getEpochSecond(), IN_A_SECOND), instant.getNano() / NANOS);
    }

    static Instant toInstant(long microseconds) {
        return Instant.ofEpochSecond(
                Math.floorDiv(microseconds, IN_A_SECOND), Math.floorMod(microseconds, IN_A_SECOND) * NANOS);
    }
}
