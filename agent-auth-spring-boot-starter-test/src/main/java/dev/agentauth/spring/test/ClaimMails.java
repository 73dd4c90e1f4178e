package dev.agentauth.spring.test;

import dev.agentauth.spi.ClaimMail;
import dev.agentauth.spi.ClaimMailer;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * Where the mails with claim links go in a test. Safe for use by many threads.
 *
 * @since 0.2.0
 */
public final class ClaimMails implements ClaimMailer {
    private final List<ClaimMail> sent = new CopyOnWriteArrayList<>();

    ClaimMails() {}

    @Override
    public void sendClaimLink(ClaimMail mail) {
        sent.add(mail);
    }

    /**
     * All that were sent, in their order.
     *
     * @return a copy
     */
    public List<ClaimMail> sent() {
        return List.copyOf(sent);
    }

    /**
     * The newest mail to an address.
     *
     * @param address whose
     * @return the mail, with its {@linkplain ClaimMail#link link}
     * @throws AssertionError if there is none
     */
    public ClaimMail newestTo(String address) {
        return sent.stream()
                .filter(mail -> mail.recipient().toLowerCase(Locale.ROOT).equals(address.toLowerCase(Locale.ROOT)))
                .reduce((earlier, later) -> later)
                .orElseThrow(() -> new AssertionError("no mail was sent to " + address));
    }
}
