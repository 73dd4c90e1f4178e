package dev.agentauth.memory;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Whose a token is, and what it never goes beyond. Most tokens have no ceiling: those of a registration share one. */
sealed interface Owner permits LiveTokens, Owner.Narrowed {
    LiveTokens tokens();

    @Nullable
    Set<String> ceiling();

    /** The owner of one token with a ceiling. */
    record Narrowed(LiveTokens tokens, @Nullable Set<String> ceiling) implements Owner {}
}
