package dev.agentauth.internal;

import dev.agentauth.AgentAuthException;
import dev.agentauth.Caller;
import dev.agentauth.spi.AuditEvent;
import dev.agentauth.spi.RateLimit;
import dev.agentauth.spi.RateLimiter;
import dev.agentauth.spi.StoreUnavailableException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;

/** Checks requests against the limits of PROTOCOL A11 and refuses with {@code rate_limited}. */
public final class Limits {
    private static final String EVERYBODY = "*";
    private static final int IPV6_PREFIX_BYTES = 8;

    private final RateLimiter limiter;
    private final Audit audit;

    public Limits(RateLimiter limiter, Audit audit) {
        this.limiter = limiter;
        this.audit = audit;
    }

    /** An anonymous registration: first the caller's own limit, then everybody's. */
    public void anonymous(Caller caller) {
        perClientThenTotal(caller, RateLimit.ANONYMOUS_PER_CLIENT, RateLimit.ANONYMOUS_TOTAL);
    }

    /** A registration by assertion. */
    public void assertion(Caller caller) {
        perClientThenTotal(caller, RateLimit.ASSERTION_PER_CLIENT, RateLimit.ASSERTION_TOTAL);
    }

    /** A mail that registering or claiming causes. */
    public void mail(Caller caller, String recipient) {
        acquire(caller, RateLimit.MAIL_PER_RECIPIENT, EmailAddress.mailbox(recipient));
    }

    /** A mail that a step-up causes. */
    public void stepUpMail(Caller caller, String recipient) {
        acquire(caller, RateLimit.STEP_UP_MAIL_PER_RECIPIENT, EmailAddress.mailbox(recipient));
    }

    private void perClientThenTotal(Caller caller, RateLimit perClient, RateLimit total) {
        caller.address().ifPresent(address -> acquire(caller, perClient, network(address)));
        acquire(caller, total, EVERYBODY);
    }

    private void acquire(Caller caller, RateLimit limit, String key) {
        Optional<Duration> wait;
        try {
            wait = limiter.tryAcquire(limit, key);
        } catch (StoreUnavailableException e) {
            audit.record(AuditEvent.Type.RATE_LIMIT_UNAVAILABLE, caller, fields(limit));
            return;
        }
        if (wait.isPresent()) {
            audit.record(AuditEvent.Type.RATE_LIMIT_EXCEEDED, caller, fields(limit));
            throw AgentAuthException.rateLimited(wait.get());
        }
    }

    private static Map<String, String> fields(RateLimit limit) {
        return Map.of("limit", limit.name().toLowerCase(java.util.Locale.ROOT));
    }

    /** One key for all addresses that one client can easily have: an IPv4 address, or an IPv6 /64. */
    static String network(InetAddress address) {
        byte[] bytes = address.getAddress();
        if (address instanceof Inet4Address) {
            return address.getHostAddress();
        }
        return HexFormat.of().formatHex(Arrays.copyOf(bytes, IPV6_PREFIX_BYTES)) + "/64";
    }
}
