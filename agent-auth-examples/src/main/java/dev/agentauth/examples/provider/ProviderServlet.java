package dev.agentauth.examples.provider;

import dev.agentauth.client.http.Json;
import dev.agentauth.client.http.JsonFormatException;
import dev.agentauth.examples.provider.RefusedException.Reason;
import dev.agentauth.examples.provider.kit.IdJag;
import dev.agentauth.examples.provider.kit.Jwks;
import dev.agentauth.examples.provider.kit.Logout;
import dev.agentauth.examples.provider.kit.ProviderKit;
import dev.agentauth.examples.provider.kit.RevocationEvent;
import dev.agentauth.examples.web.Answers;
import dev.agentauth.examples.web.MethodsServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BiFunction;
import java.util.function.Predicate;

/** The sample provider's endpoints. */
final class ProviderServlet extends MethodsServlet {
    private static final long serialVersionUID = 1L;
    private static final int NO_ANSWER = 504;
    private static final int MAX_BODY_BYTES = 16 * 1024;
    private static final int MAX_AUDIENCE_LENGTH = 1024;

    private final transient String issuer;
    private final transient SignIns signIns;
    private final transient ProviderKit kit;
    private final transient Set<String> services;
    private final transient Predicate<String> ownNames;

    ProviderServlet(String issuer, SignIns signIns, ProviderKit kit, Set<String> services, Predicate<String> ownNames) {
        super("GET", "HEAD", "POST");
        this.issuer = issuer;
        this.signIns = signIns;
        this.kit = kit;
        this.services = Set.copyOf(services);
        this.ownNames = ownNames;
    }

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
        if (!isForUs(request)) {
            notFound(response);
            return;
        }
        switch (request.getRequestURI()) {
            case "/" -> Answers.html(response, "Sample agent provider", ABOUT.formatted(Answers.escape(issuer)));
            case "/.well-known/jwks.json" -> jwks(response);
            default -> notFound(response);
        }
    }

    @Override
    protected void doPost(HttpServletRequest request, HttpServletResponse response) throws IOException {
        if (!isForUs(request)) {
            notFound(response);
            return;
        }
        try {
            switch (request.getRequestURI()) {
                case "/signin" -> Answers.json(response, 200, signIn(body(request)));
                case "/id-jag" -> Answers.json(response, 200, idJag(body(request)));
                case "/signout" -> Answers.json(response, 200, signOut(body(request)));
                default -> notFound(response);
            }
        } catch (JsonFormatException e) {
            refuse(response, Reason.INVALID_REQUEST);
        } catch (RefusedException e) {
            refuse(response, e.reason());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted");
        }
    }

    /** Under another name comes a page that has pointed its own name at this machine: it gets nothing. */
    private boolean isForUs(HttpServletRequest request) {
        return ownNames.test(request.getServerName());
    }

    private Map<String, String> signIn(Json request) throws RefusedException {
        Person person = Person.find(issuer, request.get("user").text())
                .orElseThrow(() -> new RefusedException(Reason.UNKNOWN_USER));
        return Map.of("session", signIns.signIn(person));
    }

    private Map<String, String> idJag(Json request) throws RefusedException, InterruptedException {
        String session = request.get("session").text();
        String audience = request.get("audience").text();
        if (audience.isEmpty() || audience.length() > MAX_AUDIENCE_LENGTH) {
            throw new RefusedException(Reason.INVALID_REQUEST);
        }
        Optional<String> scope = request.get("scope").string();
        Optional<String> resource = request.get("resource").string();
        String minted = signIns.vouch(session, audience, idJag -> {
            IdJag narrowed = scope.map(idJag::withScope).orElse(idJag);
            return resource.map(narrowed::withResource).orElse(narrowed);
        });
        return Map.of("id_jag", minted);
    }

    /**
     * Tells every service that was told of the session and that the provider is configured with: whoever asks for an ID-JAG
     * chooses its audience, and must not choose where this machine sends requests. Says 200 (202 for an event) if all of them
     * took it, else the first other status.
     */
    private Map<String, Object> signOut(Json request) throws RefusedException {
        Map<String, Integer> deliveries = new TreeMap<>();
        for (Logout logout : signIns.signOut(request.get("session").text(), way(request))) {
            if (services.contains(logout.audience())) {
                deliveries.put(logout.audience(), kit.deliver(logout).status().orElse(NO_ANSWER));
            }
        }
        Map<String, Object> answer = new LinkedHashMap<>();
        deliveries.values().stream()
                .reduce((all, next) -> isTaken(all) ? next : all)
                .ifPresent(status -> answer.put("delivered", status));
        answer.put("deliveries", deliveries);
        return answer;
    }

    private static boolean isTaken(int status) {
        return status == 200 || status == 202;
    }

    /** A logout token, unless an event is asked for: {@code event} as the protocol calls it, or as production does. */
    private BiFunction<String, String, Logout> way(Json request) throws RefusedException {
        return switch (request.get("by").string().orElse("logout")) {
            case "logout" -> kit::mintLogout;
            case "event" -> (subject, audience) -> kit.mintSecurityEvent(subject, audience, RevocationEvent.WITH_AUTH);
            case "event-of-production" ->
                (subject, audience) -> kit.mintSecurityEvent(subject, audience, RevocationEvent.WITHOUT_AUTH);
            default -> throw new RefusedException(Reason.INVALID_REQUEST);
        };
    }

    private void jwks(HttpServletResponse response) throws IOException {
        Jwks jwks = kit.jwks();
        byte[] body = jwks.body().getBytes(StandardCharsets.UTF_8);
        response.setHeader("Cache-Control", jwks.cacheControl());
        response.setHeader("X-Content-Type-Options", "nosniff");
        response.setContentType("application/json");
        response.setContentLength(body.length);
        response.getOutputStream().write(body);
    }

    /** Only JSON by its own type, so that no page of another site can send it without asking (CORS). */
    private static Json body(HttpServletRequest request) throws IOException, RefusedException {
        String contentType = request.getContentType();
        byte[] bytes = request.getInputStream().readNBytes(MAX_BODY_BYTES + 1);
        if (contentType == null || !contentType.startsWith("application/json") || bytes.length > MAX_BODY_BYTES) {
            throw new RefusedException(Reason.INVALID_REQUEST);
        }
        return Json.parse(new String(bytes, StandardCharsets.UTF_8));
    }

    private static void refuse(HttpServletResponse response, Reason reason) throws IOException {
        if (reason == Reason.TOO_SOON) {
            response.setHeader("Retry-After", "1");
        }
        Answers.error(response, reason.status(), reason.code(), reason.text());
    }

    private static final String ABOUT = """
            <p>A pretended agent platform for the agent-auth demo. Its issuer is <code>%1$s</code>. There are no passwords:
            keep it on your own machine.</p>
            <p>Who can sign in: <code>alice@example.com</code> and <code>bob@example.com</code>, who also have accounts at
            the demo service; <code>guest@example.com</code> and <code>guest-</code><i>anything</i><code>@example.com</code>,
            who have none until an agent brings them there.</p>
            <pre>
            curl -s %1$s/signin -H 'Content-Type: application/json' -d '{"user":"alice@example.com"}'
            curl -s %1$s/id-jag -H 'Content-Type: application/json' -d '{"session":"ses_...","audience":"http://localhost:8000"}'
            curl -s %1$s/signout -H 'Content-Type: application/json' -d '{"session":"ses_..."}'
            </pre>
            <p><code>/id-jag</code> also takes <code>scope</code> and <code>resource</code>. <code>/signout</code> sends a
            logout token to every service that was told of the session, if the provider was started for it; with
            <code>"by":"event"</code> or <code>"by":"event-of-production"</code> it sends a security event instead. <a href="/.well-known/jwks.json">Keys</a>.</p>
            """;
}
