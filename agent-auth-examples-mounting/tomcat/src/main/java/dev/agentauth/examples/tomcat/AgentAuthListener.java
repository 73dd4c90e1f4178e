package dev.agentauth.examples.tomcat;

import dev.agentauth.AgentAuth;
import dev.agentauth.servlet.AgentAuthServlet;
import dev.agentauth.servlet.BearerTokenFilter;
import dev.agentauth.servlet.Bucket4jRateLimiter;
import dev.agentauth.servlet.ClientAddress;
import dev.agentauth.spi.ClaimMailer;
import dev.agentauth.spi.UserDirectory;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.FilterRegistration;
import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletContextEvent;
import jakarta.servlet.ServletContextListener;
import java.util.EnumSet;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Lets agents into a web application. The application's context has the parameter {@code agent-auth.issuer}, which says
 * where clients reach it, {@code agent-auth.trusted-proxies} if there are proxies before it, and its own {@code users}
 * and {@code mailer} as attributes.
 */
public final class AgentAuthListener implements ServletContextListener {
    private @Nullable AgentAuth auth;

    // begin: TomcatListener
    @Override
    public void contextInitialized(ServletContextEvent event) {
        ServletContext context = event.getServletContext();
        String issuer = Objects.requireNonNull(context.getInitParameter("agent-auth.issuer"));
        auth = AgentAuth.builder(issuer, issuer + "/api/")
                .serviceName("Example")
                .preClaimScopes("api.read")
                .postClaimScopes("api.read", "api.write")
                .users((UserDirectory) context.getAttribute("users"))
                .mailer((ClaimMailer) context.getAttribute("mailer"))
                .rateLimiter(Bucket4jRateLimiter.create())
                .build();
        context.addServlet(
                        "agent-auth",
                        AgentAuthServlet.builder(auth)
                                .clientAddress(clientAddress(context))
                                .build())
                .addMapping(AgentAuthServlet.mappings());
        FilterRegistration.Dynamic guard = context.addFilter(
                "agent-auth-bearer",
                BearerTokenFilter.builder(auth)
                        .require("GET", "/api/*", "api.read")
                        .require("POST", "/api/*", "api.write")
                        .build());
        guard.setAsyncSupported(true);
        guard.addMappingForUrlPatterns(
                EnumSet.of(DispatcherType.REQUEST, DispatcherType.ASYNC, DispatcherType.ERROR), false, "/api/*");
    }

    @Override
    public void contextDestroyed(ServletContextEvent event) {
        if (auth != null) {
            auth.close();
        }
    }
    // end: TomcatListener

    // begin: TomcatProxies
    private static ClientAddress clientAddress(ServletContext context) {
        String proxies = context.getInitParameter("agent-auth.trusted-proxies");
        return proxies == null ? ClientAddress.ofConnection() : ClientAddress.fromXForwardedFor(proxies.split(",", -1));
    }
    // end: TomcatProxies
}
