package dev.agentauth.examples;

import dev.agentauth.spi.ClaimMail;
import dev.agentauth.spi.ClaimMailer;
import dev.agentauth.spi.LinkedNotice;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Keeps mail instead of sending it, so that whoever plays with the demo can read it. The newest 100 are kept. */
final class Outbox implements ClaimMailer {
    private static final int CAPACITY = 100;

    private final InstantSource clock;
    private final Deque<Mail> mails = new ArrayDeque<>();

    Outbox(InstantSource clock) {
        this.clock = clock;
    }

    /** A mail; a notice has no link. */
    record Mail(
            String to,
            String registrationId,
            String subject,
            String text,
            @Nullable String link,
            Instant sentAt) {

        /** Shows neither the address nor the link. */
        @Override
        public String toString() {
            return "Mail[" + registrationId + "]";
        }
    }

    @Override
    public void sendClaimLink(ClaimMail mail) {
        keep(new Mail(
                mail.recipient(),
                mail.registrationId(),
                mail.subject(Locale.ENGLISH),
                mail.text(Locale.ENGLISH),
                mail.link(),
                clock.instant()));
    }

    @Override
    public void sendLinkedNotice(LinkedNotice notice) {
        keep(new Mail(
                notice.recipient(),
                notice.registrationId(),
                notice.subject(Locale.ENGLISH),
                notice.text(Locale.ENGLISH),
                null,
                clock.instant()));
    }

    /** What is there now. */
    synchronized List<Mail> newestFirst() {
        return List.copyOf(mails);
    }

    private synchronized void keep(Mail mail) {
        mails.addFirst(mail);
        if (mails.size() > CAPACITY) {
            mails.removeLast();
        }
    }
}
