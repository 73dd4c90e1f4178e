package dev.agentauth;

import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

/** Turns a refusal into something to compare. */
final class Refused {
    private Refused() {}

    /** Why it is refused, of what is refused; anything else fails the test. */
    static Problem problem(ThrowingCallable request) {
        return exception(request).problem();
    }

    static AgentAuthException exception(ThrowingCallable request) {
        try {
            request.call();
        } catch (AgentAuthException e) {
            return e;
        } catch (Throwable e) {
            throw new AssertionError("neither answered nor refused", e);
        }
        throw new AssertionError("not refused");
    }
}
