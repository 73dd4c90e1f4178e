package dev.agentauth.internal.claim;

import dev.agentauth.registration.Attempt;

/** An attempt that was just minted, with the token that goes into its link. */
public record Invitation(Attempt attempt, String attemptToken) {}
