package dev.agentauth.examples;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Ports that nobody listened on a moment ago. They are below those that systems hand out by themselves, so that no outgoing
 * connection and no server that asked for any port takes one meanwhile.
 */
public final class FreePorts {
    private static final int FIRST = 20_000;
    private static final int END = 32_000;

    private FreePorts() {}

    public static int[] two() throws IOException {
        try (ServerSocket first = free();
                ServerSocket second = free()) {
            return new int[] {first.getLocalPort(), second.getLocalPort()};
        }
    }

    private static ServerSocket free() throws IOException {
        IOException last = new IOException("no port was tried");
        for (int i = 0; i < 100; i++) {
            try {
                int port = ThreadLocalRandom.current().nextInt(FIRST, END);
                return new ServerSocket(port, 1, InetAddress.getLoopbackAddress());
            } catch (IOException e) {
                last = e;
            }
        }
        throw last;
    }
}
