package dev.agentauth.testkit;

import dev.agentauth.spi.PortUnavailableException;

/** The outage of a backend that is only pretended. */
final class Switch implements Outage {
    private volatile boolean away;

    @Override
    public void begin() {
        away = true;
    }

    @Override
    public void end() {
        away = false;
    }

    boolean isAway() {
        return away;
    }

    /** What every method of a plain store begins with. */
    void check() {
        if (away) {
            throw new PortUnavailableException("switched off");
        }
    }
}
