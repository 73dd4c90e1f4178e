package dev.agentauth.servlet;

import dev.agentauth.BearerTokens;
import dev.agentauth.Problem;
import dev.agentauth.internal.wire.Door;
import dev.agentauth.internal.wire.ErrorCode;
import dev.agentauth.internal.wire.Errors;
import dev.agentauth.internal.wire.Refusal;
import dev.agentauth.servlet.internal.http.Answer;
import dev.agentauth.servlet.internal.http.Failures;
import dev.agentauth.servlet.internal.http.JsonSurface;

/**
 * How requests are answered that do not get through to a service's own API: the challenges and errors of {@link
 * BearerTokenFilter}, for everything else that guards one (an entry point of Spring Security, a filter of JAX-RS, an MCP server),
 * so that agents find the same words everywhere. Nothing in them may be cached.
 *
 * <p>Immutable and safe for use by many threads.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc6750#section-3">RFC 6750, section 3</a>
 * @see <a href="https://www.rfc-editor.org/rfc/rfc9728#section-5.1">RFC 9728, section 5.1</a>
 * @since 0.2.0
 */
public final class BearerChallenges {
    private static final String CHALLENGE = "WWW-Authenticate";

    private final String resourceMetadata;
    private final Failures failures = new Failures();

    private BearerChallenges(String resourceMetadataUrl) {
        if (!isQuotable(resourceMetadataUrl)) {
            throw new IllegalArgumentException("the URL of the metadata must be plain ASCII without quotes");
        }
        this.resourceMetadata = "resource_metadata=\"" + resourceMetadataUrl + "\"";
    }

    /**
     * Challenges that point at the metadata of what these tokens are for.
     *
     * @param tokens who knows the tokens
     * @return the challenges
     */
    public static BearerChallenges of(BearerTokens tokens) {
        return new BearerChallenges(tokens.resourceMetadataUrl());
    }

    /**
     * 401 for a request without a token. Nothing was wrong with it, so the challenge names no error; it tells where to look for
     * how to obtain one.
     *
     * @return the answer
     */
    public BearerAnswer unauthenticated() {
        return answer(
                Problem.TOKEN_UNUSABLE,
                "Send an access token. How to obtain one: see resource_metadata.",
                "Bearer " + resourceMetadata);
    }

    /**
     * 401 {@code invalid_token}: the token is malformed, unknown, expired or revoked.
     *
     * @return the answer
     */
    public BearerAnswer invalidToken() {
        ErrorCode code = code(Problem.TOKEN_UNUSABLE);
        return answer(Problem.TOKEN_UNUSABLE, code.text(), challenge(code));
    }

    /**
     * 403 {@code insufficient_scope}: the token is good, and not for this.
     *
     * @param scopes those that it takes, as far as that is known
     * @return the answer
     * @throws IllegalArgumentException if one of them is no scope token (RFC 6749, section 3.3)
     */
    public BearerAnswer insufficientScope(String... scopes) {
        for (String scope : scopes) {
            if (!AccessRules.isScopeToken(scope)) {
                throw new IllegalArgumentException("what is needed must be scope tokens");
            }
        }
        ErrorCode code = code(Problem.SCOPE_MISSING);
        String challenge = challenge(code);
        return answer(
                Problem.SCOPE_MISSING,
                code.text(),
                scopes.length == 0 ? challenge : challenge + ", scope=\"" + String.join(" ", scopes) + "\"");
    }

    /**
     * 403 {@code insufficient_scope} where no scope would help: the path is not for agents.
     *
     * @return the answer
     */
    public BearerAnswer closed() {
        return answer(
                Problem.SCOPE_MISSING,
                "No scope of this service opens this path.",
                challenge(code(Problem.SCOPE_MISSING)));
    }

    /**
     * 400 {@code invalid_request}: the request can be read in more than one way, or in none.
     *
     * @param text what to do, without anything that the request holds
     * @return the answer
     * @throws IllegalArgumentException if the text is not plain ASCII without quotes and backslashes (RFC 6749, section 5.2)
     */
    public BearerAnswer malformed(String text) {
        if (!isQuotable(text)) {
            throw new IllegalArgumentException("the text must be plain ASCII without quotes and backslashes");
        }
        return answer(Problem.MALFORMED, text, challenge(code(Problem.MALFORMED)));
    }

    /**
     * What stands for a failure: 503 with {@code Retry-After} for a {@link dev.agentauth.spi.PortUnavailableException}, and 500
     * otherwise. It is logged, and none of its words are answered. Neither is a challenge: nothing is wrong with the token.
     *
     * @param failure what was thrown; thrown again if it is fatal to the JVM
     * @return the answer
     */
    public BearerAnswer failure(Throwable failure) {
        return new BearerAnswer(failures.answer(Door.RESOURCE, JsonSurface.CREDENTIAL, failure));
    }

    private static BearerAnswer answer(Problem problem, String text, String challenge) {
        ErrorCode code = code(problem);
        Answer answer = JsonSurface.CREDENTIAL.error(Refusal.of(code.status(), code, text));
        return new BearerAnswer(answer.with(CHALLENGE, challenge));
    }

    private static ErrorCode code(Problem problem) {
        return Errors.of(Door.RESOURCE, problem);
    }

    private String challenge(ErrorCode code) {
        return "Bearer error=\"" + code.code() + "\", " + resourceMetadata;
    }

    /** Whether a text may stand between quotes, in a header and as an error's description. */
    private static boolean isQuotable(String text) {
        return text.chars().allMatch(c -> c >= ' ' && c < 0x7f && c != '"' && c != '\\');
    }
}
