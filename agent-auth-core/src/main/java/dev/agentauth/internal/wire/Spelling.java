package dev.agentauth.internal.wire;

/** Whose words a request speaks, as far as its answer has to know (B9). */
public enum Spelling {
    /** 0.2's, or words that several versions share. */
    BASE,
    /** It names somebody by a login hint, as since 0.3. */
    HINTED,
    /** Words that only production has. */
    PRODUCTION,
    /** Both. */
    PRODUCTION_HINTED;

    boolean isProduction() {
        return this == PRODUCTION || this == PRODUCTION_HINTED;
    }

    boolean isHinted() {
        return this == HINTED || this == PRODUCTION_HINTED;
    }
}
