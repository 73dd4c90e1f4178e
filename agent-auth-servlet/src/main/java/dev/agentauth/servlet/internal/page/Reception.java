package dev.agentauth.servlet.internal.page;

import dev.agentauth.AgentAuth;
import dev.agentauth.servlet.SignIn;
import dev.agentauth.servlet.internal.http.Answer;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** How the page knows who stands before it (B2): by the link, or by the service's own sign-in. */
public final class Reception {
    private final AgentAuth auth;
    private final @Nullable SignInEdge signIn;

    private Reception(AgentAuth auth, @Nullable SignIn signIn) {
        this.auth = auth;
        this.signIn = signIn == null ? null : new SignInEdge(signIn);
    }

    /**
     * For a service as it is configured.
     *
     * @throws IllegalArgumentException if it is given a sign-in and does not use it, or the other way around
     */
    public static Reception of(AgentAuth auth, @Nullable SignIn signIn) {
        if (auth.signsIn() != (signIn != null)) {
            throw new IllegalArgumentException(
                    auth.signsIn()
                            ? "signIn is missing: this service knows people by its own sign-in"
                            : "signIn is given, but AgentAuthBuilder.signIn was not: this service mails links");
        }
        return new Reception(auth, signIn);
    }

    /** Whether people are known by signing in. */
    public boolean signsIn() {
        return signIn != null;
    }

    /**
     * Who is there.
     *
     * @param view where the page of the attempt is: a path with a query
     * @return empty if they have to sign in first
     */
    Optional<Visit> visit(HttpServletRequest request, String view) {
        if (signIn == null) {
            return Optional.of(new Visit.LinkHolder(auth));
        }
        return signIn.signedIn(request).map(user -> new Visit.User(auth, user, signIn.changeAccountUrl(view)));
    }

    /** Sends somebody to sign in, and back to the page of the attempt. */
    Answer toSignIn(String view) {
        return Objects.requireNonNull(signIn, "whoever has a mailed link need not sign in")
                .toSignIn(view);
    }
}
