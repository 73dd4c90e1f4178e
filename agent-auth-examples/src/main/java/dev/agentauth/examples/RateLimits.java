package dev.agentauth.examples;

/** How many times the protocol's figures the demo grants. */
enum RateLimits {
    /** So many that nobody who plays with the demo is locked out. */
    ON(50),
    /** The protocol's figures. */
    STRICT(1),
    /** No limits. */
    OFF(0);

    private final int factor;

    RateLimits(int factor) {
        this.factor = factor;
    }

    int factor() {
        return factor;
    }
}
