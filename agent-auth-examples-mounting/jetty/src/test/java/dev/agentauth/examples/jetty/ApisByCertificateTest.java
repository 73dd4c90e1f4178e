package dev.agentauth.examples.jetty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.agentauth.AgentAuth;
import dev.agentauth.Caller;
import dev.agentauth.memory.InMemoryUserDirectory;
import dev.agentauth.remote.RemoteTokens;
import dev.agentauth.servlet.AgentAuthServlet;
import dev.agentauth.spi.PortUnavailableException;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.eclipse.jetty.ee11.servlet.ServletContextHandler;
import org.eclipse.jetty.ee11.servlet.ServletHolder;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.SecureRequestCustomizer;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An API in another process that asks by mutual TLS, and has no secret at all. */
class ApisByCertificateTest {
    private static final String ISSUER = "https://service.example";
    private static final String PASSWORD = "changeit";

    private static KeyStore api;
    private static KeyStore other;
    private static KeyStore pretender;
    private static KeyStore service;

    private Server server;
    private AgentAuth auth;
    private String token;
    private String endpoint;

    @BeforeAll
    static void makeKeys(@TempDir Path temp) throws Exception {
        service = keys(temp, "service", "service");
        api = keys(temp, "api", "api");
        other = keys(temp, "other", "other");
        pretender = keys(temp, "pretender", "api");
    }

    @BeforeEach
    void start() throws Exception {
        auth = AgentAuth.builder(ISSUER, ISSUER + "/api/")
                .preClaimScopes("api.read")
                .postClaimScopes("api.read")
                .users(new InMemoryUserDirectory())
                .mailer(mail -> {})
                .withoutRateLimits()
                .audit(event -> {})
                .introspection(new ApisByCertificate(Map.of(certificate(api), "api")))
                .build();
        server = new Server();
        HttpConfiguration https = new HttpConfiguration();
        https.addCustomizer(new SecureRequestCustomizer(false));
        ServerConnector connector = new ServerConnector(server, tls(), new HttpConnectionFactory(https));
        connector.setHost("localhost");
        server.addConnector(connector);
        ServletContextHandler context = new ServletContextHandler("/");
        ServletHolder protocol = new ServletHolder(new AgentAuthServlet(auth));
        for (String mapping : AgentAuthServlet.mappings()) {
            context.addServlet(protocol, mapping);
        }
        server.setHandler(context);
        server.start();
        endpoint = "https://localhost:" + connector.getLocalPort() + "/oauth2/introspect";
        String assertion =
                auth.registerAnonymous(Caller.unknown()).assertion().value().reveal();
        token = auth.exchange(Caller.unknown(), assertion, null, List.of())
                .value()
                .reveal();
    }

    @AfterEach
    void stop() throws Exception {
        server.stop();
        auth.close();
    }

    @Test
    void whoeverHasTheKeyOfAKnownCertificateIsTold() throws Exception {
        RemoteTokens tokens = asking(client(api));

        assertThat(tokens.authenticate(token).orElseThrow().scopes()).containsExactly("api.read");
        assertThat(tokens.authenticate("at_" + "A".repeat(32))).isEmpty();
    }

    @Test
    void whoeverTheContainerTrustsAndThePortDoesNotKnowIsRefused() throws Exception {
        HttpResponse<String> answer = ask(client(other), "token=" + token);
        assertThat(answer.statusCode()).isEqualTo(401);
        assertThat(answer.body()).contains("invalid_client");

        RemoteTokens stranger = asking(client(other));
        assertThatThrownBy(() -> stranger.authenticate(token)).isInstanceOf(PortUnavailableException.class);
    }

    @Test
    void withoutACertificateAnIdSaysNothing() throws Exception {
        assertThat(ask(client(null), "token=" + token).statusCode()).isEqualTo(401);
        assertThat(ask(client(null), "token=" + token + "&client_id=api").statusCode())
                .isEqualTo(401);
        assertThat(ask(client(api), "token=" + token + "&client_id=somebody").statusCode())
                .as("the certificate says who it is; here nobody reads the id")
                .isEqualTo(200);
    }

    @Test
    void whoeverMadeACertificateOfTheSameNameGetsNoConnection() {
        assertThatThrownBy(() -> ask(client(pretender), "token=" + token)).isInstanceOf(IOException.class);
    }

    @Test
    void metadataSaysHowToAuthenticate() throws Exception {
        HttpResponse<String> metadata = client(null)
                .send(
                        HttpRequest.newBuilder(URI.create(endpoint).resolve("/.well-known/oauth-authorization-server"))
                                .build(),
                        BodyHandlers.ofString());

        assertThat(metadata.body())
                .contains("\"introspection_endpoint_auth_methods_supported\":[\"self_signed_tls_client_auth\"]");
    }

    private RemoteTokens asking(HttpClient clientWithCertificate) {
        // begin: RemoteTokensByCertificate
        RemoteTokens tokens = RemoteTokens.builder(ISSUER, ISSUER + "/api/")
                .endpoint(endpoint)
                .httpClient(
                        clientWithCertificate) // HttpClient.newBuilder().sslContext(…) with the API's key; no secret
                .cacheFor(Duration.ofSeconds(5))
                .build();
        // end: RemoteTokensByCertificate
        return tokens;
    }

    private HttpResponse<String> ask(HttpClient client, String form) throws Exception {
        return client.send(
                HttpRequest.newBuilder(URI.create(endpoint))
                        .header("Content-Type", "application/x-www-form-urlencoded")
                        .POST(BodyPublishers.ofString(form))
                        .build(),
                BodyHandlers.ofString());
    }

    /** A connector that asks for certificates, and takes those of the two APIs. */
    private SslContextFactory.Server tls() throws Exception {
        SslContextFactory.Server tls = new SslContextFactory.Server();
        tls.setKeyStore(service);
        tls.setKeyStorePassword(PASSWORD);
        tls.setTrustStore(trusting(certificate(api), certificate(other)));
        tls.setWantClientAuth(true); // and not need: agents have none
        return tls;
    }

    private HttpClient client(KeyStore own) throws Exception {
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(trusting(certificate(service)));
        KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(own, PASSWORD.toCharArray());
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(own == null ? null : keys.getKeyManagers(), trust.getTrustManagers(), null);
        return HttpClient.newBuilder().sslContext(context).build();
    }

    /** A key and its certificate, which it has signed itself. */
    private static KeyStore keys(Path temp, String name, String commonName) throws Exception {
        Path file = temp.resolve(name + ".p12");
        Process keytool = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "keytool")
                                .toString(),
                        "-genkeypair",
                        "-alias",
                        name,
                        "-dname",
                        "CN=" + commonName,
                        "-ext",
                        "san=dns:localhost",
                        "-keyalg",
                        "EC",
                        "-storetype",
                        "PKCS12",
                        "-storepass",
                        PASSWORD,
                        "-keystore",
                        file.toString())
                .redirectErrorStream(true)
                .start();
        String said = new String(keytool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(keytool.waitFor()).as(said).isZero();
        KeyStore store = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(file)) {
            store.load(in, PASSWORD.toCharArray());
        }
        return store;
    }

    private static X509Certificate certificate(KeyStore store) throws Exception {
        return (X509Certificate) store.getCertificate(store.aliases().nextElement());
    }

    private static KeyStore trusting(X509Certificate... certificates) throws Exception {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        for (X509Certificate certificate : certificates) {
            store.setCertificateEntry(certificate.getSubjectX500Principal().getName(), certificate);
        }
        return store;
    }
}
