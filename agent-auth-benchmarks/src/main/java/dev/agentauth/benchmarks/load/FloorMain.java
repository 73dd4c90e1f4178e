package dev.agentauth.benchmarks.load;

import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.eclipse.jetty.ee10.servlet.ServletContextHandler;
import org.eclipse.jetty.ee10.servlet.ServletHolder;

/** The least that a service could cost: a servlet that reads a form and answers 200 bytes; and the API without its filter. */
final class FloorMain {
    private FloorMain() {}

    public static void main(String[] args) throws Exception {
        Jetty jetty = Jetty.open();
        ServletContextHandler context = new ServletContextHandler("/");
        context.addServlet(new ServletHolder(new FormServlet()), "/oauth2/token");
        context.addServlet(new ServletHolder(new ApiServlet()), "/api/*");
        jetty.serve(context, line -> "ok");
    }

    /** Reads one parameter, and has to find it. */
    private static final class FormServlet extends HttpServlet {
        private static final byte[] BODY = padded().getBytes(StandardCharsets.US_ASCII);

        private static String padded() {
            String start = "{\"access_token\":\"";
            String end = "\",\"token_type\":\"Bearer\",\"expires_in\":3600}";
            return start + "x".repeat(200 - start.length() - end.length()) + end;
        }

        @Override
        protected void doPost(HttpServletRequest request, HttpServletResponse response) throws IOException {
            if (request.getParameter("assertion") == null) {
                response.sendError(HttpServletResponse.SC_BAD_REQUEST);
            } else {
                Jetty.json(response, BODY);
            }
        }
    }
}
