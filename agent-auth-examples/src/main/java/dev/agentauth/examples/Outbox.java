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
import java.util.Optional;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/** Keeps mail instead of sending it, so that whoever plays with the demo can read it. The newest 100 are kept. */
final class Outbox implements ClaimMailer {
    private static final int CAPACITY = 100;

    private final InstantSource clock;
    private final Deque<Mail> mails = new ArrayDeque<>();
    private long sent;

    Outbox(InstantSource clock) {
        this.clock = clock;
    }

    /** A mail; a notice has no link. Its id is its number since the start. */
    record Mail(
            long id,
            String to,
            String registrationId,
            String subject,
            String text,
            String html,
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
        keep(id -> new Mail(
                id,
                mail.recipient(),
                mail.registrationId(),
                mail.subject(Locale.ENGLISH),
                mail.text(Locale.ENGLISH),
                mail.html(Locale.ENGLISH),
                mail.link(),
                clock.instant()));
    }

    @Override
    public void sendLinkedNotice(LinkedNotice notice) {
        keep(id -> new Mail(
                id,
                notice.recipient(),
                notice.registrationId(),
                notice.subject(Locale.ENGLISH),
                notice.text(Locale.ENGLISH),
                notice.html(Locale.ENGLISH),
                null,
                clock.instant()));
    }

    /** What is there now. */
    synchronized List<Mail> newestFirst() {
        return List.copyOf(mails);
    }

    /** One of those that are there now. */
    synchronized Optional<Mail> find(String id) {
        return mails.stream()
                .filter(mail -> String.valueOf(mail.id()).equals(id))
                .findFirst();
    }

    private synchronized void keep(LongFunction<Mail> mail) {
        sent++;
        mails.addFirst(mail.apply(sent));
        if (mails.size() > CAPACITY) {
            mails.removeLast();
        }
    }
}
