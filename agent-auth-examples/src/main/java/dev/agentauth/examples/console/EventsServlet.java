package dev.agentauth.examples.console;

import dev.agentauth.examples.web.Answers;
import dev.agentauth.examples.web.MethodsServlet;
import dev.agentauth.registration.Registration;
import dev.agentauth.spi.PortUnavailableException;
import dev.agentauth.spi.RegistrationStore;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/** Tells in which state a registration is, and what has happened to it. */
final class EventsServlet extends MethodsServlet {
    static final String PATH = "/console/events";

    private static final long serialVersionUID = 1L;

    private final transient AuditTrail trail;
    private final transient RegistrationStore registrations;
    private final transient InstantSource clock;
    private final transient Predicate<String> ownNames;

    EventsServlet(AuditTrail trail, RegistrationStore registrations, InstantSource clock, Predicate<String> ownNames) {
        super("GET", "HEAD");
        this.trail = trail;
        this.registrations = registrations;
        this.clock = clock;
        this.ownNames = ownNames;
    }

    /** Answers to the demo's own names alone, like the outbox. */
    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
        String id = request.getParameter("registration");
        if (!ownNames.test(request.getServerName()) || id == null) {
            notFound(response);
            return;
        }
        try {
            Optional<Registration> registration = registrations.findById(id);
            if (registration.isEmpty()) {
                notFound(response);
            } else {
                Map<String, Object> members = facts(registration.get(), clock.instant());
                members.put(
                        "events", trail.of(id).stream().map(AuditTrail::members).toList());
                Answers.json(response, HttpServletResponse.SC_OK, members);
            }
        } catch (PortUnavailableException e) {
            unavailable(response);
        }
    }

    static void unavailable(HttpServletResponse response) throws IOException {
        response.setHeader("Retry-After", "1");
        Answers.error(
                response,
                HttpServletResponse.SC_SERVICE_UNAVAILABLE,
                "temporarily_unavailable",
                "The store cannot be reached.");
    }

    /** What a registration is now, to be added to. */
    static Map<String, Object> facts(Registration registration, Instant now) {
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("registration_id", registration.id());
        facts.put("kind", registration.kind().label());
        facts.put("status", registration.status(now).name().toLowerCase(Locale.ROOT));
        facts.put("epoch", registration.epoch());
        return facts;
    }
}
