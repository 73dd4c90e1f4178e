package dev.agentauth.spi;

import dev.agentauth.Secret;
import dev.agentauth.registration.RegistrationKind;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * A mail that asks a person to confirm an agent. What an obvious mailer writes is right: {@link #link()} is the text of
 * the link, and {@link #subject}, {@link #text} and {@link #html} are ready to be sent as they are, one as the subject and
 * the other two as the alternatives of one message.
 *
 * <p>The mail as a whole does not show itself: {@link #toString()} has neither the address nor the link, and this is no
 * record and has no bean properties, so that a JSON mapper writes nothing of it.
 *
 * @since 0.2.0
 */
public final class ClaimMail {
    private final String recipient;
    private final Secret link;
    private final String serviceName;
    private final String registrationId;
    private final RegistrationKind kind;
    private final String agentName;
    private final List<String> scopes;
    private final Map<Locale, Map<String, String>> scopeTexts;
    private final Instant requestedAt;
    private final Instant linkExpiresAt;

    /**
     * Makes a mail, for tests of mailers; the library makes all others.
     *
     * @param recipient one plain ASCII address, lower-case
     * @param link the page to open, an absolute URL in ASCII
     * @param serviceName the name that the service shows to people
     * @param registrationId {@code reg_…}
     * @param kind how the agent registered
     * @param agentName who asks, in words that the service chose; empty if nothing is known
     * @param scopes what the agent will be allowed to do
     * @param requestedAt when the agent asked
     * @param linkExpiresAt the first instant at which the link is no longer good
     */
    public ClaimMail(
            String recipient,
            Secret link,
            String serviceName,
            String registrationId,
            RegistrationKind kind,
            String agentName,
            List<String> scopes,
            Instant requestedAt,
            Instant linkExpiresAt) {
        this(
                recipient,
                link,
                serviceName,
                registrationId,
                kind,
                agentName,
                scopes,
                Map.of(),
                requestedAt,
                linkExpiresAt);
    }

    /**
     * Makes a mail of a service that has said what its scopes allow.
     *
     * @param recipient one plain ASCII address, lower-case
     * @param link the page to open, an absolute URL in ASCII
     * @param serviceName the name that the service shows to people
     * @param registrationId {@code reg_…}
     * @param kind how the agent registered
     * @param agentName who asks, in words that the service chose; empty if nothing is known
     * @param scopes what the agent will be allowed to do
     * @param scopeTexts the same in plain words, by language, by scope
     * @param requestedAt when the agent asked
     * @param linkExpiresAt the first instant at which the link is no longer good
     */
    public ClaimMail(
            String recipient,
            Secret link,
            String serviceName,
            String registrationId,
            RegistrationKind kind,
            String agentName,
            List<String> scopes,
            Map<Locale, Map<String, String>> scopeTexts,
            Instant requestedAt,
            Instant linkExpiresAt) {
        this.recipient = Objects.requireNonNull(recipient);
        this.link = Objects.requireNonNull(link);
        this.serviceName = Objects.requireNonNull(serviceName);
        this.registrationId = Objects.requireNonNull(registrationId);
        this.kind = Objects.requireNonNull(kind);
        this.agentName = Objects.requireNonNull(agentName);
        this.scopes = List.copyOf(scopes);
        this.scopeTexts = Map.copyOf(scopeTexts);
        this.requestedAt = Objects.requireNonNull(requestedAt);
        this.linkExpiresAt = Objects.requireNonNull(linkExpiresAt);
    }

    /**
     * Whom to send it to, and nobody else.
     *
     * @return one plain ASCII address, lower-case
     */
    public String recipient() {
        return recipient;
    }

    /**
     * The page to open. It carries a secret: it goes into the mail and nowhere else, into no log above all. In a mail it
     * must stay in one piece: plain text that is folded breaks it.
     *
     * @return an absolute URL in ASCII, without blanks
     */
    public String link() {
        return link.reveal();
    }

    /**
     * Which service asks.
     *
     * @return the name that it shows to people
     */
    public String serviceName() {
        return serviceName;
    }

    /**
     * By what an operator finds the registration.
     *
     * @return {@code reg_…}
     */
    public String registrationId() {
        return registrationId;
    }

    /**
     * How the agent registered.
     *
     * @return its kind
     */
    public RegistrationKind kind() {
        return kind;
    }

    /**
     * Who asks, in words that the service chose: the provider's display name.
     *
     * @return empty if nothing is known
     */
    public String agentName() {
        return agentName;
    }

    /**
     * What the agent will be allowed to do.
     *
     * @return its scopes after the claim
     */
    public List<String> scopes() {
        return scopes;
    }

    /**
     * What a scope allows, in plain words.
     *
     * @param scope one of {@link #scopes}
     * @param language of the words; a variant of it will do, and no other language
     * @return empty if the service has not said it in that language, see {@code AgentAuthBuilder.scopeTexts}
     */
    public Optional<String> scopeText(String scope, Locale language) {
        Locale known = Locale.lookup(List.of(new Locale.LanguageRange(language.toLanguageTag())), scopeTexts.keySet());
        return Optional.ofNullable(known).map(scopeTexts::get).map(texts -> texts.get(scope));
    }

    /**
     * When the agent asked.
     *
     * @return an instant
     */
    public Instant requestedAt() {
        return requestedAt;
    }

    /**
     * How long the link is good.
     *
     * @return the first instant at which it no longer is
     */
    public Instant linkExpiresAt() {
        return linkExpiresAt;
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
     * The mail in plain text. The link stands on a line of its own, in one piece; no name adds a line.
     *
     * @param language German in every variant of it; English for all others
     * @return lines that end with {@code \n}; but for the link and the names of scopes they have at most 72 characters where no word is
     *     longer
     */
    public String text(Locale language) {
        return MailText.of(this, language).plain();
    }

    /**
     * The same words as an HTML page that loads nothing and runs nothing. Names and scopes are escaped.
     *
     * @param language German in every variant of it; English for all others
     * @return a whole document, to be sent beside the plain text and after it
     */
    public String html(Locale language) {
        return MailText.of(this, language).html();
    }

    /** Shows neither the address nor the link. */
    @Override
    public String toString() {
        return "ClaimMail[" + registrationId + "]";
    }
}
