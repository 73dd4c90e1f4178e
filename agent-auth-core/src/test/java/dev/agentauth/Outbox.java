package dev.agentauth;

import dev.agentauth.spi.ClaimMail;
import dev.agentauth.spi.ClaimMailer;
import dev.agentauth.spi.LinkedNotice;
import dev.agentauth.spi.MailNotAcceptedException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** A mailer that keeps what it accepted, and refuses when told to. */
final class Outbox implements ClaimMailer {
    private static final String TOKEN = "?token=";

    final List<ClaimMail> mails = new CopyOnWriteArrayList<>();
    final List<LinkedNotice> notices = new CopyOnWriteArrayList<>();
    volatile boolean refuses;

    @Override
    public void sendClaimLink(ClaimMail mail) {
        if (refuses) {
            throw new MailNotAcceptedException("refused by the test", new IllegalStateException());
        }
        mails.add(mail);
    }

    @Override
    public void sendLinkedNotice(LinkedNotice notice) {
        if (refuses) {
            throw new MailNotAcceptedException("refused by the test", new IllegalStateException());
        }
        notices.add(notice);
    }

    ClaimMail last() {
        return mails.get(mails.size() - 1);
    }

    /** The attempt token in the newest mail. */
    String lastToken() {
        return token(last());
    }

    static String token(ClaimMail mail) {
        String link = mail.link();
        return link.substring(link.indexOf(TOKEN) + TOKEN.length());
    }
}
