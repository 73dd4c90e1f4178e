package dev.agentauth.examples;

import dev.agentauth.examples.agent.ProviderClient;
import dev.agentauth.examples.http.Http;
import java.io.IOException;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;

/** The demo on free ports, for the tests of those who speak to it. */
public final class RunningDemo implements AutoCloseable {
    private final DemoServer server;
    private final PersonAtHome person;
    private final String origin;
    private final ProviderClient provider;

    private RunningDemo(DemoServer server, String origin, String provider) {
        this.server = server;
        this.origin = origin;
        this.person = new PersonAtHome(new Http(), origin + OutboxServlet.JSON);
        this.provider = new ProviderClient(new Http(), provider);
    }

    public static RunningDemo start(InstantSource clock, Map<String, String> settings)
            throws IOException, WrongSettingException {
        int[] ports = FreePorts.two();
        Map<String, String> environment = new HashMap<>(settings);
        environment.put("AGENT_AUTH_PORT", String.valueOf(ports[0]));
        environment.put("AGENT_AUTH_DEMO_PROVIDER", String.valueOf(ports[1]));
        return new RunningDemo(
                DemoServer.start(DemoConfig.of(environment), clock),
                "http://localhost:" + ports[0],
                "http://localhost:" + ports[1]);
    }

    /** What an agent wants to use. */
    public String api() {
        return origin + "/api/resource";
    }

    /** The service's issuer. */
    public String issuer() {
        return origin;
    }

    public ProviderClient provider() {
        return provider;
    }

    /** The code that the person with an address reads out, after they have opened the link in the newest mail. */
    public String code(String address, String registrationId) {
        PersonAtHome.Page page = person.open(person.link(address, registrationId));
        return person.code(person.press(page, PersonAtHome.SHOW_CODE));
    }

    @Override
    public void close() {
        server.close();
    }
}
