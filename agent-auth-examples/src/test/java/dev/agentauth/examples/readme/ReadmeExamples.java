package dev.agentauth.examples.readme;

import dev.agentauth.AgentAuth;
import dev.agentauth.AgentAuthBuilder;
import dev.agentauth.jdbc.JdbcStores;
import dev.agentauth.keys.RotatingSigningKeys;
import dev.agentauth.servlet.AgentAuthServlet;
import dev.agentauth.servlet.AgentPrincipal;
import dev.agentauth.servlet.BearerTokenFilter;
import dev.agentauth.servlet.Bucket4jRateLimiter;
import dev.agentauth.servlet.ClientAddress;
import dev.agentauth.spi.ClaimMailer;
import dev.agentauth.spi.TrustedProvider;
import dev.agentauth.spi.UserDirectory;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.ServletContext;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.EnumSet;
import java.util.List;
import javax.sql.DataSource;

/** Each region between {@code begin} and {@code end} stands in README.md as it is here. */
final class ReadmeExamples {
    private ReadmeExamples() {}

    static AgentAuth mount(
            ServletContext context, String issuer, String resource, UserDirectory users, ClaimMailer mailer) {
        // begin: MountExample
        AgentAuth auth = AgentAuth.builder(issuer, resource) // "https://example.com", "https://example.com/api/"
                .serviceName("Example")
                .preClaimScopes("api.read")
                .postClaimScopes("api.read", "api.write")
                .users(users)
                .mailer(mailer)
                .trust(TrustedProvider.of("https://agents.example.net"))
                .rateLimiter(Bucket4jRateLimiter.create())
                .build();
        context.addServlet("agent-auth", new AgentAuthServlet(auth)).addMapping(AgentAuthServlet.mappings());
        context.addFilter(
                        "agent-auth-bearer",
                        BearerTokenFilter.builder(auth)
                                .require("GET", "/api/*", "api.read")
                                .require("POST", "/api/*", "api.write")
                                .build())
                .addMappingForUrlPatterns(EnumSet.of(DispatcherType.REQUEST), true, "/api/*");
        // end: MountExample
        return auth;
    }

    /** An API behind the filter. */
    static final class Api extends HttpServlet {
        private static final long serialVersionUID = 1L;

        // begin: ApiExample
        @Override
        protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
            AgentPrincipal agent = (AgentPrincipal) request.getUserPrincipal();
            String owner = agent.agent().userId().orElse("nobody yet");
            response.getWriter().println(agent.agent().registrationId() + " acts for " + owner);
        }
        // end: ApiExample
    }

    static AgentAuthServlet behindProxy(AgentAuth auth) {
        // begin: ProxyExample
        AgentAuthServlet servlet = AgentAuthServlet.builder(auth)
                .clientAddress(ClientAddress.fromXForwardedFor("10.0.0.0/8", "2001:db8::/48"))
                .build();
        // end: ProxyExample
        return servlet;
    }

    static BearerTokenFilter forBrowsers(AgentAuth auth, List<AgentAuthServlet> servlets) {
        // begin: BrowserExample
        AgentAuthServlet servlet =
                AgentAuthServlet.builder(auth).allowAnyOrigin(true).build();
        BearerTokenFilter filter = BearerTokenFilter.builder(auth)
                .require("GET", "/api/*", "api.read")
                .allowAnyOrigin(true)
                .build();
        // end: BrowserExample
        servlets.add(servlet);
        return filter;
    }

    static void makeTables(DataSource dataSource) {
        // begin: TablesExample
        JdbcStores.migrate(dataSource); // as an account that may make tables
        // end: TablesExample
    }

    static AgentAuthBuilder inDatabase(DataSource dataSource, AgentAuthBuilder builder) {
        // begin: JdbcExample
        builder.stores(JdbcStores.of(dataSource, "https://auth.example.com"));
        // end: JdbcExample
        return builder;
    }

    static RotatingSigningKeys keys(Path folder) {
        // begin: KeysExample
        RotatingSigningKeys keys =
                RotatingSigningKeys.file(folder.resolve("agent-auth-keys.json"), InstantSource.system());
        // builder: .signingKeys(keys); once a month, on one replica, with the lifetime of your assertions:
        keys.rotate(Duration.ofHours(1));
        // end: KeysExample
        return keys;
    }
}
