package dev.agentauth.spring.test;

import dev.agentauth.AuthenticatedAgent;
import dev.agentauth.registration.ProviderIdentity;
import dev.agentauth.spring.security.AgentAuthentication;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.security.test.web.servlet.request.SecurityMockMvcRequestPostProcessors;
import org.springframework.security.web.csrf.CsrfFilter;
import org.springframework.test.web.servlet.request.RequestPostProcessor;

/**
 * Sends a request as an agent; see {@link AgentAuthRequestPostProcessors#agent}. Immutable.
 *
 * @since 0.2.0
 */
public final class AgentRequestPostProcessor implements RequestPostProcessor {
    private final String registrationId;
    private final @Nullable String userId;
    private final List<String> scopes;
    private final @Nullable ProviderIdentity provider;

    private AgentRequestPostProcessor(
            String registrationId, @Nullable String userId, List<String> scopes, @Nullable ProviderIdentity provider) {
        this.registrationId = registrationId;
        this.userId = userId;
        this.scopes = scopes;
        this.provider = provider;
    }

    static AgentRequestPostProcessor withScopes(String... scopes) {
        return new AgentRequestPostProcessor("reg_ofATestsAgent", null, List.of(scopes), null);
    }

    /**
     * The same, acting for a user.
     *
     * @param owner the service's own id of the user
     * @return another
     */
    public AgentRequestPostProcessor ownedBy(String owner) {
        return new AgentRequestPostProcessor(registrationId, owner, scopes, provider);
    }

    /**
     * The same under another registration.
     *
     * @param id {@code reg_…}
     * @return another
     */
    public AgentRequestPostProcessor registeredAs(String id) {
        return new AgentRequestPostProcessor(id, userId, scopes, provider);
    }

    /**
     * The same, vouched for by a provider.
     *
     * @param identity whom the provider knows
     * @return another
     */
    public AgentRequestPostProcessor vouchedForAs(ProviderIdentity identity) {
        return new AgentRequestPostProcessor(registrationId, userId, scopes, identity);
    }

    @Override
    public MockHttpServletRequest postProcessRequest(MockHttpServletRequest request) {
        // As with a token: no session that another site could ride on.
        CsrfFilter.skipRequest(request);
        return SecurityMockMvcRequestPostProcessors.authentication(
                        AgentAuthentication.of(new AuthenticatedAgent(registrationId, userId, scopes, provider)))
                .postProcessRequest(request);
    }
}
