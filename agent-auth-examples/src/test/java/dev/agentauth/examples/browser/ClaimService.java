package dev.agentauth.examples.browser;

import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.agentauth.AgentAuth;
import dev.agentauth.AgentAuthException;
import dev.agentauth.AttemptHandle;
import dev.agentauth.Caller;
import dev.agentauth.Problem;
import dev.agentauth.Registered;
import dev.agentauth.Secret;
import dev.agentauth.examples.FreePorts;
import dev.agentauth.examples.web.WebServer;
import dev.agentauth.keys.RotatingSigningKeys;
import dev.agentauth.memory.InMemoryStores;
import dev.agentauth.memory.InMemoryUserDirectory;
import dev.agentauth.servlet.AgentAuthServlet;
import dev.agentauth.servlet.ClaimPage;
import dev.agentauth.servlet.ClaimPageRenderer;
import dev.agentauth.servlet.SignIn;
import dev.agentauth.spi.ClaimMail;
import dev.agentauth.spi.MixedStores;
import dev.agentauth.spi.PortUnavailableException;
import dev.agentauth.spi.RegistrationStore;
import dev.agentauth.spi.Stores;
import dev.agentauth.spi.User;
import dev.agentauth.testkit.FakeProvider;
import dev.agentauth.testkit.MovableClock;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.Filter;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.net.InetAddress;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.eclipse.jetty.ee10.servlet.FilterHolder;
import org.eclipse.jetty.ee10.servlet.ServletContextHandler;
import org.eclipse.jetty.ee10.servlet.ServletHolder;

/** A service with claim pages, on a clock that stands still, whose store can be switched off. */
final class ClaimService implements AutoCloseable {
    static final String ADA = "ada@example.com";
    static final String VIEW = "/agent/identity/claim/view";

    final MovableClock clock = MovableClock.at(Instant.parse("2026-05-04T13:00:00Z"));
    final List<ClaimMail> mails = Collections.synchronizedList(new ArrayList<>());
    final List<String> referers = Collections.synchronizedList(new ArrayList<>());
    final AtomicBoolean storeIsDown = new AtomicBoolean();
    final AgentAuth auth;
    final String origin;

    /** Who is signed in at the service: one person, until a test says otherwise. */
    final OnePerson people = new OnePerson();

    private final InMemoryUserDirectory users = new InMemoryUserDirectory();
    private final FakeProvider provider = FakeProvider.start(clock);
    private final WebServer server;

    private ClaimService(String name, String providerName, ClaimPageRenderer page, List<String> scopes)
            throws IOException {
        int port = FreePorts.two()[0];
        origin = "http://localhost:" + port;
        auth = AgentAuth.builder(origin, origin + "/api/")
                .serviceName(name)
                .preClaimScopes("notes.read")
                .postClaimScopes(scopes.toArray(String[]::new))
                .users(users)
                .stores(stores(origin))
                .trust(provider.trusted().withDisplayName(providerName))
                .signingKeys(RotatingSigningKeys.ephemeral(clock))
                .mailer(mails::add)
                .withoutRateLimits()
                .clock(clock)
                .purgeByEmbedder()
                .build();
        ServletContextHandler context = new ServletContextHandler("/");
        context.addServlet(
                new ServletHolder(AgentAuthServlet.builder(auth)
                        .clock(clock)
                        .claimPage(page)
                        .yourAgents(people)
                        .build()),
                "/*");
        Filter noteReferer = (request, response, chain) -> {
            String referer = ((HttpServletRequest) request).getHeader("Referer");
            if (referer != null) {
                referers.add(referer);
            }
            chain.doFilter(request, response);
        };
        context.addFilter(new FilterHolder(noteReferer), "/*", EnumSet.of(DispatcherType.REQUEST));
        server = WebServer.start(InetAddress.getLoopbackAddress(), port, List.of(context));
    }

    static ClaimService start() {
        return start("Northwind Notes", "Sample Provider", ClaimPage.builder().build());
    }

    static ClaimService start(String name, String providerName, ClaimPageRenderer page) {
        try {
            return new ClaimService(name, providerName, page, List.of("notes.read", "notes.write"));
        } catch (IOException e) {
            throw new IllegalStateException("the service does not start", e);
        }
    }

    /** One that says where people end what they have allowed, and where they get help. */
    static ClaimService managed(String manage, String support) {
        return start(
                "Northwind Notes",
                "Sample Provider",
                ClaimPage.builder().manage(manage).support(support).build());
    }

    static ClaimService withScopes(List<String> scopes) {
        try {
            return new ClaimService(
                    "Northwind Notes", "Sample Provider", ClaimPage.builder().build(), scopes);
        } catch (IOException e) {
            throw new IllegalStateException("the service does not start", e);
        }
    }

    /** A sign-in at which one person is signed in. */
    static final class OnePerson implements SignIn {
        final AtomicReference<String> secret = new AtomicReference<>("a secret of 128 bits at least");

        @Override
        public Optional<SignedIn> signedIn(HttpServletRequest request) {
            return Optional.of(new SignedIn("ada", ADA, Secret.of(secret.get())));
        }

        @Override
        public String signInUrl(String returnTo) {
            return "/sign-in";
        }

        @Override
        public String changeAccountUrl(String returnTo) {
            return "/sign-in";
        }
    }

    String agentsPage() {
        return origin + "/agent/yours";
    }

    /** Ada has an account here. */
    void ada() {
        users.add(User.of("ada", ADA));
    }

    /** Ada's account is switched off. */
    void switchAdaOff() {
        users.setActive("ada", false);
    }

    /** An agent of Ada's that nobody vouches for, with a refresh token. */
    String ownedAgent() {
        ada();
        Invited invited = anonymous();
        String code =
                auth.revealCode(Caller.unknown(), invited.attemptToken()).code().reveal();
        return auth.completeClaimWithRefreshToken(Caller.unknown(), invited.claimToken(), code)
                .registrationId();
    }

    /** An agent of Ada's that a provider vouches for. */
    String providersAgent() {
        Invited invited = vouchedFor();
        String code =
                auth.revealCode(Caller.unknown(), invited.attemptToken()).code().reveal();
        return auth.completeClaim(Caller.unknown(), invited.claimToken(), code).registrationId();
    }

    /** An agent, and where the link in the mail about it leads. */
    record Invited(String claimToken, String link, String userCode) {
        String attemptToken() {
            return link.substring(link.indexOf("token=") + "token=".length());
        }
    }

    /** Nobody vouches for this agent. */
    Invited anonymous() {
        return invite(auth.registerAnonymous(Caller.unknown()).claim().token().reveal());
    }

    /** A new link for an agent that nobody vouches for. */
    Invited invite(String claimToken) {
        return newest(
                claimToken, auth.startClaim(Caller.unknown(), claimToken, ADA).attempt());
    }

    /** A provider vouches for a person who is known here. */
    Invited vouchedFor() {
        ada();
        Registered registered = auth.registerWithIdJag(
                Caller.unknown(), provider.idJag(origin).email(ADA).compact());
        Registered.StepUp stepUp = (Registered.StepUp) registered;
        return newest(stepUp.claim().token().reveal(), stepUp.attempt());
    }

    private Invited newest(String claimToken, AttemptHandle attempt) {
        return new Invited(
                claimToken,
                mails.get(mails.size() - 1).link(),
                attempt.typed().orElseThrow().digits().reveal());
    }

    /** What the agent gets that polls. */
    String collect(Invited invited) {
        return auth.collectClaim(Caller.unknown(), invited.claimToken(), null, List.of())
                .token()
                .value()
                .reveal();
    }

    /** What the agent does with the code. */
    void complete(Invited invited, String code) {
        auth.completeClaim(Caller.unknown(), invited.claimToken(), code);
    }

    /** Whether a code has been shown. */
    boolean codeWasShown(Invited invited) {
        try {
            complete(invited, "000000");
            return true;
        } catch (AgentAuthException e) {
            return e.problem() != Problem.CODE_NOT_SHOWN;
        }
    }

    /** Shows a code and guesses until it is void. */
    void guessVoid(Invited invited) {
        guessVoid(
                invited,
                auth.revealCode(Caller.unknown(), invited.attemptToken()).code().reveal());
    }

    /** Guesses until a code is void. */
    void guessVoid(Invited invited, String code) {
        for (int i = 0; i < 5; i++) {
            assertThatExceptionOfType(AgentAuthException.class)
                    .isThrownBy(() -> complete(invited, code.equals("000000") ? "111111" : "000000"));
        }
    }

    /** Guesses until there is nothing left to guess. */
    void guessOut(Invited invited) {
        for (int i = 0; i < 20; i++) {
            String right = auth.revealCode(Caller.unknown(), invited.attemptToken())
                    .code()
                    .reveal();
            assertThatExceptionOfType(AgentAuthException.class)
                    .isThrownBy(() -> complete(invited, right.equals("000000") ? "111111" : "000000"));
        }
    }

    @Override
    public void close() {
        server.close();
        auth.close();
        provider.close();
    }

    /** A store that is out of reach when the test wants it. */
    private Stores stores(String issuer) {
        InMemoryStores stores = InMemoryStores.of(issuer);
        return MixedStores.of(stores).withRegistrations(switchable(stores.registrations()));
    }

    private RegistrationStore switchable(RegistrationStore store) {
        return (RegistrationStore) Proxy.newProxyInstance(
                RegistrationStore.class.getClassLoader(),
                new Class<?>[] {RegistrationStore.class},
                (proxy, method, arguments) -> {
                    if (storeIsDown.get()) {
                        throw new PortUnavailableException("switched off", new IOException("switched off"));
                    }
                    return method.invoke(store, arguments);
                });
    }
}
