package dev.agentauth.servlet.internal.page;

import dev.agentauth.internal.ports.Foreign;
import dev.agentauth.servlet.SignIn;
import dev.agentauth.servlet.SignIn.SignedIn;
import dev.agentauth.servlet.internal.http.Answer;
import dev.agentauth.spi.PortUnavailableException;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Optional;
import java.util.function.Supplier;

/** The edge to the service's own sign-in: whatever it throws or answers is contained here. */
final class SignInEdge {
    private final SignIn port;

    SignInEdge(SignIn port) {
        this.port = port;
    }

    Optional<SignedIn> signedIn(HttpServletRequest request) {
        return asked("signIn.signedIn", () -> port.signedIn(request));
    }

    String changeAccountUrl(String returnTo) {
        return url("signIn.changeAccountUrl", () -> port.changeAccountUrl(returnTo));
    }

    /** Sends somebody to sign in, and back. */
    Answer toSignIn(String returnTo) {
        return PageHeaders.redirect(302, url("signIn.signInUrl", () -> port.signInUrl(returnTo)));
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
