package dev.agentauth.spring.security;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentauth.Secret;
import dev.agentauth.servlet.SignIn;
import dev.agentauth.testkit.SignInContract;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.boot.web.servlet.ServletRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.security.core.session.SessionRegistry;
import org.springframework.security.core.session.SessionRegistryImpl;

/** Spring Security's login, against what the claim page is owed. The probe is where that page is: in no chain. */
class SignInTest extends SignInContract {
    private static final int MOST_STEPS = 6;

    private static TestService service;

    @BeforeAll
    static void start() {
        service = TestService.start(Probing.class, "agent-auth.ceremony=sign-in");
    }

    @AfterAll
    static void stop() {
        service.close();
    }

    @Test
    void linkOfAnotherSiteSignsNobodyOut() {
        Person ada = new Person();
        ada.signIn("ada");

        ada.browser.get("/agent-auth/change-account?return_to=/", "Sec-Fetch-Site", "cross-site");
        assertThat(ada.signedIn()).isPresent();

        ada.browser.get("/agent-auth/change-account?return_to=/", "Sec-Fetch-Site", "same-origin");
        assertThat(ada.signedIn()).isEmpty();
    }

    @Test
    void sessionThatWasExpiredIsNobodys() {
        Person ada = new Person();
        ada.signIn("ada");
        String id = ada.signedIn().orElseThrow().secret().reveal();
        SessionRegistry sessions = service.bean(SessionRegistry.class);
        sessions.registerNewSession(id, "ada");
        assertThat(ada.signedIn()).isPresent();

        sessions.getSessionInformation(id).expireNow();

        assertThat(ada.signedIn()).isEmpty();
    }

    @Override
    protected Browser newBrowser() {
        return new Person();
    }

    @Override
    protected List<String> userIds() {
        return List.of("ada", "bob");
    }

    @Override
    protected String landingAfterSignIn(String returnTo) {
        return new Person().landing(service.bean(SignIn.class).signInUrl(returnTo), "ada");
    }

    @Override
    protected String landingAfterChange(String returnTo) {
        Person person = new Person();
        person.signIn("ada");
        return person.landing(service.bean(SignIn.class).changeAccountUrl(returnTo), "bob");
    }

    private static final class Person implements SignInContract.Browser {
        final dev.agentauth.spring.security.Browser browser = service.browser();

        @Override
        public Optional<Seen> signedIn() {
            String[] seen = browser.get("/agent/probe").body().split(" ", -1);
            return seen.length < 2 ? Optional.empty() : Optional.of(new Seen(seen[0], Secret.of(seen[1])));
        }

        @Override
        public void signIn(String userId) {
            browser.logIn(userId + "@example.com");
        }

        @Override
        public void signOut() {
            browser.get("/agent-auth/change-account?return_to=/");
        }

        /** Follows a URL, logs in where that is asked for, and tells where the service's own pages end. */
        String landing(String url, String userId) {
            String path = url;
            for (int i = 0; i < MOST_STEPS; i++) {
                HttpResponse<String> answer = path.endsWith("/login")
                        ? browser.logIn(userId + "@example.com")
                        : browser.get(path, "Accept", "text/html");
                boolean signingIn = path.contains("/agent-auth/sign-in?");
                String next = answer.headers().firstValue("Location").orElseThrow();
                next = next.startsWith(service.issuer) ? next.substring(service.issuer.length()) : next;
                if (signingIn && !next.endsWith("/login")) {
                    return next;
                }
                path = next;
            }
            throw new AssertionError("the way has no end: " + url);
        }
    }

    /** Says what the sign-in says. */
    @Configuration(proxyBeanMethods = false)
    @Import(TestService.Shared.class)
    static class Probing {
        @Bean
        SessionRegistry sessionRegistry() {
            return new SessionRegistryImpl();
        }

        @Bean
        ServletRegistrationBean<HttpServlet> probe(SignIn signIn) {
            return new ServletRegistrationBean<>(
                    new HttpServlet() {
                        private static final long serialVersionUID = 1L;

                        @Override
                        protected void doGet(HttpServletRequest request, HttpServletResponse response)
                                throws IOException {
                            response.getWriter()
                                    .write(signIn.signedIn(request)
                                            .map(seen -> seen.userId() + " "
                                                    + seen.sessionSecret().reveal())
                                            .orElse(""));
                        }
                    },
                    "/agent/probe");
        }
    }
}
