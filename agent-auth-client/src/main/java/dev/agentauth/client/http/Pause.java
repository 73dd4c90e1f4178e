package dev.agentauth.client.http;

import java.time.Duration;

/**
 * Lets time pass.
 *
 * @since 0.2.0
 */
@FunctionalInterface
public interface Pause {

    /** Returns when the time is over. */
    void sleep(Duration duration) throws InterruptedException;

    /** By sleeping, a millisecond more than asked for rather than one less. */
    static Pause real() {
        return duration -> Thread.sleep(duration.toMillis() + 1);
    }
}
