package dev.agentauth.examples.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.agentauth.client.http.Http;
import dev.agentauth.client.http.Reply;
import dev.agentauth.examples.FreePorts;
import dev.agentauth.examples.QuietLogs;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.ee10.servlet.ServletContextHandler;
import org.eclipse.jetty.ee10.servlet.ServletHolder;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(QuietLogs.class)
class WebServerTest {
    private static final int CLIENTS = 300;

    private final Http http = new Http();
    private final List<Socket> open = new ArrayList<>();
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private int port;
    private WebServer server;

    /** Answers with the length of what it was sent. */
    private static final class Echo extends HttpServlet {
        private static final long serialVersionUID = 1L;

        @Override
        protected void doPost(HttpServletRequest request, HttpServletResponse response) throws IOException {
            response.getWriter().print(request.getInputStream().readAllBytes().length);
        }
    }

    @BeforeEach
    void start() throws IOException {
        port = FreePorts.two()[0];
        server = WebServer.start(InetAddress.getLoopbackAddress(), port, List.of(echo()));
    }

    @AfterEach
    void stop() throws IOException {
        for (Socket socket : open) {
            socket.close();
        }
        threads.shutdownNow();
        server.close();
    }

    @Test
    void clientsThatNeverFinishTheirHeadersDoNotKeepOthersWaiting() throws IOException {
        send("POST / HTTP/1.1\r\nHost: localhost\r\nX-Slow: ");

        assertThat(post("hello").body()).isEqualTo("5");
    }

    @Test
    void clientsThatNeverFinishTheirBodiesDoNotKeepOthersWaiting() throws IOException {
        send("POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 60000\r\n\r\nhello");

        assertThat(post("hello").body()).isEqualTo("5");
    }

    @Test
    void t47_halfOpenHeadersAndBodiesTogetherDoNotKeepOthersWaiting() throws IOException {
        send("POST / HTTP/1.1\r\nHost: localhost\r\nX-Slow: ");
        send("POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 60000\r\n\r\nhello");
        send("");

        assertThat(post("hello").body()).isEqualTo("5");
    }

    @Test
    void f35_connectionsAreCappedAndOneMoreWaitsUntilOneEnds() throws Exception {
        CountDownLatch handling = new CountDownLatch(8);
        CountDownLatch answer = new CountDownLatch(1);
        server.close();
        server = WebServer.start(InetAddress.getLoopbackAddress(), port, few(8), List.of(waiting(handling, answer)));
        String request = "POST / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Length: 0\r\n\r\n";
        for (int i = 0; i < 9; i++) {
            Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
            open.add(socket);
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
        }
        assertThat(handling.await(20, TimeUnit.SECONDS)).isTrue();
        assertThat(server.connections()).isEqualTo(8);

        answer.countDown();

        for (Socket socket : open) {
            socket.setSoTimeout(20_000);
            assertThat(new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII))
                    .endsWith("late");
        }
    }

    @Test
    void f33_whatIsBeingAnsweredIsAnsweredBeforeTheServerStops() throws Exception {
        CountDownLatch handling = new CountDownLatch(8);
        CountDownLatch answer = new CountDownLatch(1);
        server.close();
        server = WebServer.start(InetAddress.getLoopbackAddress(), port, List.of(waiting(handling, answer)));
        List<CompletableFuture<Reply>> replies = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            replies.add(CompletableFuture.supplyAsync(() -> post("hello"), threads));
        }
        assertThat(handling.await(20, TimeUnit.SECONDS)).isTrue();

        CompletableFuture<Void> stopped = CompletableFuture.runAsync(server::close, threads);
        assertThatThrownBy(() -> {
                    while (true) {
                        new Socket(InetAddress.getLoopbackAddress(), port).close();
                    }
                })
                .isInstanceOf(IOException.class);
        answer.countDown();

        for (CompletableFuture<Reply> reply : replies) {
            assertThat(reply.get(20, TimeUnit.SECONDS).body()).isEqualTo("late");
        }
        stopped.get(20, TimeUnit.SECONDS);
    }

    private static ServletContextHandler waiting(CountDownLatch handling, CountDownLatch answer) {
        ServletContextHandler context = new ServletContextHandler("/");
        context.addServlet(
                new ServletHolder(new HttpServlet() {
                    private static final long serialVersionUID = 1L;

                    @Override
                    protected void doPost(HttpServletRequest request, HttpServletResponse response) throws IOException {
                        handling.countDown();
                        try {
                            answer.await();
                        } catch (InterruptedException e) {
                            Thread.currentThread().interrupt();
                            return;
                        }
                        response.getWriter().print("late");
                    }
                }),
                "/*");
        return context;
    }

    @Test
    void bodyArrivesWhole() {
        for (int length : new int[] {0, 1, 65_536, 81_919, 81_920, 81_921, 1_000_000}) {
            assertThat(post("x".repeat(length)).body()).isEqualTo(String.valueOf(length));
        }
    }

    @Test
    void headersOverEightKibibytesAreRefused() {
        assertThat(http.get(url(), "X-Long", "x".repeat(8192)).status()).isEqualTo(431);
    }

    @Test
    void answersDoNotNameTheServer() {
        assertThat(post("hello").headers().map())
                .doesNotContainKeys("Server", "server", "X-Powered-By", "x-powered-by");
        assertThat(http.get(url() + "/nothing").body()).doesNotContainIgnoringCase("jetty");
        assertThat(http.get(url(), "X-Long", "x".repeat(8192)).body()).doesNotContainIgnoringCase("jetty");
    }

    @Test
    void portThatIsTakenIsAnIoException() {
        assertThatThrownBy(() -> WebServer.start(InetAddress.getLoopbackAddress(), port, List.of(echo())))
                .isInstanceOf(IOException.class);
        assertThat(post("still there").body()).isEqualTo("11");
    }

    @Test
    void portIsFreeAgainAfterClose() throws IOException {
        server.close();

        server = WebServer.start(InetAddress.getLoopbackAddress(), port, List.of(echo()));

        assertThat(post("hello").body()).isEqualTo("5");
    }

    private static Limits few(int connections) {
        return new Limits(
                connections, Limits.standard().reading(), Limits.standard().drain());
    }

    private static ServletContextHandler echo() {
        ServletContextHandler context = new ServletContextHandler("/");
        context.addServlet(new ServletHolder(new Echo()), "/*");
        return context;
    }

    private void send(String start) throws IOException {
        for (int i = 0; i < CLIENTS; i++) {
            Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
            open.add(socket);
            socket.getOutputStream().write(start.getBytes(StandardCharsets.US_ASCII));
        }
    }

    private Reply post(String body) {
        return http.post(url(), "text/plain", body);
    }

    private String url() {
        return "http://localhost:" + port;
    }
}
