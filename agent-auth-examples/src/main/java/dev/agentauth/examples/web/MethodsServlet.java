package dev.agentauth.examples.web;

import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.List;

/** A servlet for a few methods, which tells everybody else which ones they are. */
public abstract class MethodsServlet extends HttpServlet {
    private static final long serialVersionUID = 1L;

    private final transient List<String> methods;

    /** Serves these methods, by the {@code do} methods of its subclass. */
    protected MethodsServlet(String... methods) {
        this.methods = List.of(methods);
    }

    @Override
    protected final void service(HttpServletRequest request, HttpServletResponse response)
            throws ServletException, IOException {
        if (methods.contains(request.getMethod())) {
            super.service(request, response);
        } else {
            response.setHeader("Allow", String.join(", ", methods));
            Answers.error(response, HttpServletResponse.SC_METHOD_NOT_ALLOWED, "invalid_request", "Not this method.");
        }
    }

    /** Says that there is nothing at a path. */
    protected static void notFound(HttpServletResponse response) throws IOException {
        Answers.error(response, HttpServletResponse.SC_NOT_FOUND, "invalid_request", "There is nothing here.");
    }
}
