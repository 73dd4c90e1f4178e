package dev.agentauth.examples.springboot;

import dev.agentauth.Secret;
import dev.agentauth.testkit.SignInContract;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.CookieManager;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpClient.Redirect;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.springframework.boot.web.servlet.ServletRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Spring Security's login, against what the claim page is owed. The probe is where that page is: in the chain for agents. */
class SpringSignInContractTest extends SignInContract {
    private static final Pattern HIDDEN = Pattern.compile("name=\"_csrf\"[^>]*value=\"([^\"]*)\"");
    private static final int MOST_STEPS = 5;

    private static RunningService service;
    private static String origin;

    private static final SpringSignIn URLS = new SpringSignIn(new ServiceConfiguration().users());

    @BeforeAll
    static void start() {
        service = RunningService.start(Probing.class);
        origin = "http://localhost:" + service.port();
    }

    @AfterAll
    static void stop() {
        service.close();
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
        return new Person().landing(URLS.signInUrl(returnTo), "ada");
    }

    @Override
    protected String landingAfterChange(String returnTo) {
        Person person = new Person();
        person.signIn("ada");
        return person.landing(URLS.changeAccountUrl(returnTo), "bob");
    }

    /** Somebody with a browser. */
    private static final class Person implements Browser {
        private final HttpClient client = HttpClient.newBuilder()
                .cookieHandler(new CookieManager())
                .followRedirects(Redirect.NEVER)
                .build();

        @Override
        public Optional<Seen> signedIn() {
            String[] seen = send(HttpRequest.newBuilder(URI.create(origin + "/agent/probe")))
                    .body()
                    .split(" ", -1);
            return seen.length < 2 ? Optional.empty() : Optional.of(new Seen(seen[0], Secret.of(seen[1])));
        }

        @Override
        public void signIn(String userId) {
            login(send(HttpRequest.newBuilder(URI.create(origin + "/login"))), userId);
        }

        @Override
        public void signOut() {
            send(HttpRequest.newBuilder(URI.create(origin + "/change-account?return_to=/")));
        }

        /** Follows a URL, signs in where that is asked for, and tells where the service's own pages end. */
        String landing(String url, String userId) {
            String path = url;
            for (int i = 0; i < MOST_STEPS; i++) {
                HttpResponse<String> answer = send(HttpRequest.newBuilder(URI.create(origin + path)));
                if (answer.statusCode() == 200) {
                    answer = login(answer, userId);
                }
                boolean last = path.startsWith("/signed-in");
                path = answer.headers().firstValue("Location").orElseThrow();
                path = path.startsWith(origin) ? path.substring(origin.length()) : path;
                if (last && !path.startsWith("/login")) {
                    return path;
                }
            }
            throw new AssertionError("the way has no end: " + url);
        }

        private HttpResponse<String> login(HttpResponse<String> page, String userId) {
            Matcher csrf = HIDDEN.matcher(page.body());
            if (!csrf.find()) {
                throw new AssertionError("no form to sign in: " + page.statusCode());
            }
            String form = "username=" + userId + "%40example.com&password=" + ServiceConfiguration.PASSWORD + "&_csrf="
                    + URLEncoder.encode(csrf.group(1), StandardCharsets.UTF_8);
            return send(HttpRequest.newBuilder(URI.create(origin + "/login"))
                    .header("Content-Type", "application/x-www-form-urlencoded")
                    .POST(BodyPublishers.ofString(form)));
        }

        private HttpResponse<String> send(HttpRequest.Builder request) {
            try {
                return client.send(request.header("Accept", "text/html").build(), BodyHandlers.ofString());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException(e);
            }
        }
    }

    /** Says what the sign-in says. */
    @Configuration(proxyBeanMethods = false)
    static class Probing {
        @Bean
        ServletRegistrationBean<HttpServlet> probe(SpringSignIn signIn) {
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
