package dev.agentauth;

import static dev.agentauth.TestService.ALICE;
import static dev.agentauth.TestService.START;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.agentauth.memory.InMemoryRegistrationStore;
import dev.agentauth.registration.Registration;
import dev.agentauth.spi.ProviderKey;
import dev.agentauth.spi.ProviderKeys;
import dev.agentauth.spi.StoreUnavailableException;
import dev.agentauth.spi.TrustedProvider;
import dev.agentauth.testkit.DelegatingRegistrationStore;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** How the parts are doing. */
class HealthTest {

    @Test
    void everyPartIsNamedAndUp() {
        try (TestService service = TestService.start()) {
            assertThat(service.auth.health().components())
                    .extracting(Health.Component::name)
                    .containsExactlyInAnyOrder(
                            "registrations",
                            "accessTokens",
                            "replay",
                            "logoutMarks",
                            "users",
                            "signingKeys",
                            "mail",
                            "provider https://agents.example.net",
                            "provider https://other.example.net");
            assertThat(service.auth.health().isUp()).isTrue();
        }
    }

    @Test
    void lookingChangesNothing() {
        try (TestService service = TestService.start()) {
            service.auth.health();

            assertThat(service.audit.events).isEmpty();
            assertThat(service.outbox.mails).isEmpty();
            service.clock.advance(Duration.ofDays(1000));
            assertThat(service.auth.purge()).isEqualTo(new PurgeReport(0, 0, 0, 0));
        }
    }

    @Test
    void storeThatIsDownIsNamedAndTheOthersStayUp() {
        InMemoryRegistrationStore kept = new InMemoryRegistrationStore();
        try (LogRecords logs = LogRecords.capture();
                TestService service =
                        TestService.start(builder -> builder.registrations(new DelegatingRegistrationStore(kept) {
                            @Override
                            public Optional<Registration> findById(String id) {
                                throw new StoreUnavailableException("down");
                            }
                        }))) {
            Health health = service.auth.health();

            assertThat(health.isUp()).isFalse();
            assertThat(health.components())
                    .filteredOn(component -> !component.up())
                    .extracting(Health.Component::name)
                    .containsExactly("registrations");
            assertThat(logs.text()).contains("registrations");
        }
    }

    @Test
    void mailIsDownFromARefusalUntilTheNextMailIsAccepted() {
        try (LogRecords logs = LogRecords.capture();
                TestService service = TestService.start()) {
            service.outbox.refuses = true;
            assertThat(Refused.code(() -> service.email(ALICE))).isEqualTo(ErrorCode.TEMPORARILY_UNAVAILABLE);
            assertThat(isUp(service, "mail")).isFalse();

            service.outbox.refuses = false;
            service.email(ALICE);
            assertThat(isUp(service, "mail")).isTrue();
            assertThat(logs.text()).contains("was not accepted");
        }
    }

    @Test
    void providersKeysTellHowOldTheyAre() {
        try (TestService service =
                TestService.start(builder -> builder.providerKeys(new Keys(START.minusSeconds(90))))) {
            assertThat(service.auth.health().components())
                    .filteredOn(component -> component.name().startsWith("provider "))
                    .allMatch(Health.Component::up)
                    .extracting(Health.Component::age)
                    .containsOnly(Optional.of(Duration.ofSeconds(90)));
        }
    }

    @Test
    void keysThatWereNeverObtainedAreNoFailure() {
        try (TestService service = TestService.start()) {
            assertThat(service.auth.health().components())
                    .filteredOn(component -> component.name().startsWith("provider "))
                    .hasSize(2)
                    .allMatch(component -> component.up() && component.age().isEmpty());
        }
    }

    @Test
    void providerWhoseKeysCouldNotBeHadAtTheirLastUseIsDown() {
        try (TestService service = TestService.start(builder -> builder.providerKeys(new Keys(null)))) {
            assertThatThrownBy(() -> service.present("s", ALICE)).isInstanceOf(StoreUnavailableException.class);

            assertThat(isUp(service, "provider https://agents.example.net")).isFalse();
            assertThat(isUp(service, "provider https://other.example.net")).isTrue();
        }
    }

    @Test
    void healthAnswersWhicheverPartFails() {
        try (LogRecords logs = LogRecords.capture();
                TestService service = TestService.start(builder -> builder.providerKeys(new Keys(null) {
                    @Override
                    public Optional<Instant> obtainedAt(TrustedProvider provider) {
                        throw new StoreUnavailableException("down");
                    }
                }))) {
            assertThat(service.auth.health().isUp()).isFalse();
            assertThat(logs.text()).contains("down");
        }
    }

    private static boolean isUp(TestService service, String name) {
        return service.auth.health().components().stream()
                .filter(component -> component.name().equals(name))
                .findFirst()
                .orElseThrow()
                .up();
    }

    /** Keys that cannot be had now. */
    private static class Keys implements ProviderKeys {
        private final Instant obtainedAt;

        Keys(Instant obtainedAt) {
            this.obtainedAt = obtainedAt;
        }

        @Override
        public List<ProviderKey> find(TrustedProvider provider, String keyId) {
            throw new StoreUnavailableException("out of reach");
        }

        @Override
        public Optional<Instant> obtainedAt(TrustedProvider provider) {
            return Optional.ofNullable(obtainedAt);
        }
    }
}
