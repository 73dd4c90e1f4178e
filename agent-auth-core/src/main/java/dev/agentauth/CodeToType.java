package dev.agentauth;

import java.time.Duration;

/**
 * A code that the agent shows and its person types on the page; the agent polls until that has happened.
 *
 * @param digits the six digits, which leave the service this once
 * @param expiresIn how long it is good, in whole seconds
 * @param interval how long the agent waits between two polls, in whole seconds
 * @see <a href="https://www.rfc-editor.org/rfc/rfc8628#section-3.2">RFC 8628, section 3.2</a>
 * @since 0.2.0
 */
public record CodeToType(Secret digits, Duration expiresIn, Duration interval) {}
