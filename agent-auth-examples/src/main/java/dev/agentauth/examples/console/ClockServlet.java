package dev.agentauth.examples.console;

import dev.agentauth.client.http.Json;
import dev.agentauth.client.http.JsonFormatException;
import dev.agentauth.examples.web.Answers;
import dev.agentauth.examples.web.MethodsServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Predicate;

/** Tells what time it is for the demo, and moves it forward for the console. */
final class ClockServlet extends MethodsServlet {
    static final String PATH = "/console/clock";

    private static final long serialVersionUID = 1L;

    private final transient MovableClock clock;
    private final transient Predicate<String> ownNames;
    private final transient PageBody body;

    ClockServlet(MovableClock clock, Predicate<String> ownNames, OwnPage page) {
        super("GET", "HEAD", "POST");
        this.clock = clock;
        this.ownNames = ownNames;
        this.body = new PageBody(page);
    }

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
        if (ownNames.test(request.getServerName())) {
            tell(response);
        } else {
            notFound(response);
        }
    }

    @Override
    protected void doPost(HttpServletRequest request, HttpServletResponse response) throws IOException {
        Optional<String> sent = body.read(request, response);
        if (sent.isEmpty()) {
            return;
        }
        OptionalLong seconds = seconds(sent.get());
        if (seconds.isPresent() && clock.forwardBy(seconds.getAsLong())) {
            tell(response);
        } else {
            Answers.error(
                    response,
                    HttpServletResponse.SC_BAD_REQUEST,
                    "invalid_request",
                    "forward_by is a number of seconds, 1 or more and a century in all at the most.");
        }
    }

    private static OptionalLong seconds(String json) {
        try {
            long seconds = Json.parse(json).get("forward_by").number();
            return seconds < 1 ? OptionalLong.empty() : OptionalLong.of(seconds);
        } catch (JsonFormatException e) {
            return OptionalLong.empty();
        }
    }

    private void tell(HttpServletResponse response) throws IOException {
        Map<String, Object> members = new LinkedHashMap<>();
        members.put("now", clock.instant().toString());
        members.put("forward_by", clock.ahead());
        Answers.json(response, HttpServletResponse.SC_OK, members);
    }
}
