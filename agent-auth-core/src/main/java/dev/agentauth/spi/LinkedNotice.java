package dev.agentauth.spi;

import java.time.Instant;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Tells a person that an agent can now act for them.
 *
 * @param recipient the user's verified address
 * @param serviceName the name that the service shows to people
 * @param registrationId {@code reg_…}, by which an operator can end it
 * @param agentName who asked, in words that the service chose; empty if nothing is known
 * @param linkedAt since when
 * @param manageUrl where the person can see and end it, an absolute URL; null if the service has said none, see {@code
 *     AgentAuthBuilder.manageUrl}
 * @since 0.2.0
 */
public record LinkedNotice(
        String recipient,
        String serviceName,
        String registrationId,
        String agentName,
        Instant linkedAt,
        @Nullable String manageUrl) {

    /** Checks that nothing but the URL is missing. */
    public LinkedNotice {
        Objects.requireNonNull(recipient);
        Objects.requireNonNull(serviceName);
        Objects.requireNonNull(registrationId);
        Objects.requireNonNull(agentName);
        Objects.requireNonNull(linkedAt);
    }

    /**
     * Of a service that has no page where people see their agents.
     *
     * @param recipient the user's verified address
     * @param serviceName the name that the service shows to people
     * @param registrationId {@code reg_…}, by which an operator can end it
     * @param agentName who asked, in words that the service chose; empty if nothing is known
     * @param linkedAt since when
     */
    public LinkedNotice(
            String recipient, String serviceName, String registrationId, String agentName, Instant linkedAt) {
        this(recipient, serviceName, registrationId, agentName, linkedAt, null);
    }

    /**
     * The subject, one line.
     *
     * @param language German in every variant of it; English for all others
     * @return no control characters and no line breaks, whatever the names have; not encoded for a header yet
     */
    public String subject(Locale language) {
        return MailText.of(this, language).subject();
    }

    /**
     * The notice in plain text; no name adds a line.
     *
     * @param language German in every variant of it; English for all others
     * @return lines that end with {@code \n}
     */
    public String text(Locale language) {
        return MailText.of(this, language).plain();
    }

    /**
     * The same words as an HTML page that loads nothing and runs nothing. Names are escaped.
     *
     * @param language German in every variant of it; English for all others
     * @return a whole document, to be sent beside the plain text and after it
     */
    public String html(Locale language) {
        return MailText.of(this, language).html();
    }

    /** Does not show the address. */
    @Override
    public String toString() {
        return "LinkedNotice[" + registrationId + "]";
    }
}
