package dev.agentauth.spi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.agentauth.AgentAuth;
import dev.agentauth.SecretHash;
import dev.agentauth.memory.InMemoryLogoutMarks;
import dev.agentauth.memory.InMemoryRegistrationStore;
import dev.agentauth.memory.InMemoryReplayStore;
import dev.agentauth.memory.InMemoryStores;
import dev.agentauth.memory.InMemoryTokenStore;
import dev.agentauth.memory.InMemoryUserDirectory;
import dev.agentauth.memory.InMemoryUserOrigins;
import dev.agentauth.registration.Registration;
import dev.agentauth.spi.Stores.TokenWithRegistration;
import dev.agentauth.testkit.DelegatingRegistrationStore;
import dev.agentauth.testkit.TestRegistrations;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MixedStoresTest {
    private static final String ISSUER = "https://auth.example.com";
    private static final SecretHash HASH = SecretHash.of("t");
    private static final Registration REGISTRATION = TestRegistrations.anonymous("reg_1");

    private final AtomicInteger joined = new AtomicInteger();
    private final AtomicInteger checked = new AtomicInteger();
    private final Stores base = new Stores() {
        private final Stores parts = InMemoryStores.of(ISSUER);

        @Override
        public String issuer() {
            return parts.issuer();
        }

        @Override
        public RegistrationStore registrations() {
            return parts.registrations();
        }

        @Override
        public TokenStore tokens() {
            return parts.tokens();
        }

        @Override
        public ReplayStore replay() {
            return parts.replay();
        }

        @Override
        public LogoutMarks logoutMarks() {
            return parts.logoutMarks();
        }

        @Override
        public void checkWritable() {
            checked.incrementAndGet();
        }

        @Override
        public UserOrigins userOrigins() {
            return parts.userOrigins();
        }

        @Override
        public Optional<TokenWithRegistration> findTokenWithRegistration(SecretHash hash) {
            joined.incrementAndGet();
            return Stores.super.findTokenWithRegistration(hash);
        }
    };

    MixedStoresTest() {
        base.registrations().insert(REGISTRATION, TestRegistrations.NOW);
        base.tokens()
                .insert(new AccessToken(HASH, "reg_1", 0, null, TestRegistrations.NOW), TestRegistrations.NOW, 1000);
    }

    @Test
    void whatIsNotReplacedIsTheBundles() {
        MixedStores mixed = MixedStores.of(base);

        assertThat(mixed.issuer()).isEqualTo(ISSUER);
        assertThat(mixed.registrations()).isSameAs(base.registrations());
        assertThat(mixed.tokens()).isSameAs(base.tokens());
        assertThat(mixed.replay()).isSameAs(base.replay());
        assertThat(mixed.logoutMarks()).isSameAs(base.logoutMarks());
        assertThat(mixed.userOrigins()).isSameAs(base.userOrigins());
    }

    @Test
    void eachPartIsReplacedAlone() {
        RegistrationStore registrations = new InMemoryRegistrationStore();
        TokenStore tokens = new InMemoryTokenStore();
        ReplayStore replay = new InMemoryReplayStore();
        LogoutMarks marks = new InMemoryLogoutMarks();
        UserOrigins origins = new InMemoryUserOrigins();
        MixedStores mixed = MixedStores.of(base)
                .withRegistrations(registrations)
                .withTokens(tokens)
                .withReplay(replay)
                .withLogoutMarks(marks)
                .withUserOrigins(origins);

        assertThat(mixed.registrations()).isSameAs(registrations);
        assertThat(mixed.tokens()).isSameAs(tokens);
        assertThat(mixed.replay()).isSameAs(replay);
        assertThat(mixed.logoutMarks()).isSameAs(marks);
        assertThat(mixed.userOrigins()).isSameAs(origins);
    }

    @Test
    void bundleIsAskedOnceForBothAsLongAsBothAreIts() {
        Stores mixed = MixedStores.of(base).withReplay(new InMemoryReplayStore());

        assertThat(mixed.findTokenWithRegistration(HASH)).isPresent();
        assertThat(joined).hasValue(1);
    }

    @Test
    void registrationsAndTokensThatWerePutInAreAsked() {
        Stores decorated = MixedStores.of(base)
                .withRegistrations(new DelegatingRegistrationStore(base.registrations()) {
                    @Override
                    public Optional<Registration> findById(String id) {
                        return super.findById(id).map(Registration::raiseEpoch);
                    }
                });

        assertThat(decorated.findTokenWithRegistration(HASH))
                .map(TokenWithRegistration::registration)
                .contains(REGISTRATION.raiseEpoch());
        assertThat(MixedStores.of(base).withTokens(new InMemoryTokenStore()).findTokenWithRegistration(HASH))
                .isEmpty();
        assertThat(joined).hasValue(0);
    }

    @Test
    void registrationsAreAskedWhetherOrNotThereIsSuchAToken() {
        AtomicInteger asked = new AtomicInteger();
        Stores counting = MixedStores.of(base).withRegistrations(new DelegatingRegistrationStore(base.registrations()) {
            @Override
            public Optional<Registration> findById(String id) {
                asked.incrementAndGet();
                return super.findById(id);
            }
        });

        assertThat(counting.findTokenWithRegistration(HASH)).isPresent();
        assertThat(asked.getAndSet(0)).isEqualTo(1);
        assertThat(counting.findTokenWithRegistration(SecretHash.of("none"))).isEmpty();
        assertThat(asked).hasValue(1);
    }

    @Test
    void t85_storesOfAnotherServiceAreRefusedAtTheStart() {
        assertThatThrownBy(() -> AgentAuth.builder("https://other.example.com", "https://api.example.com/")
                        .postClaimScopes("api.read")
                        .users(new InMemoryUserDirectory())
                        .mailer(mail -> {})
                        .withoutRateLimits()
                        .stores(base)
                        .build())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("stores ");
    }

    @Test
    void writesAreCheckedInTheBundle() {
        MixedStores.of(base).checkWritable();

        assertThat(checked).hasValue(1);
    }

    @ParameterizedTest
    @ValueSource(
            classes = {
                RegistrationStore.class,
                TokenStore.class,
                ReplayStore.class,
                LogoutMarks.class,
                UserOrigins.class
            })
    void writesAreCheckedInEachPartThatWasPutIn(Class<?> port) {
        List<String> writes = new ArrayList<>();
        InMemoryStores other = InMemoryStores.of(ISSUER);
        MixedStores mixed = MixedStores.of(base)
                .withRegistrations(readOnly(port, RegistrationStore.class, other.registrations(), writes))
                .withTokens(readOnly(port, TokenStore.class, other.tokens(), writes))
                .withReplay(readOnly(port, ReplayStore.class, other.replay(), writes))
                .withLogoutMarks(readOnly(port, LogoutMarks.class, other.logoutMarks(), writes))
                .withUserOrigins(readOnly(port, UserOrigins.class, other.userOrigins(), writes));

        assertThatThrownBy(mixed::checkWritable).isInstanceOf(PortUnavailableException.class);
        assertThat(writes).hasSize(1);
        assertThat(checked).as("the bundle, too").hasValue(1);
    }

    @Test
    void checkOfPartsThatWerePutInLeavesNoTrace() {
        InMemoryStores other = InMemoryStores.of(ISSUER);
        MixedStores.of(base)
                .withRegistrations(other.registrations())
                .withTokens(other.tokens())
                .withReplay(other.replay())
                .withLogoutMarks(other.logoutMarks())
                .withUserOrigins(other.userOrigins())
                .checkWritable();

        assertThat(other.registrations().findMadeBefore(TestRegistrations.NOW, "", 10))
                .isEmpty();
        assertThat(other.registrations().findById("")).isEmpty();
    }

    /** The part under test takes no writes, and says which was tried. */
    private static <T> T readOnly(Class<?> tested, Class<T> port, T part, List<String> writes) {
        return tested != port
                ? part
                : port.cast(Proxy.newProxyInstance(
                        port.getClassLoader(), new Class<?>[] {port}, (proxy, method, arguments) -> {
                            writes.add(method.getName());
                            throw new PortUnavailableException("takes no writes");
                        }));
    }
}
