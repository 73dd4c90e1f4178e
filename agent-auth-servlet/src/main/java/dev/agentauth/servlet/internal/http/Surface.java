package dev.agentauth.servlet.internal.http;

import dev.agentauth.internal.wire.Refusal;

/** How a group of endpoints words its errors. */
@FunctionalInterface
public interface Surface {

    /** An error. */
    Answer error(Refusal refusal);
}
