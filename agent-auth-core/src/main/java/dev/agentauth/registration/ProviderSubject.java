package dev.agentauth.registration;

import dev.agentauth.SecretHash;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Whom a provider's logout is about: one tenant's identity of a subject, or all of them.
 *
 * @param issuer the provider's issuer URL
 * @param tenant the tenant; null means every tenant's identity of the subject, and the one without a tenant
 * @param subject the provider's name for the person
 * @param audience the issuer of this service
 */
public record ProviderSubject(String issuer, @Nullable String tenant, String subject, String audience) {

    /** Checks that nothing but the tenant is missing. */
    public ProviderSubject {
        Objects.requireNonNull(issuer);
        Objects.requireNonNull(subject);
        Objects.requireNonNull(audience);
    }

    /**
     * Whether the logout is about this identity.
     *
     * @param identity any identity
     * @return true if issuer, subject and audience are the same and so is the tenant, where one is given
     */
    public boolean covers(ProviderIdentity identity) {
        return issuer.equals(identity.issuer())
                && subject.equals(identity.subject())
                && audience.equals(identity.audience())
                && (tenant == null || tenant.equals(identity.tenant()));
    }

    /**
     * One key for all parts that are given.
     *
     * @return the SHA-256 of the length-prefixed parts; with a tenant equal to {@link ProviderIdentity#key}, without one
     *     equal to {@link ProviderIdentity#subjectKey}
     */
    public SecretHash key() {
        return new ProviderIdentity(issuer, tenant, subject, audience).key();
    }

    /**
     * One key for this subject in whatever tenant.
     *
     * @return equal to the {@link ProviderIdentity#subjectKey} of each identity that has this issuer, subject and audience
     */
    public SecretHash subjectKey() {
        return new ProviderIdentity(issuer, tenant, subject, audience).subjectKey();
    }
}
