package dev.agentauth;

/**
 * What an agent collects once its person has typed the code.
 *
 * @param token an access token
 * @param assertion a new identity assertion, for the tokens that come after this one
 * @since 0.2.0
 */
public record ClaimCollected(IssuedToken token, IssuedAssertion assertion) {}
