package dev.agentauth.testkit;

import dev.agentauth.Secret;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The plainest sign-in there is, to plant defects in. */
class PlainSignIn {
    private int made;

    /** What a browser's session holds. */
    class PlainBrowser implements SignInContract.Browser {
        @Nullable
        String userId;

        String secret = "";

        @Override
        public Optional<SignInContract.Seen> signedIn() {
            return Optional.ofNullable(userId).map(id -> new SignInContract.Seen(id, Secret.of(secret)));
        }

        @Override
        public void signIn(String id) {
            userId = id;
            secret = newSecret();
        }

        @Override
        public void signOut() {
            userId = null;
        }
    }

    final List<PlainBrowser> browsers = new ArrayList<>();

    final PlainBrowser newBrowser() {
        PlainBrowser browser = makeBrowser();
        browsers.add(browser);
        return browser;
    }

    PlainBrowser makeBrowser() {
        return new PlainBrowser();
    }

    /** Tells what it has to; a real one is random. */
    String newSecret() {
        made++;
        return "secret-of-a-session-" + made;
    }

    String landing(String returnTo) {
        boolean local = returnTo.startsWith("/")
                && !returnTo.contains("//")
                && !returnTo.matches("(?i).*/(\\.|%2e){1,2}(/.*)?")
                && returnTo.chars().allMatch(c -> c > ' ' && c < 0x7f && c != '\\');
        return local ? returnTo : "/";
    }

    String landingAfterChange(String returnTo) {
        return landing(returnTo);
    }
}
