package dev.agentauth.examples;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** A request with a Host header that an HTTP client would not send. */
public final class RawHttp {
    private RawHttp() {}

    /** The status of a GET. */
    public static int status(int port, String path, String host) throws IOException {
        return status(port, "GET", path, host);
    }

    /** The status of a POST without a body. */
    public static int post(int port, String path, String host) throws IOException {
        return status(port, "POST", path, host);
    }

    private static int status(int port, String method, String path, String host) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.getOutputStream()
                    .write((method + " " + path + " HTTP/1.1\r\nContent-Length: 0\r\nHost: " + host
                                    + "\r\nConnection: close\r\n\r\n")
                            .getBytes(StandardCharsets.US_ASCII));
            String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
            return Integer.parseInt(answer.split(" ", 3)[1]);
        }
    }
}
