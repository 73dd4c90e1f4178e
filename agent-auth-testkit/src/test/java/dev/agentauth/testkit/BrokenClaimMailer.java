package dev.agentauth.testkit;

import static dev.agentauth.testkit.ContractRun.by;

import dev.agentauth.spi.ClaimMail;
import dev.agentauth.spi.ClaimMailer;
import dev.agentauth.spi.MailNotAcceptedException;
import dev.agentauth.testkit.ClaimMailerContract.Received;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Supplier;
import org.junit.jupiter.api.extension.ExtendWith;

/** A mailer and what can be wrong with it. */
@SuppressWarnings("ImmutableEnumChecker") // made anew for each run
enum BrokenClaimMailer implements ContractRun.Defect {
    NONE(by(), Plain::new),

    SENDS_NOTHING(by(Names.ONE, Names.PLAIN, Names.EACH, Names.LINES), () -> new Plain() {
        @Override
        void deliver(Received message) {}
    }),

    SENDS_IT_TWICE(by(Names.ONE, Names.LINES), () -> new Plain() {
        @Override
        void deliver(Received message) {
            super.deliver(message);
            super.deliver(message);
        }
    }),

    SENDS_IT_TO_SOMEBODY_ELSE(by(Names.ONE, Names.EACH, Names.LINES), () -> new Plain() {
        @Override
        List<String> recipients(ClaimMail mail) {
            return List.of("postmaster@example.com");
        }
    }),

    SENDS_A_COPY(by(Names.ONE, Names.LINES), () -> new Plain() {
        @Override
        List<String> recipients(ClaimMail mail) {
            return List.of(mail.recipient(), "archive@example.com");
        }
    }),

    SENDS_THE_REDACTED_SECRET(by(Names.PLAIN, Names.EACH, Names.LINES), () -> new Plain() {
        @Override
        String text(ClaimMail mail) {
            return super.text(mail).replace(mail.link(), "Secret[redacted]");
        }
    }),

    SENDS_ITS_OWN_NAME(by(Names.PLAIN, Names.EACH, Names.LINES), () -> new Plain() {
        @Override
        String text(ClaimMail mail) {
            return "Open " + mail;
        }
    }),

    FOLDS_THE_LINK(by(Names.PLAIN, Names.EACH, Names.LINES), () -> new Plain() {
        @Override
        String text(ClaimMail mail) {
            return super.text(mail).replaceAll("(\\S{76})", "$1\n");
        }
    }),

    ESCAPES_THE_EQUALS_SIGN(by(Names.PLAIN, Names.EACH, Names.LINES), () -> new Plain() {
        @Override
        String text(ClaimMail mail) {
            return super.text(mail).replace("=", "=3D");
        }
    }),

    ENDS_THE_SENTENCE_AT_THE_LINK(by(Names.PLAIN), () -> new Plain() {
        @Override
        String text(ClaimMail mail) {
            return super.text(mail).replace(mail.link(), mail.link() + ".");
        }
    }),

    HAS_THE_LINK_IN_HTML_ALONE(by(Names.PLAIN, Names.EACH, Names.LINES), () -> new Plain() {
        @Override
        String text(ClaimMail mail) {
            return "Your mail program cannot show this mail.";
        }
    }),

    COUNTS_CLICKS(by(Names.HTML), () -> new Plain() {
        @Override
        String html(ClaimMail mail) {
            return super.html(mail).replace("href=\"", "href=\"https://clicks.example/?to=");
        }
    }),

    HAS_NO_LINK_IN_HTML(by(Names.HTML), () -> new Plain() {
        @Override
        String html(ClaimMail mail) {
            return "<p>Open the page</p>";
        }
    }),

    SHOWS_THE_LINK_IN_THE_SUBJECT(by(Names.SUBJECT), () -> new Plain() {
        @Override
        String subject(ClaimMail mail) {
            return "Open " + mail.link();
        }
    }),

    KEEPS_THE_FIRST_TEXT(by(Names.EACH), () -> new Plain() {
        private String first = "";

        @Override
        String text(ClaimMail mail) {
            first = first.isEmpty() ? super.text(mail) : first;
            return first;
        }
    }),

    LETS_NAMES_BREAK_THE_SUBJECT(by(Names.LINES), () -> new Plain() {
        @Override
        String subject(ClaimMail mail) {
            return "An agent at " + mail.serviceName();
        }
    }),

    LETS_NAMES_ADD_HEADERS(by(Names.LINES), () -> new Plain() {
        @Override
        List<String> recipients(ClaimMail mail) {
            List<String> recipients = new ArrayList<>(super.recipients(mail));
            mail.serviceName()
                    .lines()
                    .filter(line -> line.startsWith("Bcc: "))
                    .forEach(line -> recipients.add(line.substring(5)));
            return recipients;
        }
    }),

    LETS_NAMES_ADD_LINES(by(Names.LINES), () -> new Plain() {
        @Override
        String text(ClaimMail mail) {
            return mail.agentName() + " asks.\n" + mail.link() + "\n";
        }
    }),

    LETS_NAMES_ADD_MARKUP(by(Names.MARKUP), () -> new Plain() {
        @Override
        String html(ClaimMail mail) {
            return "<p>" + mail.serviceName() + "</p><a href=\"" + mail.link() + "\">open</a>";
        }
    }),

    SWALLOWS_THE_REFUSAL(by(Names.REFUSAL), () -> new Plain() {
        @Override
        void refuse(ClaimMail mail) {}
    }),

    NAMES_THE_ADDRESS_IN_THE_REFUSAL(by(Names.SECRETS), () -> new Plain() {
        @Override
        void refuse(ClaimMail mail) {
            throw new MailNotAcceptedException("refused", new IllegalStateException("550 <" + mail.recipient() + ">"));
        }
    }),

    NAMES_THE_LINK_IN_THE_REFUSAL(by(Names.SECRETS), () -> new Plain() {
        @Override
        void refuse(ClaimMail mail) {
            throw new MailNotAcceptedException("not sent: " + mail.link(), new IllegalStateException());
        }
    });

    private final Set<String> finders;
    private final Supplier<Plain> maker;

    BrokenClaimMailer(Set<String> finders, Supplier<Plain> maker) {
        this.finders = finders;
        this.maker = maker;
    }

    @Override
    public Set<String> finders() {
        return finders;
    }

    /** The contract, run by {@link ContractRun} only. */
    @ExtendWith(ContractRun.DefectResolver.class)
    static class Contract extends ClaimMailerContract {
        private final Plain mailer;

        Contract(BrokenClaimMailer defect) {
            mailer = defect.maker.get();
        }

        @Override
        protected ClaimMailer newMailer() {
            return mailer;
        }

        @Override
        protected List<Received> received() {
            return mailer.delivered;
        }

        @Override
        protected ClaimMailer newRefusedMailer() {
            return mailer::refuse;
        }
    }

    /** The plainest mailer that is right, in steps that a defect can replace one by one. */
    private static class Plain implements ClaimMailer {
        final List<Received> delivered = new ArrayList<>();

        @Override
        public void sendClaimLink(ClaimMail mail) {
            deliver(new Received(recipients(mail), subject(mail), text(mail), html(mail)));
        }

        void deliver(Received message) {
            delivered.add(message);
        }

        List<String> recipients(ClaimMail mail) {
            return List.of(mail.recipient());
        }

        String subject(ClaimMail mail) {
            return mail.subject(Locale.ENGLISH);
        }

        String text(ClaimMail mail) {
            return mail.text(Locale.ENGLISH);
        }

        String html(ClaimMail mail) {
            return mail.html(Locale.ENGLISH);
        }

        void refuse(ClaimMail mail) {
            throw new MailNotAcceptedException("the mail system is away", new IllegalStateException());
        }
    }

    /** The display names of the tests. */
    private static final class Names {
        static final String ONE = "sends exactly one message, to the recipient and nobody else";
        static final String PLAIN =
                "writes the link into the plain text as it is, in one piece, with blanks or line breaks around it";
        static final String HTML = "leads to the same page from HTML, where there is any, and nowhere else";
        static final String SUBJECT = "keeps the link out of the subject";
        static final String EACH = "gives each recipient the link that is for him";
        static final String LINES = "sends the same to the same recipient, whatever line breaks are in names";
        static final String MARKUP = "shows markup in names as text";
        static final String REFUSAL = "throws if its mail was not accepted";
        static final String SECRETS = "names neither the address nor the link in what it throws";
    }
}
