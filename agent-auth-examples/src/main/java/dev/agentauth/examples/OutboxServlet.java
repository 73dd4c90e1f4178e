package dev.agentauth.examples;

import dev.agentauth.examples.Outbox.Mail;
import dev.agentauth.examples.web.Answers;
import dev.agentauth.examples.web.MethodsServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Shows the outbox, as {@code /outbox} to people and as {@code /outbox.json} to programs. */
final class OutboxServlet extends MethodsServlet {
    static final String PAGE = "/outbox";
    static final String JSON = "/outbox.json";

    private static final long serialVersionUID = 1L;

    private final transient Outbox outbox;

    OutboxServlet(Outbox outbox) {
        super("GET", "HEAD");
        this.outbox = outbox;
    }

    /**
     * Answers to loopback names alone: under another name comes either a proxy or a page that has pointed its own name at
     * this machine, and neither may read the mail.
     */
    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
        if (!DemoConfig.isLoopback(request.getServerName())) {
            notFound(response);
        } else if (request.getServletPath().equals(JSON)) {
            Answers.json(
                    response,
                    HttpServletResponse.SC_OK,
                    outbox.newestFirst().stream().map(OutboxServlet::members).toList());
        } else {
            Answers.html(response, "Outbox of the demo", page(outbox.newestFirst()));
        }
    }

    private static Map<String, String> members(Mail mail) {
        Map<String, String> members = new LinkedHashMap<>();
        members.put("to", mail.to());
        members.put("subject", mail.subject());
        if (mail.link() != null) {
            members.put("link", mail.link());
        }
        members.put("registration_id", mail.registrationId());
        members.put("sent_at", mail.sentAt().toString());
        members.put("text", mail.text());
        return members;
    }

    private static String page(List<Mail> mails) {
        StringBuilder page = new StringBuilder(
                "<p>Mail that a real service would have sent, the newest first. Reload the page for more.</p>\n");
        if (mails.isEmpty()) {
            page.append("<p>There is none yet.</p>\n");
        }
        for (Mail mail : mails) {
            page.append("<article>\n<h2>")
                    .append(Answers.escape(mail.subject()))
                    .append("</h2>\n<p>To ")
                    .append(Answers.escape(mail.to()))
                    .append(", ")
                    .append(Answers.escape(mail.sentAt().toString()))
                    .append("</p>\n<pre>")
                    .append(withLink(mail))
                    .append("</pre>\n</article>\n");
        }
        return page.toString();
    }

    private static String withLink(Mail mail) {
        String body = Answers.escape(mail.text());
        String link = mail.link();
        return link == null ? body : body.replace(Answers.escape(link), Answers.link(link, link));
    }
}
