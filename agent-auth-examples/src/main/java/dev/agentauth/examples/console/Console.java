package dev.agentauth.examples.console;

import dev.agentauth.client.http.Http;
import dev.agentauth.spi.RegistrationStore;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Predicate;
import org.eclipse.jetty.ee10.servlet.ServletContextHandler;
import org.eclipse.jetty.ee10.servlet.ServletHolder;

/** The console, ready to be mounted where the service is. */
public final class Console {
    /** Where the operator's view is. */
    public static final String OPERATOR = OperatorServlet.PAGE;

    private final ConsoleSettings settings;
    private final AuditTrail trail;
    private final RegistrationStore registrations;
    private final InstantSource clock;
    private final Optional<MovableClock> movable;
    private final Predicate<String> ownNames;

    /**
     * Puts the console together.
     *
     * @param trail what happened
     * @param registrations where states are looked up
     * @param movable the same clock, if the page may move it
     * @param ownNames under which host names the demo tells what only it knows
     */
    public Console(
            ConsoleSettings settings,
            AuditTrail trail,
            RegistrationStore registrations,
            InstantSource clock,
            Optional<MovableClock> movable,
            Predicate<String> ownNames) {
        this.settings = settings;
        this.trail = trail;
        this.registrations = registrations;
        this.clock = clock;
        this.movable = movable;
        this.ownNames = ownNames;
    }

    /** Mounts the page at the context's root and its files below {@code /console}; the rest on a local demo alone. */
    public void mountIn(ServletContextHandler context) {
        ServletHolder files = new ServletHolder(new FilesServlet(settings));
        context.addServlet(files, "");
        context.addServlet(files, FilesServlet.FOLDER + "*");
        if (settings.local()) {
            context.addServlet(
                    new ServletHolder(new EventsServlet(trail, registrations, clock, ownNames)), EventsServlet.PATH);
            ServletHolder operator = new ServletHolder(new OperatorServlet(trail, registrations, clock, ownNames));
            context.addServlet(operator, OperatorServlet.PAGE);
            context.addServlet(operator, OperatorServlet.NEWS);
            context.addServlet(operator, OperatorServlet.REGISTRATION);
            OwnPage page = new OwnPage(settings.issuer(), ownNames);
            movable.ifPresent(ahead ->
                    context.addServlet(new ServletHolder(new ClockServlet(ahead, ownNames, page)), ClockServlet.PATH));
            settings.provider()
                    .ifPresent(provider -> context.addServlet(
                            new ServletHolder(new RelayServlet(new Http(), provider, page)),
                            RelayServlet.FOLDER + "*"));
        }
    }
}
