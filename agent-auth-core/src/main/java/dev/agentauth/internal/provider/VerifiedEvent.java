package dev.agentauth.internal.provider;

import dev.agentauth.registration.ProviderIdentity;
import java.time.Instant;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A logout token or a security event that passed every check. Only {@link ProviderAssertions} makes one. */
public final class VerifiedEvent {
    private final String issuer;
    private final @Nullable ProviderIdentity subject;
    private final String jti;
    private final Instant issuedAt;
    private final Instant replayUntil;
    private final Set<String> eventTypes;

    /**
     * An event.
     *
     * @param subject whom it is about; null where it says nothing that we act on
     */
    VerifiedEvent(
            String issuer,
            @Nullable ProviderIdentity subject,
            String jti,
            Instant issuedAt,
            Instant replayUntil,
            Set<String> eventTypes) {
        this.issuer = issuer;
        this.subject = subject;
        this.jti = jti;
        this.issuedAt = issuedAt;
        this.replayUntil = replayUntil;
        this.eventTypes = Set.copyOf(eventTypes);
    }

    /** Whom it is about: without a tenant, every tenant's identity of the subject. Known where there is a type to act on. */
    public ProviderIdentity subject() {
        return Objects.requireNonNull(subject, "the subject of what nobody acts on is not looked at");
    }

    public String issuer() {
        return issuer;
    }

    public String jti() {
        return jti;
    }

    /** The provider's {@code iat}. */
    public Instant issuedAt() {
        return issuedAt;
    }

    /**
     * Until when its {@code jti} is kept: until no replica takes the token any more, at most 12 hours and the margin for
     * clocks.
     */
    public Instant replayUntil() {
        return replayUntil;
    }

    /** The keys in {@code events} that say what happened, as far as it is something that we act on. */
    public Set<String> eventTypes() {
        return eventTypes;
    }

    /** Nothing about the person. */
    @Override
    public String toString() {
        return "VerifiedEvent[" + issuer + ", " + eventTypes + "]";
    }
}
