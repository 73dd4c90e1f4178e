package dev.agentauth.servlet;

import static dev.agentauth.servlet.MountedService.FORM;
import static dev.agentauth.servlet.MountedService.json;
import static org.assertj.core.api.Assertions.assertThat;

import dev.agentauth.AgentAuthBuilder;
import dev.agentauth.SecretHash;
import dev.agentauth.memory.InMemoryStores;
import dev.agentauth.spi.AccessToken;
import dev.agentauth.spi.Contact;
import dev.agentauth.spi.MixedStores;
import dev.agentauth.spi.RateLimit;
import dev.agentauth.spi.RateLimiter;
import dev.agentauth.spi.TokenStore;
import dev.agentauth.spi.User;
import dev.agentauth.spi.UserDirectory;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.Filter;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What an embedder's code throws, seen from outside: the endpoint's envelope, and its words nowhere. */
class F04_EmbeddersCodeTest {
    private static final String WORDS = "550 <ada@example.com> /view?token=cvt_planted";
    private static final String TOKEN = "at_" + "A".repeat(32);
    private static final String REGISTER = "{\"type\":\"anonymous\"}";

    private final Collector log = new Collector();
    private MountedService service;

    static Stream<Supplier<Throwable>> thrown() {
        return Stream.of(
                () -> new IllegalStateException(WORDS),
                () -> new IOException(WORDS, new IllegalStateException(WORDS)),
                () -> new InterruptedException(WORDS),
                () -> new NoClassDefFoundError(WORDS),
                () -> new AssertionError(WORDS),
                () -> new StackOverflowError(WORDS));
    }

    @BeforeEach
    void listen() {
        Logger.getLogger("").addHandler(log);
        Logger.getLogger("dev.agentauth").addHandler(log);
    }

    @AfterEach
    void stop() throws Exception {
        Logger.getLogger("").removeHandler(log);
        Logger.getLogger("dev.agentauth").removeHandler(log);
        service.stop();
    }

    private void start(ClaimPageRenderer page, Consumer<AgentAuthBuilder> more) throws Exception {
        service = new MountedService("/", MountedService.ISSUER, MountedService.ISSUER + "/api", more);
        service.with(
                        BearerTokenFilter.builder(service.auth)
                                .require("GET", "/api/*", "api.read")
                                .build(),
                        "/api/*",
                        EnumSet.of(DispatcherType.REQUEST))
                .with(AgentAuthServlet.builder(service.auth).claimPage(page).build(), "/*")
                .start();
    }

    @ParameterizedTest
    @MethodSource("thrown")
    void f04_storeThatThrowsIs503AtTheFilterAndAtEveryEndpoint(Supplier<Throwable> thrown) throws Exception {
        start(
                ClaimPage.builder().build(),
                builder -> builder.stores(
                        MixedStores.of(InMemoryStores.of(MountedService.ISSUER)).withTokens(new BrokenTokens(thrown))));

        HttpResponse<String> use = service.get("/api/x", "Authorization", "Bearer " + TOKEN);
        HttpResponse<String> revoke = service.post("/oauth2/revoke", FORM, "token=" + TOKEN);

        isUnavailable(use);
        isUnavailable(revoke);
        saysNothing(use, revoke);
    }

    @ParameterizedTest
    @MethodSource("thrown")
    void f04_mailerThatThrowsIs503(Supplier<Throwable> thrown) throws Exception {
        start(ClaimPage.builder().build(), builder -> builder.mailer(mail -> sneak(thrown.get())));
        String claim = json(service.postJson("/agent/identity", REGISTER)).requiredString("claim_token");

        HttpResponse<String> asked = service.postJson(
                "/agent/identity/claim", "{\"claim_token\":\"" + claim + "\",\"email\":\"ada@example.com\"}");

        isUnavailable(asked);
        saysNothing(asked);
        assertThat(log.text()).contains("was not accepted");
    }

    @ParameterizedTest
    @MethodSource("thrown")
    void f04_usersThatThrowAre503(Supplier<Throwable> thrown) throws Exception {
        start(ClaimPage.builder().build(), builder -> builder.users(new BrokenUsers(thrown)));
        String claim = json(service.postJson("/agent/identity", REGISTER)).requiredString("claim_token");
        service.postJson("/agent/identity/claim", "{\"claim_token\":\"" + claim + "\",\"email\":\"ada@example.com\"}");
        HttpResponse<String> revealed = service.postJson(
                "/agent/identity/claim/attempt/challenge",
                "{\"claim_attempt_token\":\"" + service.attemptToken() + "\"}");

        HttpResponse<String> completed = service.postJson(
                "/agent/identity/claim/complete",
                "{\"claim_token\":\"" + claim + "\",\"otp\":\"" + json(revealed).requiredString("challenge") + "\"}");

        isUnavailable(completed);
        saysNothing(completed);
    }

    @ParameterizedTest
    @MethodSource("thrown")
    void f04_limiterAndAuditThatThrowChangeNothing(Supplier<Throwable> thrown) throws Exception {
        start(
                ClaimPage.builder().build(),
                builder -> builder.rateLimiter(new FailingLimiter(thrown)).audit(event -> sneak(thrown.get())));

        HttpResponse<String> registered = service.postJson("/agent/identity", REGISTER);

        assertThat(registered.statusCode()).isEqualTo(200);
        saysNothing(registered);
        assertThat(log.text()).contains("rateLimiter.tryAcquire failed", "the audit sink failed");
    }

    @ParameterizedTest
    @MethodSource("thrown")
    void f04_pageThatThrowsIs500AsAPageOfOurs(Supplier<Throwable> thrown) throws Exception {
        start(view -> sneak(thrown.get()), builder -> {});

        HttpResponse<String> page = service.get("/agent/identity/claim/view?token=cvt_x");

        assertThat(page.statusCode()).isEqualTo(500);
        assertThat(page.headers().firstValue("Content-Type"))
                .hasValueSatisfying(type -> assertThat(type).startsWith("text/html"));
        assertThat(page.body()).startsWith("<!DOCTYPE html>");
        saysNothing(page);
        assertThat(log.text()).contains("unexpected failure");
    }

    /** Jetty loses answers, and now and then its selector, on a thread that comes back interrupted. */
    @Test
    void f04_portThatWasInterruptedLeavesNoInterruptOnTheContainersThread() throws Exception {
        Supplier<Throwable> thrown = () -> new InterruptedException(WORDS);
        BlockingQueue<Boolean> interrupted = new LinkedBlockingQueue<>();
        Filter watch = (request, response, chain) -> {
            chain.doFilter(request, response);
            interrupted.add(Thread.interrupted());
        };
        service = new MountedService(
                        "/",
                        MountedService.ISSUER,
                        MountedService.ISSUER + "/api",
                        builder -> builder.audit(event -> sneak(thrown.get()))
                                .stores(MixedStores.of(InMemoryStores.of(MountedService.ISSUER))
                                        .withTokens(new BrokenTokens(thrown))))
                .with(watch, "/*", EnumSet.of(DispatcherType.REQUEST));
        service.with(
                        BearerTokenFilter.builder(service.auth)
                                .require("GET", "/api/*", "api.read")
                                .build(),
                        "/api/*",
                        EnumSet.of(DispatcherType.REQUEST))
                .withAgentAuthServlet()
                .start();

        isUnavailable(service.get("/api/x", "Authorization", "Bearer " + TOKEN));
        isUnavailable(service.post("/oauth2/revoke", FORM, "token=" + TOKEN));
        assertThat(service.postJson("/agent/identity", REGISTER).statusCode()).isEqualTo(200);

        // An answer can arrive before its thread has come back.
        for (int i = 0; i < 3; i++) {
            assertThat(interrupted.poll(10, TimeUnit.SECONDS)).isFalse();
        }
    }

    private static void isUnavailable(HttpResponse<String> answer) throws Exception {
        assertThat(answer.statusCode()).isEqualTo(503);
        assertThat(answer.headers().allValues("Retry-After")).containsExactly("5");
        assertThat(json(answer).string("error")).contains("temporarily_unavailable");
    }

    private void saysNothing(HttpResponse<?>... answers) {
        for (HttpResponse<?> answer : answers) {
            assertThat(answer.headers().map() + "\n" + answer.body())
                    .doesNotContain("550", "ada@", "cvt_planted", "Exception", "Error", "java.");
        }
        assertThat(log.text()).doesNotContain("550 <").doesNotContain("cvt_planted");
    }

    private record FailingLimiter(Supplier<Throwable> thrown) implements RateLimiter {
        @Override
        public Optional<Duration> tryAcquire(RateLimit limit, String key) {
            return sneak(thrown.get());
        }

        @Override
        public Optional<Duration> check(RateLimit limit, String key) {
            return sneak(thrown.get());
        }
    }

    @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals", "DoNotCallSuggester"})
    private static <T, E extends Throwable> T sneak(Throwable thrown) throws E {
        throw (E) thrown;
    }

    /** Tokens that cannot be had. */
    private static final class BrokenTokens implements TokenStore {
        private final Supplier<Throwable> thrown;

        BrokenTokens(Supplier<Throwable> thrown) {
            this.thrown = thrown;
        }

        @Override
        public void insert(AccessToken token, Instant now, int limit) {
            sneak(thrown.get());
        }

        @Override
        public Optional<AccessToken> find(SecretHash hash) {
            return sneak(thrown.get());
        }

        @Override
        public void delete(SecretHash hash) {
            sneak(thrown.get());
        }

        @Override
        public int purgeExpired(Instant now, int limit) {
            return sneak(thrown.get());
        }
    }

    /** Users who cannot be had. */
    private static final class BrokenUsers implements UserDirectory {
        private final Supplier<Throwable> thrown;

        BrokenUsers(Supplier<Throwable> thrown) {
            this.thrown = thrown;
        }

        @Override
        public Optional<User> findById(String userId) {
            return sneak(thrown.get());
        }

        @Override
        public Optional<User> findByVerifiedEmail(String email) {
            return sneak(thrown.get());
        }

        @Override
        public Optional<User> findByVerifiedPhone(String phone) {
            return sneak(thrown.get());
        }

        @Override
        public Optional<User> create(Contact contact) {
            return sneak(thrown.get());
        }
    }

    /** Everything that is logged, by whomever. */
    private static final class Collector extends Handler {
        private final List<String> lines = new CopyOnWriteArrayList<>();

        @Override
        public void publish(LogRecord entry) {
            StringWriter text = new StringWriter();
            text.write(entry.getMessage() + "\n");
            if (entry.getThrown() != null) {
                entry.getThrown().printStackTrace(new PrintWriter(text, true));
            }
            lines.add(text.toString());
        }

        String text() {
            return String.join("", lines);
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    }
}
