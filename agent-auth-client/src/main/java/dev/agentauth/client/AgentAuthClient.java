package dev.agentauth.client;

import dev.agentauth.client.Outcome.Answered;
import dev.agentauth.client.Outcome.Bearer;
import dev.agentauth.client.Outcome.Failure;
import dev.agentauth.client.Outcome.LoginRequired;
import dev.agentauth.client.Outcome.NeedsPerson;
import dev.agentauth.client.Outcome.OfAsking;
import dev.agentauth.client.Outcome.OfCall;
import dev.agentauth.client.Outcome.OfClaim;
import dev.agentauth.client.Outcome.OfPolling;
import dev.agentauth.client.Outcome.OfRegistering;
import dev.agentauth.client.Outcome.OfRevoking;
import dev.agentauth.client.Outcome.OfToken;
import dev.agentauth.client.Outcome.PersonAsked;
import dev.agentauth.client.Outcome.Ready;
import dev.agentauth.client.Outcome.Refused;
import dev.agentauth.client.Outcome.Revoked;
import dev.agentauth.client.Outcome.ScopeMissing;
import dev.agentauth.client.Outcome.StartOver;
import dev.agentauth.client.Outcome.Step;
import dev.agentauth.client.Outcome.StillWaiting;
import dev.agentauth.client.Outcome.TryLater;
import dev.agentauth.client.http.Http;
import dev.agentauth.client.http.Json;
import dev.agentauth.client.http.JsonFormatException;
import dev.agentauth.client.http.Pause;
import dev.agentauth.client.http.Reply;
import dev.agentauth.client.http.UnsafeUrlException;
import dev.agentauth.client.http.Urls;
import java.io.InterruptedIOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * An agent's side of the protocol, as {@code /auth.md} tells it: discover a service, register, have a person claim, call the
 * API, and stop.
 *
 * <p>One client holds one registration, for one person; {@link #another} makes one for the next person. Safe for use by many
 * threads: at most one exchange is under way, and all who need a token wait for that one.
 *
 * <p>Every method that sends something throws {@link UncheckedIOException} if there is no answer in time, and {@link
 * JsonFormatException} if the answer is not what the protocol has there; neither has changed the client.
 *
 * @since 0.2.0
 */
public final class AgentAuthClient {
    private final Service service;
    private final URI resource;
    private final Endpoints endpoints;
    private final AccessTokens tokens;
    private final Builder setup;

    private static final Pattern SECONDS = Pattern.compile("[0-9]{1,9}");

    private final Object lock = new Object();

    /** Held while a refresh token is in use: each is good for one. */
    private final Object refreshing = new Object();

    private Duration interval = Question.INTERVAL;
    private @Nullable Credentials credentials;

    private AgentAuthClient(Service service, Builder setup) {
        this.service = service;
        this.resource = Urls.requireSafe(service.resource());
        this.setup = setup;
        this.endpoints = new Endpoints(setup.http, service);
        this.tokens = new AccessTokens(setup.clock, this::exchange);
    }

    /**
     * Finds the service of an API, from the API's refusal.
     *
     * @throws DiscoveryException if it says too little, or what must not be trusted
     * @throws UnsafeUrlException if the URL is neither https nor on loopback
     */
    public static AgentAuthClient discover(String api) {
        return builder().discover(api);
    }

    /** A client with other settings. */
    public static Builder builder() {
        return new Builder();
    }

    /** Another client of the same service, without credentials, for another person. */
    public AgentAuthClient another() {
        return new AgentAuthClient(service, setup);
    }

    /** What was discovered. */
    public Service service() {
        return service;
    }

    /** What stands for the registration now; empty if there is none. */
    public Optional<Credentials> credentials() {
        synchronized (lock) {
            return Optional.ofNullable(credentials);
        }
    }

    /**
     * Goes on with credentials that were stored.
     *
     * @throws IllegalArgumentException if they are those of another service
     */
    public void resume(Credentials stored) {
        if (!stored.areFor(service)) {
            throw new IllegalArgumentException("these credentials are those of another service");
        }
        put(stored);
    }

    /** Registers without naming anybody. */
    public OfRegistering registerAnonymous() {
        return registered(patiently(endpoints::registerAnonymous));
    }

    /** Registers for the person with this address, who gets a mail at once. The person must have agreed to it. */
    public OfRegistering registerWithEmail(String address) {
        boolean hinted = service.takesLoginHints() && (setup.refreshing || !service.takesVerifiedEmail());
        return registered(patiently(
                () -> hinted ? endpoints.registerWithLoginHint(address) : endpoints.registerWithEmail(address)));
    }

    /** Registers for whoever opens the link of the answer and signs in there: only where a service knows people by that. */
    public OfRegistering registerForWhoeverSignsIn() {
        return registered(patiently(endpoints::registerForWhoeverSignsIn));
    }

    /**
     * Registers for the person whom the agent's platform vouches for. The person must have agreed to it. An ID-JAG is good
     * for one presentation, also for one that failed with {@link TryLater}.
     */
    public OfRegistering registerWithIdJag(String idJag) {
        return registered(endpoints.registerWithIdJag(idJag));
    }

    private OfRegistering registered(Reply reply) {
        boolean stepUp = reply.status() == 401
                && reply.error().filter("interaction_required"::equals).isPresent();
        if (reply.status() == 401
                && reply.error().filter("login_required"::equals).isPresent()) {
            return new LoginRequired(Challenge.of(reply).parameter("max_age").flatMap(AgentAuthClient::seconds));
        }
        if (reply.status() != 200 && !stepUp) {
            return failure(reply);
        }
        Json answer = reply.json();
        Credentials fresh = Credentials.of(service, answer);
        put(fresh);
        return fresh.assertion().isPresent()
                ? new Ready(fresh)
                : new NeedsPerson(
                        fresh, asked(answer.get("claim"), answer.get("claim").get("attempt")));
    }

    /**
     * Has a person asked, by mail, to take an anonymous registration over. The person must have named the address.
     *
     * @throws IllegalStateException if there is nothing to claim
     */
    public OfAsking startClaim(String address) {
        String claimToken = requireClaimToken(requireCredentials());
        boolean production = requireCredentials().speaksProduction(setup.refreshing);
        Reply reply = patiently(() -> production
                ? endpoints.startClaimInProductionsWords(claimToken, address)
                : endpoints.startClaim(claimToken, address));
        if (reply.status() != 200) {
            return failure(reply);
        }
        Json answer = reply.json();
        Json attempt = answer.get("attempt");
        Json expiresAt = answer.get("expires_at");
        return new PersonAsked(
                answer.get("claim_attempt_id").string(),
                expiresAt.isPresent()
                        ? expiresAt.instant()
                        : attempt.get("expires_at").instant(),
                asked(answer.get("claim_attempt"), attempt));
    }

    /**
     * Brings the code that the person read out.
     *
     * @throws IllegalStateException if there is nothing to claim
     */
    public OfClaim completeClaim(String code) {
        Credentials before = requireCredentials();
        String claimToken = requireClaimToken(before);
        boolean production = before.speaksProduction(setup.refreshing);
        Reply reply = patiently(() -> production
                ? endpoints.completeClaimByUserCode(claimToken, code)
                : endpoints.completeClaim(claimToken, code));
        // An earlier answer may have been lost. Then the assertion in hand has widened.
        boolean hadWorked = reply.status() == 409
                && before.assertion().isPresent()
                && reply.error().filter("previously_claimed"::equals).isPresent();
        if (reply.status() != 200 && !hadWorked) {
            return failure(reply);
        }
        Credentials claimed = before.claimed(reply.json());
        if (claimed.assertion().isEmpty()) {
            throw new JsonFormatException("identity_assertion is missing");
        }
        put(claimed);
        return new Ready(claimed);
    }

    /**
     * Asks whether the person has typed the code that {@link Question#userCode} says. To be called again after the wait that
     * the outcome names, and not before.
     *
     * @throws IllegalStateException if there is nothing to claim
     */
    public OfPolling poll() {
        Credentials before = requireCredentials();
        String claimToken = requireClaimToken(before);
        Reply reply = endpoints.poll(claimToken);
        if (reply.status() == 200) {
            Credentials claimed = before.claimed(reply.json());
            requireAssertion(claimed);
            put(claimed);
            return new Ready(claimed);
        }
        String error = reply.error().orElse("");
        synchronized (lock) {
            if (error.equals("slow_down")) {
                // RFC 8628, section 3.5.
                interval = interval.plusSeconds(5);
            }
            return error.equals("slow_down") || error.equals("authorization_pending")
                    ? new StillWaiting(interval)
                    : failure(reply);
        }
    }

    /**
     * Polls until the person has typed the code, has said no, or did neither in time. Blocks for minutes.
     *
     * @throws IllegalStateException if there is nothing to claim
     */
    public OfClaim awaitClaim() {
        OfPolling outcome = poll();
        while (outcome instanceof StillWaiting waiting) {
            sleep(waiting.pause());
            outcome = poll();
        }
        return outcome instanceof Ready ready ? ready : (Failure) outcome;
    }

    private Question asked(Json codeAt, Json attempt) {
        Question question = Question.of(codeAt, attempt);
        synchronized (lock) {
            interval = question.interval();
        }
        return question;
    }

    /**
     * Gets a new assertion without asking the person again. {@link #call} does so by itself when the assertion has expired.
     *
     * @throws IllegalStateException if there is no refresh token
     */
    public OfClaim refresh() {
        synchronized (refreshing) {
            Credentials before = requireCredentials();
            String token =
                    before.refreshToken().orElseThrow(() -> new IllegalStateException("there is no refresh token"));
            Reply reply = patiently(() -> endpoints.refresh(token));
            if (reply.status() != 200) {
                return failure(reply);
            }
            Credentials fresh = before.refreshed(reply.json());
            requireAssertion(fresh);
            put(fresh);
            return new Ready(fresh);
        }
    }

    /**
     * Calls the API with an access token: exchanges the assertion if there is no token or its time is over, and once more,
     * and sends the request again, if the API calls the token invalid. Where that does not help, the registration is
     * forgotten, and the outcome is {@link StartOver}, as it is for all who call until there is another.
     *
     * @param request without {@code Authorization}; its body, if any, can be sent again
     * @throws IllegalArgumentException if it goes to something else than the discovered resource: nothing else may see the
     *     token
     * @throws IllegalStateException if a person has to confirm the registration first
     */
    public OfCall call(HttpRequest request) {
        if (!Urls.covers(resource, request.uri())) {
            throw new IllegalArgumentException("the request goes to something else than " + resource);
        }
        AccessToken spent = null;
        for (int round = 0; round < 2; round++) {
            Optional<Credentials> held = credentials();
            if (held.isEmpty()) {
                return new StartOver(Step.REGISTRATION);
            }
            Exchange exchange = tokens.other(requireAssertion(held.get()), spent);
            if (exchange instanceof Exchange.No no) {
                return no.outcome();
            }
            AccessToken token = ((Exchange.Yes) exchange).token();
            Reply reply = patiently(() -> endpoints.call(request, token.value()));
            Optional<String> error = Challenge.bearer(reply).parameter("error");
            if (reply.status() != 401 || !error.equals(Optional.of("invalid_token"))) {
                return meaning(reply, error);
            }
            spent = token;
        }
        discard(Objects.requireNonNull(spent).assertion());
        return new StartOver(Step.DISCOVERY);
    }

    /**
     * An access token for whoever sends requests by other means than {@link #call}, such as the client of an SDK: the one in
     * hand, or, if there is none or its time is over, what the assertion is exchanged for. To be asked for before each
     * request, and sent to the discovered resource alone. Where the API calls it invalid, say so ({@link
     * #accessTokenRefused}) and ask once more.
     *
     * @throws IllegalStateException if a person has to confirm the registration first
     */
    public OfToken accessToken() {
        Optional<Credentials> held = credentials();
        if (held.isEmpty()) {
            return new StartOver(Step.REGISTRATION);
        }
        Exchange exchange = tokens.other(requireAssertion(held.get()), null);
        return exchange instanceof Exchange.Yes yes
                ? new Bearer(yes.token().value())
                : ((Exchange.No) exchange).outcome();
    }

    /**
     * The API has answered a token with 401 {@code invalid_token}: {@link #accessToken} is not to give it out again. Of no
     * consequence if another has taken its place.
     *
     * @param token what was sent
     */
    public void accessTokenRefused(String token) {
        tokens.drop(token);
    }

    private OfCall meaning(Reply reply, Optional<String> error) {
        if (reply.status() == 403 && error.equals(Optional.of("insufficient_scope"))) {
            boolean claimable = credentials().flatMap(Credentials::claimToken).isPresent();
            return new ScopeMissing(Challenge.bearer(reply).parameter("scope").orElse(""), claimable);
        }
        return reply.status() == 429 || reply.status() == 503 ? failure(reply) : new Answered(reply);
    }

    /**
     * Gives the access token back, if there is one. The assertion yields another; {@link #forget} it if that is not wanted.
     *
     * @throws IllegalStateException if there is one, and the service says nowhere where to give it back
     */
    public OfRevoking revoke() {
        Optional<AccessToken> token = tokens.current();
        if (token.isPresent()) {
            Reply reply = patiently(() -> endpoints.revoke(token.get().value()));
            if (reply.status() != 200) {
                return failure(reply);
            }
            tokens.drop(token.get());
        }
        return new Revoked();
    }

    /** Forgets the registration. The service still has it. */
    public void forget() {
        put(null);
    }

    /** The access token in hand. */
    Optional<AccessToken> token() {
        return tokens.current();
    }

    private Exchange exchange(String assertion) {
        Instant sentAt = setup.clock.instant();
        Reply reply = patiently(() -> endpoints.exchange(assertion, null));
        if (reply.status() == 200) {
            return new Exchange.Yes(AccessToken.of(reply.json(), assertion, sentAt));
        }
        if (reply.error().filter("invalid_grant"::equals).isPresent()) {
            Optional<Exchange> refreshed = exchangeRefreshed(assertion);
            if (refreshed.isPresent()) {
                return refreshed.get();
            }
            discard(assertion);
            return new Exchange.No(new StartOver(Step.REGISTRATION));
        }
        return new Exchange.No(failure(reply));
    }

    /** What another assertion is exchanged for, where one can be had for a refresh token; empty if none can. */
    private Optional<Exchange> exchangeRefreshed(String spent) {
        synchronized (refreshing) {
            Credentials held = credentials().orElse(null);
            if (held == null) {
                return Optional.empty();
            }
            if (held.assertion().equals(Optional.of(spent))) {
                if (held.refreshToken().isEmpty()) {
                    return Optional.empty();
                }
                OfClaim outcome = refresh();
                if (outcome instanceof TryLater later) {
                    return Optional.of(new Exchange.No(later));
                }
                if (!(outcome instanceof Ready)) {
                    return Optional.empty();
                }
            }
        }
        Instant sentAt = setup.clock.instant();
        Optional<String> fresh = credentials().flatMap(Credentials::assertion);
        if (fresh.isEmpty()) {
            return Optional.empty();
        }
        Reply reply = patiently(() -> endpoints.exchange(fresh.get(), null));
        if (reply.status() == 200) {
            return Optional.of(new Exchange.Yes(AccessToken.of(reply.json(), fresh.get(), sentAt)));
        }
        if (reply.error().filter("invalid_grant"::equals).isPresent()) {
            discard(fresh.get());
            return Optional.empty();
        }
        return Optional.of(new Exchange.No(failure(reply)));
    }

    private void put(@Nullable Credentials next) {
        synchronized (lock) {
            credentials = next;
        }
        if (next != null) {
            setup.store.accept(next);
        }
        tokens.dropAllBut(next == null ? null : next.assertion().orElse(null));
    }

    /** Forgets the registration of an assertion that is good for nothing, unless another has taken its place. */
    private void discard(String assertion) {
        synchronized (lock) {
            if (credentials != null && credentials.assertion().equals(Optional.of(assertion))) {
                credentials = null;
            }
        }
        tokens.dropAllOf(assertion);
    }

    private Credentials requireCredentials() {
        return credentials().orElseThrow(() -> new IllegalStateException("there is no registration"));
    }

    private static String requireAssertion(Credentials known) {
        return known.assertion()
                .orElseThrow(() -> new IllegalStateException("a person has to confirm the registration first"));
    }

    private static String requireClaimToken(Credentials known) {
        return known.claimToken().orElseThrow(() -> new IllegalStateException("there is nothing to claim"));
    }

    /** Sends; where the answer is to try later, and says when, and that is soon enough, once more. */
    private Reply patiently(Supplier<Reply> sending) {
        Reply reply = sending.get();
        if (reply.status() != 429 && reply.status() != 503) {
            return reply;
        }
        Optional<Duration> wait = reply.retryAfter(setup.clock.instant()).filter(setup::isShort);
        if (wait.isEmpty()) {
            return reply;
        }
        sleep(wait.get());
        return sending.get();
    }

    private void sleep(Duration duration) {
        try {
            setup.pause.sleep(duration);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new UncheckedIOException(new InterruptedIOException("interrupted"));
        }
    }

    private static Optional<Duration> seconds(String text) {
        return SECONDS.matcher(text).matches()
                ? Optional.of(Duration.ofSeconds(Long.parseLong(text)))
                : Optional.empty();
    }

    private Failure failure(Reply reply) {
        return reply.status() == 429 || reply.status() >= 500
                ? new TryLater(reply.status(), reply.error(), reply.retryAfter(setup.clock.instant()))
                : new Refused(reply.status(), reply.error());
    }

    /** Shows nothing that is secret. */
    @Override
    public String toString() {
        return "AgentAuthClient[" + service.issuer() + "]";
    }

    /** Settings. */
    public static final class Builder {
        private Http http = new Http();
        private InstantSource clock = InstantSource.system();
        private @Nullable Duration patience;
        private Pause pause = Pause.real();
        private Consumer<Credentials> store = unused -> {};
        private boolean refreshing;

        private Builder() {}

        private Builder(Builder other) {
            this.http = other.http;
            this.clock = other.clock;
            this.patience = other.patience;
            this.pause = other.pause;
            this.store = other.store;
            this.refreshing = other.refreshing;
        }

        /** How to send. */
        public Builder http(Http value) {
            this.http = value;
            return this;
        }

        /** What tells when a token's time is over. */
        public Builder clock(InstantSource value) {
            this.clock = value;
            return this;
        }

        /**
         * Whoever is told by {@code Retry-After} to wait no longer than this waits, and sends once more. Without it, nobody
         * waits. An ID-JAG is never sent twice.
         */
        public Builder waitOnceUpTo(Duration longest) {
            this.patience = longest;
            return this;
        }

        /**
         * Is given the credentials whenever there are others, before they are used: with refresh tokens they change by
         * themselves, and whoever has stored an old one and comes back with it has lost the registration.
         */
        public Builder storeIn(Consumer<Credentials> value) {
            this.store = value;
            return this;
        }

        /**
         * Asks for refresh tokens, where the service has them: a claim is then completed by production's name for the code.
         * What an anonymous registration held before ends with that, and a new assertion takes its place.
         */
        public Builder withRefreshTokens() {
            this.refreshing = true;
            return this;
        }

        private boolean isShort(Duration wait) {
            return patience != null && wait.compareTo(patience) <= 0;
        }

        Builder pause(Pause value) {
            this.pause = value;
            return this;
        }

        /** Finds the service of an API, as {@link AgentAuthClient#discover(String)} does. */
        public AgentAuthClient discover(String api) {
            return of(new Discovery(http, api).discover());
        }

        /** A client of a service that was discovered before. */
        public AgentAuthClient of(Service service) {
            return new AgentAuthClient(service, new Builder(this));
        }
    }
}
