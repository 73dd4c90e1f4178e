package dev.agentauth;

import static dev.agentauth.TestService.ALICE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.agentauth.memory.InMemoryRegistrationStore;
import dev.agentauth.memory.InMemoryStores;
import dev.agentauth.registration.ProviderIdentity;
import dev.agentauth.registration.Registration;
import dev.agentauth.spi.MixedStores;
import dev.agentauth.testkit.DelegatingRegistrationStore;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** A provider that registers and logs out all day makes no presentation slower. */
class F27_PresentationsTest {

    @Test
    void f27_presentationsAndLogoutsLoadNothingThatIsRevoked() {
        AtomicInteger loaded = new AtomicInteger();
        DelegatingRegistrationStore counting = new DelegatingRegistrationStore(new InMemoryRegistrationStore()) {
            @Override
            public List<Registration> findByProvider(ProviderIdentity identity) {
                return counted(super.findByProvider(identity));
            }

            @Override
            public List<Registration> findByProviderInAnyTenant(ProviderIdentity subject) {
                return counted(super.findByProviderInAnyTenant(subject));
            }

            private List<Registration> counted(List<Registration> found) {
                loaded.addAndGet(found.size());
                return found;
            }
        };
        try (TestService service = TestService.start(builder -> builder.stores(
                MixedStores.of(InMemoryStores.of(TestService.ISSUER)).withRegistrations(counting)))) {
            for (int i = 0; i < 200; i++) {
                service.presentCleanly("s", "alice" + i + "@example.com");
                service.clock.advance(Duration.ofSeconds(1));
                service.auth.logout(
                        TestService.CALLER, service.provider.logout("s").compact());
                service.clock.advance(Duration.ofSeconds(1));
            }
            assertThat(loaded).as("one for each logout").hasValue(200);

            service.presentCleanly("s", ALICE);
            assertThat(loaded).hasValue(200);
        }
    }
}
