package dev.agentauth.client;

import dev.agentauth.client.Outcome.Answered;
import dev.agentauth.client.Outcome.Failure;
import dev.agentauth.client.Outcome.NeedsPerson;
import dev.agentauth.client.Outcome.OfAsking;
import dev.agentauth.client.Outcome.OfCall;
import dev.agentauth.client.Outcome.OfClaim;
import dev.agentauth.client.Outcome.OfRegistering;
import dev.agentauth.client.Outcome.OfRevoking;
import dev.agentauth.client.Outcome.PersonAsked;
import dev.agentauth.client.Outcome.Ready;
import dev.agentauth.client.Outcome.Refused;
import dev.agentauth.client.Outcome.Revoked;
import dev.agentauth.client.Outcome.ScopeMissing;
import dev.agentauth.client.Outcome.StartOver;
import dev.agentauth.client.Outcome.Step;
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
import java.util.function.Supplier;
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

    private final Object lock = new Object();
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
        return registered(patiently(() -> endpoints.registerWithEmail(address)));
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
        if (reply.status() != 200 && !stepUp) {
            return failure(reply);
        }
        Credentials fresh = Credentials.of(service, reply.json());
        put(fresh);
        return fresh.assertion().isPresent() ? new Ready(fresh) : new NeedsPerson(fresh);
    }

    /**
     * Has a person asked, by mail, to take an anonymous registration over. The person must have named the address.
     *
     * @throws IllegalStateException if there is nothing to claim
     */
    public OfAsking startClaim(String address) {
        String claimToken = requireClaimToken(requireCredentials());
        Reply reply = patiently(() -> endpoints.startClaim(claimToken, address));
        if (reply.status() != 200) {
            return failure(reply);
        }
        Json answer = reply.json();
        return new PersonAsked(
                answer.get("claim_attempt_id").text(), answer.get("expires_at").instant());
    }

    /**
     * Brings the code that the person read out.
     *
     * @throws IllegalStateException if there is nothing to claim
     */
    public OfClaim completeClaim(String code) {
        Credentials before = requireCredentials();
        String claimToken = requireClaimToken(before);
        Reply reply = patiently(() -> endpoints.completeClaim(claimToken, code));
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
            discard(assertion);
            return new Exchange.No(new StartOver(Step.REGISTRATION));
        }
        return new Exchange.No(failure(reply));
    }

    private void put(@Nullable Credentials next) {
        synchronized (lock) {
            credentials = next;
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
        try {
            setup.pause.sleep(wait.get());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new UncheckedIOException(new InterruptedIOException("interrupted"));
        }
        return sending.get();
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

        private Builder() {}

        private Builder(Builder other) {
            this.http = other.http;
            this.clock = other.clock;
            this.patience = other.patience;
            this.pause = other.pause;
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
