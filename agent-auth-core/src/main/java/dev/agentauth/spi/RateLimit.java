package dev.agentauth.spi;

/**
 * What is limited, and to how many an hour by default. A limit per client counts an IPv4 address or an IPv6 /64; one per
 * IPv6 site counts a /56, which is what one household gets, and is four times as large.
 *
 * @since 0.2.0
 */
public enum RateLimit {
    /** Anonymous registrations of one client address. */
    ANONYMOUS_PER_CLIENT(5),
    /** Anonymous registrations of one IPv6 site. */
    ANONYMOUS_PER_IPV6_SITE(20),
    /** Anonymous registrations of everybody. */
    ANONYMOUS_TOTAL(100),
    /** Attempts of one client address to register by assertion, whatever came of them. */
    ASSERTION_PER_CLIENT(60),
    /** Attempts of one IPv6 site to register by assertion, whatever came of them. */
    ASSERTION_PER_IPV6_SITE(240),
    /** Valid ID-JAGs and registrations by address of everybody. */
    ASSERTION_TOTAL(1000),
    /** JWTs of one client address whose signature was wrong, at whatever endpoint. */
    FAILED_VERIFICATION_PER_CLIENT(60),
    /** JWTs of one IPv6 site whose signature was wrong, at whatever endpoint. */
    FAILED_VERIFICATION_PER_IPV6_SITE(240),
    /** Questions to people, nothing of which is mailed, that one client address causes. */
    QUESTION_PER_CLIENT(60),
    /** Questions to people, nothing of which is mailed, that one IPv6 site causes. */
    QUESTION_PER_IPV6_SITE(240),
    /** Refresh tokens of one client address that were refused; those that are good count nowhere. */
    REFUSED_REFRESH_PER_CLIENT(60),
    /** Refresh tokens of one IPv6 site that were refused; those that are good count nowhere. */
    REFUSED_REFRESH_PER_IPV6_SITE(240),
    /** Looks at a token by nobody known, from one client address; those of known resource servers count nowhere. */
    REFUSED_INTROSPECTION_PER_CLIENT(60),
    /** Looks at a token by nobody known, from one IPv6 site; those of known resource servers count nowhere. */
    REFUSED_INTROSPECTION_PER_IPV6_SITE(240),
    /** Mails that one client address causes. */
    MAIL_PER_CLIENT(20),
    /** Mails that one IPv6 site causes. */
    MAIL_PER_IPV6_SITE(80),
    /** Mails to one person that an agent's registering or claiming causes. */
    MAIL_PER_RECIPIENT(5),
    /** Mails to one person that a step-up causes; apart, so that strangers cannot lock an owner out. */
    STEP_UP_MAIL_PER_RECIPIENT(5),
    /** Notices to one person that an agent was bound to the account; what is over it is not sent. */
    NOTICE_PER_RECIPIENT(5),
    /** Mails of everybody to anybody, notices included. */
    MAIL_TOTAL(100);

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
