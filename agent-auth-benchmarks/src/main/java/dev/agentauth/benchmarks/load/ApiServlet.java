package dev.agentauth.benchmarks.load;

import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** An API that does next to nothing, so that what stands before it is what shows. */
final class ApiServlet extends HttpServlet {
    private static final long serialVersionUID = 1L;

    private static final byte[] BODY =
            ("{\"resource\":\"" + "x".repeat(180) + "\"}\n").getBytes(StandardCharsets.US_ASCII);

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
        Jetty.json(response, BODY);
    }
}
