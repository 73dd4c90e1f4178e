package dev.agentauth.keys;

import static dev.agentauth.keys.KeyServer.jwks;
import static dev.agentauth.keys.KeyServer.keys;
import static dev.agentauth.keys.KeyServer.ok;
import static dev.agentauth.keys.KeyServer.raw;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class JwksFetcherTest {
    private static final int LIMIT = 256 * 1024;

    private final JwksFetcher fetcher = new JwksFetcher();

    // Addresses

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://provider.example/jwks.json",
                "HTTPS://provider.example/",
                "https://provider.example:8443/jwks?x=y",
                "https://192.0.2.1/",
                "https://localhost/",
                "http://127.0.0.1/",
                "http://127.0.0.1:8080/jwks.json",
                "http://127.255.255.254/",
                "http://[::1]:8080/",
                "http://localhost/",
                "http://LOCALHOST:8080/",
            })
    void httpsAnywhereAndHttpOnLoopbackAreAllowed(String uri) {
        assertThat(JwksFetcher.isAllowed(URI.create(uri))).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://provider.example/",
                "http://192.0.2.1/",
                "http://128.0.0.1/",
                "http://12.7.0.1/",
                "http://0.0.0.0/",
                "http://[::]/",
                "http://[::2]/",
                "http://[::ffff:127.0.0.1]/",
                "http://127.0.0.1.example/",
                "http://127.0.0.1.evil.example/",
                "http://127.0.0.example/",
                "http://127.evil.example/",
                "http://127.1/",
                "http://127.0.0.256/",
                "http://127.0.0.1./",
                "http://2130706433/",
                "http://0x7f000001/",
                "http://localhost.example/",
                "http://localhost.evil.example/",
                "http://localhost./",
                "http://xlocalhost/",
                "http://localhost-x/",
                "http://x.localhost/",
                "http://localhost@provider.example/",
                "http://127.0.0.1@provider.example/",
                "http://user@127.0.0.1/",
                "https://user:secret@provider.example/",
                "https://provider.example:65536/",
                "https:///jwks.json",
                "https:provider.example",
                "https://under_score.example/",
                "file:///etc/hostname",
                "file://localhost/etc/hostname",
                "jar:file:///x.jar!/jwks.json",
                "jar:https://provider.example/x.jar!/jwks.json",
                "ftp://127.0.0.1/jwks.json",
                "ws://127.0.0.1/",
                "data:application/json,x",
                "jwks.json",
                "//127.0.0.1/jwks.json",
                "",
            })
    void everythingElseIsRefused(String uri) {
        assertThat(JwksFetcher.isAllowed(URI.create(uri))).isFalse();
    }

    @Test
    void aRefusedAddressIsNotConnectedTo(@TempDir Path folder) throws Exception {
        Path file = Files.writeString(folder.resolve("jwks.json"), jwks("k1"));
        try (KeyServer everywhere = new KeyServer(new ServerSocket(0), keys("max-age=3600", "k1"))) {
            assertFails(file.toUri(), FetchFailure.REFUSED_URI);
            assertFails(URI.create("http://0.0.0.0:" + everywhere.port() + "/"), FetchFailure.REFUSED_URI);
            assertFails(URI.create("http://user@127.0.0.1:" + everywhere.port() + "/"), FetchFailure.REFUSED_URI);
            for (NetworkInterface device : NetworkInterface.networkInterfaces().toList()) {
                for (InetAddress address : device.inetAddresses().toList()) {
                    if (address instanceof Inet4Address && !address.isLoopbackAddress()) {
                        URI own = URI.create("http://" + address.getHostAddress() + ":" + everywhere.port() + "/");
                        assertFails(own, FetchFailure.REFUSED_URI);
                    }
                }
            }
            assertThat(everywhere.fetches()).isZero();

            assertThat(fetcher.fetch(everywhere.uri()).keys().usable()).hasSize(1);
            assertThat(fetcher.fetch(URI.create("http://localhost:" + everywhere.port() + "/"))
                            .keys()
                            .usable())
                    .hasSize(1);
        }
    }

    // Answers

    @Test
    void aBodyOfExactlyTheLimitIsTakenHoweverItIsFramed() throws Exception {
        String json = jwks("k1");
        String body = json + " ".repeat(LIMIT - json.length());

        assertThat(fetch(ok("", body)).keys().usable()).hasSize(1);
        assertThat(fetch(raw("HTTP/1.1 200 OK\r\n\r\n" + body)).keys().usable()).hasSize(1);
        assertThat(fetch(raw("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + Integer.toHexString(LIMIT)
                                + "\r\n" + body + "\r\n0\r\n\r\n"))
                        .keys()
                        .usable())
                .hasSize(1);
    }

    @Test
    void theContentTypeIsNotLookedAt() throws Exception {
        assertThat(fetch(ok("Content-Type: text/html\r\n", jwks("k1"))).keys().usable())
                .hasSize(1);
    }

    @Test
    void identityIsNoContentEncoding() throws Exception {
        assertThat(fetch(ok("Content-Encoding: Identity\r\n", jwks("k1")))
                        .keys()
                        .usable())
                .hasSize(1);
    }

    @Test
    void anEmptyJwkSetIsAnAnswer() throws Exception {
        assertThat(fetch(ok("", "{\"keys\":[]}")).keys().usable()).isEmpty();
    }

    // TLS

    @Test
    void httpsIsFetchedFromWhereTheCertificateIsTrustedAndNamesTheHost(@TempDir Path folder) throws Exception {
        SSLContext trusting = selfSigned(folder);
        try (KeyServer server =
                new KeyServer(trusting.getServerSocketFactory().createServerSocket(0), keys("max-age=3600", "k1"))) {
            URI named = URI.create("https://127.0.0.1:" + server.port() + "/");
            URI notNamed = URI.create("https://localhost:" + server.port() + "/");

            assertFails(named, FetchFailure.UNREACHABLE);

            SSLContext before = SSLContext.getDefault();
            SSLContext.setDefault(trusting);
            try {
                JwksFetcher trustful = new JwksFetcher();
                assertThat(trustful.fetch(named).keys().usable()).hasSize(1);
                assertThatThrownBy(() -> trustful.fetch(notNamed))
                        .isInstanceOfSatisfying(
                                FetchFailedException.class,
                                e -> assertThat(e.failure()).isEqualTo(FetchFailure.UNREACHABLE));
            } finally {
                SSLContext.setDefault(before);
            }
            assertThat(server.fetches()).isEqualTo(1);
        }
    }

    private JwksFetcher.Fetched fetch(KeyServer.Answer answer) throws IOException, FetchFailedException {
        try (KeyServer server = new KeyServer(answer)) {
            return fetcher.fetch(server.uri());
        }
    }

    private void assertFails(URI uri, FetchFailure failure) {
        assertThatThrownBy(() -> fetcher.fetch(uri))
                .as(uri.toString())
                .isInstanceOfSatisfying(
                        FetchFailedException.class, e -> assertThat(e.failure()).isEqualTo(failure));
    }

    /** A certificate for 127.0.0.1 that signs itself, and a context that has it and trusts it. */
    private static SSLContext selfSigned(Path folder) throws Exception {
        Path file = folder.resolve("server.p12");
        String keytool =
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString();
        Process process = new ProcessBuilder(List.of(
                        keytool,
                        "-genkeypair",
                        "-alias",
                        "server",
                        "-keyalg",
                        "EC",
                        "-groupname",
                        "secp256r1",
                        "-dname",
                        "CN=server",
                        "-ext",
                        "san=ip:127.0.0.1",
                        "-storetype",
                        "PKCS12",
                        "-keystore",
                        file.toString(),
                        "-storepass",
                        "password"))
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).isZero();

        char[] password = "password".toCharArray();
        KeyStore store = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(file)) {
            store.load(in, password);
        }
        KeyManagerFactory keyManagers = KeyManagerFactory.getInstance("PKIX");
        keyManagers.init(store, password);
        TrustManagerFactory trustManagers = TrustManagerFactory.getInstance("PKIX");
        trustManagers.init(trusted(store));
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keyManagers.getKeyManagers(), trustManagers.getTrustManagers(), null);
        return context;
    }

    private static KeyStore trusted(KeyStore server) throws Exception {
        KeyStore trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null, null);
        trusted.setCertificateEntry("server", server.getCertificate("server"));
        return trusted;
    }
}
