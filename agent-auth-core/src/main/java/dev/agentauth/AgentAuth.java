package dev.agentauth;

import dev.agentauth.audit.JsonLines;
import dev.agentauth.internal.Feature;
import dev.agentauth.internal.Ports;
import dev.agentauth.internal.Settings;
import dev.agentauth.internal.Surroundings;
import dev.agentauth.internal.claim.Asking;
import dev.agentauth.internal.claim.ClaimCeremony;
import dev.agentauth.internal.claim.ClaimMailing;
import dev.agentauth.internal.claim.Visitor;
import dev.agentauth.internal.operate.HealthProbe;
import dev.agentauth.internal.operate.Operator;
import dev.agentauth.internal.operate.Purger;
import dev.agentauth.internal.provider.KeySource;
import dev.agentauth.internal.provider.ProviderAssertions;
import dev.agentauth.internal.provider.ProviderEvents;
import dev.agentauth.internal.register.ProviderRegistrar;
import dev.agentauth.internal.register.Registrar;
import dev.agentauth.internal.register.VouchedClaims;
import dev.agentauth.internal.token.ClaimGrant;
import dev.agentauth.internal.token.Gate;
import dev.agentauth.internal.token.IdentityAssertions;
import dev.agentauth.internal.token.Introspection;
import dev.agentauth.internal.token.RefreshTokens;
import dev.agentauth.internal.token.TokenService;
import dev.agentauth.internal.users.Matching;
import dev.agentauth.internal.users.OwnProof;
import dev.agentauth.internal.users.Users;
import dev.agentauth.internal.users.Visitors;
import dev.agentauth.internal.wire.DiscoveryDocuments;
import dev.agentauth.spi.ResourceServers;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The agentic registration protocol without any HTTP: every operation that an adapter maps onto a wire. Made by {@link
 * #builder}; immutable and safe for use by many threads; several instances live side by side in one JVM.
 *
 * <p>Every operation throws {@link AgentAuthException} where the protocol refuses; it lets a port's {@link
 * dev.agentauth.spi.PortUnavailableException} through, which an adapter answers like {@link
 * Problem#OUT_OF_REACH}: nothing is half-made then, and the same request may be repeated. Whatever else a port throws
 * becomes that, or what the port documents, and none of its words go any further.
 *
 * @since 0.2.0
 */
public final class AgentAuth implements BearerTokens, AutoCloseable {
    private final Settings settings;
    private final Registrar registrar;
    private final ProviderRegistrar providerRegistrar;
    private final VouchedClaims vouchedClaims;
    private final ClaimCeremony ceremony;
    private final RefreshTokens refreshTokens;
    private final TokenService tokens;
    private final ClaimGrant claimGrant;
    private final Introspection introspection;
    private final ProviderEvents providerEvents;
    private final DiscoveryDocuments documents;
    private final Operator operator;
    private final Purger purger;
    private final HealthProbe health;
    private final OwnProof ownProof;
    private final @Nullable JsonLines ownAudit;

    AgentAuth(Settings settings, Ports ports, @Nullable Duration purgeInterval, @Nullable JsonLines ownAudit) {
        this.ownAudit = ownAudit;
        this.settings = settings;
        Surroundings around = Surroundings.of(settings, ports);
        Gate gate = new Gate(settings, ports.trust(), ports.users());
        Users users = new Users(settings, ports.users());
        ownProof = new OwnProof(ports, users, around.writer());
        IdentityAssertions assertions = new IdentityAssertions(around);
        refreshTokens = new RefreshTokens(around, gate, assertions);
        KeySource providerKeys = new KeySource(ports.providerKeys());
        ProviderAssertions providerAssertions = new ProviderAssertions(around, providerKeys);
        ClaimMailing mailing = new ClaimMailing(around);
        Asking asking = new Asking(around, mailing);
        ceremony = new ClaimCeremony(
                around,
                gate,
                users,
                ownProof,
                new Visitors(users, ownProof),
                assertions,
                refreshTokens,
                asking,
                mailing);
        registrar = new Registrar(around, asking, assertions);
        Matching matching = new Matching(around, users, ownProof);
        providerRegistrar =
                new ProviderRegistrar(around, gate, users, matching, providerAssertions, assertions, asking, mailing);
        vouchedClaims =
                new VouchedClaims(around, gate, users, matching, providerAssertions, assertions, asking, mailing);
        tokens = new TokenService(around, gate, assertions, refreshTokens);
        claimGrant = new ClaimGrant(around, gate, assertions);
        introspection = new Introspection(around, tokens);
        providerEvents = new ProviderEvents(providerAssertions, around);
        documents = new DiscoveryDocuments(
                settings, ports.signingKeys(), ports.resourceServers().methods());
        operator = new Operator(around, gate);
        health = new HealthProbe(ports, providerKeys, mailing);
        purger = new Purger(settings, ports, around.audit(), purgeInterval);
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
     * Registers an agent that leaves it open whose it is to be: whoever signs in behind its link. Only where people are known
     * by {@linkplain AgentAuthBuilder#signIn signing in}, and an agent need not {@linkplain
     * AgentAuthBuilder#requireLoginHint name} anybody.
     *
     * @param caller who asks
     * @return the registration; it can do nothing before it is claimed
     */
    public Registered.Email registerForWhoeverSignsIn(Caller caller) {
        return registrar.registerForWhoeverSignsIn(caller);
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
        return ceremony.start(caller, claimToken, Optional.of(address));
    }

    /**
     * Asks whoever signs in once more to take ownership, where the agent left that open when it registered.
     *
     * @param caller who asks
     * @param claimToken the token from the registration
     * @return the attempt; the same one, with a new link, while the link is still good
     */
    public ClaimStarted startClaim(Caller caller, String claimToken) {
        return ceremony.start(caller, claimToken, Optional.empty());
    }

    /**
     * Claims an anonymous registration on the word of its agent's provider; or has the person asked, where that word alone
     * must not bind anybody. Once more by the same identity, what is claimed gets a fresh assertion.
     *
     * @param caller who asks
     * @param claimToken the token from the registration
     * @param idJag the provider's ID-JAG, a compact JWT
     * @return what came of it
     * @since 0.2.0
     */
    public VouchedClaim claimWithIdJag(Caller caller, String claimToken, String idJag) {
        return vouchedClaims.claim(caller, claimToken, idJag);
    }

    /**
     * What the page behind a mailed link shows. Changes nothing.
     *
     * @param attemptToken the token from the link
     * @return what there is to decide, or why there is nothing
     */
    public ClaimView viewClaim(String attemptToken) {
        return ceremony.view(Visitor.linkHolder(), attemptToken);
    }

    /**
     * What the page behind a link that the agent has handed on shows to somebody who is signed in. Changes nothing.
     *
     * @param attemptToken the token from the link
     * @param userId the service's own id of whoever is signed in
     * @return what there is to decide, or why there is nothing: {@link ClaimView.Reason#NOT_ASKED} for anybody else than the
     *     one who is asked
     */
    public ClaimView viewClaim(String attemptToken, String userId) {
        return ceremony.view(Visitor.signedIn(userId), attemptToken);
    }

    /**
     * Mints the code that the person reads to the agent; any earlier one dies.
     *
     * @param caller who asks
     * @param attemptToken the token from the link
     * @return the code
     */
    public RevealedCode revealCode(Caller caller, String attemptToken) {
        return ceremony.reveal(caller, Visitor.linkHolder(), attemptToken);
    }

    /**
     * Mints the code that somebody who is signed in reads to the agent; any earlier one dies. Whoever reveals it is who will
     * own the agent.
     *
     * @param caller who asks
     * @param attemptToken the token from the link that the agent has handed on
     * @param userId the service's own id of whoever is signed in
     * @return the code
     */
    public RevealedCode revealCode(Caller caller, String attemptToken, String userId) {
        return ceremony.reveal(caller, Visitor.signedIn(userId), attemptToken);
    }

    /**
     * The person types the code that the agent shows, and takes ownership thereby. The agent collects what that brings by
     * {@link #collectClaim}; what an anonymous one holds is dead.
     *
     * @param caller who asks
     * @param attemptToken the token from the link
     * @param code six digits, with white space and hyphens anywhere; anything else is refused without being counted
     * @throws AgentAuthException with {@link Problem#CODE_UNREADABLE}, {@link Problem#CODE_WRONG}, {@link
     *     Problem#CODE_VOID}, {@link Problem#CODE_LAPSED} or {@link Problem#CODE_NOT_SHOWN} if the person may see the page
     *     again; of any number of concurrent correct calls, and of codes that are read back meanwhile, exactly one gets
     *     through
     */
    public void typeCode(Caller caller, String attemptToken, String code) {
        ceremony.type(caller, Visitor.linkHolder(), attemptToken, code);
    }

    /**
     * The same where people sign in: a user types the code, and is the one who takes ownership.
     *
     * @param caller who asks
     * @param attemptToken the token from the link
     * @param code as above
     * @param userId the service's own id of whoever is signed in, and may be somebody whom this attempt does not ask
     * @throws AgentAuthException as above, and with {@link Problem#NOT_ASKED}
     */
    public void typeCode(Caller caller, String attemptToken, String code, String userId) {
        ceremony.type(caller, Visitor.signedIn(userId), attemptToken, code);
    }

    /**
     * The person says that it was not them.
     *
     * @param caller who asks
     * @param attemptToken the token from the link
     */
    public void rejectClaim(Caller caller, String attemptToken) {
        ceremony.reject(caller, Visitor.linkHolder(), attemptToken);
    }

    /**
     * Somebody who is signed in says that it was not them.
     *
     * @param caller who asks
     * @param attemptToken the token from the link that the agent has handed on
     * @param userId the service's own id of whoever is signed in
     */
    public void rejectClaim(Caller caller, String attemptToken, String userId) {
        ceremony.reject(caller, Visitor.signedIn(userId), attemptToken);
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
     * The agent brings the code that the person read to it, and wants to come back later without asking that person again.
     * What an anonymous registration had been issued ends in favour of a new assertion, whatever the service prefers. A
     * refresh token comes with it, unless they are off or a provider vouches for the registration.
     *
     * @param caller who asks
     * @param claimToken the token from the registration
     * @param code exactly six digits; anything else is refused without being counted
     * @return the claimed registration; of any number of concurrent correct calls exactly one gets here
     */
    public ClaimCompleted completeClaimWithRefreshToken(Caller caller, String claimToken, String code) {
        return ceremony.completeWithRefreshToken(caller, claimToken, code);
    }

    /**
     * The agent comes back with a refresh token. One that is out is spent for its successor; the spent one is good for
     * another successor during two minutes, up to 16 in all, since agents refresh in parallel and answers get lost. Any other of
     * its family ends everything that was issued for the registration: two parties hold tokens of it.
     *
     * @param caller who asks
     * @param refreshToken the token from the newest answer
     * @return the registration with a new assertion and the successor
     */
    public Registered.Refreshed refresh(Caller caller, String refreshToken) {
        return refreshTokens.refresh(caller, refreshToken);
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
     * The agent asks whether its person has typed the code that it shows, and collects what that brought: again and again for
     * ten minutes, since answers get lost.
     *
     * @param caller who asks
     * @param claimToken the token from the registration
     * @param scope space-separated scopes to narrow the token to, or null for all that is allowed
     * @param resources the resources that the token is for; each must be this service's (RFC 8707)
     * @return a token, and an assertion for those that come after it
     * @throws AgentAuthException with {@link Problem#NOT_TYPED_YET} or {@link Problem#POLLED_TOO_EARLY} while it is worth
     *     asking again
     * @see <a href="https://www.rfc-editor.org/rfc/rfc8628#section-3.5">RFC 8628, section 3.5</a>
     */
    public ClaimCollected collectClaim(
            Caller caller, String claimToken, @Nullable String scope, List<String> resources) {
        return claimGrant.collect(caller, claimToken, scope, resources);
    }

    /**
     * Revokes an access token, or a refresh token and with it everything that was issued for its registration (RFC 7009).
     * Once this has returned, the token is never accepted again, on any replica.
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
    @Override
    public Optional<AuthenticatedAgent> authenticate(String token) {
        return tokens.authenticate(token);
    }

    /**
     * Whether APIs in other processes can ask what a token stands for.
     *
     * @return the same for the life of this object
     * @since 0.2.0
     */
    public boolean introspects() {
        return introspection.isOn();
    }

    /**
     * Tells an API in another process who is behind an access token, and what it may do now (RFC 7662): what {@link #authenticate}
     * tells in this one, and until when. Refresh tokens, assertions and whatever else is no access token are like unknown ones.
     *
     * @param credentials who asks
     * @param token any text
     * @return empty if it is malformed, unknown, expired, revoked, or its registration may not act
     * @throws AgentAuthException with {@link Problem#RESOURCE_SERVER_UNKNOWN} for anybody but the {@linkplain
     *     AgentAuthBuilder#introspection resource servers} that are known; {@link Problem#LIMIT_SPENT} if that happened too often.
     *     Nothing was looked up then
     * @since 0.2.0
     */
    public Optional<IntrospectedToken> introspect(ResourceServers.Credentials credentials, String token) {
        return introspection.introspect(credentials, token);
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
     * Whether people are known by the service's own sign-in, and not by a mailed link.
     *
     * @return the same for the life of this object
     */
    public boolean signsIn() {
        return settings.features().has(Feature.SIGN_IN);
    }

    /**
     * A provider tells what happened, by a security event token (RFC 8417): where that is something that ends what it
     * vouched for, that has ended on return, as with {@link #logout}. A repeated one, one about an unknown subject and one of
     * an unknown type change nothing and succeed.
     *
     * @param caller who asks
     * @param securityEvent the provider's security event token, a compact JWT
     * @throws AgentAuthException if it is refused
     * @since 0.2.0
     */
    public void securityEvent(Caller caller, String securityEvent) {
        providerEvents.securityEvent(caller, securityEvent);
    }

    /**
     * Where people see which agents act for them.
     *
     * @return empty unless {@link AgentAuthBuilder#manageUrl} was given
     */
    public Optional<String> manageUrl() {
        return Optional.ofNullable(settings.manageUrl());
    }

    /**
     * What scopes allow, in plain words.
     *
     * @return by language, by scope; what {@link AgentAuthBuilder#scopeTexts} was given
     */
    public Map<Locale, Map<String, String>> scopeTexts() {
        return settings.scopeTexts();
    }

    /**
     * What the service publishes about itself, except for its keys.
     *
     * @return the same for the life of this object
     */
    public Discovery discovery() {
        return documents.discovery();
    }

    @Override
    public String resourceMetadataUrl() {
        return documents.discovery().resourceMetadataUrl();
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
     * The service itself has proved that an address is a user's own, by whatever means of its own: a link that it mailed at
     * sign-up or sign-in, for example. To be called each time, after the address is the user's in the {@link
     * dev.agentauth.spi.UserDirectory} and before the person is let in. The first proof of a user who was made on a
     * provider's word ends every registration that the user has so far: nobody may prepare an account for somebody else
     * to walk into. Later ones, and those of a user whom the service knew before, end nothing; the call may be repeated.
     *
     * @param userId the service's own id
     * @param address one of the user's verified addresses
     * @return false if there is no such user, or if the address is not that user's: nothing was noted then
     */
    public boolean addressProved(String userId, String address) {
        return ownProof.given(Caller.unknown(), userId, address);
    }

    /**
     * For operators: one registration as it stands now.
     *
     * @param registrationId {@code reg_…}
     * @return empty if there is none
     */
    public Optional<AgentSummary> registration(String registrationId) {
        return operator.find(registrationId);
    }

    /**
     * For operators, and for a page on which people see their agents: registrations as they stand now, newest first.
     * Registrations that are made while somebody turns the pages are on none of them; no other is missed or seen twice.
     *
     * @param query which, and how many at once
     * @return a page of them
     * @throws IllegalArgumentException if {@code query.after()} is not what a page gave
     */
    public AgentPage list(AgentQuery query) {
        return operator.list(query);
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
     * For a page on which people see their agents: whether a user is somebody for whom agents act. For anybody else none does
     * whatever it holds, for as long as that lasts, and such a page has nothing to show and nothing to take.
     *
     * @param userId the service's own id of the user who is signed in
     * @return whether the {@link dev.agentauth.spi.UserDirectory} knows that user, and calls it active
     */
    public boolean isActiveUser(String userId) {
        return operator.isActive(userId);
    }

    /**
     * For a page on which people end their agents: ends one registration, and all that was issued for it, if it is that
     * person's.
     *
     * @param registrationId {@code reg_…}
     * @param ownerId the service's own id of the user who is signed in
     * @return false if that user owns no such registration, or if it was revoked already
     */
    public boolean revokeRegistration(String registrationId, String ownerId) {
        return operator.revoke(registrationId, ownerId);
    }

    /**
     * For a page on which people see their agents: the owner calls one of them something.
     *
     * @param registrationId {@code reg_…}
     * @param ownerId the service's own id of the user who is signed in
     * @param label the name; made one line, and cut after {@link AgentSummary#MAX_LABEL} characters. Empty takes it away
     * @return false if that user owns no such registration, or if it is over
     */
    public boolean nameRegistration(String registrationId, String ownerId, String label) {
        return operator.name(registrationId, ownerId, label);
    }

    /**
     * For operators: ends every registration there is. It takes effect at once, however many they are, and is audited then;
     * nothing in flight can undo it. What follows takes longer the more there are: that it has ended is written down for each,
     * and a second event says for how many. If this throws after the first event, everything has ended all the same; the next
     * {@link #purge} goes on with the writing, and so does calling this again, which also ends what was registered since.
     *
     * @return how many were ended, as far as this call has written it down
     * @throws dev.agentauth.spi.PortUnavailableException if a store is out of reach
     */
    public int revokeAllRegistrations() {
        return operator.revokeAll();
    }

    /**
     * For operators: ends every registration of a user and forgets whom they were about; so it does with what nobody owns
     * yet and still waits for a yes at the address that the directory has of the user. To be called while the user is in
     * the directory, and before the user is deleted there: afterwards nobody knows that address any more.
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
     * How the stores, keys, mail and providers are doing. Takes a look at each store, and has them write, so
     * call it every few seconds, and no more often.
     *
     * @return a snapshot
     */
    public Health health() {
        return health.look();
    }

    /**
     * Stops the purge, and writes what waits in the audit sink that it has by default. To be called after the last request.
     * The ports that were given belong to the embedder and stay open, audit sinks among them.
     */
    @Override
    public void close() {
        purger.close();
        if (ownAudit != null) {
            ownAudit.close();
        }
    }
}
