package dev.agentauth.internal;

import dev.agentauth.AgentAuthException;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * The one rule of concurrency: read, decide, compare-and-set; on a conflict read again and decide again.
 */
public final class Conflict {
    /** Each lost round means that somebody else got through, so this many are a store that does not work. */
    private static final int MAX_ROUNDS = 1000;

    private Conflict() {}

    /**
     * Runs rounds until one yields something.
     *
     * @param round reads, decides and writes; empty if the write was refused because what was read is stale
     */
    public static <T> T retry(Supplier<Optional<T>> round) {
        for (int i = 0; i < MAX_ROUNDS; i++) {
            Optional<T> outcome = round.get();
            if (outcome.isPresent()) {
                return outcome.get();
            }
        }
        throw AgentAuthException.unavailable(null);
    }
}
