package dev.agentauth.servlet.internal.http;

import dev.agentauth.AgentAuthException;
import dev.agentauth.internal.wire.Spelling;

/** A refusal on its way out of an endpoint whose request had words of its own. */
final class SpelledRefusal extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final Spelling spelling;
    private final AgentAuthException refusal;

    SpelledRefusal(Spelling spelling, AgentAuthException refusal) {
        super(refusal.getMessage(), refusal, false, false);
        this.spelling = spelling;
        this.refusal = refusal;
    }

    Spelling spelling() {
        return spelling;
    }

    AgentAuthException refusal() {
        return refusal;
    }
}
