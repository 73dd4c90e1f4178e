package dev.agentauth;

import static dev.agentauth.TestService.ALICE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.agentauth.memory.InMemoryRegistrationStore;
import dev.agentauth.memory.InMemoryStores;
import dev.agentauth.registration.Registration;
import dev.agentauth.spi.AuditSink;
import dev.agentauth.spi.PortUnavailableException;
import dev.agentauth.spi.ProviderKeys;
import dev.agentauth.spi.Stores;
import dev.agentauth.spi.TrustedProvider;
import dev.agentauth.testkit.DelegatingRegistrationStore;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
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
                            "writes",
                            "userOrigins",
                            "users",
                            "signingKeys",
                            "mail",
                            "trust",
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
    void f34_whatASinkCouldNotKeepIsCountedAndDoesNotMakeUnhealthy() {
        AtomicBoolean full = new AtomicBoolean();
        AuditSink disk = event -> {
            if (full.get()) {
                throw new IllegalStateException("no space left");
            }
        };
        try (TestService service =
                TestService.start(builder -> builder.alsoAudit(disk).alsoAudit(disk))) {
            service.auth.registerAnonymous(Caller.unknown());
            assertThat(service.auth.health().lostAuditEvents()).isZero();

            full.set(true);
            int before = service.audit.events.size();
            service.auth.registerAnonymous(Caller.unknown());
            int events = service.audit.events.size() - before;
            full.set(false);
            service.auth.registerAnonymous(Caller.unknown());

            Health health = service.auth.health();
            assertThat(events).isPositive();
            assertThat(health.lostAuditEvents()).isEqualTo(2L * events);
            assertThat(health.isUp()).isTrue();
        }
    }

    @Test
    void storeThatIsDownIsNamedAndTheOthersStayUp() {
        InMemoryRegistrationStore kept = new InMemoryRegistrationStore();
        try (LogRecords logs = LogRecords.capture();
                TestService service = TestService.start(
                        builder -> builder.stores(TestService.storesWith(new DelegatingRegistrationStore(kept) {
                            @Override
                            public Optional<Registration> findById(String id) {
                                throw new PortUnavailableException("down");
                            }
                        })))) {
            Health health = service.auth.health();

            assertThat(health.isUp()).isFalse();
            assertThat(health.isReady()).isFalse();
            assertThat(health.components())
                    .filteredOn(component -> !component.up())
                    .extracting(Health.Component::name)
                    .containsExactly("registrations");
            assertThat(logs.text()).contains("registrations");
        }
    }

    @Test
    void f08_storesThatOnlyAnswerReadsAreDown() {
        InMemoryStores kept = InMemoryStores.of(TestService.ISSUER);
        Stores readOnly = (Stores) Proxy.newProxyInstance(
                HealthTest.class.getClassLoader(), new Class<?>[] {Stores.class}, (self, method, arguments) -> {
                    if (method.getName().equals("checkWritable")) {
                        throw new PortUnavailableException("takes no writes");
                    }
                    return method.invoke(kept, arguments);
                });
        try (LogRecords logs = LogRecords.capture();
                TestService service = TestService.start(builder -> builder.stores(readOnly))) {
            assertThat(service.auth.health().components())
                    .filteredOn(component -> !component.up())
                    .extracting(Health.Component::name)
                    .containsExactly("writes");
            assertThat(logs.text()).contains("takes no writes");
        }
    }

    @Test
    void mailIsDownFromARefusalUntilTheNextMailIsAccepted() {
        try (LogRecords logs = LogRecords.capture();
                TestService service = TestService.start()) {
            service.outbox.refuses = true;
            assertThat(Refused.problem(() -> service.email(ALICE))).isEqualTo(Problem.OUT_OF_REACH);
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
                TestService.start(builder -> builder.providerKeys(new Keys(Duration.ofSeconds(90))))) {
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
            assertThatThrownBy(() -> service.present("s", ALICE)).isInstanceOf(PortUnavailableException.class);

            assertThat(isUp(service, "provider https://agents.example.net")).isFalse();
            assertThat(isUp(service, "provider https://other.example.net")).isTrue();
            assertThat(service.auth.health().isReady())
                    .as("agents that are there already need no provider")
                    .isTrue();
            assertThat(service.auth.health().components())
                    .filteredOn(component -> !component.needed())
                    .extracting(Health.Component::name)
                    .containsExactly(
                            "mail", "provider https://agents.example.net", "provider https://other.example.net");
        }
    }

    @Test
    void healthAnswersWhicheverPartFails() {
        try (LogRecords logs = LogRecords.capture();
                TestService service = TestService.start(builder -> builder.providerKeys(new Keys(null) {
                    @Override
                    public Optional<Duration> age(TrustedProvider provider) {
                        throw new PortUnavailableException("down");
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
        private final Duration age;

        Keys(Duration age) {
            this.age = age;
        }

        @Override
        public ProviderKeys.Answer find(TrustedProvider provider, String keyId) {
            throw new PortUnavailableException("out of reach");
        }

        @Override
        public Optional<Duration> age(TrustedProvider provider) {
            return Optional.ofNullable(age);
        }
    }
}
