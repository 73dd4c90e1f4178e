package dev.agentauth.spi;

/** What is limited, and to how many an hour by default. */
public enum RateLimit {
    /** Anonymous registrations of one client address. */
    ANONYMOUS_PER_CLIENT(5),
    /** Anonymous registrations of everybody. */
    ANONYMOUS_TOTAL(100),
    /** Registrations by assertion of one client address. */
    ASSERTION_PER_CLIENT(60),
    /** Registrations by assertion of everybody. */
    ASSERTION_TOTAL(1000),
    /** Mails to one person that an agent's registering or claiming causes. */
    MAIL_PER_RECIPIENT(5),
    /** Mails to one person that a step-up causes; apart, so that strangers cannot lock an owner out. */
    STEP_UP_MAIL_PER_RECIPIENT(5);

    private final int perHour;

    RateLimit(int perHour) {
        this.perHour = perHour;
    }

    /**
     * The protocol's figure.
     *
     * @return how many are granted in an hour
     */
    public int perHour() {
        return perHour;
    }
}
