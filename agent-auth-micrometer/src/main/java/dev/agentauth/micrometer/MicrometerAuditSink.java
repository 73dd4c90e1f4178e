package dev.agentauth.micrometer;

import dev.agentauth.Problem;
import dev.agentauth.registration.EndReason;
import dev.agentauth.registration.RegistrationKind;
import dev.agentauth.spi.AuditEvent;
import dev.agentauth.spi.AuditSink;
import dev.agentauth.spi.RateLimit;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Counts and times what happens. Every tag has few values, all known beforehand: no id, no address, nothing that a client or
 * a provider wrote. A provider is named if it is one of those given here; any other is {@code other}.
 *
 * <table>
 * <caption>Meters</caption>
 * <tr><th>name<th>tags<th>what it counts
 * <tr><td>{@code agent.auth.registrations}<td>{@code kind}, {@code outcome}: created, expired, revoked
 *     <td>registrations
 * <tr><td>{@code agent.auth.assertions}<td>{@code provider}<td>identity assertions handed out
 * <tr><td>{@code agent.auth.exchanges}<td>{@code provider}<td>access tokens handed out
 * <tr><td>{@code agent.auth.claims}<td>{@code outcome}: started, code_shown, wrong_code, completed, rejected, expired
 *     <td>what became of claims; started counts mails
 * <tr><td>{@code agent.auth.refreshes}<td>{@code outcome}: used, reused
 * <tr><td>{@code agent.auth.revocations}<td>{@code of}, {@code cause}
 *     <td>of a registration: one of {@link EndReason}, or everything at once; of a token: agent
 * <tr><td>{@code agent.auth.rejections}<td>{@code problem}, {@code provider}
 *     <td>JWTs of providers that were refused, and requests over a limit
 * <tr><td>{@code agent.auth.events}<td>{@code provider}<td>security events and logouts of providers that were taken
 * <tr><td>{@code agent.auth.limits}<td>{@code limit}, {@code outcome}: exceeded, unavailable
 *     <td>limits that were spent, or could not be checked
 * <tr><td>{@code agent.auth.claim.time}<td>{@code outcome}: completed, rejected
 *     <td>timer: from the first mail of a claim until the person had decided
 * <tr><td>{@code agent.auth.first.token.time}<td>{@code kind}
 *     <td>timer: from registering until the first exchange
 * </table>
 *
 * <p>Kinds, timers, and expired claims need what happened to the same registration before. The newest 10,000 registrations
 * that this object has heard of are remembered for that; of others the kind is {@code unknown}, and nothing is timed. So
 * replicas count right when added up, but time only what has begun and ended at the same one.
 *
 * <p>To be given to the builder beside the sink that writes events down: {@code alsoAudit(new MicrometerAuditSink(…))}. Safe
 * for use by many threads; never waits.
 *
 * @since 0.2.0
 */
public final class MicrometerAuditSink implements AuditSink {
    private static final String NONE = "none";
    private static final String OTHER = "other";
    private static final String UNKNOWN = "unknown";

    private static final Set<String> PROBLEMS =
            Arrays.stream(Problem.values()).map(MicrometerAuditSink::name).collect(Collectors.toUnmodifiableSet());
    private static final Set<String> KINDS = Arrays.stream(RegistrationKind.values())
            .map(RegistrationKind::label)
            .collect(Collectors.toUnmodifiableSet());
    private static final Set<String> REASONS =
            Arrays.stream(EndReason.values()).map(EndReason::label).collect(Collectors.toUnmodifiableSet());
    private static final Set<String> LIMITS =
            Arrays.stream(RateLimit.values()).map(MicrometerAuditSink::name).collect(Collectors.toUnmodifiableSet());

    private final MeterRegistry registry;
    private final Set<String> providers;
    private final Histories histories = new Histories();

    /** As few as the tags have values. To have the registry find one takes three times as long. */
    private final Map<Name, Counter> counters = new ConcurrentHashMap<>();

    /** What a counter is found by. */
    private record Name(String name, List<String> tags) {}

    /**
     * Counts into a registry.
     *
     * @param registry whose meters they are
     * @param trustedIssuers the providers to tell apart
     */
    public MicrometerAuditSink(MeterRegistry registry, Collection<String> trustedIssuers) {
        this.registry = registry;
        this.providers = Set.copyOf(trustedIssuers);
    }

    @Override
    public void record(AuditEvent event) {
        History history = switch (event.type()) {
            case REGISTRATION_CREATED, CLAIM_REQUESTED -> histories.remember(event.registrationId());
            default -> histories.of(event.registrationId());
        };
        switch (event.type()) {
            case REGISTRATION_CREATED -> created(event, history);
            case REGISTRATION_EXPIRED -> expired(event, history);
            case REGISTRATION_REVOKED -> revoked(event, history);
            case ASSERTION_ISSUED -> count("assertions", 1, "provider", provider(event));
            case TOKEN_ISSUED -> exchanged(event, history);
            case TOKEN_REVOKED -> count("revocations", 1, "of", "token", "cause", "agent");
            case REFRESH_USED -> count("refreshes", 1, "outcome", "used");
            case REFRESH_REUSED -> count("refreshes", 1, "outcome", "reused");
            case CLAIM_REQUESTED -> {
                history.claimStarted(event.time());
                claim("started");
            }
            case OTP_GENERATED -> claim("code_shown");
            case OTP_FAILED -> claim("wrong_code");
            case CLAIM_CONFIRMED -> decided(event, history, "completed");
            case CLAIM_REJECTED -> decided(event, history, "rejected");
            case PROVIDER_REJECTED ->
                count("rejections", 1, "problem", known(PROBLEMS, event, "problem"), "provider", provider(event));
            case EVENT_RECEIVED -> count("events", 1, "provider", provider(event));
            case INTROSPECTION_REFUSED ->
                count("rejections", 1, "problem", name(Problem.RESOURCE_SERVER_UNKNOWN), "provider", NONE);
            case RATE_LIMIT_EXCEEDED -> {
                count("rejections", 1, "problem", name(Problem.LIMIT_SPENT), "provider", NONE);
                count("limits", 1, "limit", known(LIMITS, event, "limit"), "outcome", "exceeded");
            }
            case RATE_LIMIT_UNAVAILABLE ->
                count("limits", 1, "limit", known(LIMITS, event, "limit"), "outcome", "unavailable");
        }
    }

    private static String name(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }

    private void created(AuditEvent event, History history) {
        String kind = known(KINDS, event, "kind");
        history.created(kind, event.time());
        registrations(kind, "created", 1);
    }

    private void expired(AuditEvent event, History history) {
        registrations(known(KINDS, event, "kind"), "expired", 1);
        if (history.claimStartedAt() != null) {
            claim("expired");
        }
        histories.forget(event.registrationId());
    }

    private void revoked(AuditEvent event, History history) {
        if (event.registrationId() == null) {
            int all = number(event.fields().get("count"));
            registrations(UNKNOWN, "revoked", all);
            count("revocations", all, "of", "registration", "cause", "everything");
        } else {
            registrations(history.kind(), "revoked", 1);
            count("revocations", 1, "of", "registration", "cause", known(REASONS, event, "reason"));
            histories.forget(event.registrationId());
        }
    }

    private void exchanged(AuditEvent event, History history) {
        count("exchanges", 1, "provider", provider(event));
        Instant createdAt = history.firstToken();
        if (createdAt != null) {
            time("first.token.time", createdAt, event.time(), "kind", history.kind());
        }
    }

    private void decided(AuditEvent event, History history, String outcome) {
        claim(outcome);
        Instant startedAt = history.claimEnded();
        if (startedAt != null) {
            time("claim.time", startedAt, event.time(), "outcome", outcome);
        }
    }

    private void registrations(String kind, String outcome, int amount) {
        count("registrations", amount, "kind", kind, "outcome", outcome);
    }

    private void claim(String outcome) {
        count("claims", 1, "outcome", outcome);
    }

    private void count(String name, int amount, String... tags) {
        counters.computeIfAbsent(new Name(name, List.of(tags)), this::counter).increment(amount);
    }

    private Counter counter(Name name) {
        return Counter.builder("agent.auth." + name.name())
                .tags(name.tags().toArray(new String[0]))
                .register(registry);
    }

    private void time(String name, Instant from, Instant to, String... tags) {
        Duration time = Duration.between(from, to);
        Timer.builder("agent.auth." + name)
                .tags(tags)
                .register(registry)
                .record(time.isNegative() ? Duration.ZERO : time);
    }

    private String provider(AuditEvent event) {
        String issuer = event.fields().get("iss");
        if (issuer == null) {
            return NONE;
        }
        return providers.contains(issuer) ? issuer : OTHER;
    }

    private static String known(Set<String> values, AuditEvent event, String field) {
        String value = event.fields().getOrDefault(field, UNKNOWN);
        return values.contains(value) ? value : UNKNOWN;
    }

    private static int number(@Nullable String digits) {
        return digits != null && digits.matches("[0-9]{1,9}") ? Integer.parseInt(digits) : 0;
    }
}
