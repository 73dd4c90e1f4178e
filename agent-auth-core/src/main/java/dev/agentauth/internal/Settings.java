package dev.agentauth.internal;

import dev.agentauth.config.AnonymousClaim;
import dev.agentauth.config.ExistingUserPolicy;
import dev.agentauth.config.Lifetimes;
import dev.agentauth.config.NewUserPolicy;
import dev.agentauth.internal.net.Urls;
import dev.agentauth.keys.CryptoProvider;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Everything that was configured, apart from the ports. Checked by the builder. */
public record Settings(
        String issuer,
        String base,
        String resource,
        String serviceName,
        @Nullable URI resourceLogo,
        @Nullable String manageUrl,
        Map<Locale, Map<String, String>> scopeTexts,
        List<String> preClaimScopes,
        List<String> postClaimScopes,
        Lifetimes lifetimes,
        Features features,
        AnonymousClaim anonymousClaim,
        ExistingUserPolicy existingUsers,
        NewUserPolicy newUsers,
        int liveTokens,
        boolean resourceAsAudience,
        CryptoProvider cryptoProvider) {

    /** Copies the lists. */
    public Settings {
        preClaimScopes = List.copyOf(preClaimScopes);
        postClaimScopes = List.copyOf(postClaimScopes);
        scopeTexts = Map.copyOf(scopeTexts);
    }

    /** Whether this names the protected resource. An origin is the same with and without its closing slash. */
    public boolean isResource(String name) {
        return name.equals(resource)
                || (Urls.isOrigin(resource)
                        && Urls.withAndWithoutSlash(resource).contains(name));
    }
}
