package dev.agentauth.examples.provider.kit;

import java.time.Duration;

/** A logout of the same person is dated to this very second, and would end the ID-JAG. Mint it in the next. */
public final class TooSoonException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final Duration delay;

    TooSoonException(Duration delay) {
        super("the person has just been logged out: try again in the next second");
        this.delay = delay;
    }

    /** Until the next second begins. */
    public Duration delay() {
        return delay;
    }
}
