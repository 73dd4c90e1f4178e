package dev.agentauth.servlet.internal.page;

import dev.agentauth.AgentAuth;
import dev.agentauth.internal.ports.Foreign;
import dev.agentauth.servlet.SignIn;
import dev.agentauth.servlet.SignIn.SignedIn;
import dev.agentauth.servlet.internal.http.Answer;
import dev.agentauth.servlet.internal.http.Answer.Header;
import dev.agentauth.spi.PortUnavailableException;
import jakarta.servlet.http.HttpServletRequest;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** How the page knows who stands before it (B2): by the link, or by the service's own sign-in, whose edge is here. */
public final class Reception {
    private final AgentAuth auth;
    private final @Nullable SignIn signIn;

    private Reception(AgentAuth auth, @Nullable SignIn signIn) {
        this.auth = auth;
        this.signIn = signIn;
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
        Optional<SignedIn> signedIn = asked("signIn.signedIn", () -> signIn.signedIn(request));
        return signedIn.map(user ->
                new Visit.User(auth, user, url("signIn.changeAccountUrl", () -> signIn.changeAccountUrl(view))));
    }

    /** Sends somebody to sign in, and back to the page of the attempt. */
    Answer toSignIn(String view) {
        SignIn port = Objects.requireNonNull(signIn, "whoever has a mailed link need not sign in");
        return new Answer(
                302,
                List.of(
                        new Header("Location", url("signIn.signInUrl", () -> port.signInUrl(view))),
                        new Header("Cache-Control", "no-store"),
                        new Header("Referrer-Policy", "no-referrer")));
    }

    private static String url(String call, Supplier<String> port) {
        String url = asked(call, port);
        if (url.isEmpty() || !url.chars().allMatch(c -> c > ' ' && c < 0x7f)) {
            throw new PortUnavailableException(call + " answered something that is no URL");
        }
        return url;
    }

    @SuppressWarnings("ConstantValue") // the embedder's code may answer null all the same
    private static <T> T asked(String call, Supplier<T> port) {
        T answer;
        try {
            answer = port.get();
        } catch (Throwable e) {
            throw Foreign.outOfReach(call, e);
        }
        if (answer == null) {
            throw new PortUnavailableException(call + " answered null");
        }
        return answer;
    }
}
