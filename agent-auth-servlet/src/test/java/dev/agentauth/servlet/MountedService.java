package dev.agentauth.servlet;

import dev.agentauth.AgentAuth;
import dev.agentauth.AgentAuthBuilder;
import dev.agentauth.internal.json.Json;
import dev.agentauth.internal.json.JsonFormatException;
import dev.agentauth.internal.json.JsonObject;
import dev.agentauth.keys.RotatingSigningKeys;
import dev.agentauth.memory.InMemoryUserDirectory;
import dev.agentauth.spi.ClaimMail;
import dev.agentauth.spi.SigningKeys;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.Filter;
import jakarta.servlet.http.HttpServlet;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.function.Consumer;
import org.assertj.core.api.Assertions;
import org.eclipse.jetty.ee10.servlet.ErrorPageErrorHandler;
import org.eclipse.jetty.ee10.servlet.FilterHolder;
import org.eclipse.jetty.ee10.servlet.ServletContextHandler;
import org.eclipse.jetty.ee10.servlet.ServletHolder;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;

/** A service at {@code https://service.example}, in a real container on a port of this machine, with a clock to move. */
final class MountedService {
    static final String ISSUER = "https://service.example";
    static final String FORM = "application/x-www-form-urlencoded";
    static final String JSON = "application/json";

    private static final SigningKeys KEYS = RotatingSigningKeys.ephemeral(InstantSource.system());

    Instant now = Instant.parse("2026-05-04T13:00:00Z");
    final List<ClaimMail> mails = Collections.synchronizedList(new ArrayList<>());
    final AgentAuth auth;
    private final Server server = new Server(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    private final ServletContextHandler context = new ServletContextHandler();
    private final HttpClient client = HttpClient.newHttpClient();

    MountedService() {
        this("/", ISSUER, ISSUER + "/api/", builder -> {});
    }

    MountedService(String contextPath, String issuer, String resource, Consumer<AgentAuthBuilder> more) {
        AgentAuthBuilder builder = AgentAuth.builder(issuer, resource)
                .serviceName("Example")
                .preClaimScopes("api.read")
                .postClaimScopes("api.read", "api.write")
                .users(new InMemoryUserDirectory())
                .mailer(mails::add)
                .rateLimiter(Bucket4jRateLimiter.create(() -> ChronoUnit.NANOS.between(Instant.EPOCH, now))
                        .times(100))
                .signingKeys(KEYS)
                .clock(() -> now)
                .purgeByEmbedder();
        more.accept(builder);
        auth = builder.build();
        context.setContextPath(contextPath);
        server.setHandler(context);
    }

    MountedService with(HttpServlet servlet, String... mappings) {
        ServletHolder holder = new ServletHolder(servlet);
        holder.setAsyncSupported(true);
        for (String mapping : mappings) {
            context.addServlet(holder, mapping);
        }
        return this;
    }

    MountedService with(Filter filter, String mapping, EnumSet<DispatcherType> dispatches) {
        FilterHolder holder = new FilterHolder(filter);
        holder.setAsyncSupported(true);
        context.addFilter(holder, mapping, dispatches);
        return this;
    }

    MountedService withErrorPage(int status, String path) {
        ErrorPageErrorHandler pages = new ErrorPageErrorHandler();
        pages.addErrorPage(status, path);
        context.setErrorHandler(pages);
        return this;
    }

    /** The servlet with this service's clock, at the root of the context. */
    MountedService withAgentAuthServlet() {
        return with(AgentAuthServlet.builder(auth).clock(() -> now).build(), "/*");
    }

    MountedService start() throws Exception {
        server.start();
        return this;
    }

    int port() {
        return ((ServerConnector) server.getConnectors()[0]).getLocalPort();
    }

    HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port() + path));
    }

    HttpResponse<String> send(HttpRequest.Builder request) throws IOException, InterruptedException {
        return client.send(request.build(), BodyHandlers.ofString());
    }

    HttpResponse<String> get(String path, String... headers) throws IOException, InterruptedException {
        HttpRequest.Builder request = request(path);
        return send(headers.length == 0 ? request : request.headers(headers));
    }

    HttpResponse<String> post(String path, String contentType, String body) throws IOException, InterruptedException {
        return send(request(path).header("Content-Type", contentType).POST(BodyPublishers.ofString(body)));
    }

    HttpResponse<String> postJson(String path, String body) throws IOException, InterruptedException {
        return post(path, JSON, body);
    }

    /** Sends bytes as they are, and reads until the other side closes. */
    String raw(String request) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port());
                OutputStream out = socket.getOutputStream();
                InputStream in = socket.getInputStream()) {
            out.write(request.getBytes(StandardCharsets.ISO_8859_1));
            out.flush();
            socket.shutdownOutput();
            return new String(in.readAllBytes(), StandardCharsets.ISO_8859_1);
        }
    }

    static JsonObject json(HttpResponse<String> response) throws JsonFormatException {
        return Json.parseObject(response.body().getBytes(StandardCharsets.UTF_8));
    }

    static String encoded(String value) {
        return URLEncoder.encode(value, StandardCharsets.UTF_8);
    }

    /** Registers by address; the answer. */
    JsonObject registerByEmail(String address) throws Exception {
        HttpResponse<String> response = postJson(
                "/agent/identity",
                "{\"type\":\"identity_assertion\",\"assertion_type\":\"verified_email\",\"assertion\":\"" + address
                        + "\"}");
        Assertions.assertThat(response.statusCode()).isEqualTo(200);
        return json(response);
    }

    /** The token in the link of the newest mail. */
    String attemptToken() {
        String link = mails.get(mails.size() - 1).link();
        return link.substring(link.indexOf("token=") + "token=".length());
    }

    void stop() throws Exception {
        server.stop();
        auth.close();
    }
}
