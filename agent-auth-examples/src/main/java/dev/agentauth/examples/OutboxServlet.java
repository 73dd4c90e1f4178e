package dev.agentauth.examples;

import dev.agentauth.examples.Outbox.Mail;
import dev.agentauth.examples.console.Pages;
import dev.agentauth.examples.web.Answers;
import dev.agentauth.examples.web.MethodsServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Shows the outbox, as {@code /outbox} to people and as {@code /outbox.json} to programs. */
final class OutboxServlet extends MethodsServlet {
    static final String PAGE = "/outbox";
    static final String JSON = "/outbox.json";

    /** Below it, the HTML of each mail by its id. */
    static final String MAIL = "/outbox/mail/";

    /** What the mail wants: its own look. A frame of the page shows it, in which nothing runs and links open elsewhere. */
    private static final String MAIL_POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none';"
            + " form-action 'none'; frame-ancestors 'self'; sandbox allow-popups allow-popups-to-escape-sandbox";

    /** A mail program opens links elsewhere, and so does the frame. */
    private static final String LINKS_ELSEWHERE = "<head>\n<base target=\"_blank\">";

    private static final long serialVersionUID = 1L;

    private final transient Outbox outbox;
    private final transient String sender;

    /** Shows mail as from an address. */
    OutboxServlet(Outbox outbox, String sender) {
        super("GET", "HEAD");
        this.outbox = outbox;
        this.sender = sender;
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
                    outbox.newestFirst().stream()
                            .map(mail -> members(mail, request.getContextPath()))
                            .toList());
        } else if (request.getServletPath().equals(PAGE) && request.getPathInfo() == null) {
            Pages.write(response, "Outbox of the demo", "mail", page(outbox.newestFirst()));
        } else {
            mail(String.valueOf(request.getPathInfo()).substring(1), response);
        }
    }

    private void mail(String id, HttpServletResponse response) throws IOException {
        Optional<Mail> mail = outbox.find(id);
        if (mail.isEmpty()) {
            notFound(response);
            return;
        }
        response.setHeader("Content-Security-Policy", MAIL_POLICY);
        response.setHeader("X-Frame-Options", "SAMEORIGIN");
        response.setHeader("Referrer-Policy", "no-referrer");
        Answers.page(response, HttpServletResponse.SC_OK, mail.get().html().replaceFirst("<head>", LINKS_ELSEWHERE));
    }

    private Map<String, String> members(Mail mail, String contextPath) {
        Map<String, String> members = new LinkedHashMap<>();
        members.put("id", String.valueOf(mail.id()));
        members.put("from", sender);
        members.put("to", mail.to());
        members.put("subject", mail.subject());
        if (mail.link() != null) {
            members.put("link", mail.link());
        }
        members.put("registration_id", mail.registrationId());
        members.put("sent_at", mail.sentAt().toString());
        members.put("text", mail.text());
        members.put("html_path", contextPath + MAIL + mail.id());
        return members;
    }

    private static String page(List<Mail> mails) {
        StringBuilder page = new StringBuilder("<p>Mail that a real service would have sent, the newest first.</p>\n"
                + "<section id=\"client\" aria-labelledby=\"mail-title\" hidden><h2 id=\"mail-title\">Mail</h2>\n"
                + "<div id=\"mails\"></div></section>\n"
                + "<section id=\"plain\" aria-label=\"Mail as text\">\n<noscript><p class=\"soft\">As text, because"
                + " JavaScript is off. Reload the page for more.</p></noscript>\n");
        if (mails.isEmpty()) {
            page.append("<p>There is none yet.</p>\n");
        }
        for (Mail mail : mails) {
            page.append("<article>\n<h2>")
                    .append(Answers.escape(mail.subject()))
                    .append("</h2>\n<p>To ")
                    .append(Answers.escape(mail.to()))
                    .append(", ")
                    .append(Answers.escape(
                            mail.sentAt().truncatedTo(ChronoUnit.SECONDS).toString()))
                    .append("</p>\n<pre>")
                    .append(withLink(mail))
                    .append("</pre>\n</article>\n");
        }
        return page.append("</section>\n").toString();
    }

    private static String withLink(Mail mail) {
        String body = Answers.escape(mail.text());
        String link = mail.link();
        return link == null ? body : body.replace(Answers.escape(link), Answers.link(link, link));
    }
}
