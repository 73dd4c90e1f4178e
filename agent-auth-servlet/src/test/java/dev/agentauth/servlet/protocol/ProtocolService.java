package dev.agentauth.servlet.protocol;

import dev.agentauth.AgentAuth;
import dev.agentauth.AgentAuthBuilder;
import dev.agentauth.config.ExistingUserPolicy;
import dev.agentauth.keys.RemoteProviderKeys;
import dev.agentauth.keys.RotatingSigningKeys;
import dev.agentauth.memory.InMemoryRegistrationStore;
import dev.agentauth.memory.InMemoryStores;
import dev.agentauth.memory.InMemoryUserDirectory;
import dev.agentauth.memory.InMemoryUserOrigins;
import dev.agentauth.servlet.AgentAuthServlet;
import dev.agentauth.servlet.BearerTokenFilter;
import dev.agentauth.servlet.Bucket4jRateLimiter;
import dev.agentauth.servlet.ClientAddress;
import dev.agentauth.servlet.SignIn;
import dev.agentauth.servlet.WellKnownServlet;
import dev.agentauth.spi.AuditSink;
import dev.agentauth.spi.ClaimMailer;
import dev.agentauth.spi.LogoutMarks;
import dev.agentauth.spi.MixedStores;
import dev.agentauth.spi.ProviderKeys;
import dev.agentauth.spi.RateLimiter;
import dev.agentauth.spi.RegistrationStore;
import dev.agentauth.spi.ReplayStore;
import dev.agentauth.spi.TokenStore;
import dev.agentauth.spi.TrustedProvider;
import dev.agentauth.spi.UserDirectory;
import dev.agentauth.spi.UserOrigins;
import dev.agentauth.testkit.FakeProvider;
import dev.agentauth.testkit.MovableClock;
import jakarta.servlet.DispatcherType;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.function.Consumer;
import org.eclipse.jetty.ee10.servlet.ErrorPageErrorHandler;
import org.eclipse.jetty.ee10.servlet.FilterHolder;
import org.eclipse.jetty.ee10.servlet.ServletContextHandler;
import org.eclipse.jetty.ee10.servlet.ServletHolder;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.handler.ContextHandlerCollection;
import org.eclipse.jetty.util.component.LifeCycle;
import org.eclipse.jetty.util.thread.QueuedThreadPool;

/**
 * A service as an embedder builds it: an {@link AgentAuth} on a clock that stands still, behind its servlet in a real
 * Jetty on a free port, with an API of its own behind the bearer filter and one trusted provider. Its clock, users, mail,
 * audit and ports are open to the test.
 */
final class ProtocolService implements AutoCloseable {
    static final Instant START = Instant.parse("2026-05-04T13:00:00Z");
    static final String NAME = "Test Service";
    static final String READ = "things.read";
    static final String WRITE = "things.write";
    static final String ADMIN = "things.admin";

    final MovableClock clock;
    final RecordingMailer mail;
    final RecordingAudit audit;
    final InMemoryUserDirectory users;
    final InMemoryStores stores;
    final InMemoryRegistrationStore registrations;
    final InMemoryUserOrigins origins;
    final RotatingSigningKeys signingKeys;
    final Wiretap wiretap = new Wiretap();
    final FakeProvider provider;
    final SwitchableTrust trust;
    final AgentAuth auth;
    final Client client;
    final RawHttp raw;

    private final String issuer;
    private final String resource;
    private final Server server;
    private final boolean ownsProvider;

    /** What a test wants to be different. */
    static final class Options {
        private String issuerPath = "";
        private String issuer = "";
        private String clientPath = "";
        private String contextPath = "/";
        private String resourcePath = "/api";
        private List<String> mappings = List.of("/*");
        private boolean api = true;
        private boolean limited;
        private boolean wellKnownAtRoot;
        private boolean trusting = true;
        private boolean anyOrigin;
        private SignIn signIn;
        private SignIn owners;
        private boolean mailed = true;
        private ClientAddress clientAddress = ClientAddress.ofConnection();
        private Consumer<AgentAuthBuilder> configuration = builder -> {};
        private ProtocolService twin;
        private LogoutMarks logoutMarks;
        private ClaimMailer mailer;
        private Instant start = START;
        private Duration outageTime = Duration.ofHours(4);

        /** The issuer has this path; unless said otherwise the base URL is the issuer. */
        Options issuerPath(String path) {
            issuerPath = path;
            clientPath = path;
            return this;
        }

        /** The issuer is this, whatever the service itself sees. */
        Options issuer(String url) {
            issuer = url;
            return this;
        }

        Options contextPath(String path) {
            contextPath = path;
            return this;
        }

        Options resourcePath(String path) {
            resourcePath = path;
            return this;
        }

        Options mappings(String... patterns) {
            mappings = List.of(patterns);
            return this;
        }

        Options withoutApi() {
            api = false;
            return this;
        }

        Options withWellKnownServletAtRoot() {
            wellKnownAtRoot = true;
            return this;
        }

        /** With the protocol's rate limits, which other tests would run into. */
        Options limited() {
            limited = true;
            return this;
        }

        /** Without any trusted provider: ID-JAGs are off. */
        Options trustingNobody() {
            trusting = false;
            return this;
        }

        /** For agents that run in browsers. */
        Options anyOrigin() {
            anyOrigin = true;
            return this;
        }

        /** Nobody can be asked, so everything that asks is off. */
        Options withoutMail() {
            mailed = false;
            return configure(
                    builder -> builder.anonymous(false).verifiedEmail(false).existingUsers(ExistingUserPolicy.LINK));
        }

        /** People are known by signing in. */
        Options signIn(SignIn port) {
            signIn = port;
            return configure(AgentAuthBuilder::signIn);
        }

        /** People see and end their agents. */
        Options yourAgents(SignIn port) {
            owners = port;
            return this;
        }

        Options clientAddress(ClientAddress finder) {
            clientAddress = finder;
            return this;
        }

        Options configure(Consumer<AgentAuthBuilder> change) {
            configuration = configuration.andThen(change);
            return this;
        }

        Options mailer(ClaimMailer port) {
            mailer = port;
            return this;
        }

        Options startingAt(Instant instant) {
            start = instant;
            return this;
        }

        /** For how long the cached keys of a provider outlive it. */
        Options outageTime(Duration time) {
            outageTime = time;
            return this;
        }

        /** Marks other than those in memory. */
        Options logoutMarks(LogoutMarks marks) {
            logoutMarks = marks;
            return this;
        }

        /** Another replica of a service: the same issuer, clock, stores, users, keys, mail and audit. */
        Options replicaOf(ProtocolService other) {
            twin = other;
            return this;
        }
    }

    private ProtocolService(Options options) throws Exception {
        ProtocolService twin = options.twin;
        clock = twin == null ? MovableClock.at(options.start) : twin.clock;
        mail = twin == null ? new RecordingMailer() : twin.mail;
        audit = twin == null ? new RecordingAudit() : twin.audit;
        users = twin == null ? new InMemoryUserDirectory() : twin.users;
        signingKeys = twin == null ? RotatingSigningKeys.ephemeral(clock) : twin.signingKeys;
        provider = twin == null ? FakeProvider.start(clock) : twin.provider;
        trust = twin == null ? new SwitchableTrust(provider.trusted()) : twin.trust;
        ownsProvider = twin == null;

        QueuedThreadPool threads = new QueuedThreadPool(100, 4);
        threads.setName("jetty");
        threads.setDaemon(true);
        server = new Server(threads);
        ServerConnector connector = new ServerConnector(server, 1, 1);
        connector.setHost("127.0.0.1");
        connector.setAcceptQueueSize(256);
        server.addConnector(connector);
        connector.open();
        String root = "http://127.0.0.1:" + connector.getLocalPort();
        String ownIssuer = options.issuer.isEmpty() ? root + options.issuerPath : options.issuer;
        issuer = twin == null ? ownIssuer : twin.issuer;
        stores = twin == null ? InMemoryStores.of(issuer) : twin.stores;
        registrations = stores.registrations();
        origins = stores.userOrigins();
        resource = twin == null
                ? (options.issuer.isEmpty() ? root : options.issuer) + options.resourcePath
                : twin.resource;
        auth = build(options);
        client = new Client(root + options.clientPath);
        raw = new RawHttp(connector.getLocalPort());
        server.setHandler(handlers(options));
        server.start();
    }

    static ProtocolService start(Consumer<Options> change) {
        Options options = new Options();
        change.accept(options);
        try {
            return new ProtocolService(options);
        } catch (RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IllegalStateException("the service does not start", e);
        }
    }

    private AgentAuth build(Options options) {
        AgentAuthBuilder builder = AgentAuth.builder(issuer, resource)
                .serviceName(NAME)
                .preClaimScopes(READ)
                .postClaimScopes(READ, WRITE, ADMIN)
                .clock(clock)
                .users(wiretap.on(UserDirectory.class, users))
                .stores(MixedStores.of(stores)
                        .withRegistrations(wiretap.on(RegistrationStore.class, registrations))
                        .withTokens(wiretap.on(TokenStore.class, stores.tokens()))
                        .withUserOrigins(wiretap.on(UserOrigins.class, origins))
                        .withReplay(wiretap.on(ReplayStore.class, stores.replay()))
                        .withLogoutMarks(wiretap.on(
                                LogoutMarks.class,
                                options.logoutMarks == null ? stores.logoutMarks() : options.logoutMarks)))
                .signingKeys(signingKeys)
                .providerKeys(wiretap.on(
                        ProviderKeys.class,
                        RemoteProviderKeys.builder()
                                .nanoTime(clock::nanoTime)
                                .outageTime(options.outageTime)
                                .build()))
                .audit(wiretap.on(AuditSink.class, audit))
                .purgeByEmbedder();
        if (options.mailed) {
            builder.mailer(options.mailer == null ? mail : options.mailer);
        }
        if (options.limited) {
            builder.rateLimiter(wiretap.on(RateLimiter.class, Bucket4jRateLimiter.create(clock::nanoTime)));
        } else {
            builder.withoutRateLimits();
        }
        if (options.trusting) {
            builder.trust(trust);
        }
        options.configuration.accept(builder);
        return builder.build();
    }

    private ContextHandlerCollection handlers(Options options) {
        ContextHandlerCollection contexts = new ContextHandlerCollection();
        ServletContextHandler context = new ServletContextHandler(options.contextPath, false, false);
        AgentAuthServlet.Builder servlet = AgentAuthServlet.builder(auth)
                .clientAddress(options.clientAddress)
                .clock(clock)
                .allowAnyOrigin(options.anyOrigin);
        if (options.signIn != null) {
            servlet.signIn(options.signIn);
        }
        if (options.owners != null) {
            servlet.yourAgents(options.owners);
        }
        ServletHolder protocol = new ServletHolder("agent-auth", servlet.build());
        options.mappings.forEach(pattern -> context.addServlet(protocol, pattern));
        if (options.api) {
            ServletHolder echo = new ServletHolder("echo", new EchoApi());
            echo.setAsyncSupported(true);
            context.addServlet(echo, "/api/*");
            FilterHolder filter = new FilterHolder(BearerTokenFilter.builder(auth)
                    .require("GET", "/api/things/*", READ)
                    .require("POST", "/api/things/*", WRITE)
                    .require("DELETE", "/api/things/*", ADMIN)
                    .require("GET", "/api/async", READ)
                    .require("GET", "/api/fail", READ)
                    .require("GET", "/api/things/secret", ADMIN)
                    .allowAnonymous("GET", "/api/open/*")
                    .allowAnyOrigin(options.anyOrigin)
                    .build());
            filter.setAsyncSupported(true);
            context.addFilter(
                    filter, "/api/*", EnumSet.of(DispatcherType.REQUEST, DispatcherType.ASYNC, DispatcherType.ERROR));
            ErrorPageErrorHandler errors = new ErrorPageErrorHandler();
            errors.addErrorPage(418, "/api/error-page");
            context.setErrorHandler(errors);
        }
        contexts.addHandler(context);
        if (options.wellKnownAtRoot) {
            ServletContextHandler rootContext = new ServletContextHandler("/", false, false);
            rootContext.addServlet(new ServletHolder("well-known", new WellKnownServlet(auth)), "/.well-known/*");
            contexts.addHandler(rootContext);
        }
        return contexts;
    }

    String issuer() {
        return issuer;
    }

    String resource() {
        return resource;
    }

    /** The server's own origin, which is not always what the configuration says. */
    String root() {
        return "http://127.0.0.1:" + ((ServerConnector) server.getConnectors()[0]).getLocalPort();
    }

    /** Another origin for a client of the same server, such as its root or a path below it. */
    Client clientAt(String path) {
        return new Client(root() + path);
    }

    /** A trusted provider beside the first one. */
    FakeProvider anotherProvider() {
        FakeProvider other = FakeProvider.start(clock);
        trust.add(other.trusted());
        return other;
    }

    void trustOnly(TrustedProvider... providers) {
        trust.set(providers);
    }

    @Override
    public void close() {
        LifeCycle.stop(server);
        auth.close();
        if (ownsProvider) {
            provider.close();
        }
    }
}
