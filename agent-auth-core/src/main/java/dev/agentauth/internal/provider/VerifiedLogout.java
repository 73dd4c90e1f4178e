package dev.agentauth.internal.provider;

import dev.agentauth.registration.ProviderSubject;
import java.time.Instant;

/** A logout token that passed every check. Only {@link ProviderAssertions} makes one. */
public final class VerifiedLogout {
    private final ProviderSubject subject;
    private final String jti;
    private final Instant issuedAt;
    private final Instant replayUntil;
    private final String eventType;

    VerifiedLogout(ProviderSubject subject, String jti, Instant issuedAt, Instant replayUntil, String eventType) {
        this.subject = subject;
        this.jti = jti;
        this.issuedAt = issuedAt;
        this.replayUntil = replayUntil;
        this.eventType = eventType;
    }

    /** Whom it is about. */
    public ProviderSubject subject() {
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

    /** From when on the token is refused for its age, so that its {@code jti} may be forgotten. */
    public Instant replayUntil() {
        return replayUntil;
    }

    /** The key in {@code events} that says what happened. */
    public String eventType() {
        return eventType;
    }

    /** Nothing about the person. */
    @Override
    public String toString() {
        return "VerifiedLogout[" + issuer() + ", " + eventType + "]";
    }
}
