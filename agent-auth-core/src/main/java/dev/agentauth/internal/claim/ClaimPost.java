package dev.agentauth.internal.claim;

import dev.agentauth.AgentAuthException;
import dev.agentauth.Caller;
import dev.agentauth.Secret;
import dev.agentauth.internal.Audit;
import dev.agentauth.internal.EmailAddress;
import dev.agentauth.internal.Ports;
import dev.agentauth.internal.RegistrationWriter;
import dev.agentauth.internal.Settings;
import dev.agentauth.registration.Attempt;
import dev.agentauth.registration.Claim;
import dev.agentauth.registration.Registration;
import dev.agentauth.registration.RegistrationKind;
import dev.agentauth.spi.AuditEvent;
import dev.agentauth.spi.ClaimMail;
import dev.agentauth.spi.LinkedNotice;
import dev.agentauth.spi.TrustedProvider;
import dev.agentauth.spi.User;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/** Hands mail over, and keeps the registration in step with what the mailer said. */
public final class ClaimPost {
    private static final Logger LOG = System.getLogger(ClaimPost.class.getName());

    private final Settings settings;
    private final Ports ports;
    private final RegistrationWriter writer;
    private final Audit audit;
    private final Set<String> underway = ConcurrentHashMap.newKeySet();
    private volatile boolean mailWorks = true;

    public ClaimPost(Settings settings, Ports ports, RegistrationWriter writer, Audit audit) {
        this.settings = settings;
        this.ports = ports;
        this.writer = writer;
        this.audit = audit;
    }

    /** Whether the last mail was accepted. */
    public boolean mailWorks() {
        return mailWorks;
    }

    /**
     * Whether a repeat of a request needs no second mail: the mail was accepted, or is being handed over at this moment by
     * another thread, and the link is good.
     */
    public boolean isOpen(Attempt attempt, Instant now) {
        return attempt.isOpen(now) || (attempt.isLinkGood(now) && underway.contains(attempt.id()));
    }

    /**
     * Stores an attempt and then mails its link. If the mail is refused, the attempt is gone again, and so is an e-mail
     * registration, which nobody has heard of yet.
     *
     * @param write stores the registration with the attempt; empty on a conflict, and then nothing is mailed
     */
    public Optional<Registration> storeAndSend(
            Caller caller, Invitation invitation, Supplier<Optional<Registration>> write) {
        underway.add(invitation.attempt().id());
        try {
            Optional<Registration> stored = write.get();
            stored.ifPresent(registration -> send(caller, registration, invitation));
            return stored;
        } finally {
            underway.remove(invitation.attempt().id());
        }
    }

    private void send(Caller caller, Registration stored, Invitation invitation) {
        Attempt attempt = invitation.attempt();
        Claim claim = Objects.requireNonNull(stored.claim());
        String recipient = Objects.requireNonNull(claim.recipient());
        ClaimMail mail = new ClaimMail(
                recipient,
                Secret.of(settings.viewUrl(invitation.attemptToken())),
                settings.serviceName(),
                stored.id(),
                stored.kind(),
                agentName(stored),
                settings.postClaimScopes(),
                attempt.startedAt(),
                attempt.linkExpiresAt());
        try {
            ports.mailer().sendClaimLink(mail);
        } catch (RuntimeException e) {
            mailWorks = false;
            LOG.log(Level.WARNING, "the claim mail for " + stored.id() + " was not accepted: " + kinds(e));
            Instant now = ports.now();
            writer.update(
                    caller,
                    stored,
                    registration -> registration.kind() == RegistrationKind.EMAIL
                            ? registration.mailRefused(attempt.id()).revoke(now)
                            : registration.mailRefused(attempt.id()));
            throw AgentAuthException.unavailable(null);
        }
        mailWorks = true;
        writer.update(caller, stored, registration -> registration.mailAccepted(attempt.id()));
        audit.record(
                AuditEvent.Type.CLAIM_REQUESTED,
                caller,
                stored,
                Map.of("attempt_id", attempt.id(), "recipient", EmailAddress.masked(recipient)));
    }

    /** Tells a user that an agent was bound to the account; a mailer that fails changes nothing. */
    public void notice(Registration registration, User user, Instant now) {
        if (user.email().isEmpty()) {
            return;
        }
        try {
            ports.mailer()
                    .sendLinkedNotice(new LinkedNotice(
                            user.email().get(),
                            settings.serviceName(),
                            registration.id(),
                            agentName(registration),
                            now));
        } catch (RuntimeException e) {
            LOG.log(Level.WARNING, "the notice about " + registration.id() + " was not accepted: " + kinds(e));
        }
    }

    /** Who asks, in words that the service chose. */
    public String agentName(Registration registration) {
        return registration.provider() == null
                ? ""
                : ports.trust()
                        .find(registration.provider().identity().issuer())
                        .map(TrustedProvider::displayName)
                        .orElse("");
    }

    /** What went wrong by the types of the exceptions alone: mail systems like to repeat the address in their words. */
    private static String kinds(Throwable failure) {
        StringBuilder kinds = new StringBuilder(failure.getClass().getName());
        for (Throwable cause = failure.getCause(); cause != null; cause = cause.getCause()) {
            kinds.append(", caused by ").append(cause.getClass().getName());
        }
        return kinds.toString();
    }
}
