package dev.agentauth.benchmarks;

import dev.agentauth.AgentAuth;
import dev.agentauth.AgentAuthBuilder;
import dev.agentauth.Caller;
import dev.agentauth.IssuedRefreshToken;
import dev.agentauth.Registered;
import dev.agentauth.SecretHash;
import dev.agentauth.audit.JsonLines;
import dev.agentauth.memory.InMemoryUserDirectory;
import dev.agentauth.registration.Claim;
import dev.agentauth.registration.Registration;
import dev.agentauth.servlet.Bucket4jRateLimiter;
import dev.agentauth.spi.AccessToken;
import dev.agentauth.spi.ClaimMail;
import dev.agentauth.spi.ClaimMailer;
import dev.agentauth.spi.Stores;
import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The service as it is measured: with limits, which are counted and never reached, with scopes, and with every event
 * audited. Safe for use by many threads, but for what brings registrations about.
 */
public final class MeasuredService implements AutoCloseable {
    /** What an agent may do before it is claimed, and what the API wants. */
    public static final String SCOPE = "api.read";

    private static final int TIMES_AS_MANY = 1_000_000;
    private static final Caller CALLER = Caller.at(InetAddress.getLoopbackAddress());
    private static final Duration LIFE = Duration.ofHours(12);
    private static final int LIVE_TOKENS = 1000;

    private final Stores stores;
    private final JsonLines audit;
    private final AgentAuth auth;
    private final LinkKeeper mails;
    private final SplittableRandom random = new SplittableRandom(1);
    private int people;

    private MeasuredService(Stores stores, JsonLines audit, AgentAuth auth, LinkKeeper mails) {
        this.stores = stores;
        this.audit = audit;
        this.auth = auth;
        this.mails = mails;
    }

    /**
     * Builds it.
     *
     * @param stores also say which issuer it is
     * @param auditFile where each event is written as one JSON line
     * @param more whatever else is to be set
     */
    public static MeasuredService of(Stores stores, Path auditFile, Consumer<AgentAuthBuilder> more) {
        JsonLines audit = JsonLines.toFile(auditFile);
        LinkKeeper mails = new LinkKeeper();
        AgentAuthBuilder builder = AgentAuth.builder(stores.issuer(), stores.issuer() + "/api/")
                .serviceName("measured")
                .preClaimScopes(SCOPE)
                .postClaimScopes(SCOPE, "api.write")
                .stores(stores)
                .users(new InMemoryUserDirectory())
                .mailer(mails)
                .audit(audit)
                .rateLimiter(Bucket4jRateLimiter.create().times(TIMES_AS_MANY));
        more.accept(builder);
        return new MeasuredService(stores, audit, builder.build(), mails);
    }

    /** What is measured. */
    public AgentAuth auth() {
        return auth;
    }

    /** Where it keeps things. */
    public Stores stores() {
        return stores;
    }

    /** Who calls: somebody with an address, so that limits per client are counted. */
    public static Caller caller() {
        return CALLER;
    }

    /** The assertion of a new anonymous registration, not yet exchanged. */
    public String newAssertion() {
        return auth.registerAnonymous(CALLER).assertion().value().reveal();
    }

    /** An access token for an assertion. */
    public String exchange(String assertion) {
        return auth.exchange(CALLER, assertion, null, List.of()).value().reveal();
    }

    /** The first refresh token of a new registration, which a person of its own has claimed. */
    public String newRefreshToken() {
        Registered.Anonymous agent = auth.registerAnonymous(CALLER);
        String claimToken = agent.claim().token().reveal();
        auth.startClaim(CALLER, claimToken, "person-" + people++ + "@example.com");
        String code = auth.revealCode(CALLER, mails.newestAttempt()).code().reveal();
        return auth.completeClaimWithRefreshToken(CALLER, claimToken, code)
                .refreshToken()
                .map(IssuedRefreshToken::value)
                .orElseThrow()
                .reveal();
    }

    /** Puts a registration that nobody asks for into the store, with a token: as live as any, and made without signing. */
    public String newResident() {
        String token = newToken();
        addResident(token);
        return token;
    }

    /** The same, for a token that was thought of before. */
    public void addResident(String token) {
        Instant now = Instant.now();
        Registration registration = newRegistration(now);
        stores.registrations().insert(registration, now);
        stores.tokens().insert(tokenOf(registration, token, now), now, LIVE_TOKENS);
    }

    /** An access token that nobody has been given. */
    public String newToken() {
        return secret("at_", 24);
    }

    /** An anonymous registration as registering would make it, not stored yet. */
    public Registration newRegistration(Instant now) {
        return Registration.anonymous(
                secret("reg_", 12), Claim.open(SecretHash.of(secret("clm_", 24)), now.plus(LIFE)), now);
    }

    /** An access token as exchanging would make it, not stored yet. */
    public static AccessToken tokenOf(Registration registration, String token, Instant now) {
        return new AccessToken(SecretHash.of(token), registration.id(), registration.epoch(), null, now.plus(LIFE));
    }

    /** A secret with the form of the library's own, and not secret at all: the same at every run. */
    public String secret(String prefix, int bytes) {
        byte[] raw = new byte[bytes];
        for (int i = 0; i < bytes; i++) {
            raw[i] = (byte) random.nextInt();
        }
        return prefix + Base64.getUrlEncoder().withoutPadding().encodeToString(raw);
    }

    @Override
    public void close() {
        auth.close();
        audit.close();
    }

    /** Mail goes here. */
    private static final class LinkKeeper implements ClaimMailer {
        private volatile @Nullable String newest;

        @Override
        public void sendClaimLink(ClaimMail mail) {
            newest = mail.link();
        }

        /** The token at the end of the newest link. */
        String newestAttempt() {
            String link = newest;
            if (link == null) {
                throw new IllegalStateException("no mail was sent");
            }
            int token = link.indexOf("cvt_");
            return link.substring(token);
        }
    }
}
