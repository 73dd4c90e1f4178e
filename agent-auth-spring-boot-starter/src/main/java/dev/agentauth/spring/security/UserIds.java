package dev.agentauth.spring.security;

import java.util.Optional;
import org.springframework.security.core.Authentication;

/**
 * Which of the service's users somebody is, or acts for: the same answer for a person who has signed in and for an agent of
 * theirs. A bean, for the claim page and for the service's own controllers; replace it where people are known by something
 * else than {@code agent-auth.sign-in.name-is} can say.
 *
 * @since 0.2.0
 */
@FunctionalInterface
public interface UserIds {

    /**
     * Whose request it is.
     *
     * @param authentication a person's, or an {@link AgentAuthentication}
     * @return an id of the {@link dev.agentauth.spi.UserDirectory}; empty for an agent that nobody owns, and for a person who is
     *     no user there
     */
    Optional<String> of(Authentication authentication);
}
