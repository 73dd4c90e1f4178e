package dev.agentauth.examples;

import dev.agentauth.examples.web.Answers;
import dev.agentauth.examples.web.MethodsServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Map;

/** The page at the root: what this is, and where to look next. */
final class HomeServlet extends MethodsServlet {
    private static final long serialVersionUID = 1L;

    private final transient Map<String, String> links;

    /** Shows these links: what to read on them, and where they lead. */
    HomeServlet(Map<String, String> links) {
        super("GET", "HEAD");
        this.links = links;
    }

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
        StringBuilder page = new StringBuilder("""
                <p>A service with a small API that only agents use. An agent registers here by itself, a person takes the
                registration over, and the agent's tokens may then do more.</p>
                <ul>
                """);
        links.forEach((text, url) ->
                page.append("<li>").append(Answers.link(url, text)).append("</li>\n"));
        Answers.html(response, DemoServer.NAME, page.append("</ul>").toString());
    }
}
