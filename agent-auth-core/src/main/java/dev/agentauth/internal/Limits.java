package dev.agentauth.internal;

import dev.agentauth.AgentAuthException;
import dev.agentauth.Caller;
import dev.agentauth.registration.Claim;
import dev.agentauth.registration.Registration;
import dev.agentauth.spi.AuditEvent;
import dev.agentauth.spi.PortUnavailableException;
import dev.agentauth.spi.RateLimit;
import dev.agentauth.spi.RateLimiter;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/** Checks requests against the limits of PROTOCOL A11 and refuses with {@code rate_limited}. */
public final class Limits {
    private static final String EVERYBODY = "*";
    private static final int CLIENT_BYTES = 8;
    private static final int SITE_BYTES = 7;

    /** Which limit a mail counts against. */
    @FunctionalInterface
    public interface Mail {
        void count(Limits limits, Caller caller, String recipient);
    }

    private final RateLimiter limiter;
    private final Audit audit;

    public Limits(RateLimiter limiter, Audit audit) {
        this.limiter = limiter;
        this.audit = audit;
    }

    /** An anonymous registration. */
    public void anonymous(Caller caller) {
        perClient(caller, RateLimit.ANONYMOUS_PER_CLIENT, RateLimit.ANONYMOUS_PER_IPV6_SITE);
        acquire(caller, RateLimit.ANONYMOUS_TOTAL, EVERYBODY);
    }

    /** An attempt to register by assertion, of which nothing is known yet: it costs nobody but the caller. */
    public void assertion(Caller caller) {
        perClient(caller, RateLimit.ASSERTION_PER_CLIENT, RateLimit.ASSERTION_PER_IPV6_SITE);
    }

    /** A valid ID-JAG, or a registration by address that is about to be stored: it costs everybody. */
    public void goodAssertion(Caller caller) {
        acquire(caller, RateLimit.ASSERTION_TOTAL, EVERYBODY);
    }

    /**
     * Checks a signature, unless too many were wrong that came from this client; a wrong one counts.
     *
     * @param verification costs what is limited here
     * @return whether the signature is good
     */
    public boolean verifies(Caller caller, BooleanSupplier verification) {
        List<Bucket> buckets =
                clients(caller, RateLimit.FAILED_VERIFICATION_PER_CLIENT, RateLimit.FAILED_VERIFICATION_PER_IPV6_SITE);
        for (Bucket bucket : buckets) {
            refuse(refusal(caller, bucket, limiter::check));
        }
        boolean good = verification.getAsBoolean();
        if (!good) {
            // One that is over by now, because others failed at the same time, has its answer already.
            buckets.forEach(bucket -> answer(caller, bucket, limiter::tryAcquire));
        }
        return good;
    }

    /** A mail that registering or claiming causes. */
    public void mail(Caller caller, String recipient) {
        mail(caller, RateLimit.MAIL_PER_RECIPIENT, recipient);
    }

    /** A mail that a step-up causes. */
    public void stepUpMail(Caller caller, String recipient) {
        mail(caller, RateLimit.STEP_UP_MAIL_PER_RECIPIENT, recipient);
    }

    /** A question that is not mailed: it bothers nobody who does not open it. */
    public void question(Caller caller) {
        perClient(caller, RateLimit.QUESTION_PER_CLIENT, RateLimit.QUESTION_PER_IPV6_SITE);
    }

    /** A registration has asked as many people as it may in its life: it is over before another can be asked. */
    public AgentAuthException recipientsSpent(Caller caller, Registration registration, Instant now) {
        audit.record(
                AuditEvent.Type.RATE_LIMIT_EXCEEDED,
                caller,
                registration,
                Map.of("limit", "mail_recipients_per_registration"));
        Claim claim = Objects.requireNonNull(registration.claim(), "only what can be claimed is asked for");
        return AgentAuthException.rateLimited(Duration.between(now, claim.expiresAt()));
    }

    /** A refresh token that was refused; good ones cost nothing, since the agents of one platform share an address. */
    public void refusedRefresh(Caller caller) {
        perClient(caller, RateLimit.REFUSED_REFRESH_PER_CLIENT, RateLimit.REFUSED_REFRESH_PER_IPV6_SITE);
    }

    /** A look at a token by nobody known; those that are known cost nothing, since they ask for each request of theirs. */
    public void refusedIntrospection(Caller caller) {
        perClient(caller, RateLimit.REFUSED_INTROSPECTION_PER_CLIENT, RateLimit.REFUSED_INTROSPECTION_PER_IPV6_SITE);
    }

    /**
     * As many successors of a refresh token are out as can be. Whoever tries again at once, with what was handed out
     * meanwhile, gets through.
     */
    public AgentAuthException refreshTokensSpent(Caller caller, Registration registration) {
        audit.record(
                AuditEvent.Type.RATE_LIMIT_EXCEEDED,
                caller,
                registration,
                Map.of("limit", "refresh_tokens_per_registration"));
        return AgentAuthException.rateLimited(Duration.ofSeconds(1));
    }

    /** Whether a notice may be sent: the request that causes it succeeds either way. */
    public boolean allowsNotice(Caller caller, String recipient) {
        return refusal(caller, new Bucket(RateLimit.NOTICE_PER_RECIPIENT, EmailAddress.limitKey(recipient)))
                .or(() -> refusal(caller, new Bucket(RateLimit.MAIL_TOTAL, EVERYBODY)))
                .isEmpty();
    }

    /** Everybody's limit comes last, so that who is over a narrower one takes nothing from it. */
    private void mail(Caller caller, RateLimit perRecipient, String recipient) {
        perClient(caller, RateLimit.MAIL_PER_CLIENT, RateLimit.MAIL_PER_IPV6_SITE);
        acquire(caller, perRecipient, EmailAddress.limitKey(recipient));
        acquire(caller, RateLimit.MAIL_TOTAL, EVERYBODY);
    }

    private void perClient(Caller caller, RateLimit perClient, RateLimit perSite) {
        for (Bucket bucket : clients(caller, perClient, perSite)) {
            acquire(caller, bucket.limit(), bucket.key());
        }
    }

    /** Where the caller is counted; nowhere if its address is not known. */
    private static List<Bucket> clients(Caller caller, RateLimit perClient, RateLimit perSite) {
        InetAddress address = caller.address().orElse(null);
        if (address == null) {
            return List.of();
        }
        Bucket client = new Bucket(perClient, client(address));
        return address instanceof Inet4Address
                ? List.of(client)
                : List.of(client, new Bucket(perSite, prefix(address, SITE_BYTES)));
    }

    private void acquire(Caller caller, RateLimit limit, String key) {
        refuse(refusal(caller, new Bucket(limit, key)));
    }

    private static void refuse(Optional<Duration> refusal) {
        refusal.ifPresent(wait -> {
            throw AgentAuthException.rateLimited(wait);
        });
    }

    private Optional<Duration> refusal(Caller caller, Bucket bucket) {
        return refusal(caller, bucket, limiter::tryAcquire);
    }

    /** How long to wait, if a limit is spent; audited. */
    private Optional<Duration> refusal(Caller caller, Bucket bucket, Question question) {
        Optional<Duration> wait = answer(caller, bucket, question);
        wait.ifPresent(unused -> audit.record(AuditEvent.Type.RATE_LIMIT_EXCEEDED, caller, fields(bucket.limit())));
        return wait;
    }

    private Optional<Duration> answer(Caller caller, Bucket bucket, Question question) {
        try {
            return question.ask(bucket.limit(), bucket.key());
        } catch (PortUnavailableException e) {
            audit.record(AuditEvent.Type.RATE_LIMIT_UNAVAILABLE, caller, fields(bucket.limit()));
            return Optional.empty();
        }
    }

    private record Bucket(RateLimit limit, String key) {}

    /** One of the limiter's. */
    private interface Question {
        Optional<Duration> ask(RateLimit limit, String key);
    }

    private static Map<String, String> fields(RateLimit limit) {
        return Map.of("limit", limit.name().toLowerCase(Locale.ROOT));
    }

    /** One key for all addresses that one client can easily have: an IPv4 address, or an IPv6 /64. */
    static String client(InetAddress address) {
        return address instanceof Inet4Address ? address.getHostAddress() : prefix(address, CLIENT_BYTES);
    }

    private static String prefix(InetAddress address, int length) {
        return HexFormat.of().formatHex(Arrays.copyOf(address.getAddress(), length)) + "/" + length * Byte.SIZE;
    }
}
