package dev.agentauth.servlet.protocol;

import dev.agentauth.spi.ClaimMail;
import dev.agentauth.spi.ClaimMailer;
import dev.agentauth.spi.LinkedNotice;
import dev.agentauth.spi.MailNotAcceptedException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Keeps the mail instead of sending it, and refuses it on demand. */
final class RecordingMailer implements ClaimMailer {
    private final List<ClaimMail> links = new CopyOnWriteArrayList<>();
    private final List<LinkedNotice> notices = new CopyOnWriteArrayList<>();
    private volatile boolean down;
    private volatile boolean noticesDown;

    @Override
    public void sendClaimLink(ClaimMail mail) {
        Secrets.note(mail.recipient());
        Secrets.note(tokenOf(mail));
        if (down) {
            throw new MailNotAcceptedException(
                    "the mail server is down", new java.io.IOException("connection refused"));
        }
        links.add(mail);
    }

    @Override
    public void sendLinkedNotice(LinkedNotice notice) {
        Secrets.note(notice.recipient());
        if (noticesDown) {
            throw new MailNotAcceptedException(
                    "the mail server is down", new java.io.IOException("connection refused"));
        }
        notices.add(notice);
    }

    void down(boolean isDown) {
        down = isDown;
    }

    void noticesDown(boolean areDown) {
        noticesDown = areDown;
    }

    List<ClaimMail> links() {
        return links;
    }

    List<LinkedNotice> notices() {
        return notices;
    }

    ClaimMail newest() {
        return links.get(links.size() - 1);
    }

    /** The attempt token in the newest mail. */
    String newestToken() {
        return tokenOf(newest());
    }

    static String tokenOf(ClaimMail mail) {
        String link = mail.link();
        return link.substring(link.indexOf("?token=") + "?token=".length());
    }
}
