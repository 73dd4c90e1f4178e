package dev.agentauth.examples;

import dev.agentauth.AgentAuth;
import dev.agentauth.AgentAuthBuilder;
import dev.agentauth.audit.JsonLines;
import dev.agentauth.examples.DemoConfig.Ceremony;
import dev.agentauth.examples.console.AuditTrail;
import dev.agentauth.examples.console.Console;
import dev.agentauth.examples.console.ConsoleSettings;
import dev.agentauth.examples.console.ConsoleSettings.Mail;
import dev.agentauth.examples.console.MovableClock;
import dev.agentauth.examples.metrics.MetersServlet;
import dev.agentauth.examples.provider.SampleProvider;
import dev.agentauth.examples.signin.SessionSignIn;
import dev.agentauth.examples.signin.SignInServlet;
import dev.agentauth.examples.web.Limits;
import dev.agentauth.examples.web.WebServer;
import dev.agentauth.keys.CryptoProvider;
import dev.agentauth.keys.RotatingSigningKeys;
import dev.agentauth.micrometer.MicrometerAuditSink;
import dev.agentauth.servlet.AgentAuthServlet;
import dev.agentauth.servlet.BearerTokenFilter;
import dev.agentauth.servlet.Bucket4jRateLimiter;
import dev.agentauth.servlet.SignIn;
import dev.agentauth.servlet.WellKnownServlet;
import dev.agentauth.spi.AuditSink;
import dev.agentauth.spi.ClaimMailer;
import dev.agentauth.spi.SigningKeys;
import dev.agentauth.spi.TrustedProvider;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.Servlet;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.Provider;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.PropertyResourceBundle;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.stream.Collectors;
import org.eclipse.jetty.ee10.servlet.FilterHolder;
import org.eclipse.jetty.ee10.servlet.ServletContextHandler;
import org.eclipse.jetty.ee10.servlet.ServletHolder;
import org.eclipse.jetty.http.HttpCookie;
import org.jspecify.annotations.Nullable;

/** The demo in one object: the service, its API, its outbox, and the sample provider beside it. */
final class DemoServer implements AutoCloseable {
    static final String NAME = "agent-auth demo";

    static final String SIGN_IN = "/sign-in";
    private static final String AGENTS = "/agent/yours";
    private static final String READ = "api.read";
    private static final String WRITE = "api.write";

    private final DemoStorage storage;
    private final JsonLines audit;
    private final AgentAuth auth;
    private final WebServer service;
    private final @Nullable SampleProvider provider;

    private DemoServer(
            DemoStorage storage,
            JsonLines audit,
            AgentAuth auth,
            WebServer service,
            @Nullable SampleProvider provider) {
        this.storage = storage;
        this.audit = audit;
        this.auth = auth;
        this.service = service;
        this.provider = provider;
    }

    /** Starts everything, or nothing if a setting turns out to be wrong. */
    static DemoServer start(DemoConfig config, InstantSource time) throws WrongSettingException {
        // Replicas on one database would come to disagree on what time it is.
        Optional<MovableClock> movable = config.isLocal() && config.database().isEmpty()
                ? Optional.of(new MovableClock(time))
                : Optional.empty();
        InstantSource clock = movable.<InstantSource>map(ahead -> ahead).orElse(time);
        Outbox outbox = new Outbox(clock);
        ClaimMailer mailer = config.smtp()
                .<ClaimMailer>map(server -> new SmtpMailer(server, sender(config), clock))
                .orElse(outbox);
        CryptoProvider crypto = CryptoProvider.lazily(CorrettoInside::fastest);
        // It knows nothing of the service: both start at the same time.
        Future<@Nullable SampleProvider> provider = started("sample provider", () -> startProvider(config, clock));
        Deque<Runnable> toClose = new ArrayDeque<>();
        toClose.push(() -> closeStarted(provider));
        try {
            DemoStorage storage = DemoStorage.open(config);
            toClose.push(storage::close);
            AuditTrail trail = new AuditTrail();
            MeterRegistry meters = new SimpleMeterRegistry();
            JsonLines audit = audit(config);
            toClose.push(audit::close);
            List<AuditSink> sinks = List.of(audit, trail, new MicrometerAuditSink(meters, issuers(config)));
            AgentAuth auth = agentAuth(config, storage, mailer, sinks, crypto, clock);
            toClose.push(auth::close);
            Console console = new Console(
                    consoleSettings(config, auth, movable.isPresent()),
                    trail,
                    storage.registrations(),
                    clock,
                    movable,
                    DemoConfig::isLoopback);
            ServletContextHandler context = service(config, auth, storage, outbox, clock);
            console.mountIn(context);
            if (config.isLocal()) {
                context.addServlet(holder(new MetersServlet(meters, DemoConfig::isLoopback)), MetersServlet.PATH);
            }
            SampleProvider started = await(provider);
            DemoServer server = new DemoServer(storage, audit, auth, startService(config, auth, context), started);
            // It answers already: discovery needs no signature.
            Optional<Provider> unused = crypto.provider();
            return server;
        } catch (WrongSettingException e) {
            toClose.forEach(Runnable::run);
            throw e;
        }
    }

    private static AgentAuth agentAuth(
            DemoConfig config,
            DemoStorage storage,
            ClaimMailer mailer,
            List<AuditSink> sinks,
            CryptoProvider crypto,
            InstantSource clock)
            throws WrongSettingException {
        AgentAuthBuilder builder = storage.installIn(AgentAuth.builder(config.issuer(), config.resource()))
                .serviceName(NAME)
                .preClaimScopes(READ)
                .postClaimScopes(READ, WRITE)
                .scopeTexts(Locale.ENGLISH, scopeTexts("scopes_en.properties"))
                .scopeTexts(Locale.GERMAN, scopeTexts("scopes_de.properties"))
                .lifetimes(config.lifetimes())
                .typedCode(config.typedCode())
                .mailer(mailer)
                .audit(sinks.get(0))
                .signingKeys(signingKeys(config, clock))
                .cryptoProvider(crypto)
                .clock(clock);
        sinks.stream().skip(1).forEach(builder::alsoAudit);
        if (config.isLocal()) {
            builder.manageUrl(config.issuer() + AGENTS);
        }
        if (config.ceremony() == Ceremony.SIGN_IN) {
            builder.signIn().requireLoginHint(config.requireLoginHint());
        }
        if (!config.providers().isEmpty()) {
            builder.trust(config.providers().toArray(TrustedProvider[]::new));
        }
        if (config.rateLimits() == RateLimits.OFF) {
            builder.withoutRateLimits();
        } else {
            builder.rateLimiter(
                    Bucket4jRateLimiter.create().times(config.rateLimits().factor()));
        }
        return builder.build();
    }

    private static JsonLines audit(DemoConfig config) throws WrongSettingException {
        if (config.auditToLog()) {
            return JsonLines.toLogger();
        }
        if (config.auditFile().isEmpty()) {
            return JsonLines.toStandardOutput();
        }
        Path file = config.auditFile().get();
        try {
            return JsonLines.toFile(file);
        } catch (UncheckedIOException e) {
            throw DemoConfig.auditNotUsable(file);
        }
    }

    private static List<String> issuers(DemoConfig config) {
        return config.providers().stream().map(TrustedProvider::issuer).toList();
    }

    private static SigningKeys signingKeys(DemoConfig config, InstantSource clock) throws WrongSettingException {
        if (config.signingKeys().isEmpty()) {
            return RotatingSigningKeys.ephemeral(clock);
        }
        Path file = config.signingKeys().get();
        try {
            return RotatingSigningKeys.file(file, clock);
        } catch (IllegalStateException e) {
            throw DemoConfig.signingKeysNotUsable(file);
        }
    }

    private static @Nullable SampleProvider startProvider(DemoConfig config, InstantSource clock)
            throws WrongSettingException {
        if (config.sampleProviderPort().isEmpty()) {
            return null;
        }
        try {
            return SampleProvider.start(
                    config.bind(),
                    config.sampleProviderPort().getAsInt(),
                    Set.of(config.issuer()),
                    DemoConfig::isLoopback,
                    clock);
        } catch (IOException e) {
            throw config.providerPortNotFree();
        }
    }

    private static <T extends @Nullable Object> Future<T> started(String name, Callable<T> what) {
        FutureTask<T> task = new FutureTask<>(what);
        new Thread(task, name).start();
        return task;
    }

    private static <T extends @Nullable Object> T await(Future<T> started) throws WrongSettingException {
        try {
            return started.get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof WrongSettingException wrong) {
                throw wrong;
            }
            throw new IllegalStateException("a part of the demo did not start", e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("stopped while it was starting", e);
        }
    }

    private static void closeStarted(Future<@Nullable SampleProvider> provider) {
        try {
            SampleProvider started = await(provider);
            if (started != null) {
                started.close();
            }
        } catch (WrongSettingException e) {
            // It has not started, and that has been told already, or comes second to what has.
            return;
        }
    }

    private static WebServer startService(DemoConfig config, AgentAuth auth, ServletContextHandler service)
            throws WrongSettingException {
        List<ServletContextHandler> contexts = new ArrayList<>();
        contexts.add(service);
        if (!config.contextPath().isEmpty()) {
            // Some documents of an issuer with a path are at the root of its host (RFC 8414, section 3.1).
            ServletContextHandler root = new ServletContextHandler("/");
            root.addServlet(holder(new WellKnownServlet(auth)), "/.well-known/*");
            contexts.add(root);
        }
        try {
            return WebServer.start(
                    config.bind(), config.port(), Limits.standard().withDrain(config.drain()), contexts);
        } catch (IOException e) {
            throw config.portNotFree();
        }
    }

    /** All that an embedder does: map the servlet, put the filter before the API, and serve the API. */
    private static ServletContextHandler service(
            DemoConfig config, AgentAuth auth, DemoStorage storage, Outbox outbox, InstantSource clock) {
        // Its sign-in lets everybody be anybody, so it is for this machine alone.
        boolean hasPeople = config.isLocal();
        ServletContextHandler context = new ServletContextHandler(
                config.contextPath().isEmpty() ? "/" : config.contextPath(), hasPeople, false);
        AgentAuthServlet.Builder servlet = AgentAuthServlet.builder(auth).clock(clock);
        if (hasPeople) {
            SignIn people = new SessionSignIn(storage.users(), config.contextPath() + SIGN_IN);
            servlet.yourAgents(people);
            if (config.ceremony() == Ceremony.SIGN_IN) {
                servlet.signIn(people);
            }
            context.addServlet(holder(new SignInServlet(auth, storage.users(), DemoConfig::isLoopback)), SIGN_IN);
            context.getSessionHandler().setHttpOnly(true);
            context.getSessionHandler().setSameSite(HttpCookie.SameSite.LAX);
        }
        ServletHolder protocol =
                holder(servlet.allowAnyOrigin(config.anyOrigin()).build());
        context.addServlet(protocol, "/*");
        context.addServlet(protocol, "/api/.well-known/*");

        FilterHolder guard = new FilterHolder(BearerTokenFilter.builder(auth)
                .allowAnonymous("GET", "/api/.well-known/*")
                .require("GET", "/api/resource", READ)
                .require("POST", "/api/resource", WRITE)
                .allowAnyOrigin(config.anyOrigin())
                .build());
        guard.setAsyncSupported(true);
        context.addFilter(
                guard, "/api/*", EnumSet.of(DispatcherType.REQUEST, DispatcherType.ASYNC, DispatcherType.ERROR));
        context.addServlet(holder(new ApiServlet(storage.users())), "/api/*");

        if (config.showsOutbox()) {
            ServletHolder mails = holder(new OutboxServlet(outbox, sender(config)));
            context.addServlet(mails, OutboxServlet.PAGE);
            context.addServlet(mails, OutboxServlet.JSON);
            context.addServlet(mails, OutboxServlet.MAIL + "*");
        }
        return context;
    }

    /** The page as it comes, with words for what our scopes allow. */
    /** In plain words, for the mail and the pages that people read. */
    private static Map<String, String> scopeTexts(String file) {
        try (InputStream in = DemoServer.class.getResourceAsStream(file);
                Reader reader = new InputStreamReader(Objects.requireNonNull(in), StandardCharsets.UTF_8)) {
            PropertyResourceBundle texts = new PropertyResourceBundle(reader);
            return texts.keySet().stream().collect(Collectors.toMap(scope -> scope, texts::getString));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static ServletHolder holder(Servlet servlet) {
        return new ServletHolder(servlet);
    }

    private static ConsoleSettings consoleSettings(DemoConfig config, AgentAuth auth, boolean clock) {
        Optional<String> provider = config.sampleProviderPort().stream()
                .mapToObj(SampleProvider::issuer)
                .filter(sample -> config.providers().stream()
                        .anyMatch(trusted -> trusted.issuer().equals(sample)))
                .findFirst();
        boolean local = config.isLocal();
        Mail mail = config.smtp().isPresent() ? Mail.SMTP : local ? Mail.OUTBOX : Mail.NOWHERE;
        return new ConsoleSettings(
                NAME, config.issuer(), config.resource(), provider, mail, local, clock, links(config, auth));
    }

    private static Map<String, String> links(DemoConfig config, AgentAuth auth) {
        Map<String, String> links = new LinkedHashMap<>();
        links.put("What an agent reads first", config.issuer() + "/auth.md");
        if (config.showsOutbox()) {
            links.put("The outbox, with the mail that people get", config.issuer() + OutboxServlet.PAGE);
        }
        links.put("Metadata of the API", auth.discovery().resourceMetadataUrl());
        links.put("Metadata of the service", config.issuer() + "/.well-known/oauth-authorization-server");
        if (config.isLocal()) {
            links.put(
                    "The operator\u2019s view: events as they happen, and how far agents come",
                    config.issuer() + Console.OPERATOR);
            links.put("What has been counted", config.issuer() + MetersServlet.PATH);
        }
        links.put("The service\u2019s keys", config.issuer() + "/.well-known/jwks.json");
        config.sampleProviderPort()
                .ifPresent(port -> links.put("The sample agent provider", SampleProvider.issuer(port)));
        return links;
    }

    private static String sender(DemoConfig config) {
        String host = URI.create(config.issuer()).getHost();
        boolean isAddress = host.startsWith("[") || host.chars().noneMatch(Character::isLetter);
        return "agent-auth@" + (isAddress ? "localhost" : host);
    }

    /** Stops everything, and the audit after all that it records. */
    @Override
    public void close() {
        service.close();
        if (provider != null) {
            provider.close();
        }
        auth.close();
        audit.close();
        storage.close();
    }
}
