package dev.agentauth;

import dev.agentauth.registration.ProviderIdentity;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The agent behind an access token, as it stands at the moment of asking.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc6750#section-1.2">RFC 6750, section 1.2</a>
 * @since 0.2.0
 */
public final class AuthenticatedAgent {
    private final String registrationId;
    private final @Nullable String userId;
    private final List<String> scopes;
    private final @Nullable ProviderIdentity provider;

    /**
     * What a token stands for.
     *
     * @param registrationId {@code reg_…}
     * @param userId the owner, or null while nobody owns the registration
     * @param scopes what the token may do now
     * @param provider the provider identity that the registration carries, or null
     */
    public AuthenticatedAgent(
            String registrationId, @Nullable String userId, List<String> scopes, @Nullable ProviderIdentity provider) {
        this.registrationId = registrationId;
        this.userId = userId;
        this.scopes = List.copyOf(scopes);
        this.provider = provider;
    }

    /**
     * The registration that the token acts for.
     *
     * @return {@code reg_…}
     */
    public String registrationId() {
        return registrationId;
    }

    /**
     * The user for whom the agent acts.
     *
     * @return empty while nobody owns the registration
     */
    public Optional<String> userId() {
        return Optional.ofNullable(userId);
    }

    /**
     * What the token may do now.
     *
     * @return in the order in which the service lists its scopes
     */
    public List<String> scopes() {
        return scopes;
    }

    /**
     * The provider identity that the registration carries.
     *
     * @return empty if no provider vouched for it
     */
    public Optional<ProviderIdentity> provider() {
        return Optional.ofNullable(provider);
    }

    @Override
    public String toString() {
        return "AuthenticatedAgent[" + registrationId + ", scopes=" + scopes + "]";
    }
}
