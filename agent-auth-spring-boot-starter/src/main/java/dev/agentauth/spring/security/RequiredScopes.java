package dev.agentauth.spring.security;

import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.springframework.security.authorization.AuthorityAuthorizationDecision;
import org.springframework.security.authorization.AuthorizationDeniedException;
import org.springframework.security.authorization.AuthorizationResult;
import org.springframework.security.authorization.ExpressionAuthorizationDecision;
import org.springframework.security.core.GrantedAuthority;

/** Reads off a refusal which scope would have helped, for the challenge: where that is one, and the refusal tells. */
final class RequiredScopes {
    /** Within an expression's quotes: characters of a scope token (RFC 6749, section 3.3), but for the quote itself. */
    private static final Pattern IN_EXPRESSION =
            Pattern.compile("'" + AgentAuthentication.SCOPE + "([!#-&(-\\[\\]-~]+)'");

    private static final Pattern AUTHORITY = Pattern.compile(AgentAuthentication.SCOPE + "([!#-\\[\\]-~]+)");

    private RequiredScopes() {}

    static String[] of(Throwable denied) {
        AuthorizationResult result =
                denied instanceof AuthorizationDeniedException known ? known.getAuthorizationResult() : null;
        Stream<String> found = Stream.empty();
        if (result instanceof AuthorityAuthorizationDecision decision) {
            found = decision.getAuthorities().stream()
                    .map(GrantedAuthority::getAuthority)
                    .flatMap(authority -> scopes(AUTHORITY, "" + authority));
        } else if (result instanceof ExpressionAuthorizationDecision decision) {
            found = scopes(IN_EXPRESSION, decision.getExpression().getExpressionString());
        }
        String[] scopes = found.distinct().toArray(String[]::new);
        // Of several, any one may do, or all may be needed: no challenge can tell.
        return scopes.length == 1 ? scopes : new String[0];
    }

    private static Stream<String> scopes(Pattern pattern, String text) {
        return pattern.matcher(text).results().map((MatchResult match) -> match.group(1));
    }
}
