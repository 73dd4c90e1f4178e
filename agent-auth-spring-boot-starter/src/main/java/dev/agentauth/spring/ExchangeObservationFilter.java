package dev.agentauth.spring;

import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationRegistry;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpFilter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;

/** {@code agent.auth.exchange}: a request for an access token; {@code outcome} is issued, refused or unavailable. */
final class ExchangeObservationFilter extends HttpFilter {
    private static final long serialVersionUID = 1L;
    static final String NAME = "agent.auth.exchange";

    private final transient ObservationRegistry registry;

    ExchangeObservationFilter(ObservationRegistry registry) {
        this.registry = registry;
    }

    @Override
    protected void doFilter(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        Observation observation = Observation.createNotStarted(NAME, registry)
                .contextualName("exchange for access token")
                .lowCardinalityKeyValue("outcome", "unavailable")
                .start();
        Observation.Scope scope = observation.openScope();
        try {
            chain.doFilter(request, response);
            observation.lowCardinalityKeyValue("outcome", outcome(response.getStatus()));
        } catch (IOException | ServletException | RuntimeException | Error e) {
            observation.error(e);
            throw e;
        } finally {
            scope.close();
            observation.stop();
        }
    }

    private static String outcome(int status) {
        return status < 300 ? "issued" : status < 500 ? "refused" : "unavailable";
    }
}
