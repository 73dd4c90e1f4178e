package dev.agentauth.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentauth.AuthenticatedAgent;
import dev.agentauth.client.http.Http;
import dev.agentauth.client.http.Reply;
import dev.agentauth.examples.web.WebServer;
import dev.agentauth.servlet.BearerTokenFilter;
import dev.agentauth.spi.Contact;
import dev.agentauth.spi.PortUnavailableException;
import dev.agentauth.spi.User;
import dev.agentauth.spi.UserDirectory;
import jakarta.servlet.DispatcherType;
import java.net.InetAddress;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import org.eclipse.jetty.ee10.servlet.FilterHolder;
import org.eclipse.jetty.ee10.servlet.ServletContextHandler;
import org.eclipse.jetty.ee10.servlet.ServletHolder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(QuietLogs.class)
class ApiServletTest {

    @Test
    void databaseThatGoesAwayAfterTheTokenWasReadIsAnswered503() throws Exception {
        ServletContextHandler context = new ServletContextHandler("/");
        context.addServlet(new ServletHolder(new ApiServlet(new Away())), "/api/*");
        context.addFilter(
                new FilterHolder((request, response, chain) -> {
                    request.setAttribute(
                            BearerTokenFilter.AGENT_ATTRIBUTE,
                            new AuthenticatedAgent("reg_1", "user_1", List.of("api.read"), null));
                    chain.doFilter(request, response);
                }),
                "/*",
                EnumSet.of(DispatcherType.REQUEST));
        int port = FreePorts.two()[0];
        try (WebServer server = WebServer.start(InetAddress.getLoopbackAddress(), port, List.of(context))) {
            assertThat(server).isNotNull();
            Reply reply = new Http().get("http://localhost:" + port + "/api/resource");

            assertThat(reply).hasToString("503 temporarily_unavailable");
            assertThat(reply.header("Retry-After")).isPresent();
        }
    }

    private static final class Away implements UserDirectory {
        @Override
        public Optional<User> findById(String userId) {
            throw new PortUnavailableException("the database cannot be reached", new IllegalStateException());
        }

        @Override
        public Optional<User> findByVerifiedEmail(String email) {
            return findById(email);
        }

        @Override
        public Optional<User> findByVerifiedPhone(String phone) {
            return findById(phone);
        }

        @Override
        public Optional<User> create(Contact contact) {
            return findById("");
        }
    }
}
