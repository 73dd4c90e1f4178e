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
 */
public record ProviderIdentity(String issuer, @Nullable String tenant, String subject, String audience) {

    /** Checks that nothing but the tenant is missing. */
    public ProviderIdentity {
        Objects.requireNonNull(issuer);
        Objects.requireNonNull(subject);
        Objects.requireNonNull(audience);
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
     * @return the key that {@link ProviderSubject#key} gives for every tenant's identity of the subject
     */
    public SecretHash subjectKey() {
        return SecretHash.ofParts(issuer, subject, audience);
    }
}
