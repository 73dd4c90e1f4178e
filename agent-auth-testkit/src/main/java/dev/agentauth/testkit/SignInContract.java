package dev.agentauth.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentauth.Secret;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/**
 * What a service's own sign-in owes the claim page, by whatever framework: {@code dev.agentauth.servlet.SignIn}. A
 * subclass drives it as browsers do, two people at least being able to sign in.
 *
 * @since 0.2.0
 */
@DisplayName("A sign-in")
public abstract class SignInContract {
    private static final String TARGET = "/agent/identity/claim/view?token=svt_aB3-_dE6%2B&more=a+b%26c";

    /** 128 bits, in the densest text that is plain. */
    private static final int LEAST_SECRET = 16;

    private static final List<String> ELSEWHERE = List.of(
            "https://elsewhere.example/",
            "//elsewhere.example/",
            "/\\elsewhere.example/",
            "\\\\elsewhere.example/",
            "elsewhere.example/",
            "/\t/elsewhere.example/",
            "/a\r\nLocation: https://elsewhere.example/",
            "/.//elsewhere.example/",
            "/a/..//elsewhere.example/",
            "/;/..//elsewhere.example/",
            "/%2e%2E//elsewhere.example/",
            "/..//elsewhere.example/",
            "javascript:alert(1)",
            "");

    private Browser browser;

    /** For subclasses. */
    protected SignInContract() {}

    /** One browser, with whatever cookies it has got. */
    public interface Browser {
        /**
         * Asks the sign-in about the browser's next request to the claim page.
         *
         * @return empty if nobody is signed in
         */
        Optional<Seen> signedIn();

        /**
         * Somebody signs in, as on the service's own page, whether or not somebody is signed in already.
         *
         * @param userId one of {@link SignInContract#userIds}
         */
        void signIn(String userId);

        /** Whoever is signed in signs out. */
        void signOut();
    }

    /**
     * Who is signed in.
     *
     * @param userId the service's own id
     * @param secret bound to the session
     */
    public record Seen(String userId, Secret secret) {

        /** Checks that nothing is missing. */
        public Seen {
            Objects.requireNonNull(userId);
            Objects.requireNonNull(secret);
        }
    }

    /**
     * A browser that was never used.
     *
     * @return without cookies
     */
    protected abstract Browser newBrowser();

    /**
     * Who can sign in.
     *
     * @return two ids at least
     */
    protected abstract List<String> userIds();

    /**
     * Where somebody lands who follows the URL for signing in, and signs in there.
     *
     * @param returnTo what the sign-in was asked to come back to
     * @return where the service's page sends the browser in the end
     */
    protected abstract String landingAfterSignIn(String returnTo);

    /**
     * Where somebody lands who follows the URL for changing the account, and signs in as somebody else.
     *
     * @param returnTo what the sign-in was asked to come back to
     * @return where the service's page sends the browser in the end
     */
    protected abstract String landingAfterChange(String returnTo);

    @BeforeEach
    void open() {
        browser = newBrowser();
    }

    @Test
    @DisplayName("knows nobody before somebody has signed in, however often it is asked")
    void knowsNobody() {
        assertThat(browser.signedIn()).isEmpty();
        assertThat(browser.signedIn()).isEmpty();
    }

    @Test
    @DisplayName("names who has signed in, in that browser and in no other")
    void namesWhoSignedIn() {
        Browser other = newBrowser();

        browser.signIn(userIds().get(0));
        assertThat(other.signedIn()).isEmpty();
        other.signIn(userIds().get(1));

        assertThat(browser.signedIn().map(Seen::userId)).contains(userIds().get(0));
        assertThat(other.signedIn().map(Seen::userId)).contains(userIds().get(1));
    }

    @Test
    @DisplayName("keeps one secret for as long as one person stays signed in")
    void keepsTheSecret() {
        browser.signIn(userIds().get(0));

        String secret = secretOf(browser);

        assertThat(secret).hasSizeGreaterThanOrEqualTo(LEAST_SECRET);
        assertThat(secretOf(browser)).isEqualTo(secret);
    }

    @Test
    @DisplayName("T54: has a new secret for each session, and whenever somebody signs in in one")
    void t54_newSecretEachTime() {
        Set<String> secrets = new HashSet<>();
        Browser other = newBrowser();

        other.signIn(userIds().get(0));
        secrets.add(secretOf(other));
        browser.signIn(userIds().get(0));
        secrets.add(secretOf(browser));
        browser.signIn(userIds().get(1));
        secrets.add(secretOf(browser));
        browser.signIn(userIds().get(0));
        secrets.add(secretOf(browser));
        browser.signOut();
        browser.signIn(userIds().get(0));
        secrets.add(secretOf(browser));

        assertThat(secrets).hasSize(5);
    }

    @Test
    @DisplayName("knows whoever signed in last, and nobody after signing out")
    void knowsTheLastOne() {
        browser.signIn(userIds().get(0));
        browser.signIn(userIds().get(1));
        assertThat(browser.signedIn().map(Seen::userId)).contains(userIds().get(1));

        browser.signOut();

        assertThat(browser.signedIn()).isEmpty();
    }

    @Test
    @DisplayName("leads back to where it was asked to, to the letter")
    void leadsBack() {
        assertThat(landingAfterSignIn(TARGET)).isEqualTo(TARGET);
        assertThat(landingAfterChange(TARGET)).isEqualTo(TARGET);
    }

    @Test
    @DisplayName("T54: leads to no other host, whatever it is asked to come back to")
    void t54_leadsNowhereElse() {
        for (String elsewhere : ELSEWHERE) {
            assertThat(landingAfterSignIn(elsewhere)).satisfies(SignInContract::isLocal);
            assertThat(landingAfterChange(elsewhere)).satisfies(SignInContract::isLocal);
        }
    }

    private static void isLocal(String target) {
        assertThat(target).startsWith("/").doesNotContainPattern("[\\\\\\p{Cntrl} ]");
        assertThat(target.split("[?#]", 2)[0]).doesNotContain("//").doesNotContainPattern("/(\\.|%2e|%2E){1,2}(;|/|$)");
    }

    private static String secretOf(Browser browser) {
        return browser.signedIn().orElseThrow().secret().reveal();
    }
}
