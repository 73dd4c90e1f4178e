package dev.agentauth.internal.claim;

import dev.agentauth.AgentAuthException;
import dev.agentauth.Caller;
import dev.agentauth.Secret;
import dev.agentauth.internal.Audit;
import dev.agentauth.internal.EmailAddress;
import dev.agentauth.internal.Limits;
import dev.agentauth.internal.Ports;
import dev.agentauth.internal.RegistrationWriter;
import dev.agentauth.internal.Settings;
import dev.agentauth.internal.Surroundings;
import dev.agentauth.internal.wire.Paths;
import dev.agentauth.registration.Attempt;
import dev.agentauth.registration.Delivery;
import dev.agentauth.registration.EndReason;
import dev.agentauth.registration.Registration;
import dev.agentauth.registration.RegistrationKind;
import dev.agentauth.spi.AuditEvent;
import dev.agentauth.spi.ClaimMail;
import dev.agentauth.spi.LinkedNotice;
import dev.agentauth.spi.MailNotAcceptedException;
import dev.agentauth.spi.PortUnavailableException;
import dev.agentauth.spi.TrustedProvider;
import dev.agentauth.spi.User;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** Hands mail over, and keeps the registration in step with what the mailer said. */
public final class ClaimMailing {
    private static final Logger LOG = System.getLogger(ClaimMailing.class.getName());

    /** Mailers have time limits of their own; this is for those that forgot. */
    private static final Duration MAX_WAIT = Duration.ofSeconds(60);

    private final Settings settings;
    private final Ports ports;
    private final RegistrationWriter writer;
    private final Audit audit;
    private final Limits limits;
    private final Map<String, CountDownLatch> underway = new ConcurrentHashMap<>();
    private volatile boolean mailWorks = true;

    public ClaimMailing(Surroundings around) {
        this.settings = around.settings();
        this.ports = around.ports();
        this.writer = around.writer();
        this.audit = around.audit();
        this.limits = around.limits();
    }

    /** Whether the last mail was accepted. */
    public boolean mailWorks() {
        return mailWorks;
    }

    /**
     * Waits until the mailer has said what becomes of a mail that another thread hands over at this moment.
     *
     * @return false at once if no thread of this process does
     * @throws AgentAuthException if the mailer takes longer than anybody waits
     */
    boolean awaitOutcome(Attempt attempt) {
        CountDownLatch outcome = underway.get(attempt.id());
        if (outcome == null) {
            return false;
        }
        try {
            if (outcome.await(MAX_WAIT.toMillis(), TimeUnit.MILLISECONDS)) {
                return true;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        throw AgentAuthException.unavailable(null);
    }

    /**
     * Stores an attempt and then mails its link. If the mail is refused, the attempt is gone again, and so is an e-mail
     * registration, which nobody has heard of yet.
     *
     * @param write stores the registration with the attempt; empty on a conflict, and then nothing is mailed
     */
    public Optional<Registration> storeAndSend(
            Caller caller, Invitation invitation, Supplier<Optional<Registration>> write) {
        CountDownLatch outcome = new CountDownLatch(1);
        underway.put(invitation.attempt().id(), outcome);
        try {
            Optional<Registration> stored = write.get();
            stored.ifPresent(registration -> send(caller, registration, invitation));
            return stored;
        } finally {
            underway.remove(invitation.attempt().id());
            outcome.countDown();
        }
    }

    private void send(Caller caller, Registration stored, Invitation invitation) {
        Attempt attempt = invitation.attempt();
        String recipient = attempt.asked().address();
        ClaimMail mail = new ClaimMail(
                recipient,
                Secret.of(Paths.link(settings.base(), invitation.attemptToken())),
                settings.serviceName(),
                stored.id(),
                stored.kind(),
                agentName(stored),
                settings.postClaimScopes(),
                settings.scopeTexts(),
                attempt.startedAt(),
                attempt.linkExpiresAt());
        try {
            ports.mailer().sendClaimLink(mail);
        } catch (MailNotAcceptedException e) {
            mailWorks = false;
            // The edge leaves nothing but types in it.
            LOG.log(Level.WARNING, "the claim mail for " + stored.id() + " was not accepted: " + e.getMessage());
            Instant now = ports.now();
            writer.update(
                    caller,
                    stored,
                    registration -> registration.kind() == RegistrationKind.EMAIL
                            ? registration
                                    .mailed(attempt.id(), Delivery.REFUSED)
                                    .revoke(EndReason.MAIL, now)
                            : registration.mailed(attempt.id(), Delivery.REFUSED));
            throw AgentAuthException.unavailable(null);
        }
        mailWorks = true;
        writer.update(caller, stored, registration -> registration.mailed(attempt.id(), Delivery.ACCEPTED));
        audit.record(AuditEvent.Type.CLAIM_REQUESTED, caller, stored, fields(attempt));
    }

    /** What is audited of a question that was asked. */
    static Map<String, String> fields(Attempt attempt) {
        String recipient = attempt.asked().address();
        return recipient.isEmpty()
                ? Map.of("attempt_id", attempt.id())
                : Map.of("attempt_id", attempt.id(), "recipient", EmailAddress.masked(recipient));
    }

    /** Tells a user that an agent was bound to the account; a mailer that fails changes nothing, nor does a spent limit. */
    public void notice(Caller caller, Registration registration, User user, Instant now) {
        user.email()
                .filter(address -> limits.allowsNotice(caller, address))
                .ifPresent(address -> ports.mailer()
                        .sendLinkedNotice(new LinkedNotice(
                                address,
                                settings.serviceName(),
                                registration.id(),
                                nameIfKnown(registration),
                                now,
                                settings.manageUrl())));
    }

    /** What the notice is about has been written: a trust list that is out of reach does not undo it. */
    String nameIfKnown(Registration registration) {
        try {
            return agentName(registration);
        } catch (PortUnavailableException e) {
            return "";
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
}
