package dev.agentauth.examples.readme;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentauth.AgentAuth;
import dev.agentauth.Caller;
import dev.agentauth.memory.InMemoryUserDirectory;
import jakarta.servlet.ServletContainerInitializer;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import org.eclipse.jetty.ee10.servlet.ServletContextHandler;
import org.eclipse.jetty.ee10.servlet.ServletHolder;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.junit.jupiter.api.Test;

/** What docs/agents-and-people.md shows, with a token, with a session, with both and with neither. */
class AgentsAndPeopleTest {

    @Test
    void agentsAndPeopleComeToTheSamePaths() throws Exception {
        Server server = new Server(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        try (AgentAuth auth = AgentAuth.builder("https://service.example", "https://service.example/")
                .preClaimScopes("things.read")
                .postClaimScopes("things.read", "things.write")
                .users(new InMemoryUserDirectory())
                .mailer(mail -> {})
                .withoutRateLimits()
                .audit(event -> {})
                .build()) {
            ServletContextHandler context = new ServletContextHandler("/", true, false);
            ServletContainerInitializer initializer =
                    (classes, servletContext) -> AgentsAndPeople.mount(servletContext, auth);
            context.addServletContainerInitializer(initializer);
            context.addServlet(new ServletHolder(new AgentsAndPeople.Things()), "/things/*");
            context.addServlet(new ServletHolder(new Login()), "/login");
            server.setHandler(context);
            server.start();
            URI base = URI.create("http://127.0.0.1:" + ((ServerConnector) server.getConnectors()[0]).getLocalPort());
            HttpClient client = HttpClient.newHttpClient();
            String token = auth.exchange(
                            Caller.unknown(),
                            auth.registerAnonymous(Caller.unknown())
                                    .assertion()
                                    .value()
                                    .reveal(),
                            null,
                            List.of())
                    .value()
                    .reveal();
            String cookie = client.send(
                            HttpRequest.newBuilder(base.resolve("/login")).build(), BodyHandlers.ofString())
                    .headers()
                    .firstValue("Set-Cookie")
                    .orElseThrow();
            HttpRequest.Builder things = HttpRequest.newBuilder(base.resolve("/things/1"));

            HttpResponse<String> neither = client.send(things.build(), BodyHandlers.ofString());
            assertThat(neither.statusCode()).isEqualTo(401);
            assertThat(neither.headers().firstValue("WWW-Authenticate").orElseThrow())
                    .startsWith("Bearer resource_metadata=");
            assertThat(client.send(things.copy().header("Accept", "text/html").build(), BodyHandlers.ofString())
                            .statusCode())
                    .isEqualTo(302);
            assertThat(client.send(things.copy().header("Cookie", cookie).build(), BodyHandlers.ofString())
                            .body())
                    .isEqualTo("ada");
            things.header("Authorization", "Bearer " + token).header("Cookie", cookie);
            assertThat(client.send(things.build(), BodyHandlers.ofString()).body())
                    .isEqualTo("nobody yet");
            assertThat(client.send(things.copy().POST(BodyPublishers.noBody()).build(), BodyHandlers.ofString())
                            .statusCode())
                    .isEqualTo(403);
            auth.revokeToken(Caller.unknown(), token);
            assertThat(client.send(things.build(), BodyHandlers.ofString()).statusCode())
                    .isEqualTo(401);
        } finally {
            server.stop();
        }
    }

    /** Logs everybody in as Ada. */
    private static final class Login extends HttpServlet {
        private static final long serialVersionUID = 1L;

        @Override
        protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
            request.getSession(true).setAttribute("user", "ada");
            response.getWriter().print("welcome");
        }
    }
}
