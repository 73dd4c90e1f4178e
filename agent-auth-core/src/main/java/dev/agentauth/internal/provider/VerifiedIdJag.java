package dev.agentauth.internal.provider;

import dev.agentauth.registration.ProviderIdentity;
import dev.agentauth.registration.Vouching;
import dev.agentauth.spi.TrustedProvider;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** An ID-JAG that passed every check and is spent. Only {@link ProviderAssertions} makes one. */
public final class VerifiedIdJag implements Vouching {
    private final TrustedProvider provider;
    private final ProviderIdentity identity;
    private final String jti;
    private final Instant issuedAt;
    private final Instant replayUntil;
    private final Optional<String> email;
    private final Optional<String> phone;
    private final Optional<Set<String>> scope;
    private final Map<String, String> auditFields;

    VerifiedIdJag(
            TrustedProvider provider,
            ProviderIdentity identity,
            String jti,
            Instant issuedAt,
            Instant replayUntil,
            Optional<String> email,
            Optional<String> phone,
            Optional<Set<String>> scope,
            Map<String, String> auditFields) {
        this.provider = provider;
        this.identity = identity;
        this.jti = jti;
        this.issuedAt = issuedAt;
        this.replayUntil = replayUntil;
        this.email = email;
        this.phone = phone;
        this.scope = scope.map(Set::copyOf);
        this.auditFields = Collections.unmodifiableMap(new LinkedHashMap<>(auditFields));
    }

    public TrustedProvider provider() {
        return provider;
    }

    @Override
    public ProviderIdentity identity() {
        return identity;
    }

    /** The provider's {@code iat}. */
    @Override
    public Instant issuedAt() {
        return issuedAt;
    }

    /** The verified address, in lower case. */
    public Optional<String> email() {
        return email;
    }

    /** The verified phone number, as the provider writes it. */
    public Optional<String> phone() {
        return phone;
    }

    /** What the person is narrowed to; empty if nothing is said, an empty set if nothing is allowed. */
    public Optional<Set<String>> scope() {
        return scope;
    }

    /** What may stand in an audit event: the provider's words, cut to 256 characters each. */
    public Map<String, String> auditFields() {
        return auditFields;
    }

    String jti() {
        return jti;
    }

    Instant replayUntil() {
        return replayUntil;
    }

    /** Nothing about the person. */
    @Override
    public String toString() {
        return "VerifiedIdJag[" + provider.issuer() + "]";
    }
}
