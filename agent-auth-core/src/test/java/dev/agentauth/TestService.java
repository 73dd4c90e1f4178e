package dev.agentauth;

import dev.agentauth.config.SharedSecrets;
import dev.agentauth.memory.InMemoryRegistrationStore;
import dev.agentauth.memory.InMemoryStores;
import dev.agentauth.memory.InMemoryUserDirectory;
import dev.agentauth.memory.InMemoryUserOrigins;
import dev.agentauth.registration.Registration;
import dev.agentauth.spi.MixedStores;
import dev.agentauth.spi.RegistrationStore;
import dev.agentauth.spi.ResourceServers;
import dev.agentauth.spi.User;
import dev.agentauth.testkit.MovableClock;
import dev.agentauth.testkit.ProviderJwt;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.UnaryOperator;

/** A whole service in memory, with a clock to move, an outbox to read, and two providers that it trusts. */
final class TestService implements AutoCloseable {
    static final String ISSUER = "https://auth.example.com";
    static final String RESOURCE = "https://api.example.com/";
    static final Instant START = Instant.parse("2026-05-04T13:00:00Z");
    static final Duration TICK = Duration.ofMillis(1);
    static final Caller CALLER = Caller.at(address("203.0.113.7"));
    static final String API_SECRET = "0123456789abcdefghijklmnopqrstuv";
    static final ResourceServers.Credentials API =
            new ResourceServers.Credentials(CALLER, "api", Secret.of(API_SECRET), List.of());
    static final String ALICE = "alice@example.com";
    static final String BOB = "bob@example.com";

    final MovableClock clock = MovableClock.at(START);
    final Outbox outbox = new Outbox();
    final AuditLog audit = new AuditLog();
    final InMemoryUserDirectory users = new InMemoryUserDirectory();
    final InMemoryStores stores = InMemoryStores.of(ISSUER);
    final InMemoryRegistrationStore registrations = stores.registrations();
    final InMemoryUserOrigins origins = stores.userOrigins();
    final TestSigningKeys signingKeys = new TestSigningKeys();
    final SigningProvider provider = new SigningProvider("https://agents.example.net", ISSUER, clock);
    final SigningProvider otherProvider = new SigningProvider("https://other.example.net", ISSUER, clock);
    final ChangingTrust trust = new ChangingTrust();
    final AgentAuth auth;

    private TestService(BiFunction<AgentAuthBuilder, TestService, AgentAuthBuilder> more) {
        trust.add(provider.trusted());
        trust.add(otherProvider.trusted());
        auth = more.apply(builder(), this).build();
    }

    static TestService start() {
        return start(builder -> builder);
    }

    static TestService start(UnaryOperator<AgentAuthBuilder> more) {
        return new TestService((builder, parts) -> more.apply(builder));
    }

    /** With the parts at hand: for those that wrap some of them. */
    static TestService start(BiFunction<AgentAuthBuilder, TestService, AgentAuthBuilder> more) {
        return new TestService(more);
    }

    private AgentAuthBuilder builder() {
        return AgentAuth.builder(ISSUER, RESOURCE)
                .serviceName("Example")
                .preClaimScopes("api.read")
                .postClaimScopes("api.read", "api.write", "api.pay")
                .trust(trust)
                .mailer(outbox)
                .users(users)
                .withoutRateLimits()
                .stores(stores)
                .signingKeys(signingKeys)
                .providerKeys(SigningProvider.keysOf(provider, otherProvider))
                .introspection(SharedSecrets.of("api", API_SECRET))
                .audit(audit)
                .clock(clock)
                .purgeByEmbedder();
    }

    /** Stores in memory with the registrations of a test. */
    static MixedStores storesWith(RegistrationStore registrations) {
        return MixedStores.of(InMemoryStores.of(ISSUER)).withRegistrations(registrations);
    }

    @Override
    public void close() {
        auth.close();
    }

    static InetAddress address(String literal) {
        try {
            return InetAddress.getByName(literal);
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException(e);
        }
    }

    // What agents do

    Registered.Anonymous anonymous() {
        return auth.registerAnonymous(CALLER);
    }

    Registered.Email email(String address) {
        return auth.registerWithEmail(CALLER, address);
    }

    Registered present(String subject, String email) {
        return present(provider.idJag(subject).email(email));
    }

    Registered present(ProviderJwt idJag) {
        return auth.registerWithIdJag(CALLER, idJag.compact());
    }

    Registered.Provider presentCleanly(String subject, String email) {
        return (Registered.Provider) present(subject, email);
    }

    Registered.StepUp presentForStepUp(String subject, String email) {
        return (Registered.StepUp) present(subject, email);
    }

    ClaimStarted startClaim(ClaimHandle handle, String address) {
        return auth.startClaim(CALLER, handle.token().reveal(), address);
    }

    ClaimCompleted complete(ClaimHandle handle, String code) {
        return auth.completeClaim(CALLER, handle.token().reveal(), code);
    }

    IssuedToken exchange(IssuedAssertion assertion) {
        return exchange(assertion, null);
    }

    IssuedToken exchange(IssuedAssertion assertion, String scope) {
        return auth.exchange(CALLER, assertion.value().reveal(), scope, List.of());
    }

    List<String> scopesOf(IssuedToken token) {
        return auth.authenticate(token.value().reveal())
                .map(AuthenticatedAgent::scopes)
                .orElse(null);
    }

    // What people do

    /** Opens the newest mail and reveals the code. */
    String reveal() {
        return auth.revealCode(CALLER, outbox.lastToken()).code().reveal();
    }

    void reject() {
        auth.rejectClaim(CALLER, outbox.lastToken());
    }

    static String wrong(String code) {
        return code.startsWith("0") ? "1" + code.substring(1) : "0" + code.substring(1);
    }

    // All of it

    /** An anonymous registration that the person of that address owns. */
    Registered.Anonymous claimedAnonymous(String address) {
        Registered.Anonymous registered = anonymous();
        startClaim(registered.claim(), address);
        complete(registered.claim(), reveal());
        return registered;
    }

    /** A registration by address that its person owns, and that can be refreshed. */
    IssuedRefreshToken refreshable(String address) {
        Registered.Email registered = email(address);
        return auth.completeClaimWithRefreshToken(
                        CALLER, registered.claim().token().reveal(), reveal())
                .refreshToken()
                .orElseThrow();
    }

    /** An existing user, who has proved the address to the service. */
    User user(String id, String address) {
        User user = User.of(id, address);
        users.add(user);
        return user;
    }

    Registration stored(String registrationId) {
        return registrations.findById(registrationId).orElseThrow();
    }
}
