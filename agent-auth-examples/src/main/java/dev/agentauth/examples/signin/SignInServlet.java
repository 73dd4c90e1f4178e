package dev.agentauth.examples.signin;

import dev.agentauth.AgentAuth;
import dev.agentauth.examples.web.Answers;
import dev.agentauth.examples.web.MethodsServlet;
import dev.agentauth.spi.Contact;
import dev.agentauth.spi.User;
import dev.agentauth.spi.UserDirectory;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/**
 * The sign-in page of the demo: whoever gives an address is its owner, which a real service would have proved, by a link
 * that it mails or by a password that somebody chose who had followed one. So it is for names of this machine alone.
 */
public final class SignInServlet extends MethodsServlet {
    private static final long serialVersionUID = 1L;
    private static final String EMAIL = "email";

    /** One plain address; what goes beyond it is refused where it matters. */
    private static final Pattern ADDRESS = Pattern.compile("[a-z0-9.!#$%&*+/=?^_{|}~-]{1,64}@[a-z0-9.-]{1,189}");

    private final transient AgentAuth auth;
    private final transient UserDirectory users;
    private final transient Predicate<String> isOwnName;

    /** {@code isOwnName} tells the names of this machine. */
    public SignInServlet(AgentAuth auth, UserDirectory users, Predicate<String> isOwnName) {
        super("GET", "HEAD", "POST");
        this.auth = auth;
        this.users = users;
        this.isOwnName = isOwnName;
    }

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
        if (!isOwnName.test(request.getServerName())) {
            notFound(response);
            return;
        }
        show(response, HttpServletResponse.SC_OK, Objects.toString(request.getParameter(SessionSignIn.RETURN_TO), ""));
    }

    @Override
    protected void doPost(HttpServletRequest request, HttpServletResponse response) throws IOException {
        if (!isOwnName.test(request.getServerName())) {
            notFound(response);
            return;
        }
        String returnTo = Objects.toString(request.getParameter(SessionSignIn.RETURN_TO), "");
        String address =
                Objects.toString(request.getParameter(EMAIL), "").strip().toLowerCase(Locale.ROOT);
        if (isFromElsewhere(request) || !ADDRESS.matcher(address).matches()) {
            show(response, HttpServletResponse.SC_BAD_REQUEST, returnTo);
            return;
        }
        String userId = userOf(address).id();
        auth.addressProved(userId, address);
        response.setHeader("Cache-Control", "no-store");
        response.sendRedirect(SessionSignIn.signIn(request, userId, returnTo));
    }

    /** Without Sec-Fetch-Site, an Origin of {@code null} says nothing: our own Referrer-Policy makes browsers send that. */
    private static boolean isFromElsewhere(HttpServletRequest request) {
        String site = request.getHeader("Sec-Fetch-Site");
        String origin = request.getHeader("Origin");
        return site != null
                ? !site.equals("same-origin")
                : origin != null && !origin.equals("null") && !origin.equals("http://" + request.getHeader("Host"));
    }

    /** The user with the address, made now if there is none. */
    private User userOf(String address) {
        Optional<User> known = users.findByVerifiedEmail(address);
        return known.or(() -> users.create(Contact.of(address, null)))
                .or(() -> users.findByVerifiedEmail(address))
                .orElseThrow();
    }

    private static void show(HttpServletResponse response, int status, String returnTo) throws IOException {
        Answers.form(response, status, "Sign in to the demo", """
                <p>Whoever gives an address here is its owner: this is a demo. A real service has a sign-in already.</p>
                <form method="post">
                <input type="hidden" name="%s" value="%s">
                <p><label>E-mail address <input type="email" name="%s" required autocomplete="username"></label></p>
                <p><button type="submit">Sign in</button></p>
                </form>
                """.formatted(
                        SessionSignIn.RETURN_TO, Answers.escape(returnTo), EMAIL));
    }
}
