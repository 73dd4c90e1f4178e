package dev.agentauth.spring;

import dev.agentauth.AgentAuth;
import dev.agentauth.AgentAuthBuilder;
import dev.agentauth.audit.JsonLines;
import dev.agentauth.config.Lifetimes;
import dev.agentauth.keys.CryptoProvider;
import dev.agentauth.servlet.AgentAuthServlet;
import dev.agentauth.servlet.Bucket4jRateLimiter;
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
import dev.agentauth.spring.AgentAuthProperties.Ceremony;
import java.time.InstantSource;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Conditional;

/** The protocol itself, out of the properties and of whatever ports there are as beans. */
@AutoConfiguration
@EnableConfigurationProperties(AgentAuthProperties.class)
class AgentAuthAutoConfiguration {
    private static final String DEFAULT_RESOURCE = "/api/";

    @Bean
    @ConditionalOnMissingBean
    AgentAuth agentAuth(
            AgentAuthProperties properties,
            ObjectProvider<Stores> stores,
            ObjectProvider<UserDirectory> users,
            ObjectProvider<ClaimMailer> mailer,
            ObjectProvider<RateLimiter> limiter,
            ObjectProvider<SigningKeys> signingKeys,
            ObjectProvider<ProviderKeys> providerKeys,
            ObjectProvider<TrustList> trust,
            ObjectProvider<CryptoProvider> crypto,
            ObjectProvider<ResourceServers> introspecting,
            ObjectProvider<InstantSource> clock,
            ObjectProvider<AuditSink> audit,
            ObjectProvider<AgentAuthBuilderCustomizer> customizers) {
        try {
            AgentAuthBuilder builder = builder(properties);
            stores.ifAvailable(builder::stores);
            users.ifAvailable(builder::users);
            mailer.ifAvailable(builder::mailer);
            limiter.ifAvailable(builder::rateLimiter);
            signingKeys.ifAvailable(builder::signingKeys);
            providerKeys.ifAvailable(builder::providerKeys);
            trust.ifAvailable(builder::trust);
            crypto.ifAvailable(builder::cryptoProvider);
            introspecting.ifAvailable(builder::introspection);
            clock.ifUnique(builder::clock);
            List<AuditSink> sinks = audit.orderedStream().toList();
            for (int i = 0; i < sinks.size(); i++) {
                builder = i == 0 ? builder.audit(sinks.get(i)) : builder.alsoAudit(sinks.get(i));
            }
            AgentAuthBuilder last = builder;
            customizers.orderedStream().forEach(customizer -> customizer.customize(last));
            return builder.build();
        } catch (IllegalArgumentException e) {
            throw new RefusedSettingException(e);
        }
    }

    /** Beside the service's log, under the name {@code dev.agentauth.audit}. A sink that counts keeps no record. */
    @Bean
    @ConditionalOnMissingBean(value = AuditSink.class, ignoredType = "dev.agentauth.micrometer.MicrometerAuditSink")
    JsonLines agentAuthAuditLog() {
        return JsonLines.toLogger();
    }

    @Bean
    @ConditionalOnMissingBean
    @Conditional(SwitchedOn.Limits.class)
    RateLimiter agentAuthRateLimiter(AgentAuthProperties properties) {
        try {
            return Bucket4jRateLimiter.create().times(properties.limits().times());
        } catch (IllegalArgumentException e) {
            throw new RefusedSettingException(e);
        }
    }

    /** The issuer, which has no default. */
    static String issuer(AgentAuthProperties properties) {
        String issuer = properties.issuer();
        if (issuer == null || issuer.isEmpty()) {
            throw new RefusedSettingException("issuer is missing");
        }
        return issuer;
    }

    private static AgentAuthBuilder builder(AgentAuthProperties settings) {
        String issuer = issuer(settings);
        String resource = settings.resource();
        AgentAuthBuilder builder = AgentAuth.builder(issuer, resource == null ? issuer + DEFAULT_RESOURCE : resource)
                .preClaimScopes(settings.scopes().preClaim().toArray(String[]::new))
                .postClaimScopes(settings.scopes().postClaim().toArray(String[]::new))
                .lifetimes(lifetimes(settings.lifetimes()))
                .anonymous(settings.anonymous())
                .verifiedEmail(settings.verifiedEmail())
                .requireLoginHint(settings.requireLoginHint())
                .typedCode(settings.typedCode())
                .refreshTokens(settings.refreshTokens())
                .legacyDiscoveryNames(settings.legacyDiscoveryNames())
                .anonymousClaim(settings.anonymousClaim())
                .existingUsers(settings.existingUsers())
                .newUsers(settings.newUsers())
                .liveTokens(settings.liveTokens())
                .resourceAsAudience(settings.resourceAsAudience())
                .purgeEvery(settings.purgeEvery());
        ifSet(settings.baseUrl(), builder::baseUrl);
        ifSet(settings.name(), builder::serviceName);
        ifSet(settings.resourceLogo(), builder::resourceLogo);
        ifSet(manageUrl(settings, issuer), builder::manageUrl);
        settings.scopes().texts().forEach(builder::scopeTexts);
        if (settings.ceremony() == Ceremony.SIGN_IN) {
            builder = builder.signIn();
        }
        if (!settings.limits().enabled()) {
            builder = builder.withoutRateLimits();
        }
        if (!settings.providers().isEmpty()) {
            builder = builder.trust(settings.providers().stream()
                    .map(AgentAuthAutoConfiguration::provider)
                    .toArray(TrustedProvider[]::new));
        }
        return builder;
    }

    private static @Nullable String manageUrl(AgentAuthProperties settings, String issuer) {
        if (settings.manageUrl() != null || !settings.yourAgents()) {
            return settings.manageUrl();
        }
        return (settings.baseUrl() == null ? issuer : settings.baseUrl()) + AgentAuthServlet.YOUR_AGENTS_PATH;
    }

    private static Lifetimes lifetimes(AgentAuthProperties.Times times) {
        return new Lifetimes(
                times.assertion(),
                times.accessToken(),
                times.registration(),
                times.attempt(),
                times.code(),
                times.retention(),
                times.refresh());
    }

    private static TrustedProvider provider(AgentAuthProperties.Provider settings) {
        TrustedProvider provider = TrustedProvider.of(settings.issuer())
                .withAudienceTenants(settings.audienceTenants())
                .withMaxLoginAge(settings.maxLoginAge())
                .withLoginTimeRequired(settings.loginTimeRequired());
        if (settings.name() != null) {
            provider = provider.withDisplayName(settings.name());
        }
        if (settings.jwksUri() != null) {
            provider = provider.withJwksUri(settings.jwksUri());
        }
        if (!settings.clientIds().isEmpty()) {
            provider = provider.withClientIds(settings.clientIds());
        }
        return settings.algorithms().isEmpty() ? provider : provider.withAlgorithms(settings.algorithms());
    }

    private static <T> void ifSet(@Nullable T value, java.util.function.Function<T, AgentAuthBuilder> setter) {
        if (value != null) {
            AgentAuthBuilder unused = setter.apply(value);
        }
    }
}
