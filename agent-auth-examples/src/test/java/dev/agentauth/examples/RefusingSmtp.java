package dev.agentauth.examples;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** An SMTP server that takes no recipient, and repeats the address when it says so, as real ones do. */
final class RefusingSmtp implements AutoCloseable {
    private final ServerSocket server;
    private volatile boolean sawRecipient;

    private RefusingSmtp(ServerSocket server) {
        this.server = server;
    }

    static RefusingSmtp start() throws IOException {
        RefusingSmtp smtp = new RefusingSmtp(new ServerSocket(0, 1, InetAddress.getLoopbackAddress()));
        Thread thread = new Thread(smtp::serveOne, "refusing-smtp");
        thread.setDaemon(true);
        thread.start();
        return smtp;
    }

    int port() {
        return server.getLocalPort();
    }

    boolean sawRecipient() {
        return sawRecipient;
    }

    private void serveOne() {
        try (Socket socket = server.accept();
                BufferedReader in =
                        new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII));
                OutputStream out = socket.getOutputStream()) {
            say(out, "220 ready");
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                if (line.startsWith("RCPT TO:")) {
                    sawRecipient = true;
                    say(out, "550 5.1.1 " + line.substring("RCPT TO:".length()) + " is unknown here");
                } else {
                    say(out, line.startsWith("QUIT") ? "221 bye" : "250 ok");
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void say(OutputStream out, String line) throws IOException {
        out.write((line + "\r\n").getBytes(StandardCharsets.US_ASCII));
        out.flush();
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}
