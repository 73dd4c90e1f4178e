package dev.agentauth.examples.web;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentauth.examples.FreePorts;
import dev.agentauth.examples.QuietLogs;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.ee10.servlet.ServletContextHandler;
import org.eclipse.jetty.ee10.servlet.ServletHolder;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A request has a total time to arrive in: here two seconds, with idle times that are longer. */
@ExtendWith(QuietLogs.class)
class F35_ReadingTimeTest {
    private static final Duration READING = Duration.ofSeconds(2);
    private static final Duration PATIENCE = Duration.ofSeconds(8);

    /** Answers with the length of what it was sent, after the milliseconds that the path names. */
    private static final class Echo extends HttpServlet {
        private static final long serialVersionUID = 1L;

        @Override
        protected void service(HttpServletRequest request, HttpServletResponse response) throws IOException {
            int length = request.getInputStream().readAllBytes().length;
            try {
                TimeUnit.MILLISECONDS.sleep(Long.parseLong(request.getPathInfo().substring(1)));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            response.getWriter().print("<" + length + ">");
        }
    }

    private int port;
    private WebServer server;

    @BeforeEach
    void start() throws IOException {
        port = FreePorts.two()[0];
        ServletContextHandler context = new ServletContextHandler("/");
        context.addServlet(new ServletHolder(new Echo()), "/*");
        Limits limits = new Limits(100, READING, Duration.ofSeconds(6));
        server = WebServer.start(InetAddress.getLoopbackAddress(), port, limits, List.of(context));
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "POST /0 HTTP/1.1\r\nHost: localhost\r\nContent-Length: 60000\r\n\r\n",
                "POST /0 HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n50000\r\n",
                "POST /0 HTTP/1.1\r\nHost: localhost\r\nX-Slow: ",
                "GET /"
            })
    void f35_requestThatDripsInIsEndedInTime(String start) throws Exception {
        assertThat(endOf(start)).isBetween(READING.minusMillis(500), PATIENCE);
    }

    @Test
    void f35_bodyThatDripsInBeyondWhatIsReadBeforehandIsEndedInTime() throws Exception {
        String start = "POST /0 HTTP/1.1\r\nHost: localhost\r\nContent-Length: 200000\r\n\r\n" + "x".repeat(190_000);

        assertThat(endOf(start)).isBetween(READING.minusMillis(500), PATIENCE);
    }

    @Test
    void f35_answeringMayTakeLongerThanReading() throws Exception {
        try (Socket socket = connect()) {
            for (String request : List.of(
                    "POST /2500 HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\n\r\nhello",
                    "GET /2500 HTTP/1.1\r\nHost: localhost\r\n\r\n")) {
                socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
                assertThat(answer(socket.getInputStream())).contains("200 OK");
            }
        }
    }

    @Test
    void f35_eachRequestOfAConnectionHasATimeOfItsOwn() throws Exception {
        try (Socket socket = connect()) {
            for (int i = 0; i < 5; i++) {
                socket.getOutputStream()
                        .write("POST /0 HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\n\r\nhe"
                                .getBytes(StandardCharsets.US_ASCII));
                TimeUnit.MILLISECONDS.sleep(600);
                socket.getOutputStream().write("llo".getBytes(StandardCharsets.US_ASCII));
                assertThat(answer(socket.getInputStream())).contains("200 OK").endsWith("<5>");
            }
        }
    }

    /** How long the server reads on while a byte comes every tenth of a second. */
    private Duration endOf(String start) throws Exception {
        long began = System.nanoTime();
        try (Socket socket = connect()) {
            OutputStream out = socket.getOutputStream();
            out.write(start.getBytes(StandardCharsets.US_ASCII));
            socket.setSoTimeout(100);
            while (sinceNanos(began).compareTo(PATIENCE.multipliedBy(2)) < 0) {
                out.write('x');
                if (hasEnded(socket)) {
                    break;
                }
            }
        } catch (IOException e) {
            // Reset, which is an end as well.
            return sinceNanos(began);
        }
        return sinceNanos(began);
    }

    private static Duration sinceNanos(long began) {
        return Duration.ofNanos(System.nanoTime() - began);
    }

    /** Waits for a tenth of a second. */
    private static boolean hasEnded(Socket socket) throws IOException {
        try {
            return socket.getInputStream().read() < 0;
        } catch (SocketTimeoutException e) {
            return false;
        }
    }

    private Socket connect() throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setSoTimeout(20_000);
        return socket;
    }

    private static String answer(InputStream in) throws IOException {
        StringBuilder answer = new StringBuilder();
        for (int b = in.read(); b >= 0; b = in.read()) {
            answer.append((char) b);
            if (b == '>') {
                return answer.toString();
            }
        }
        return answer + " and the end";
    }
}
