package dev.agentauth.internal.provider;

import dev.agentauth.Caller;
import dev.agentauth.config.AnonymousClaim;
import dev.agentauth.config.ExistingUserPolicy;
import dev.agentauth.config.Lifetimes;
import dev.agentauth.config.NewUserPolicy;
import dev.agentauth.config.SharedSecrets;
import dev.agentauth.internal.Feature;
import dev.agentauth.internal.Features;
import dev.agentauth.internal.NoLimits;
import dev.agentauth.internal.Ports;
import dev.agentauth.internal.Settings;
import dev.agentauth.internal.Surroundings;
import dev.agentauth.keys.CryptoProvider;
import dev.agentauth.memory.InMemoryLogoutMarks;
import dev.agentauth.memory.InMemoryStores;
import dev.agentauth.memory.InMemoryUserDirectory;
import dev.agentauth.spi.LogoutMarks;
import dev.agentauth.spi.MixedStores;
import dev.agentauth.spi.ProviderKeys;
import dev.agentauth.spi.ReplayStore;
import dev.agentauth.spi.SigningKey;
import dev.agentauth.spi.SigningKeys;
import dev.agentauth.spi.TrustList;
import dev.agentauth.spi.TrustedProvider;
import dev.agentauth.spi.VerificationKey;
import java.time.Instant;
import java.time.InstantSource;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;

/** Verifiers with nothing around them but what a test gives them. */
final class TestAssertions {
    private final ProviderAssertions assertions;

    private TestAssertions(ProviderAssertions assertions) {
        this.assertions = assertions;
    }

    static TestAssertions of(ProviderKeys keys, ReplayStore replay, TrustedProvider... trusted) {
        return of(keys, replay, new InMemoryLogoutMarks(), TrustList.of(List.of(trusted)));
    }

    static TestAssertions of(ProviderKeys keys, ReplayStore replay, LogoutMarks marks, TrustList trust) {
        Settings settings = new Settings(
                TestProvider.SERVICE,
                TestProvider.SERVICE,
                TestProvider.RESOURCE,
                "Service",
                null,
                null,
                Map.of(),
                List.of(),
                List.of("things.read"),
                Lifetimes.standard(),
                Features.of(EnumSet.of(Feature.ID_JAG)),
                AnonymousClaim.WIDEN,
                ExistingUserPolicy.LINK,
                NewUserPolicy.PROVISION,
                1_000,
                true,
                CryptoProvider.platform());
        Ports ports = new Ports(
                MixedStores.of(InMemoryStores.of(TestProvider.SERVICE))
                        .withReplay(replay)
                        .withLogoutMarks(marks),
                new InMemoryUserDirectory(),
                mail -> {
                    throw new AssertionError("nothing is mailed here");
                },
                new NoKeys(),
                keys,
                trust,
                new NoLimits(),
                SharedSecrets.of("api", "x".repeat(32)),
                List.of(),
                InstantSource.fixed(TestProvider.NOW));
        return new TestAssertions(new ProviderAssertions(Surroundings.of(settings, ports), new KeySource(keys)));
    }

    VerifiedIdJag verifyIdJag(String token, Instant now) {
        return assertions.verifyIdJag(Caller.unknown(), token, now);
    }

    VerifiedEvent verifyLogout(String token, Instant now) {
        return assertions.verifyLogout(Caller.unknown(), token, now);
    }

    private static final class NoKeys implements SigningKeys {
        @Override
        public SigningKey current() {
            throw new AssertionError("nothing is signed here");
        }

        @Override
        public List<VerificationKey> published() {
            return List.of();
        }
    }
}
