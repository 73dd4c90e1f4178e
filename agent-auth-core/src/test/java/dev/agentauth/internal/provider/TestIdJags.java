package dev.agentauth.internal.provider;

import dev.agentauth.registration.ProviderIdentity;
import dev.agentauth.spi.TrustedProvider;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/** ID-JAGs as they are once they have been verified, for tests of what comes after. */
public final class TestIdJags {
    private TestIdJags() {}

    /** Of a trusted provider, with a verified address. */
    public static VerifiedIdJag verified(ProviderIdentity identity, Instant issuedAt) {
        return new VerifiedIdJag(
                TrustedProvider.of(identity.issuer()),
                identity,
                "jti",
                issuedAt,
                issuedAt.plusSeconds(3600),
                Optional.of("alice@example.com"),
                Optional.empty(),
                Optional.empty(),
                Map.of());
    }
}
