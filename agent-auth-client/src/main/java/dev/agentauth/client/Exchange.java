package dev.agentauth.client;

/** What came of exchanging an assertion. */
sealed interface Exchange {

    /** A token. */
    record Yes(AccessToken token) implements Exchange {}

    /** Nothing, and what to tell the caller. */
    record No(Outcome.NoToken outcome) implements Exchange {}
}
