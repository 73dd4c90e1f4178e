package dev.agentauth.registration;

import dev.agentauth.SecretHash;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Who a provider says the person is. All four parts are compared exactly, without folding case or white space.
 *
 * @param issuer the provider's issuer URL
 * @param tenant the provider's tenant; null is an identity of its own
 * @param subject the provider's name for the person
 * @param audience the issuer of the service that the assertion was made for
 * @since 0.2.0
 */
public record ProviderIdentity(String issuer, @Nullable String tenant, String subject, String audience) {

    /** Checks that nothing but the tenant is missing. */
    public ProviderIdentity {
        Objects.requireNonNull(issuer);
        Objects.requireNonNull(subject);
        Objects.requireNonNull(audience);
    }

    /**
     * Whether it is the same subject, in whatever tenant.
     *
     * @param other any identity
     * @return true if issuer, subject and audience are the same
     */
    public boolean isSameSubject(ProviderIdentity other) {
        return issuer.equals(other.issuer) && subject.equals(other.subject) && audience.equals(other.audience);
    }

    /**
     * Whether a logout that names this one is about another one: without a tenant it is about every tenant's identity of
     * the subject.
     *
     * @param other any identity
     * @return true if the subject is the same and so is the tenant, where this one has a tenant
     */
    public boolean covers(ProviderIdentity other) {
        return isSameSubject(other) && (tenant == null || tenant.equals(other.tenant));
    }

    /**
     * One key for all four parts, the same on every store whatever its collation.
     *
     * @return the SHA-256 of the length-prefixed parts
     */
    public SecretHash key() {
        return tenant == null
                ? SecretHash.ofParts(issuer, subject, audience)
                : SecretHash.ofParts(issuer, subject, audience, tenant);
    }

    /**
     * One key for this subject in whatever tenant.
     *
     * @return the {@link #key} of the subject's identity without a tenant
     */
    public SecretHash subjectKey() {
        return SecretHash.ofParts(issuer, subject, audience);
    }
}
