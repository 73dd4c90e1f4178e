package dev.agentauth.spring;

import dev.agentauth.config.AnonymousClaim;
import dev.agentauth.config.ExistingUserPolicy;
import dev.agentauth.config.NewUserPolicy;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The settings below {@code agent-auth}. What is not said has the default of {@link dev.agentauth.AgentAuthBuilder}, where
 * each of them is explained.
 *
 * @param issuer URL of this service as clients see it, without a slash at the end: https, or http on loopback. Required.
 * @param resource URL of the API that the tokens are for. By default the issuer followed by /api/.
 * @param baseUrl URL under which the protocol's endpoints are seen from outside, if that is not the issuer.
 * @param name Name of the service that people and agents are shown. By default the issuer's host.
 * @param resourceLogo URL of a logo for the metadata of the resource.
 * @param scopes What agents may do.
 * @param providers Agent providers whose word is taken.
 * @param lifetimes How long things live.
 * @param ceremony How a person is known to the claim page: by the link that is mailed, or by the service's own sign-in.
 * @param anonymous Whether agents may register without naming anybody.
 * @param verifiedEmail Whether agents may register by naming their person's e-mail address.
 * @param requireLoginHint Whether, under sign-in, agents have to name their person's address.
 * @param typedCode Whether agents get a code that their person can type on the claim page.
 * @param refreshTokens Whether agents that ask for it get a refresh token.
 * @param legacyDiscoveryNames Whether the metadata repeats the names of protocol 0.1.
 * @param anonymousClaim What a claim does to the tokens of an anonymous agent.
 * @param existingUsers What happens when a provider vouches for a contact of an existing user.
 * @param newUsers What happens when nobody has the contact.
 * @param liveTokens How many live access tokens a registration has.
 * @param resourceAsAudience Whether what a provider signs may name the resource as its audience.
 * @param proxies Where clients' addresses come from.
 * @param limits How often agents may ask.
 * @param yourAgents Whether there is a page on which people see the agents that act for them, and end them: /agent/yours.
 * @param manageUrl Where people see their agents, for the mail that tells of a new one. By default that page, if it is there.
 * @param allowAnyOrigin Whether scripts of any origin may call the protocol and the API with a token (CORS).
 * @param signingKeys The keys that sign identity assertions.
 * @param purgeEvery How often what nobody needs any more is removed.
 * @param jdbc Stores on the service's data source.
 * @param users The service's users as three SQL statements, for services without a UserDirectory of their own.
 * @param mail The mail with the claim link.
 * @param signIn How whoever is signed in is found among the users.
 * @since 0.2.0
 */
@ConfigurationProperties("agent-auth")
public record AgentAuthProperties(
        @Nullable String issuer,
        @Nullable String resource,
        @Nullable String baseUrl,
        @Nullable String name,
        @Nullable URI resourceLogo,
        @DefaultValue Scopes scopes,
        @DefaultValue List<Provider> providers,
        @DefaultValue Times lifetimes,
        @DefaultValue("mailed-link") Ceremony ceremony,
        @DefaultValue("true") boolean anonymous,
        @DefaultValue("true") boolean verifiedEmail,
        @DefaultValue("false") boolean requireLoginHint,
        @DefaultValue("true") boolean typedCode,
        @DefaultValue("true") boolean refreshTokens,
        @DefaultValue("true") boolean legacyDiscoveryNames,
        @DefaultValue("widen") AnonymousClaim anonymousClaim,
        @DefaultValue("confirm") ExistingUserPolicy existingUsers,
        @DefaultValue("provision") NewUserPolicy newUsers,
        @DefaultValue("1000") int liveTokens,
        @DefaultValue("true") boolean resourceAsAudience,
        @DefaultValue Proxies proxies,
        @DefaultValue Limits limits,
        @DefaultValue("false") boolean yourAgents,
        @Nullable String manageUrl,
        @DefaultValue("false") boolean allowAnyOrigin,
        @DefaultValue SigningKeys signingKeys,
        @DefaultValue("1m") Duration purgeEvery,
        @DefaultValue Jdbc jdbc,
        @DefaultValue Users users,
        @DefaultValue Mail mail,
        @DefaultValue SignIn signIn) {

    /** Copies the list. */
    public AgentAuthProperties {
        providers = List.copyOf(providers);
    }

    /**
     * What agents may do.
     *
     * @param preClaim Scopes of an anonymous agent before somebody owns it.
     * @param postClaim Scopes of a claimed agent: at least those before. Required.
     * @param texts What scopes allow, in plain words for people: by language, by scope.
     */
    public record Scopes(
            @DefaultValue List<String> preClaim,
            @DefaultValue List<String> postClaim,
            @DefaultValue Map<Locale, Map<String, String>> texts) {
        /** Copies the lists and the map. */
        public Scopes {
            preClaim = List.copyOf(preClaim);
            postClaim = List.copyOf(postClaim);
            texts = Map.copyOf(texts);
        }
    }

    /**
     * An agent provider.
     *
     * @param issuer URL of the provider, compared exactly.
     * @param name What people are shown. By default the issuer.
     * @param jwksUri Where its keys are. By default the issuer followed by /.well-known/jwks.json.
     * @param clientIds Values of client_id that it may write. By default the issuer and what lies below it.
     * @param algorithms JWS algorithms that it may sign with. By default all that are possible.
     * @param audienceTenants Values of aud_tenant that it may write.
     * @param maxLoginAge How long ago the person may have logged in there.
     * @param loginTimeRequired Whether it has to say when that was.
     */
    public record Provider(
            String issuer,
            @Nullable String name,
            @Nullable URI jwksUri,
            @DefaultValue Set<String> clientIds,
            @DefaultValue Set<String> algorithms,
            @DefaultValue Set<String> audienceTenants,
            @DefaultValue("1h") Duration maxLoginAge,
            @DefaultValue("false") boolean loginTimeRequired) {
        /** Copies the sets. */
        public Provider {
            clientIds = Set.copyOf(clientIds);
            algorithms = Set.copyOf(algorithms);
            audienceTenants = Set.copyOf(audienceTenants);
        }
    }

    /**
     * How long things live: whole seconds.
     *
     * @param assertion An identity assertion.
     * @param accessToken An access token.
     * @param registration An unclaimed registration.
     * @param attempt The link to the claim page.
     * @param code A code that is shown.
     * @param retention How long what is over is kept.
     * @param refresh A refresh token, from the last use of its family.
     */
    public record Times(
            @DefaultValue("1h") Duration assertion,
            @DefaultValue("1h") Duration accessToken,
            @DefaultValue("24h") Duration registration,
            @DefaultValue("10m") Duration attempt,
            @DefaultValue("10m") Duration code,
            @DefaultValue("90d") Duration retention,
            @DefaultValue("30d") Duration refresh) {}

    /** How a person is known to the claim page. */
    public enum Ceremony {
        /** By the link that was mailed to them. */
        MAILED_LINK,
        /** By signing in to the service; nothing is mailed. */
        SIGN_IN
    }

    /**
     * The reverse proxies before the service.
     *
     * @param trusted Addresses or CIDR blocks of the proxies, as few as possible. Without any, clients connect directly.
     * @param header The one header that they append to.
     */
    public record Proxies(
            @DefaultValue List<String> trusted,
            @DefaultValue("x-forwarded-for") ProxyHeader header) {
        /** Copies the list. */
        public Proxies {
            trusted = List.copyOf(trusted);
        }
    }

    /** The header in which proxies say whom they speak for. */
    public enum ProxyHeader {
        /** {@code X-Forwarded-For}. */
        X_FORWARDED_FOR,
        /** {@code Forwarded} (RFC 7239). */
        FORWARDED
    }

    /**
     * How often agents may ask.
     *
     * @param enabled Whether there are any. Off is for services with limits in front of them.
     * @param times The protocol's figures times this.
     */
    public record Limits(
            @DefaultValue("true") boolean enabled,
            @DefaultValue("1") int times) {}

    /**
     * The keys that sign identity assertions.
     *
     * @param file JWK set of the keys, made if it is missing; replicas share it. Without it assertions end with the process.
     * @param rotateEvery How old the newest key becomes before another one follows; zero leaves that to others.
     */
    public record SigningKeys(
            @Nullable Path file, @DefaultValue("30d") Duration rotateEvery) {}

    /**
     * Stores on the service's data source.
     *
     * @param enabled Whether to use the data source; otherwise everything is in memory.
     * @param migrate Whether to make missing tables at the start.
     */
    public record Jdbc(
            @DefaultValue("true") boolean enabled,
            @DefaultValue("true") boolean migrate) {}

    /**
     * The service's users as SQL. The two that find select id, email and, where people can be locked, active.
     *
     * @param findById Finds a user by :id.
     * @param findByEmail Finds the user whose verified address is :email, which is in lower case.
     * @param create Makes a user with the verified address :email, which may be null; with :id (a random UUID) or a generated key named id.
     */
    public record Users(
            @Nullable String findById,
            @Nullable String findByEmail,
            @Nullable String create) {}

    /**
     * The mail with the claim link.
     *
     * @param from Address that it comes from. By default spring.mail.properties.mail.from, or the mail system's choice.
     * @param language Language of its words: German, or English for all others.
     */
    public record Mail(
            @Nullable String from, @DefaultValue("en") Locale language) {}

    /**
     * How whoever is signed in is found among the users.
     *
     * @param nameIs What Spring Security's name of a person is at this service.
     */
    public record SignIn(@DefaultValue("email") NameIs nameIs) {}

    /** What the name of an authenticated person is. */
    public enum NameIs {
        /** The verified e-mail address. */
        EMAIL,
        /** The id in the directory of users. */
        ID
    }
}
