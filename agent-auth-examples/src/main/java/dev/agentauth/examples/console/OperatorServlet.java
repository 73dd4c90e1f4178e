package dev.agentauth.examples.console;

import dev.agentauth.examples.web.Answers;
import dev.agentauth.examples.web.MethodsServlet;
import dev.agentauth.registration.Registration;
import dev.agentauth.spi.AuditEvent;
import dev.agentauth.spi.PortUnavailableException;
import dev.agentauth.spi.RegistrationStore;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * The operator's view: a page, and what its script asks for again and again. It asks rather than being sent a stream: an
 * answer has an end and a size, and whoever was cut off or is slow asks once and is up to date.
 */
final class OperatorServlet extends MethodsServlet {
    static final String PAGE = "/operator";
    static final String NEWS = "/operator/news.json";
    static final String REGISTRATION = "/operator/registration.json";

    private static final long serialVersionUID = 1L;
    private static final int EVENTS = 200;
    private static final int HISTORY = 1000;

    private final transient AuditTrail trail;
    private final transient RegistrationStore registrations;
    private final transient InstantSource clock;
    private final transient Predicate<String> ownNames;
    private final transient String page = FilesServlet.read("operator.html");

    OperatorServlet(
            AuditTrail trail, RegistrationStore registrations, InstantSource clock, Predicate<String> ownNames) {
        super("GET", "HEAD");
        this.trail = trail;
        this.registrations = registrations;
        this.clock = clock;
        this.ownNames = ownNames;
    }

    /** Answers to the demo's own names alone, like the outbox. */
    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
        if (!ownNames.test(request.getServerName())) {
            notFound(response);
            return;
        }
        switch (request.getServletPath()) {
            case NEWS -> news(request.getParameter("after"), response);
            case REGISTRATION -> registration(String.valueOf(request.getParameter("id")), response);
            default -> Pages.write(response, "The operator’s view", "operator", page);
        }
    }

    private void news(String after, HttpServletResponse response) throws IOException {
        if (after != null && !after.matches("[0-9]{1,18}")) {
            Answers.error(
                    response, HttpServletResponse.SC_BAD_REQUEST, "invalid_request", "after is a number of events.");
            return;
        }
        AuditTrail.News news = trail.since(after == null ? 0 : Long.parseLong(after), EVENTS);
        Map<String, Object> members = new LinkedHashMap<>();
        members.put("recorded", news.recorded());
        members.put("events", news.events().stream().map(AuditTrail::members).toList());
        Map<String, Object> stages = new LinkedHashMap<>();
        news.stages().forEach((stage, count) -> stages.put(stage.name().toLowerCase(Locale.ROOT), count));
        members.put("stages", stages);
        members.put("refusals", news.refusals());
        Answers.json(response, HttpServletResponse.SC_OK, members);
    }

    /** What was purged has a history still. */
    private void registration(String id, HttpServletResponse response) throws IOException {
        try {
            List<AuditEvent> events = trail.of(id);
            Optional<Registration> registration = registrations.findById(id);
            if (events.isEmpty() && registration.isEmpty()) {
                notFound(response);
                return;
            }
            Map<String, Object> members = new LinkedHashMap<>();
            members.put("registration_id", id);
            registration.ifPresent(found -> members.putAll(facts(found)));
            members.put("recorded", events.size());
            members.put(
                    "events",
                    events.stream()
                            .skip(Math.max(0, events.size() - HISTORY))
                            .map(AuditTrail::members)
                            .toList());
            Answers.json(response, HttpServletResponse.SC_OK, members);
        } catch (PortUnavailableException e) {
            EventsServlet.unavailable(response);
        }
    }

    private Map<String, Object> facts(Registration registration) {
        Map<String, Object> facts = EventsServlet.facts(registration, clock.instant());
        facts.put("created_at", registration.createdAt().toString());
        if (registration.userId() != null) {
            facts.put("owner", registration.userId());
        }
        return facts;
    }
}
