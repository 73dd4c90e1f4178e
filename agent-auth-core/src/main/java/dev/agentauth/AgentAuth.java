package dev.agentauth;

import dev.agentauth.internal.Audit;
import dev.agentauth.internal.Limits;
import dev.agentauth.internal.Ports;
import dev.agentauth.internal.RegistrationWriter;
import dev.agentauth.internal.Secrets;
import dev.agentauth.internal.Settings;
import dev.agentauth.internal.claim.ClaimCeremony;
import dev.agentauth.internal.claim.ClaimPost;
import dev.agentauth.internal.discovery.DiscoveryDocuments;
import dev.agentauth.internal.operate.HealthProbe;
import dev.agentauth.internal.operate.Operator;
import dev.agentauth.internal.operate.Purger;
import dev.agentauth.internal.operate.WatchedProviderKeys;
import dev.agentauth.internal.provider.ProviderAssertions;
import dev.agentauth.internal.provider.ProviderEvents;
import dev.agentauth.internal.provider.ProviderRejections;
import dev.agentauth.internal.register.ProviderRegistrar;
import dev.agentauth.internal.register.Registrar;
import dev.agentauth.internal.token.Gate;
import dev.agentauth.internal.token.IdentityAssertions;
import dev.agentauth.internal.token.TokenService;
import dev.agentauth.internal.users.UserMatcher;
import dev.agentauth.registration.Registration;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The agentic registration protocol without any HTTP: every operation that an adapter maps onto a wire. Made by {@link
 * #builder}; immutable and safe for use by many threads; several instances live side by side in one JVM.
 *
 * <p>Every operation throws {@link AgentAuthException} where the protocol refuses; it lets a port's {@link
 * dev.agentauth.spi.StoreUnavailableException} through, which an adapter answers like {@link
 * ErrorCode#TEMPORARILY_UNAVAILABLE}: nothing is half-made then, and the same request may be repeated.
 */
public final class AgentAuth implements AutoCloseable {
    private final Registrar registrar;
    private final ProviderRegistrar providerRegistrar;
    private final ClaimCeremony ceremony;
    private final TokenService tokens;
    private final ProviderEvents providerEvents;
    private final DiscoveryDocuments documents;
    private final Operator operator;
    private final Purger purger;
    private final HealthProbe health;

    AgentAuth(Settings settings, Ports ports, @Nullable Duration purgeInterval) {
        Secrets secrets = new Secrets();
        Audit audit = new Audit(ports.audit(), ports.clock(), secrets);
        Limits limits = new Limits(ports.rateLimiter(), audit);
        Gate gate = new Gate(settings, ports.trust(), ports.users());
        UserMatcher users = new UserMatcher(settings, ports.users());
        RegistrationWriter writer = new RegistrationWriter(ports.registrations(), audit);
        IdentityAssertions assertions = new IdentityAssertions(settings, ports.signingKeys(), secrets);
        WatchedProviderKeys providerKeys = new WatchedProviderKeys(ports.providerKeys());
        ProviderAssertions providerAssertions = new ProviderAssertions(
                settings.issuer(),
                settings.resource(),
                ports.trust(),
                providerKeys,
                ports.replay(),
                ports.logoutMarks());
        ProviderRejections rejections = new ProviderRejections(providerAssertions, audit);
        ClaimPost post = new ClaimPost(settings, ports, writer, audit);
        ceremony = new ClaimCeremony(settings, ports, gate, users, assertions, post, writer, limits, audit, secrets);
        registrar = new Registrar(settings, ports, ceremony, post, assertions, limits, audit, secrets);
        providerRegistrar = new ProviderRegistrar(
                settings,
                ports,
                gate,
                users,
                ceremony,
                post,
                writer,
                providerAssertions,
                rejections,
                assertions,
                limits,
                audit,
                secrets);
        tokens = new TokenService(settings, ports, gate, assertions, audit, secrets);
        providerEvents = new ProviderEvents(providerAssertions, rejections, ports, writer);
        documents = new DiscoveryDocuments(settings, ports.signingKeys());
        operator = new Operator(ports, writer, audit);
        health = new HealthProbe(ports, providerKeys, post);
        purger = new Purger(settings, ports, audit, purgeInterval);
    }

    /**
     * Begins a configuration.
     *
     * @param issuer the issuer URL of this service (RFC 8414): {@code https}, or {@code http} on loopback; no query, no
     *     fragment, no slash at the end
     * @param resource the URL of the protected resource (RFC 9728), under the same rules but for the slash
     * @return a builder with the protocol's defaults
     */
    public static AgentAuthBuilder builder(String issuer, String resource) {
        return new AgentAuthBuilder(issuer, resource);
    }

    /**
     * Registers an agent that says nothing about a person.
     *
     * @param caller who asks
     * @return the registration with an assertion for the pre-claim scopes, and what it takes to have it claimed
     */
    public Registered.Anonymous registerAnonymous(Caller caller) {
        return registrar.registerAnonymous(caller);
    }

    /**
     * Registers an agent that names its person's address, and mails that person.
     *
     * @param caller who asks
     * @param address one plain e-mail address
     * @return the registration; it can do nothing before it is claimed
     */
    public Registered.Email registerWithEmail(Caller caller, String address) {
        return registrar.registerWithEmail(caller, address);
    }

    /**
     * Registers an agent whose provider vouches for its person, or finds the registration that it has.
     *
     * @param caller who asks
     * @param idJag the provider's assertion, a compact JWT
     * @return {@link Registered.Provider}, or {@link Registered.StepUp} if the person has to confirm first
     */
    public Registered registerWithIdJag(Caller caller, String idJag) {
        return providerRegistrar.register(caller, idJag);
    }

    /**
     * Asks a person, by mail, to take ownership of an anonymous registration.
     *
     * @param caller who asks
     * @param claimToken the token from the registration
     * @param address the person's plain e-mail address
     * @return the attempt; the same one, without a second mail, while the link to that address is still good
     */
    public ClaimStarted startClaim(Caller caller, String claimToken, String address) {
        return ceremony.start(caller, claimToken, address);
    }

    /**
     * What the page behind a mailed link shows. Changes nothing.
     *
     * @param attemptToken the token from the link
     * @return what there is to decide, or why there is nothing
     */
    public ClaimView viewClaim(String attemptToken) {
        return ceremony.view(attemptToken);
    }

    /**
     * Mints the code that the person reads to the agent; any earlier one dies.
     *
     * @param caller who asks
     * @param attemptToken the token from the link
     * @return the code
     */
    public RevealedCode revealCode(Caller caller, String attemptToken) {
        return ceremony.reveal(caller, attemptToken);
    }

    /**
     * The person says that it was not them.
     *
     * @param caller who asks
     * @param attemptToken the token from the link
     */
    public void rejectClaim(Caller caller, String attemptToken) {
        ceremony.reject(caller, attemptToken);
    }

    /**
     * The agent brings the code that the person read to it.
     *
     * @param caller who asks
     * @param claimToken the token from the registration
     * @param code exactly six digits; anything else is refused without being counted
     * @return the claimed registration; of any number of concurrent correct calls exactly one gets here
     */
    public ClaimCompleted completeClaim(Caller caller, String claimToken, String code) {
        return ceremony.complete(caller, claimToken, code);
    }

    /**
     * Exchanges an identity assertion for an access token (RFC 7523, section 2.1).
     *
     * @param caller who asks
     * @param assertion one of this service's own identity assertions
     * @param scope space-separated scopes to narrow the token to, or null for all that is allowed
     * @param resources the resources that the token is for; each must be this service's (RFC 8707)
     * @return the token
     */
    public IssuedToken exchange(Caller caller, String assertion, @Nullable String scope, List<String> resources) {
        return tokens.exchange(caller, assertion, scope, resources);
    }

    /**
     * Revokes an access token (RFC 7009). Once this has returned, the token is never accepted again, on any replica.
     *
     * @param caller who asks
     * @param token any text; unknown tokens are fine, assertions are refused by their form
     */
    public void revokeToken(Caller caller, String token) {
        tokens.revoke(caller, token);
    }

    /**
     * Says who is behind an access token, and what it may do now.
     *
     * @param token what stood behind {@code Bearer}
     * @return empty if it is malformed, unknown, expired, revoked, or its registration may not act
     */
    public Optional<AuthenticatedAgent> authenticate(String token) {
        return tokens.authenticate(token);
    }

    /**
     * A provider says that what it vouched for is over.
     *
     * @param caller who asks
     * @param logoutToken the provider's logout token, a compact JWT
     */
    public void logout(Caller caller, String logoutToken) {
        providerEvents.logout(caller, logoutToken);
    }

    /**
     * What the service publishes about itself, except for its keys.
     *
     * @return the same for the life of this object
     */
    public Discovery discovery() {
        return documents.discovery();
    }

    /**
     * The public halves of all published signing keys (RFC 7517, section 5).
     *
     * @return a JWK set as plain data
     */
    public Map<String, Object> jwks() {
        return documents.jwks();
    }

    /**
     * For operators: what a user owns, and the step-ups that wait for that user.
     *
     * @param userId the service's own id
     * @return oldest first, whatever the status
     */
    public List<Registration> registrationsOf(String userId) {
        return operator.registrationsOf(userId);
    }

    /**
     * For operators: ends one registration and all that was issued for it.
     *
     * @param registrationId {@code reg_…}
     * @return false if there is none, or if it was revoked already
     */
    public boolean revokeRegistration(String registrationId) {
        return operator.revoke(registrationId);
    }

    /**
     * For operators: ends every registration there is. Nothing in flight can undo it.
     *
     * @return how many were ended
     */
    public int revokeAllRegistrations() {
        return operator.revokeAll();
    }

    /**
     * For operators: ends every registration of a user and forgets whom they were about.
     *
     * @param userId the service's own id
     * @return how many were erased
     */
    public int eraseUser(String userId) {
        return operator.erase(userId);
    }

    /**
     * Removes what nobody needs any more. Runs by itself unless {@link AgentAuthBuilder#purgeByEmbedder} was chosen; safe
     * to run on every replica at once.
     *
     * @return what this call has removed
     */
    public PurgeReport purge() {
        return purger.purge();
    }

    /**
     * How the stores, keys, mail and providers are doing. Takes a look at each store, so call it every few seconds at
     * the most.
     *
     * @return a snapshot
     */
    public Health health() {
        return health.look();
    }

    /** Stops the purge. The ports belong to the embedder and stay open. */
    @Override
    public void close() {
        purger.close();
    }
}
