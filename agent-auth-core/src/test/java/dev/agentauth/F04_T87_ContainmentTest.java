package dev.agentauth;

import static dev.agentauth.TestService.ALICE;
import static dev.agentauth.TestService.BOB;
import static dev.agentauth.TestService.CALLER;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.agentauth.memory.InMemoryRegistrationStore;
import dev.agentauth.memory.InMemoryStores;
import dev.agentauth.registration.Registration;
import dev.agentauth.spi.AuditEvent;
import dev.agentauth.spi.AuditSink;
import dev.agentauth.spi.ClaimMailer;
import dev.agentauth.spi.InstallationException;
import dev.agentauth.spi.LogoutMarks;
import dev.agentauth.spi.MailNotAcceptedException;
import dev.agentauth.spi.PortUnavailableException;
import dev.agentauth.spi.ProviderKeys;
import dev.agentauth.spi.RateLimiter;
import dev.agentauth.spi.RegistrationStore;
import dev.agentauth.spi.ReplayStore;
import dev.agentauth.spi.ResourceServers;
import dev.agentauth.spi.SigningKey;
import dev.agentauth.spi.SigningKeys;
import dev.agentauth.spi.Stores;
import dev.agentauth.spi.TokenStore;
import dev.agentauth.spi.TrustList;
import dev.agentauth.spi.TrustedProvider;
import dev.agentauth.spi.User;
import dev.agentauth.spi.UserDirectory;
import dev.agentauth.spi.UserOrigins;
import dev.agentauth.testkit.DelegatingRegistrationStore;
import java.io.IOException;
import java.lang.reflect.Modifier;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.PrivateKey;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Whatever an embedder's code throws or answers is contained at its port's edge: every method of every port, with every
 * kind of throwable and with null, in the midst of a tour through all that a service does.
 */
class F04_T87_ContainmentTest {
    private static final Map<Class<?>, String> PORTS = ports();

    private static Map<Class<?>, String> ports() {
        Map<Class<?>, String> ports = new LinkedHashMap<>();
        ports.put(Stores.class, "stores");
        ports.put(RegistrationStore.class, "registrations");
        ports.put(TokenStore.class, "accessTokens");
        ports.put(ReplayStore.class, "replay");
        ports.put(LogoutMarks.class, "logoutMarks");
        ports.put(UserOrigins.class, "origins");
        ports.put(UserDirectory.class, "users");
        ports.put(ClaimMailer.class, "mailer");
        ports.put(SigningKeys.class, "signingKeys");
        ports.put(ProviderKeys.class, "providerKeys");
        ports.put(TrustList.class, "trust");
        ports.put(RateLimiter.class, "rateLimiter");
        ports.put(ResourceServers.class, "resourceServers");
        ports.put(AuditSink.class, "audit");
        return ports;
    }

    /** The parts of the bundle, which are asked for while the service is built. */
    private static final Set<String> PARTS =
            Set.of("issuer", "registrations", "tokens", "replay", "logoutMarks", "userOrigins");

    /** Every method of every port that is called while requests are answered. */
    static List<String> calls() {
        List<String> calls = new ArrayList<>(List.of("clock.instant"));
        PORTS.forEach((port, name) -> Arrays.stream(port.getMethods())
                .filter(method -> !Modifier.isStatic(method.getModifiers()))
                .filter(method -> port != Stores.class || !PARTS.contains(method.getName()))
                .map(java.lang.reflect.Method::getName)
                // Asked while the service is built, like the parts of the bundle.
                .filter(method -> port != ResourceServers.class || !method.equals("methods"))
                .forEach(method -> calls.add(name + "." + method)));
        return calls;
    }

    /** A tour, and what became of the one call that failed in it. */
    private static final class Tour implements AutoCloseable {
        final Faults faults;
        final TestService service;
        final List<Throwable> unavailable = new ArrayList<>();
        final List<String> down = new ArrayList<>();
        boolean interrupted;

        Tour(Faults faults) {
            this.faults = faults;
            this.service = TestService.start(faults::wrap);
            faults.arm();
        }

        /** A request, and its repeat after a 503. */
        <T> T ask(Supplier<T> request) {
            for (int i = 0; i < 3; i++) {
                try {
                    return request.get();
                } catch (PortUnavailableException e) {
                    unavailable.add(e);
                } catch (AgentAuthException e) {
                    if (e.problem() != Problem.OUT_OF_REACH) {
                        throw e;
                    }
                    unavailable.add(e);
                } finally {
                    interrupted |= Thread.interrupted();
                }
                // Long enough for a reservation that could not be given back.
                service.clock.advance(Duration.ofSeconds(30));
            }
            throw new AssertionError("no answer after repeats");
        }

        /** Everything that calls a port. */
        void go() {
            Registered.Anonymous agent = ask(service::anonymous);
            IssuedToken token = ask(() -> service.exchange(agent.assertion()));
            ask(() -> Optional.ofNullable(service.scopesOf(token)));
            ask(() -> service.auth.introspect(TestService.API, token.value().reveal()));
            ask(() -> service.startClaim(agent.claim(), ALICE));
            claim(agent.claim());
            ask(() -> service.auth.revokeToken(CALLER, token.value().reveal()));
            Registered.Email named = ask(() -> service.email(BOB));
            claim(named.claim());
            // One who is made on a provider's word, until the address is proved.
            ask(() -> service.present("s", "carol@example.com"));
            ask(() -> service.present("s", "carol@example.com"));
            User carol = service.users.findByVerifiedEmail("carol@example.com").orElseThrow();
            ask(() -> service.auth.addressProved(carol.id(), "carol@example.com"));
            // One who is found by a number, is asked, and is told.
            service.user("user_p", "pat@example.com");
            service.users.addPhone("user_p", "+4930123456");
            Registered.StepUp step = (Registered.StepUp)
                    ask(() -> service.present(service.provider.idJag("n").phone("+4930123456")));
            claim(step.claim());
            // One whose address is somebody's by the time that the user is made.
            faults.contactsAreTaken = true;
            ask(() -> refused(() -> service.present("r", "erik@example.com")));
            faults.contactsAreTaken = false;
            ask(() -> service.auth.logout(CALLER, service.provider.logout("n").compact()));
            ask(service.auth::jwks);
            ask(() -> service.auth.list(AgentQuery.all()));
            for (Health.Component component : ask(service.auth::health).components()) {
                if (!component.up()) {
                    down.add(component.name());
                }
            }
            interrupted |= Thread.interrupted();
            ask(() -> service.auth.eraseUser("user_p"));
            ask(service.auth::revokeAllRegistrations);
            service.clock.advance(Duration.ofDays(1000));
            ask(service.auth::purge);
            ask(service::anonymous);
        }

        void ask(Runnable request) {
            ask(() -> {
                request.run();
                return true;
            });
        }

        private static Optional<Problem> refused(Supplier<?> request) {
            try {
                Object unused = request.get();
                return Optional.empty();
            } catch (AgentAuthException e) {
                if (e.problem() == Problem.OUT_OF_REACH) {
                    throw e;
                }
                assertThat(e.problem()).isEqualTo(Problem.NO_USER);
                return Optional.of(e.problem());
            }
        }

        /** Opens the mail and hands the code in; a repeat may be told that it is done. */
        private void claim(ClaimHandle handle) {
            String code = ask(service::reveal);
            ask(() -> {
                try {
                    return Optional.of(service.complete(handle, code));
                } catch (AgentAuthException e) {
                    if (e.problem() != Problem.CLAIMED) {
                        throw e;
                    }
                    return Optional.empty();
                }
            });
        }

        @Override
        public void close() {
            service.close();
        }
    }

    // The matrix

    @ParameterizedTest
    @MethodSource("calls")
    void t87_everyMethodOfEveryPortIsContained(String call) {
        List<String> wrong = new ArrayList<>();
        for (Faults.Kind kind : Faults.Kind.values()) {
            try (LogRecords logs = LogRecords.capture();
                    Tour tour = new Tour(new Faults(call, kind))) {
                tour.go();
                assertThat(tour.faults.failed()).as("is called by the tour").isEqualTo(call);
                hasItsEffect(call, kind, tour, logs.text());
                if (kind == Faults.Kind.INTERRUPTED) {
                    assertThat(tour.interrupted).as("the flag is set again").isTrue();
                }
                tour.unavailable.forEach(F04_T87_ContainmentTest::tellsNothing);
                assertThat(logs.text()).doesNotContain(Faults.WORDS);
            } catch (Throwable e) {
                wrong.add(kind + ": " + e.toString().lines().limit(12).toList());
            }
        }
        assertThat(wrong).isEmpty();
    }

    /** What the port's documentation says that its failure does. */
    private static void hasItsEffect(String call, Faults.Kind kind, Tour tour, String log) {
        switch (call) {
            case "mailer.sendLinkedNotice", "audit.record", "audit.lost" -> {
                assertThat(tour.unavailable).isEmpty();
                assertThat(tour.down).isEmpty();
                assertThat(log)
                        .contains(
                                switch (call) {
                                    case "audit.record" -> "the audit sink failed";
                                    case "audit.lost" -> "the audit sink does not say what it lost";
                                    default -> "was not accepted";
                                });
            }
            case "rateLimiter.tryAcquire", "rateLimiter.check" -> {
                assertThat(tour.unavailable).isEmpty();
                assertThat(tour.service.audit.of(AuditEvent.Type.RATE_LIMIT_UNAVAILABLE))
                        .hasSize(1);
                assertThat(log.contains(call))
                        .as("told where the limiter did not say so itself")
                        .isEqualTo(kind != Faults.Kind.DECLARED);
            }
            case "mailer.sendClaimLink" -> {
                assertThat(tour.unavailable).hasSize(1).allMatch(AgentAuthException.class::isInstance);
                assertThat(log).contains("was not accepted");
            }
            case "trust.all" -> assertThat(tour.down).containsExactly("trust");
            case "stores.checkWritable" -> assertThat(tour.down).containsExactly("writes");
            case "accessTokens.find", "replay.seen", "providerKeys.age" ->
                assertThat(tour.unavailable.size() + tour.down.size()).isEqualTo(1);
            default -> {
                assertThat(tour.down).isEmpty();
                assertThat(tour.unavailable).hasSize(1).allMatch(PortUnavailableException.class::isInstance);
            }
        }
    }

    private static void tellsNothing(Throwable told) {
        for (Throwable cause = told; cause != null; cause = cause.getCause()) {
            assertThat(cause.toString()).doesNotContain(Faults.WORDS);
        }
    }

    @Test
    void t87_everyPortIsInTheMatrix() throws IOException {
        Set<String> interfaces = new TreeSet<>();
        try (Stream<Path> classes = Files.list(Path.of("target/classes/dev/agentauth/spi"))) {
            for (Path file : classes.toList()) {
                String name = file.getFileName().toString().replace(".class", "");
                if (!name.equals("package-info") && !name.contains("$") && isInterface(name)) {
                    interfaces.add(name);
                }
            }
        }

        assertThat(PORTS.keySet()).extracting(Class::getSimpleName).containsExactlyInAnyOrderElementsOf(interfaces);
    }

    private static boolean isInterface(String name) {
        try {
            return Class.forName("dev.agentauth.spi." + name).isInterface();
        } catch (ClassNotFoundException e) {
            throw new AssertionError(e);
        }
    }

    // While a service is built

    @Test
    void t87_partsOfTheBundleThatCannotBeHadKeepTheServiceFromStarting() {
        for (String part : PARTS) {
            for (boolean answersNull : new boolean[] {false, true}) {
                Stores broken = (Stores) Proxy.newProxyInstance(
                        Stores.class.getClassLoader(), new Class<?>[] {Stores.class}, (self, method, arguments) -> {
                            if (!method.getName().equals(part)) {
                                return method.invoke(InMemoryStores.of(TestService.ISSUER), arguments);
                            }
                            if (answersNull) {
                                return null;
                            }
                            throw new NoClassDefFoundError(Faults.WORDS);
                        });

                Throwable told = catchThrowable(() -> TestService.start(builder -> builder.stores(broken)));

                assertThat(told)
                        .isInstanceOf(PortUnavailableException.class)
                        .hasMessageContaining("stores." + part)
                        .hasMessageNotContaining(Faults.WORDS);
            }
        }
    }

    @Test
    void t87_trustListThatFailsKeepsTheServiceFromStarting() {
        TrustList broken = new TrustList() {
            @Override
            public Optional<TrustedProvider> find(String issuer) {
                throw new AssertionError(Faults.WORDS);
            }

            @Override
            public Collection<TrustedProvider> all() {
                return List.of();
            }
        };

        assertThatExceptionOfType(PortUnavailableException.class)
                .isThrownBy(() -> TestService.start(builder -> builder.trust(broken)))
                .withMessage("trust.find failed: java.lang.AssertionError");
    }

    @Test
    void t87_resourceServersThatFailKeepTheServiceFromStarting() {
        ResourceServers broken = new ResourceServers() {
            @Override
            public Set<Method> methods() {
                throw new AssertionError(Faults.WORDS);
            }

            @Override
            public Optional<String> authenticate(Credentials credentials) {
                return Optional.empty();
            }
        };

        assertThatExceptionOfType(PortUnavailableException.class)
                .isThrownBy(() -> TestService.start(builder -> builder.introspection(broken)))
                .withMessage("resourceServers.methods failed: java.lang.AssertionError");
    }

    // What is special

    @Test
    void f04_attemptIsGoneWhateverTheMailerThrows() {
        for (Faults.Kind kind : Faults.Kind.values()) {
            try (LogRecords logs = LogRecords.capture();
                    Tour tour = new Tour(new Faults("mailer.sendClaimLink", kind))) {
                TestService service = tour.service;
                assertThat(Refused.problem(() -> service.email(ALICE))).isEqualTo(Problem.OUT_OF_REACH);
                assertThat(Thread.interrupted()).isEqualTo(kind == Faults.Kind.INTERRUPTED);

                Registration refused = service.stored(tour.faults.inserted.get(0));
                assertThat(refused.revokedAt()).isNotNull();
                assertThat(logs.text()).contains("was not accepted").doesNotContain(Faults.WORDS);
            }
        }
    }

    @Test
    void f04_mailersOwnWordsAreNotLoggedEvenWhereItSaysNotAccepted() {
        try (LogRecords logs = LogRecords.capture();
                TestService service = TestService.start(builder -> builder.mailer(mail -> {
                    throw new MailNotAcceptedException(
                            "not accepted for " + mail.recipient() + ": " + mail.link(),
                            new IOException("550 <" + mail.recipient() + ">"));
                }))) {
            assertThat(Refused.problem(() -> service.email(ALICE))).isEqualTo(Problem.OUT_OF_REACH);

            assertThat(logs.text())
                    .contains("was not accepted: " + MailNotAcceptedException.class.getName()
                            + ", caused by java.io.IOException")
                    .doesNotContain(ALICE)
                    .doesNotContain("token=")
                    .doesNotContain("not accepted for")
                    .doesNotContain("550");
        }
    }

    @Test
    void t87_keyThatThrowsWhenItSignsIsOutOfReach() {
        TestService[] started = new TestService[1];
        SigningKeys keys = new SigningKeys() {
            @Override
            public SigningKey current() {
                return new SigningKey(started[0].signingKeys.current().verificationKey(), new BrokenHandle());
            }

            @Override
            public List<dev.agentauth.spi.VerificationKey> published() {
                return started[0].signingKeys.published();
            }
        };
        try (TestService service = TestService.start(builder -> builder.signingKeys(keys))) {
            started[0] = service;

            assertThatExceptionOfType(PortUnavailableException.class)
                    .isThrownBy(service::anonymous)
                    .satisfies(F04_T87_ContainmentTest::tellsNothing);
        }
    }

    /** A handle into a module that is not there. */
    private static final class BrokenHandle implements PrivateKey {
        private static final long serialVersionUID = 1L;

        @Override
        public String getAlgorithm() {
            throw new IllegalStateException(Faults.WORDS);
        }

        @Override
        public String getFormat() {
            throw new IllegalStateException(Faults.WORDS);
        }

        @Override
        public byte[] getEncoded() {
            throw new IllegalStateException(Faults.WORDS);
        }
    }

    @Test
    void t87_listThatHoldsNullIsNoAnswer() {
        InMemoryRegistrationStore kept = new InMemoryRegistrationStore();
        try (TestService service = TestService.start(builder ->
                builder.stores(TestService.storesWith(new DelegatingRegistrationStore(kept) {
                    @Override
                    public List<Registration> findByUser(String userId) {
                        return Arrays.asList((Registration) null);
                    }
                })))) {
            assertThatExceptionOfType(PortUnavailableException.class)
                    .isThrownBy(() -> service.auth.eraseUser("user_1"));
        }
    }

    @Test
    void f06_brokenInstallationIsNotAnOutage() {
        InMemoryRegistrationStore kept = new InMemoryRegistrationStore();
        InstallationException declared = new InstallationException("a table is missing", new IOException());
        try (LogRecords logs = LogRecords.capture();
                TestService service = TestService.start(
                        builder -> builder.stores(TestService.storesWith(new DelegatingRegistrationStore(kept) {
                            @Override
                            public Optional<Registration> findById(String id) {
                                throw declared;
                            }
                        })))) {
            assertThat(catchThrowable(() -> service.auth.registration("reg_x"))).isSameAs(declared);
            assertThat(service.auth.health().components())
                    .filteredOn(component -> !component.up())
                    .extracting(Health.Component::name)
                    .containsExactly("registrations");
            assertThat(logs.text()).contains("a table is missing");
        }
    }

    @Test
    void t87_whatIsFatalToTheJvmIsNotContained() {
        try (TestService service = TestService.start(builder -> builder.mailer(mail -> {
            throw new OutOfMemoryError("planted");
        }))) {
            assertThat(catchThrowable(() -> service.email(ALICE))).isInstanceOf(OutOfMemoryError.class);
        }
    }

    @ParameterizedTest
    @EnumSource(PurgeFailure.class)
    void f04_scheduledPurgeSurvivesAnything(PurgeFailure failure) throws InterruptedException {
        CountDownLatch runs = new CountDownLatch(3);
        InMemoryRegistrationStore kept = new InMemoryRegistrationStore();
        try (LogRecords logs = LogRecords.capture();
                TestService service = TestService.start(builder -> builder.purgeEvery(Duration.ofMillis(5))
                        .stores(TestService.storesWith(new DelegatingRegistrationStore(kept) {
                            @Override
                            public List<Registration> purge(Instant unclaimed, Instant settled, int limit) {
                                runs.countDown();
                                return Faults.sneak(failure.thrown.get());
                            }
                        })))) {
            assertThat(runs.await(30, TimeUnit.SECONDS)).isTrue();
            assertThat(service.auth).isNotNull();
            assertThat(logs.text()).contains("the purge failed").doesNotContain(Faults.WORDS);
        }
    }

    /** What ends a schedule where it is not caught. */
    @SuppressWarnings("ImmutableEnumChecker") // its suppliers are constants
    enum PurgeFailure {
        SNEAKED(() -> new IOException(Faults.WORDS)),
        LINKAGE(() -> new NoClassDefFoundError(Faults.WORDS)),
        MEMORY(() -> new OutOfMemoryError(Faults.WORDS)),
        INTERRUPTED(() -> new InterruptedException(Faults.WORDS));

        private final Supplier<Throwable> thrown;

        PurgeFailure(Supplier<Throwable> thrown) {
            this.thrown = thrown;
        }
    }
}
