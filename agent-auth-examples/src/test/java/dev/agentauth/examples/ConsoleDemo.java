package dev.agentauth.examples;

import java.io.IOException;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;

/** The demo on free ports, below a path and with any settings, for the tests of its console. */
public final class ConsoleDemo implements AutoCloseable {
    private final DemoServer server;
    private final String issuer;
    private final String provider;

    private ConsoleDemo(DemoServer server, String issuer, String provider) {
        this.server = server;
        this.issuer = issuer;
        this.provider = provider;
    }

    /** Starts; the path may be empty. The settings are those of the environment, and win over the ports chosen here. */
    public static ConsoleDemo start(String path, Map<String, String> settings) throws IOException {
        int[] ports = FreePorts.two();
        String issuer = "http://localhost:" + ports[0] + path;
        Map<String, String> environment = new HashMap<>();
        environment.put("AGENT_AUTH_PORT", String.valueOf(ports[0]));
        environment.put("AGENT_AUTH_DEMO_PROVIDER", String.valueOf(ports[1]));
        environment.put("AGENT_AUTH_ISSUER", issuer);
        environment.putAll(settings);
        try {
            DemoServer server = DemoServer.start(DemoConfig.of(environment), InstantSource.system());
            return new ConsoleDemo(server, issuer, "http://localhost:" + ports[1]);
        } catch (WrongSettingException e) {
            throw new IllegalArgumentException(e);
        }
    }

    /** The service's issuer. */
    public String issuer() {
        return issuer;
    }

    /** The sample provider's issuer. */
    public String provider() {
        return provider;
    }

    @Override
    public void close() {
        server.close();
    }
}
