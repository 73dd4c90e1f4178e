package dev.agentauth.examples.readme;

import dev.agentauth.AgentAuth;
import dev.agentauth.servlet.AgentPrincipal;
import dev.agentauth.servlet.BearerChallenges;
import dev.agentauth.servlet.BearerTokenFilter;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpFilter;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpSession;
import java.io.IOException;
import java.util.EnumSet;

/** Agents by token and people by session, at the same paths. */
final class AgentsAndPeople {
    private AgentsAndPeople() {}

    static void mount(ServletContext context, AgentAuth auth) {
        // begin: AgentsAndPeopleFilters
        EnumSet<DispatcherType> dispatches =
                EnumSet.of(DispatcherType.REQUEST, DispatcherType.ASYNC, DispatcherType.ERROR);
        BearerTokenFilter agents = BearerTokenFilter.optional(auth)
                .require("GET", "/things/*", "things.read")
                .require("POST", "/things/*", "things.write")
                .build();
        context.addFilter("agents", agents).addMappingForUrlPatterns(dispatches, true, "/things/*");
        context.addFilter("people", new People(BearerChallenges.of(auth)))
                .addMappingForUrlPatterns(dispatches, true, "/things/*"); // after the agents
        // end: AgentsAndPeopleFilters
    }

    // begin: AgentsAndPeopleLogin
    /** Lets agents pass, who have been judged, and people who have logged in. */
    static final class People extends HttpFilter {
        private static final long serialVersionUID = 1L;

        private final transient BearerChallenges challenges;

        People(BearerChallenges challenges) {
            this.challenges = challenges;
        }

        @Override
        protected void doFilter(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
                throws IOException, ServletException {
            HttpSession session = request.getSession(false);
            if (request.getUserPrincipal() instanceof AgentPrincipal
                    || (session != null && session.getAttribute("user") != null)) {
                chain.doFilter(request, response);
            } else if (String.valueOf(request.getHeader("Accept")).contains("text/html")) {
                response.sendRedirect(request.getContextPath() + "/login"); // a browser
            } else {
                challenges.unauthenticated().send(request, response); // an agent that has no token yet
            }
        }
    }
    // end: AgentsAndPeopleLogin

    /** Whose things they are. */
    static final class Things extends HttpServlet {
        private static final long serialVersionUID = 1L;

        // begin: AgentsAndPeopleOwner
        /** The user whom the request is for; an agent that nobody owns has none. */
        private static String owner(HttpServletRequest request) {
            if (request.getUserPrincipal() instanceof AgentPrincipal principal) {
                return principal.agent().userId().orElse("nobody yet"); // and never what the session says
            }
            return (String) request.getSession(false).getAttribute("user");
        }
        // end: AgentsAndPeopleOwner

        @Override
        protected void service(HttpServletRequest request, HttpServletResponse response) throws IOException {
            response.getWriter().print(owner(request));
        }
    }
}
