package dev.agentauth.internal.provider;

import dev.agentauth.registration.ProviderIdentity;
import java.time.Instant;
import java.util.Set;

/** A logout token that passed every check. Only {@link ProviderAssertions} makes one. */
public final class VerifiedLogout {
    private final ProviderIdentity subject;
    private final String jti;
    private final Instant issuedAt;
    private final Instant replayUntil;
    private final Set<String> eventTypes;

    VerifiedLogout(
            ProviderIdentity subject, String jti, Instant issuedAt, Instant replayUntil, Set<String> eventTypes) {
        this.subject = subject;
        this.jti = jti;
        this.issuedAt = issuedAt;
        this.replayUntil = replayUntil;
        this.eventTypes = Set.copyOf(eventTypes);
    }

    /** Whom it is about: without a tenant, every tenant's identity of the subject. */
    public ProviderIdentity subject() {
        return subject;
    }

    public String issuer() {
        return subject.issuer();
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

    /** The keys in {@code events} that say what happened, as far as it is something that we act on: at least one. */
    public Set<String> eventTypes() {
        return eventTypes;
    }

    /** Nothing about the person. */
    @Override
    public String toString() {
        return "VerifiedLogout[" + issuer() + ", " + eventTypes + "]";
    }
}
