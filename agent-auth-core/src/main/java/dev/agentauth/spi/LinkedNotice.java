package dev.agentauth.spi;

import java.time.Instant;
import java.util.Objects;

/**
 * Tells a person that an agent can now act for them.
 *
 * @param recipient the user's verified address
 * @param serviceName the name that the service shows to people
 * @param registrationId {@code reg_…}, by which an operator can end it
 * @param agentName who asked, in words that the service chose; empty if nothing is known
 * @param linkedAt since when
 */
public record LinkedNotice(
        String recipient, String serviceName, String registrationId, String agentName, Instant linkedAt) {

    /** Checks that nothing is missing. */
    public LinkedNotice {
        Objects.requireNonNull(recipient);
        Objects.requireNonNull(serviceName);
        Objects.requireNonNull(registrationId);
        Objects.requireNonNull(agentName);
        Objects.requireNonNull(linkedAt);
    }

    /** Does not show the address. */
    @Override
    public String toString() {
        return "LinkedNotice[" + registrationId + "]";
    }
}
