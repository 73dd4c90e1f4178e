package dev.agentauth.examples.signin;

import dev.agentauth.AgentAuth;
import dev.agentauth.Secret;
import dev.agentauth.examples.FreePorts;
import dev.agentauth.memory.InMemoryUserDirectory;
import dev.agentauth.spi.User;
import dev.agentauth.testkit.SignInContract;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpSession;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Optional;
import org.eclipse.jetty.ee10.servlet.ServletContextHandler;
import org.eclipse.jetty.ee10.servlet.ServletHolder;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** The sign-in of the demo, in a real container, against what the claim page is owed. */
class SessionSignInContractTest extends SignInContract {
    private static final String PAGE = "/sign-in";
    private static final InMemoryUserDirectory USERS = new InMemoryUserDirectory()
            .add(User.of("user_ada", "ada@example.com"))
            .add(User.of("user_bob", "bob@example.com"));

    private static final SessionSignIn SIGN_IN = new SessionSignIn(USERS, PAGE);

    private static Server server;
    private static AgentAuth auth;
    private static String origin;

    @BeforeAll
    static void start() throws Exception {
        int port = FreePorts.two()[0];
        origin = "http://localhost:" + port;
        auth = AgentAuth.builder(origin, origin + "/api/")
                .postClaimScopes("api.read")
                .users(USERS)
                .signIn()
                .withoutRateLimits()
                .purgeByEmbedder()
                .build();
        ServletContextHandler context = new ServletContextHandler("/", true, false);
        context.addServlet(new ServletHolder(new SignInServlet(auth, USERS, "localhost"::equals)), PAGE);
        context.addServlet(new ServletHolder(new Probe()), "/probe");
        context.addServlet(new ServletHolder(new SignOut()), "/sign-out");
        server = new Server();
        ServerConnector connector = new ServerConnector(server);
        connector.setHost("localhost");
        connector.setPort(port);
        server.addConnector(connector);
        server.setHandler(context);
        server.start();
    }

    @AfterAll
    static void stop() throws Exception {
        server.stop();
        auth.close();
    }

    @Override
    protected Browser newBrowser() {
        Visitor visitor = new Visitor(origin);
        return new Browser() {
            @Override
            public Optional<Seen> signedIn() {
                HttpResponse<String> answer = visitor.get("/probe");
                String[] seen = answer.body().split(" ", -1);
                return seen.length < 2 ? Optional.empty() : Optional.of(new Seen(seen[0], Secret.of(seen[1])));
            }

            @Override
            public void signIn(String userId) {
                visitor.signIn(PAGE, userId.substring("user_".length()) + "@example.com");
            }

            @Override
            public void signOut() {
                visitor.get("/sign-out");
            }
        };
    }

    @Override
    protected List<String> userIds() {
        return List.of("user_ada", "user_bob");
    }

    @Override
    protected String landingAfterSignIn(String returnTo) {
        return new Visitor(origin).signIn(SIGN_IN.signInUrl(returnTo), "ada@example.com");
    }

    @Override
    protected String landingAfterChange(String returnTo) {
        Visitor visitor = new Visitor(origin);
        visitor.signIn(PAGE, "ada@example.com");
        return visitor.signIn(SIGN_IN.changeAccountUrl(returnTo), "bob@example.com");
    }

    /** Says what the sign-in says. */
    private static final class Probe extends HttpServlet {
        private static final long serialVersionUID = 1L;

        @Override
        protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
            String seen = SIGN_IN.signedIn(request)
                    .map(signedIn ->
                            signedIn.userId() + " " + signedIn.sessionSecret().reveal())
                    .orElse("");
            response.getWriter().write(seen);
        }
    }

    private static final class SignOut extends HttpServlet {
        private static final long serialVersionUID = 1L;

        @Override
        protected void doGet(HttpServletRequest request, HttpServletResponse response) {
            HttpSession session = request.getSession(false);
            if (session != null) {
                session.invalidate();
            }
        }
    }
}
