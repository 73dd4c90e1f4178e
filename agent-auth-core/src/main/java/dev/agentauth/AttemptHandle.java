package dev.agentauth;

import java.time.Instant;
import java.util.Optional;

/**
 * What an agent knows of the question that a person was asked.
 *
 * @param link where the person answers, for the agent to hand on; empty where it was mailed, and the agent never sees it
 * @param expiresAt the first instant at which the link is no longer good
 * @param typed the code that the agent may show to the person, to be typed on the page; empty where that is switched off
 * @since 0.2.0
 */
public record AttemptHandle(Optional<Secret> link, Instant expiresAt, Optional<CodeToType> typed) {}
