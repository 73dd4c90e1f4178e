package dev.agentauth.spring.security;

import dev.agentauth.AuthenticatedAgent;
import dev.agentauth.servlet.AgentPrincipal;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.security.authentication.AbstractAuthenticationToken;
import org.springframework.security.core.Transient;
import org.springframework.security.core.authority.AuthorityUtils;

/**
 * An agent in the {@code SecurityContext}: its principal is an {@link AgentPrincipal}, and it has the authority {@code SCOPE_…}
 * for each scope that its token has at the moment, and no other. It is never in a session, which would outlive its token.
 *
 * @since 0.2.0
 */
@Transient
public final class AgentAuthentication extends AbstractAuthenticationToken {
    private static final long serialVersionUID = 1L;
    static final String SCOPE = "SCOPE_";

    private final transient AgentPrincipal principal;

    private AgentAuthentication(AgentPrincipal principal) {
        super(AuthorityUtils.createAuthorityList(
                principal.agent().scopes().stream().map(scope -> SCOPE + scope).toArray(String[]::new)));
        this.principal = Objects.requireNonNull(principal);
        super.setAuthenticated(true);
    }

    /**
     * For tests of what stands behind {@link AgentAuthConfigurer}, which makes all others.
     *
     * @param agent who is behind a token
     * @return authenticated
     */
    public static AgentAuthentication of(AuthenticatedAgent agent) {
        return new AgentAuthentication(new AgentPrincipal(agent));
    }

    @Override
    public AgentPrincipal getPrincipal() {
        return principal;
    }

    /** The token is not kept. */
    @Override
    public @Nullable Object getCredentials() {
        return null;
    }

    /** Two are alike if they are the same agent with the same scopes. */
    @Override
    public boolean equals(@Nullable Object other) {
        return super.equals(other);
    }

    @Override
    public int hashCode() {
        return super.hashCode();
    }
}
