package dev.agentauth;

import dev.agentauth.audit.JsonLines;
import dev.agentauth.config.AnonymousClaim;
import dev.agentauth.config.ExistingUserPolicy;
import dev.agentauth.config.Lifetimes;
import dev.agentauth.config.NewUserPolicy;
import dev.agentauth.internal.Feature;
import dev.agentauth.internal.Features;
import dev.agentauth.internal.NoLimits;
import dev.agentauth.internal.Ports;
import dev.agentauth.internal.Settings;
import dev.agentauth.internal.net.Urls;
import dev.agentauth.internal.ports.Contained;
import dev.agentauth.keys.CryptoProvider;
import dev.agentauth.keys.RemoteProviderKeys;
import dev.agentauth.keys.RotatingSigningKeys;
import dev.agentauth.memory.InMemoryStores;
import dev.agentauth.spi.AuditSink;
import dev.agentauth.spi.ClaimMailer;
import dev.agentauth.spi.ProviderKeys;
import dev.agentauth.spi.RateLimiter;
import dev.agentauth.spi.ResourceServers;
import dev.agentauth.spi.SigningKeys;
import dev.agentauth.spi.Stores;
import dev.agentauth.spi.TrustList;
import dev.agentauth.spi.TrustedProvider;
import dev.agentauth.spi.UserDirectory;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Configures an {@link AgentAuth}. Required: {@link #postClaimScopes}, {@link #users}, a rate limiter or the explicit
 * {@link #withoutRateLimits}, and a {@link #mailer} unless every flow that mails is off. {@link #build} refuses
 * contradictions and names the settings.
 *
 * @since 0.2.0
 */
public final class AgentAuthBuilder {
    private static final System.Logger LOG = System.getLogger(AgentAuthBuilder.class.getName());

    private final String issuer;
    private final String resource;
    private @Nullable String baseUrl;
    private @Nullable String serviceName;
    private @Nullable URI resourceLogo;
    private @Nullable String manageUrl;
    private final Map<Locale, Map<String, String>> scopeTexts = new LinkedHashMap<>();
    private List<String> preClaimScopes = List.of();
    private List<String> postClaimScopes = List.of();
    private Lifetimes lifetimes = Lifetimes.standard();
    private boolean anonymous = true;
    private boolean verifiedEmail = true;
    private boolean signIn;
    private boolean requireLoginHint;
    private boolean typedCode = true;
    private boolean refreshTokens = true;
    private boolean legacyDiscoveryNames = true;
    private AnonymousClaim anonymousClaim = AnonymousClaim.WIDEN;
    private ExistingUserPolicy existingUsers = ExistingUserPolicy.CONFIRM;
    private NewUserPolicy newUsers = NewUserPolicy.PROVISION;
    private int liveTokens = 1000;
    private boolean resourceAsAudience = true;
    private @Nullable TrustList trust;
    private @Nullable ClaimMailer mailer;
    private @Nullable UserDirectory users;
    private @Nullable RateLimiter rateLimiter;
    private @Nullable Stores stores;
    private @Nullable SigningKeys signingKeys;
    private @Nullable ProviderKeys providerKeys;
    private @Nullable ResourceServers resourceServers;
    private @Nullable AuditSink audit;
    private final List<AuditSink> moreAudit = new ArrayList<>();
    private @Nullable CryptoProvider cryptoProvider;
    private InstantSource clock = InstantSource.system();
    private @Nullable Duration purgeInterval = Duration.ofMinutes(1);

    AgentAuthBuilder(String issuer, String resource) {
        this.issuer = Objects.requireNonNull(issuer);
        this.resource = Objects.requireNonNull(resource);
    }

    /**
     * What the paths of all endpoints are appended to, where that is not the issuer: the URL under which the servlet is
     * mounted, as seen from outside.
     *
     * @param url under the rules of the issuer; by default the issuer
     * @return this builder
     */
    public AgentAuthBuilder baseUrl(String url) {
        this.baseUrl = Objects.requireNonNull(url);
        return this;
    }

    /**
     * The name that people and agents are shown: one line that begins and ends with something to read.
     *
     * @param name by default the issuer's host
     * @return this builder
     */
    public AgentAuthBuilder serviceName(String name) {
        this.serviceName = Objects.requireNonNull(name);
        return this;
    }

    /**
     * A logo for the protected resource metadata; none by default.
     *
     * @param logo an absolute URL
     * @return this builder
     */
    public AgentAuthBuilder resourceLogo(URI logo) {
        this.resourceLogo = Objects.requireNonNull(logo);
        return this;
    }

    /**
     * Where people see which agents act for them, and end that: named by the notice that is mailed, and by the claim page.
     *
     * @param url an absolute URL, {@code https} or on loopback {@code http}; none by default
     * @return this builder
     */
    public AgentAuthBuilder manageUrl(String url) {
        this.manageUrl = Objects.requireNonNull(url);
        return this;
    }

    /**
     * What scopes allow, in plain words, for the mail and the pages that people read: nobody knows what {@code notes.write}
     * is. A scope without a text is shown by its name.
     *
     * @param language of the texts
     * @param texts one line for each scope, by the scope's name; those of another call for the language are forgotten
     * @return this builder
     */
    public AgentAuthBuilder scopeTexts(Locale language, Map<String, String> texts) {
        this.scopeTexts.put(Objects.requireNonNull(language), Map.copyOf(texts));
        return this;
    }

    /**
     * What an anonymous agent may do before somebody owns it; nothing by default.
     *
     * @param scopes scope tokens (RFC 6749, section 3.3)
     * @return this builder
     */
    public AgentAuthBuilder preClaimScopes(String... scopes) {
        this.preClaimScopes = List.of(scopes);
        return this;
    }

    /**
     * What a claimed agent may do: at least what it may do before. Required.
     *
     * @param scopes scope tokens (RFC 6749, section 3.3), in the order in which they are shown
     * @return this builder
     */
    public AgentAuthBuilder postClaimScopes(String... scopes) {
        this.postClaimScopes = List.of(scopes);
        return this;
    }

    /**
     * How long things live.
     *
     * @param times by default {@link Lifetimes#standard}
     * @return this builder
     */
    public AgentAuthBuilder lifetimes(Lifetimes times) {
        this.lifetimes = Objects.requireNonNull(times);
        return this;
    }

    /**
     * Whether agents may register without naming anybody.
     *
     * @param enabled true by default
     * @return this builder
     */
    public AgentAuthBuilder anonymous(boolean enabled) {
        this.anonymous = enabled;
        return this;
    }

    /**
     * Whether agents may register by naming their person's e-mail address.
     *
     * @param enabled true by default
     * @return this builder
     */
    public AgentAuthBuilder verifiedEmail(boolean enabled) {
        this.verifiedEmail = enabled;
        return this;
    }

    /**
     * Has people known by the service's own sign-in: nothing is mailed, the agent hands the link over, and whoever opens it
     * has to be signed in as the one who is asked. The adapter needs to be told who is signed in, by {@code
     * dev.agentauth.servlet.SignIn}.
     *
     * <p>Only an address that was proved to the service itself counts. A service that proves addresses, at sign-up for
     * example, says so each time: {@link AgentAuth#addressProved}.
     *
     * @return this builder; by default a link is mailed, and whoever has the mailbox can open it
     */
    public AgentAuthBuilder signIn() {
        this.signIn = true;
        return this;
    }

    /**
     * Whether an agent that registers for somebody who signs in has to name that person's address. Otherwise it may leave
     * it open, and whoever opens the link and signs in can own the agent.
     *
     * @param required false by default; without {@link #signIn} an address is always required
     * @return this builder
     */
    public AgentAuthBuilder requireLoginHint(boolean required) {
        this.requireLoginHint = required;
        return this;
    }

    /**
     * Whether agents that ask for it are handed a refresh token when a person has claimed their registration: with it they get
     * new assertions without asking that person again, each use within {@link Lifetimes#refresh} of the last. Never for
     * what a provider vouches for. Switched off, those that are out are refused.
     *
     * @param enabled true by default
     * @return this builder
     */
    public AgentAuthBuilder refreshTokens(boolean enabled) {
        this.refreshTokens = enabled;
        return this;
    }

    /**
     * Whether the discovery document repeats the names of protocol 0.1, which deployed agents still look for.
     *
     * @param enabled true by default
     * @return this builder
     */
    public AgentAuthBuilder legacyDiscoveryNames(boolean enabled) {
        this.legacyDiscoveryNames = enabled;
        return this;
    }

    /**
     * Whether an agent is given a code that its person can type on the page, instead of reading one from the page to the
     * agent. Both are open then, and the agent polls the token endpoint to learn that the code was typed.
     *
     * @param enabled true by default
     * @return this builder
     */
    public AgentAuthBuilder typedCode(boolean enabled) {
        this.typedCode = enabled;
        return this;
    }

    /**
     * What claiming does to the tokens of an anonymous agent.
     *
     * @param mode {@link AnonymousClaim#WIDEN} by default
     * @return this builder
     */
    public AgentAuthBuilder anonymousClaim(AnonymousClaim mode) {
        this.anonymousClaim = Objects.requireNonNull(mode);
        return this;
    }

    /**
     * What happens when a provider vouches for a contact of an existing user.
     *
     * @param policy {@link ExistingUserPolicy#CONFIRM} by default
     * @return this builder
     */
    public AgentAuthBuilder existingUsers(ExistingUserPolicy policy) {
        this.existingUsers = Objects.requireNonNull(policy);
        return this;
    }

    /**
     * What happens when nobody has the contact.
     *
     * @param policy {@link NewUserPolicy#PROVISION} by default
     * @return this builder
     */
    public AgentAuthBuilder newUsers(NewUserPolicy policy) {
        this.newUsers = Objects.requireNonNull(policy);
        return this;
    }

    /**
     * How many live access tokens a registration has. One more is issued as before, and ends the one that was issued first:
     * an agent that exchanges its assertion without end fills no storage. Stores may be late with it by a tenth for each
     * replica; see {@link dev.agentauth.spi.TokenStore#insert}.
     *
     * @param limit at least 1; 1,000 by default
     * @return this builder
     * @since 0.2.0
     */
    public AgentAuthBuilder liveTokens(int limit) {
        this.liveTokens = limit;
        return this;
    }

    /**
     * Whether what a provider signs may name the resource as its audience, in the place of the issuer: published recipes
     * tell agents to do so. <b>Switch it off if the resource's URL is also the issuer of another authorization server that
     * the same providers serve</b>: what is meant for that server could be presented here, and the other way round.
     *
     * @param enabled true by default
     * @return this builder
     * @since 0.2.0
     */
    public AgentAuthBuilder resourceAsAudience(boolean enabled) {
        this.resourceAsAudience = enabled;
        return this;
    }

    /**
     * Trusts these agent providers. Without any, registering by ID-JAG is off.
     *
     * @param providers each issuer once, and never this service's own
     * @return this builder
     */
    public AgentAuthBuilder trust(TrustedProvider... providers) {
        return trust(TrustList.of(List.of(providers)));
    }

    /**
     * Trusts the agent providers of a list that can change at run time.
     *
     * @param list the list; this service's own issuer is refused even if it is on it later
     * @return this builder
     */
    public AgentAuthBuilder trust(TrustList list) {
        this.trust = Objects.requireNonNull(list);
        return this;
    }

    /**
     * Sends the mail.
     *
     * @param port required unless every flow that mails is off; with {@link #signIn} it mails notices alone
     * @return this builder
     */
    public AgentAuthBuilder mailer(ClaimMailer port) {
        this.mailer = Objects.requireNonNull(port);
        return this;
    }

    /**
     * The service's users.
     *
     * @param port required
     * @return this builder
     */
    public AgentAuthBuilder users(UserDirectory port) {
        this.users = Objects.requireNonNull(port);
        return this;
    }

    /**
     * Counts requests against limits.
     *
     * @param port required, unless {@link #withoutRateLimits} is chosen
     * @return this builder
     */
    public AgentAuthBuilder rateLimiter(RateLimiter port) {
        this.rateLimiter = Objects.requireNonNull(port);
        return this;
    }

    /**
     * Lets everybody register and cause mails without any limit: for services with limits in front of them.
     *
     * @return this builder
     */
    public AgentAuthBuilder withoutRateLimits() {
        return rateLimiter(new NoLimits());
    }

    /**
     * Keeps registrations, tokens and everything else that has to last.
     *
     * @param port for this service's issuer; by default in memory: for a single replica that may forget everything at a
     *     restart
     * @return this builder
     */
    public AgentAuthBuilder stores(Stores port) {
        this.stores = Objects.requireNonNull(port);
        return this;
    }

    /**
     * Signs identity assertions.
     *
     * @param port by default an ephemeral key, with a warning: assertions then die with the process
     * @return this builder
     */
    public AgentAuthBuilder signingKeys(SigningKeys port) {
        this.signingKeys = Objects.requireNonNull(port);
        return this;
    }

    /**
     * Obtains the keys of agent providers.
     *
     * @param port by default {@link RemoteProviderKeys}
     * @return this builder
     */
    public AgentAuthBuilder providerKeys(ProviderKeys port) {
        this.providerKeys = Objects.requireNonNull(port);
        return this;
    }

    /**
     * Lets APIs in other processes ask what an access token stands for (RFC 7662).
     *
     * @param callers those that may ask: {@link dev.agentauth.config.SharedSecrets}, or a port of the embedder's own. Off by default
     * @return this builder
     * @since 0.2.0
     */
    public AgentAuthBuilder introspection(ResourceServers callers) {
        this.resourceServers = Objects.requireNonNull(callers);
        return this;
    }

    /**
     * Makes and verifies ECDSA signatures. {@link #build} says in the log which one that is.
     *
     * @param provider by default {@link CryptoProvider#fastest}
     * @return this builder
     * @since 0.2.0
     */
    public AgentAuthBuilder cryptoProvider(CryptoProvider provider) {
        this.cryptoProvider = Objects.requireNonNull(provider);
        return this;
    }

    /**
     * Receives what happens. A sink that is given stays the embedder's: where it has to be closed, close it after the {@link
     * AgentAuth}, whose last requests it records.
     *
     * @param port by default {@link JsonLines#toStandardOutput}, which {@link AgentAuth#close} closes; {@link JsonLines} also
     *     writes to a file or a logger
     * @return this builder
     */
    public AgentAuthBuilder audit(AuditSink port) {
        this.audit = Objects.requireNonNull(port);
        return this;
    }

    /**
     * Receives what happens, too: metrics beside the log, for example. Each sink receives every event, whether or not
     * another one fails.
     *
     * @param port one more sink
     * @return this builder
     */
    public AgentAuthBuilder alsoAudit(AuditSink port) {
        this.moreAudit.add(Objects.requireNonNull(port));
        return this;
    }

    /**
     * Tells the time of day: what is written down and what is in a JWT. Ages and pauses are measured by {@link
     * System#nanoTime}.
     *
     * @param source the system's clock by default
     * @return this builder
     */
    public AgentAuthBuilder clock(InstantSource source) {
        this.clock = Objects.requireNonNull(source);
        return this;
    }

    /**
     * How often the purge runs by itself, on one daemon thread.
     *
     * @param interval more than zero; 1 minute by default
     * @return this builder
     */
    public AgentAuthBuilder purgeEvery(Duration interval) {
        this.purgeInterval = Objects.requireNonNull(interval);
        return this;
    }

    /**
     * Leaves it to the embedder's scheduler to call {@link AgentAuth#purge}.
     *
     * @return this builder
     */
    public AgentAuthBuilder purgeByEmbedder() {
        this.purgeInterval = null;
        return this;
    }

    /**
     * Checks everything and builds. Asks the trust list for this service's own issuer, and the bundle of stores for its
     * parts: a port that fails even now keeps the service from starting.
     *
     * @return ready for use
     * @throws IllegalArgumentException naming the setting that is missing or the settings that contradict each other
     * @throws dev.agentauth.spi.PortUnavailableException if the trust list or the bundle of stores cannot be asked
     */
    public AgentAuth build() {
        Urls.requireIssuer("issuer", issuer);
        Urls.requireResource("resource", resource);
        String base = baseUrl == null ? issuer : baseUrl;
        Urls.requireIssuer("baseUrl", base);
        require(resourceLogo == null || resourceLogo.isAbsolute(), "resourceLogo must be an absolute URL");
        String name = serviceName == null ? URI.create(issuer).getHost() : serviceName;
        require(isReadable(name), "serviceName must be one line of text");
        checkScopes();
        require(
                manageUrl == null || isPageUrl(manageUrl),
                "manageUrl must be an absolute URL, https or on loopback http");
        Features features = features();
        require(features.canRegister(), "anonymous, verifiedEmail and trust are all off: nobody could register");
        require(
                mailer != null || signIn || !features.has(Feature.CLAIM),
                "mailer is missing: anonymous, verifiedEmail and existingUsers CONFIRM all mail a claim link");
        require(users != null, "users is missing");
        require(rateLimiter != null, "rateLimiter is missing: give one, or say withoutRateLimits");
        require(
                purgeInterval == null || !(purgeInterval.isNegative() || purgeInterval.isZero()),
                "purgeEvery must be more than zero; use purgeByEmbedder to purge from outside");
        require(liveTokens > 0, "liveTokens must be at least 1");
        JsonLines ownAudit = audit == null ? JsonLines.toStandardOutput() : null;
        Ports ports = Contained.ports(ports(Objects.requireNonNull(ownAudit == null ? audit : ownAudit)));
        require(ports.trust().find(issuer).isEmpty(), "trust must not list this service's own issuer: " + issuer);
        require(
                !resourceAsAudience
                        || Urls.withAndWithoutSlash(resource).stream()
                                .allMatch(url -> ports.trust().find(url).isEmpty()),
                "trust must not list the resource while resourceAsAudience is on: " + resource);
        require(
                issuer.equals(ports.stores().issuer()),
                "stores serve another issuer: give each service a bundle of its own");
        Settings settings = new Settings(
                issuer,
                base,
                resource,
                name,
                resourceLogo,
                manageUrl,
                scopeTexts,
                preClaimScopes,
                postClaimScopes,
                lifetimes,
                features,
                anonymousClaim,
                existingUsers,
                newUsers,
                liveTokens,
                resourceAsAudience,
                cryptoProvider());
        return new AgentAuth(settings, ports, purgeInterval, ownAudit);
    }

    private Features features() {
        EnumSet<Feature> chosen = EnumSet.noneOf(Feature.class);
        add(chosen, Feature.ANONYMOUS, anonymous);
        add(chosen, Feature.EMAIL, verifiedEmail);
        add(chosen, Feature.ID_JAG, trust != null);
        add(chosen, Feature.CONFIRMATION, existingUsers == ExistingUserPolicy.CONFIRM);
        add(chosen, Feature.ASKING, signIn || mailer != null);
        add(chosen, Feature.SIGN_IN, signIn);
        add(chosen, Feature.NAMELESS, !requireLoginHint);
        add(chosen, Feature.TYPED_CODE, typedCode);
        add(chosen, Feature.REFRESH, refreshTokens);
        add(chosen, Feature.INTROSPECTION, resourceServers != null);
        add(chosen, Feature.LEGACY_NAMES, legacyDiscoveryNames);
        return Features.of(chosen);
    }

    private static void add(EnumSet<Feature> chosen, Feature feature, boolean on) {
        if (on) {
            chosen.add(feature);
        }
    }

    private Ports ports(AuditSink firstAudit) {
        return new Ports(
                stores == null ? InMemoryStores.of(issuer) : stores,
                Objects.requireNonNull(users),
                mailer == null ? new NoMail() : mailer,
                signingKeys == null ? RotatingSigningKeys.ephemeral(clock) : signingKeys,
                providerKeys == null ? RemoteProviderKeys.create() : providerKeys,
                trust == null ? TrustList.of(List.of()) : trust,
                Objects.requireNonNull(rateLimiter),
                resourceServers == null ? new NoResourceServers() : resourceServers,
                auditSinks(firstAudit),
                clock);
    }

    private CryptoProvider cryptoProvider() {
        CryptoProvider chosen = cryptoProvider == null ? CryptoProvider.fastest() : cryptoProvider;
        LOG.log(System.Logger.Level.INFO, "Identity assertions are signed and verified (ES256) by " + chosen + ".");
        return chosen;
    }

    private List<AuditSink> auditSinks(AuditSink first) {
        List<AuditSink> sinks = new ArrayList<>(moreAudit);
        sinks.add(0, first);
        return List.copyOf(sinks);
    }

    private void checkScopes() {
        require(!postClaimScopes.isEmpty(), "postClaimScopes is missing");
        for (String scope : postClaimScopes) {
            require(isScopeToken(scope), "postClaimScopes holds something that is not a scope token: " + scope);
        }
        Set<String> post = new LinkedHashSet<>(postClaimScopes);
        require(post.size() == postClaimScopes.size(), "postClaimScopes lists a scope twice");
        require(Set.copyOf(preClaimScopes).size() == preClaimScopes.size(), "preClaimScopes lists a scope twice");
        require(post.containsAll(preClaimScopes), "postClaimScopes must include preClaimScopes");
        scopeTexts
                .values()
                .forEach(texts -> texts.forEach((scope, text) -> {
                    require(post.contains(scope), "scopeTexts has a text for no scope of postClaimScopes: " + scope);
                    require(isReadable(text), "scopeTexts must be one line of text each: " + scope);
                }));
    }

    /** No line breaks, and nothing that turns the direction of the text around it. */
    private static boolean isReadable(String name) {
        return !name.isBlank()
                && name.equals(name.strip())
                && name.codePoints().noneMatch(c -> switch (Character.getType(c)) {
                    case Character.CONTROL,
                            Character.FORMAT,
                            Character.LINE_SEPARATOR,
                            Character.PARAGRAPH_SEPARATOR,
                            Character.SURROGATE -> true;
                    default -> false;
                });
    }

    /** What people can be sent to: ASCII, and nothing that a mail program would cut it at. */
    private static boolean isPageUrl(String text) {
        try {
            URI uri = new URI(text);
            boolean secure = "https".equals(uri.getScheme());
            return uri.getHost() != null
                    && text.chars().allMatch(c -> c > ' ' && c < 0x7f)
                    && (secure || ("http".equals(uri.getScheme()) && Urls.isLoopback(uri.getHost())));
        } catch (URISyntaxException e) {
            return false;
        }
    }

    private static boolean isScopeToken(String scope) {
        return !scope.isEmpty() && scope.chars().allMatch(c -> c >= 0x21 && c <= 0x7e && c != '"' && c != '\\');
    }

    private static void require(boolean condition, String message) {
        if (!condition) {
            throw new IllegalArgumentException(message);
        }
    }

    /** Stands in where nobody can ask. */
    private static final class NoResourceServers implements ResourceServers {
        @Override
        public Set<Method> methods() {
            return Set.of();
        }

        @Override
        public Optional<String> authenticate(Credentials credentials) {
            return Optional.empty();
        }
    }

    /** Stands in where every flow that mails is off; reaching it would be a defect. */
    private static final class NoMail implements ClaimMailer {
        @Override
        public void sendClaimLink(dev.agentauth.spi.ClaimMail mail) {
            throw new IllegalStateException("a flow mails although all that mail are off");
        }
    }
}
