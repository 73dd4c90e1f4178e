package dev.agentauth.spi;

import dev.agentauth.Secret;
import dev.agentauth.registration.RegistrationKind;
import java.time.Instant;
import java.util.List;
import java.util.Objects;

/**
 * A mail that asks a person to confirm an agent.
 *
 * @param recipient one plain ASCII address, lower-case
 * @param link the page to open; carries a secret, so it goes into the mail and nowhere else
 * @param serviceName the name that the service shows to people
 * @param registrationId {@code reg_…}
 * @param kind how the agent registered
 * @param agentName who asks, in words that the service chose: the provider's display name; empty if nothing is known
 * @param scopes what the agent will be allowed to do
 * @param requestedAt when the agent asked
 * @param linkExpiresAt the first instant at which the link is no longer good
 */
public record ClaimMail(
        String recipient,
        Secret link,
        String serviceName,
        String registrationId,
        RegistrationKind kind,
        String agentName,
        List<String> scopes,
        Instant requestedAt,
        Instant linkExpiresAt) {

    /** Copies the scopes and checks that nothing is missing. */
    public ClaimMail {
        Objects.requireNonNull(recipient);
        Objects.requireNonNull(link);
        Objects.requireNonNull(serviceName);
        Objects.requireNonNull(registrationId);
        Objects.requireNonNull(kind);
        Objects.requireNonNull(agentName);
        scopes = List.copyOf(scopes);
        Objects.requireNonNull(requestedAt);
        Objects.requireNonNull(linkExpiresAt);
    }

    /** Shows neither the address nor the link. */
    @Override
    public String toString() {
        return "ClaimMail[" + registrationId + "]";
    }
}
