package dev.agentauth.audit;

import java.time.Duration;

/**
 * How a {@link LineQueue} takes its time.
 *
 * @param bytes how much may wait
 * @param linger how long the writer waits between two batches: in that time no caller has to wake it
 * @param retry how long after a failure it tries again
 * @param patience how long a caller waits for room, or for its line to be written
 * @param farewell how long closing waits for the writer
 * @param rest how long a thread is kept that has nothing to do
 */
record Pace(int bytes, Duration linger, Duration retry, Duration patience, Duration farewell, Duration rest) {
    static final Pace STANDARD = new Pace(
            1 << 20,
            Duration.ofMillis(5),
            Duration.ofSeconds(1),
            Duration.ofSeconds(10),
            Duration.ofSeconds(5),
            Duration.ofSeconds(1));
}
