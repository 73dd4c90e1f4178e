package dev.agentauth.internal.ports;

import dev.agentauth.spi.ClaimMail;
import dev.agentauth.spi.ClaimMailer;
import dev.agentauth.spi.LinkedNotice;
import dev.agentauth.spi.MailNotAcceptedException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;

/**
 * {@link ClaimMailer}: whatever is thrown is {@code MailNotAcceptedException}, with the types as its only words, even where
 * it was one before: mail systems like to repeat the address. A notice that fails changes nothing.
 */
final class ContainedMailer implements ClaimMailer {
    private static final Logger LOG = System.getLogger(ContainedMailer.class.getName());

    private final ClaimMailer kept;

    ContainedMailer(ClaimMailer kept) {
        this.kept = kept;
    }

    @Override
    public void sendClaimLink(ClaimMail mail) {
        try {
            kept.sendClaimLink(mail);
        } catch (Throwable e) {
            Foreign.contain(e);
            throw new MailNotAcceptedException(Foreign.kinds(e));
        }
    }

    @Override
    public void sendLinkedNotice(LinkedNotice notice) {
        try {
            kept.sendLinkedNotice(notice);
        } catch (Throwable e) {
            Foreign.contain(e);
            LOG.log(
                    Level.WARNING,
                    "the notice about " + notice.registrationId() + " was not accepted: " + Foreign.kinds(e));
        }
    }
}
