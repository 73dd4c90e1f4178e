package dev.agentauth.servlet;

import dev.agentauth.AgentAuth;
import dev.agentauth.internal.wire.Paths;
import dev.agentauth.servlet.internal.http.CrossOrigin;
import dev.agentauth.servlet.internal.page.Reception;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.InstantSource;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Answers every endpoint of the protocol: the discovery documents, {@code /auth.md}, {@code /agent/…} and {@code
 * /oauth2/…}.
 *
 * <p>It can be mapped anywhere: to {@code /*}, below a path such as {@code /auth/*}, or to the endpoints' own paths ({@link
 * #mappings}) beside a service's other servlets, in any context. What is told to agents and people is always {@link
 * dev.agentauth.AgentAuthBuilder#baseUrl}, so that has to be where the servlet is reached from outside. Where that is below
 * a path, {@link WellKnownServlet} answers at the root.
 *
 * <p>The servlet keeps no state, reads each body itself up to 64 KiB, and neither uses nor needs sessions. It may be
 * registered with or without support for asynchronous requests.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc7523#section-2.1">RFC 7523, section 2.1</a>
 * @see <a href="https://www.rfc-editor.org/rfc/rfc7009#section-2">RFC 7009, section 2</a>
 * @since 0.2.0
 */
public final class AgentAuthServlet extends HttpServlet {
    /** Where assertions are exchanged, below the base URL. */
    public static final String TOKEN_PATH = Paths.TOKEN;

    /** Where people see their agents, below the base URL; see {@link Builder#yourAgents}. */
    public static final String YOUR_AGENTS_PATH = Paths.YOURS;

    private static final long serialVersionUID = 1L;

    private final transient Router router;

    /**
     * A servlet that its clients reach directly.
     *
     * @param auth what it puts on the wire
     */
    public AgentAuthServlet(AgentAuth auth) {
        this(builder(auth));
    }

    private AgentAuthServlet(Builder builder) {
        this.router = Router.all(
                builder.auth,
                builder.clientAddress,
                builder.clock,
                Reception.of(builder.auth, builder.signIn),
                builder.claimPage,
                builder.owners,
                CrossOrigin.of(builder.anyOrigin));
    }

    /**
     * What to map the servlet to beside others: all of the protocol's paths, and no more of {@code /oauth2} and {@code /.well-known}
     * than that, so that the rest stays the service's.
     *
     * @return patterns as {@code ServletRegistration.addMapping} takes them, for a context at the root of the base URL
     */
    public static String[] mappings() {
        return Paths.mappings().toArray(String[]::new);
    }

    /**
     * Begins a servlet that needs more than the defaults.
     *
     * @param auth what it puts on the wire
     * @return a builder with the defaults
     */
    public static Builder builder(AgentAuth auth) {
        return new Builder(auth);
    }

    @Override
    protected void service(HttpServletRequest request, HttpServletResponse response) throws IOException {
        router.answer(request).send(request, response);
    }

    /** Configures an {@link AgentAuthServlet}. */
    public static final class Builder {
        private final AgentAuth auth;
        private ClientAddress clientAddress = ClientAddress.ofConnection();
        private InstantSource clock = InstantSource.system();
        private ClaimPageRenderer claimPage = ClaimPage.builder().build();
        private boolean anyOrigin;
        private @Nullable SignIn signIn;
        private @Nullable SignIn owners;

        private Builder(AgentAuth auth) {
            this.auth = Objects.requireNonNull(auth);
        }

        /**
         * How to find a client's address; needed behind a proxy, or all clients share the proxy's limits.
         *
         * @param finder {@link ClientAddress#ofConnection} by default
         * @return this builder
         */
        public Builder clientAddress(ClientAddress finder) {
            this.clientAddress = Objects.requireNonNull(finder);
            return this;
        }

        /**
         * Tells the time, for the minutes that the claim page shows; the same as {@link
         * dev.agentauth.AgentAuthBuilder#clock}.
         *
         * @param source the system's clock by default
         * @return this builder
         */
        public Builder clock(InstantSource source) {
            this.clock = Objects.requireNonNull(source);
            return this;
        }

        /**
         * Writes the page that a person sees.
         *
         * @param renderer {@link ClaimPage} with the service's name, logo, colour and texts, or one of the embedder's own
         * @return this builder
         */
        public Builder claimPage(ClaimPageRenderer renderer) {
            this.claimPage = Objects.requireNonNull(renderer);
            return this;
        }

        /**
         * Lets scripts of any origin call the identity surface and the credential surface, for agents that run in
         * browsers (CORS). Any website can then spend the limits that its visitors have as clients. Providers'
         * endpoints, the page and its forms stay closed, and credentials are never allowed.
         *
         * @param open false by default
         * @return this builder
         * @see BearerTokenFilter.Builder#allowAnyOrigin
         */
        public Builder allowAnyOrigin(boolean open) {
            this.anyOrigin = open;
            return this;
        }

        /**
         * Tells who is signed in at the service: for exactly those that {@link dev.agentauth.AgentAuthBuilder#signIn} is for.
         *
         * @param port the service's own sign-in
         * @return this builder
         */
        public Builder signIn(SignIn port) {
            this.signIn = Objects.requireNonNull(port);
            return this;
        }

        /**
         * Serves the page on which people see which agents act for them, give them names and end them: {@code /agent/yours}
         * below the base URL, off without this. It looks and speaks like a {@link ClaimPage} that was given, and is linked
         * from there unless the service has said that people go elsewhere. The same is there as JSON for a front end of the
         * service's own, for requests that would rather have that. Independent of how claims are confirmed.
         *
         * @param port the service's own sign-in; it may be the one of {@link #signIn}
         * @return this builder
         */
        public Builder yourAgents(SignIn port) {
            this.owners = Objects.requireNonNull(port);
            return this;
        }

        /**
         * Builds the servlet.
         *
         * @return ready to be mapped
         * @throws IllegalArgumentException if a sign-in is missing or of no use, or if the claim page has no language, or two assets of one name
         */
        public AgentAuthServlet build() {
            return new AgentAuthServlet(this);
        }
    }
}
