package dev.agentauth.examples.metrics;

import dev.agentauth.examples.web.MethodsServlet;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** Shows what has been counted, one line a figure. A service would have its own monitoring read the registry. */
public final class MetersServlet extends MethodsServlet {
    public static final String PATH = "/meters";

    private static final long serialVersionUID = 1L;

    private final transient MeterRegistry registry;
    private final transient Predicate<String> ownNames;

    /**
     * Shows a registry.
     *
     * @param ownNames the host names under which it may be asked for
     */
    public MetersServlet(MeterRegistry registry, Predicate<String> ownNames) {
        super("GET", "HEAD");
        this.registry = registry;
        this.ownNames = ownNames;
    }

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
        if (!ownNames.test(request.getServerName())) {
            notFound(response);
            return;
        }
        TreeSet<String> lines = new TreeSet<>();
        for (Meter meter : registry.getMeters()) {
            String tags = meter.getId().getTags().stream()
                    .map(tag -> tag.getKey() + "=" + tag.getValue())
                    .collect(Collectors.joining(" "));
            meter.measure()
                    .forEach(figure -> lines.add(meter.getId().getName() + " " + tags + " "
                            + figure.getStatistic().getTagValueRepresentation() + " " + figure.getValue()));
        }
        response.setContentType("text/plain;charset=utf-8");
        response.setHeader("Cache-Control", "no-store");
        response.setHeader("X-Content-Type-Options", "nosniff");
        response.getWriter().println(String.join("\n", lines));
    }
}
