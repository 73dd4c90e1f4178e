package dev.agentauth.spring;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** Tells which property it was that the builder refused: in its message a setting has the name that it has in Java. */
final class RefusedSettingAnalyzer extends AbstractFailureAnalyzer<RefusedSettingException> {
    private static final String PREFIX = "agent-auth.";

    private static final Map<String, String> ACTIONS = Map.of(
            "issuer is missing",
            "Set agent-auth.issuer to the URL under which clients reach this service, for example https://example.com"
                    + " (while developing: http://localhost:8080).",
            "several data sources",
            "Give a bean of type Stores (JdbcStores.of(dataSource, issuer)), mark one data source as @Primary, or keep everything in"
                    + " memory (agent-auth.jdbc.enabled=false).",
            "users is missing",
            "Set agent-auth.users.find-by-id, .find-by-email and .create, or give a bean of type UserDirectory.",
            "mailer is missing",
            "Set spring.mail.host, give a bean of type ClaimMailer, or let people sign in (agent-auth.ceremony=sign-in).",
            "a sign-in is missing",
            "Add Spring Security, or give a bean of type dev.agentauth.servlet.SignIn.",
            "rateLimiter is missing",
            "Give a bean of type RateLimiter, or set agent-auth.limits.enabled=true.");

    /** By the name in Java. Longer ones first, where one begins with another. */
    private static final Map<String, String> PROPERTIES = new LinkedHashMap<>();

    static {
        PROPERTIES.put("preClaimScopes", "scopes.pre-claim");
        PROPERTIES.put("postClaimScopes", "scopes.post-claim");
        PROPERTIES.put("scopeTexts", "scopes.texts");
        PROPERTIES.put("serviceName", "name");
        PROPERTIES.put("resourceLogo", "resource-logo");
        PROPERTIES.put("resourceAsAudience", "resource-as-audience");
        PROPERTIES.put("baseUrl", "base-url");
        PROPERTIES.put("verifiedEmail", "verified-email");
        PROPERTIES.put("existingUsers", "existing-users");
        PROPERTIES.put("liveTokens", "live-tokens");
        PROPERTIES.put("purgeEvery", "purge-every");
        PROPERTIES.put("yourAgents", "your-agents");
        PROPERTIES.put("manageUrl", "manage-url");
        PROPERTIES.put("timesAsMany", "limits.times");
        PROPERTIES.put("trustedProxies", "proxies.trusted");
        PROPERTIES.put("trust", "providers");
        PROPERTIES.put("clientIds", "providers[].client-ids");
        PROPERTIES.put("algorithms", "providers[].algorithms");
        PROPERTIES.put("maxLoginAge", "providers[].max-login-age");
        PROPERTIES.put("lifetime accessToken", "lifetimes.access-token");
        PROPERTIES.put("lifetime (\\w+)", "lifetimes.$1");
        PROPERTIES.put("issuer(?= (must|is))", "issuer");
        PROPERTIES.put("resource(?= (must|is))", "resource");
        PROPERTIES.put("anonymous(?=,)", "anonymous");
    }

    @Override
    protected FailureAnalysis analyze(Throwable rootFailure, RefusedSettingException cause) {
        String refusal = String.valueOf(cause.getMessage());
        String description = refusal;
        for (Map.Entry<String, String> property : PROPERTIES.entrySet()) {
            description = Pattern.compile("(?<![\\w./-])" + property.getKey() + "(?!\\w)")
                    .matcher(description)
                    .replaceAll(PREFIX + property.getValue());
        }
        String action = ACTIONS.entrySet().stream()
                .filter(entry -> refusal.startsWith(entry.getKey()))
                .map(Map.Entry::getValue)
                .findFirst()
                .orElse("Change that property; docs/spring-boot.md has them all.");
        return new FailureAnalysis("agent-auth cannot be set up: " + description, action, cause);
    }
}
