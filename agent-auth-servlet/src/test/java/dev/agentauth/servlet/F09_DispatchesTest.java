package dev.agentauth.servlet;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentauth.Caller;
import dev.agentauth.Registered;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.Filter;
import jakarta.servlet.RequestDispatcher;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.util.EnumSet;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * What the filter asks where a request goes on to other resources of the application. The path of each says where it goes:
 * {@code /read/include?to=/write/x} includes {@code /write/x} and then says who it sees itself. The token can read only.
 */
class F09_DispatchesTest {
    private final Queue<String> ran = new ConcurrentLinkedQueue<>();
    private final BlockingQueue<String> after = new LinkedBlockingQueue<>();
    private MountedService service;
    private MountedService neighbour;
    private String token;
    private String agent;

    @BeforeEach
    void start() throws Exception {
        service = new MountedService();
        neighbour = new MountedService();
        service.with(twice(), "/*", EnumSet.of(DispatcherType.REQUEST));
        service.with(
                BearerTokenFilter.builder(service.auth)
                        .require("GET", "/read/*", "api.read")
                        .require("GET", "/read/both/*", "api.read")
                        .require("GET", "/read2/*", "api.read")
                        .require("GET", "/write/*", "api.write")
                        .allowAnonymous("GET", "/open/*")
                        .build(),
                "/*",
                EnumSet.allOf(DispatcherType.class));
        service.with(
                BearerTokenFilter.builder(neighbour.auth)
                        .require("GET", "/read/both/*", "api.read")
                        .build(),
                "/read/both/*",
                EnumSet.of(DispatcherType.ASYNC));
        service.with(new Resource(ran, after), "/*")
                .withErrorPage(418, "/open/error-page")
                .start();
        Registered.Anonymous registered = service.auth.registerAnonymous(Caller.unknown());
        agent = registered.registrationId();
        token = service.auth
                .exchange(Caller.unknown(), registered.assertion().value().reveal(), null, List.of())
                .value()
                .reveal();
    }

    @AfterEach
    void stop() throws Exception {
        service.stop();
        neighbour.stop();
    }

    @Test
    void includeIsJudgedByThePathThatIsIncluded() throws Exception {
        assertThat(authorized("/read/include?to=/write/x").body()).isEqualTo("[/read/include " + agent + "]");
        assertThat(ran).containsExactly("/read/include");

        assertThat(authorized("/read/include?to=/read2/x").body())
                .isEqualTo("[/read2/x " + agent + "][/read/include " + agent + "]");
    }

    @Test
    void includeOfAGuardedPathByAnOpenOneIsJudged() throws Exception {
        HttpResponse<String> stranger = service.get("/open/include?to=/read/x");

        assertThat(stranger.statusCode()).isEqualTo(200);
        assertThat(stranger.headers().firstValue("WWW-Authenticate")).isEmpty();
        assertThat(stranger.body()).isEqualTo("[/open/include nobody]");
        assertThat(authorized("/open/include?to=/read/x").body())
                .isEqualTo("[/read/x " + agent + "][/open/include nobody]");
    }

    @Test
    void includeOfAnOpenPathIsNobodysBusiness() throws Exception {
        assertThat(service.get("/open/include?to=/open/x").body()).isEqualTo("[/open/x nobody][/open/include nobody]");
        assertThat(authorized("/read/include?to=/open/x").body())
                .isEqualTo("[/open/x " + agent + "][/read/include " + agent + "]");
    }

    @Test
    void includeOfAPathWithoutARuleOrInAnAmbiguousFormRunsNothing() throws Exception {
        for (String target : List.of("/other/x", "/open/%252e%252e/write/x", "/open//x")) {
            ran.clear();
            assertThat(authorized("/read/include?to=" + target).body()).isEqualTo("[/read/include " + agent + "]");
            assertThat(ran).containsExactly("/read/include");
        }
    }

    @Test
    void includeWithinAnIncludeIsJudgedByItsOwnPath() throws Exception {
        assertThat(authorized("/read/include?to=/read2/include%3Fto%3D/write/x").body())
                .isEqualTo("[/read2/include " + agent + "][/read/include " + agent + "]");
    }

    @Test
    void forwardIsJudgedByThePathOfItsTarget() throws Exception {
        assertThat(authorized("/read/forward?to=/write/x").statusCode()).isEqualTo(403);
        assertThat(service.get("/open/forward?to=/read/x").statusCode()).isEqualTo(401);
        assertThat(ran).doesNotContain("/write/x", "/read/x");
        assertThat(authorized("/open/forward?to=/read/x").body()).isEqualTo("[/read/x " + agent + "]");
        assertThat(authorized("/read/forward?to=/open/x").body()).isEqualTo("[/open/x " + agent + "]");
    }

    @Test
    void forwardLeavesTheFirstAdmissionBehind() throws Exception {
        for (String target : List.of("/read2/x", "/open/x", "/write/x")) {
            authorized("/read/forward?to=" + target);
            assertThat(after.poll(10, TimeUnit.SECONDS)).isEqualTo("/read/forward " + agent);
        }
        authorized("/open/forward?to=/read/x");
        assertThat(after.poll(10, TimeUnit.SECONDS)).isEqualTo("/open/forward nobody");
    }

    @Test
    void asyncDispatchElsewhereIsJudgedByWhereItGoes() throws Exception {
        assertThat(authorized("/read/async?to=/write/x").statusCode()).isEqualTo(403);
        assertThat(authorized("/read/async?to=/read2/x").body()).isEqualTo("[/read2/x " + agent + "]");
        assertThat(authorized("/read/async?to=/read/x").body()).isEqualTo("[/read/x " + agent + "]");
        assertThat(authorized("/read/async?to=/open/x").body()).isEqualTo("[/open/x " + agent + "]");
    }

    @Test
    void admissionByOneFilterIsNoneForAnotherThoughTheirRulesAreEqual() throws Exception {
        assertThat(authorized("/read/both/x").statusCode()).isEqualTo(200);
        assertThat(authorized("/read/both/async?to=/read/both/x").statusCode()).isEqualTo(401);
    }

    @Test
    void admissionOfAnEarlierWayThroughTheFilterIsForgotten() throws Exception {
        HttpResponse<String> response =
                service.get("/open/error", "Authorization", "Bearer " + token, "X-First", "/read/x");

        assertThat(response.statusCode()).isEqualTo(418);
        assertThat(ran).containsExactly("/read/x", "/open/error", "/open/error-page");
        assertThat(response.body()).endsWith("[/open/error-page nobody]");
    }

    private HttpResponse<String> authorized(String path) throws Exception {
        return service.get(path, "Authorization", "Bearer " + token);
    }

    /** A filter of the application that asks for something else first, with the same request. */
    private static Filter twice() {
        return (request, response, chain) -> {
            String first = ((HttpServletRequest) request).getHeader("X-First");
            if (first != null) {
                chain.doFilter(at(first, request), response);
            }
            chain.doFilter(request, response);
        };
    }

    private static HttpServletRequest at(String path, ServletRequest request) {
        return new HttpServletRequestWrapper((HttpServletRequest) request) {
            @Override
            public String getPathInfo() {
                return path;
            }
        };
    }

    /** Goes where it is told, and says where it is and whom it sees. */
    private static final class Resource extends HttpServlet {
        private static final long serialVersionUID = 1L;

        private final transient Queue<String> ran;
        private final transient Queue<String> after;

        Resource(Queue<String> ran, Queue<String> after) {
            this.ran = ran;
            this.after = after;
        }

        @Override
        protected void service(HttpServletRequest request, HttpServletResponse response)
                throws IOException, ServletException {
            String path = path(request);
            ran.add(path);
            String target = request.getParameter("to");
            if (path.endsWith("/include")) {
                request.getRequestDispatcher(target).include(request, response);
            } else if (path.endsWith("/forward")) {
                request.getRequestDispatcher(target).forward(request, response);
                after.add(path + " " + seen(request));
                return;
            } else if (path.endsWith("/async")) {
                request.startAsync().dispatch(target);
                return;
            } else if (path.endsWith("/error")) {
                response.sendError(418);
                return;
            }
            response.getWriter().print("[" + path + " " + seen(request) + "]");
        }

        private static String path(HttpServletRequest request) {
            Object included = request.getAttribute(RequestDispatcher.INCLUDE_PATH_INFO);
            return request.getDispatcherType() == DispatcherType.INCLUDE
                    ? String.valueOf(included)
                    : request.getPathInfo();
        }

        private static String seen(HttpServletRequest request) {
            boolean attribute = request.getAttribute(BearerTokenFilter.AGENT_ATTRIBUTE) != null;
            if (attribute != (request.getUserPrincipal() != null)) {
                return "half of somebody";
            }
            return attribute ? request.getRemoteUser() : "nobody";
        }
    }
}
