package dev.agentauth.examples;

import dev.agentauth.client.http.Http;
import dev.agentauth.examples.agent.ProviderClient;
import java.io.IOException;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;

/** The demo on free ports, for the tests of those who speak to it. */
public final class RunningDemo implements AutoCloseable {
    private final Map<String, String> environment;
    private final InstantSource clock;
    private DemoServer server;
    private final PersonAtHome person;
    private final String issuer;
    private final String providerIssuer;
    private final ProviderClient provider;

    private RunningDemo(Map<String, String> environment, InstantSource clock, String issuer, String provider)
            throws WrongSettingException {
        this.environment = environment;
        this.clock = clock;
        this.server = DemoServer.start(DemoConfig.of(environment), clock);
        this.issuer = issuer;
        this.person = new PersonAtHome(new Http(), issuer + OutboxServlet.JSON);
        this.providerIssuer = provider;
        this.provider = new ProviderClient(new Http(), provider);
    }

    /** Starts at the root, with a clock. */
    public static RunningDemo start(InstantSource clock, Map<String, String> settings) throws IOException {
        return start(clock, "", settings);
    }

    /** Starts; the path may be empty. The settings are those of the environment, and win over the ports chosen here. */
    public static RunningDemo start(String path, Map<String, String> settings) throws IOException {
        return start(InstantSource.system(), path, settings);
    }

    private static RunningDemo start(InstantSource clock, String path, Map<String, String> settings)
            throws IOException {
        int[] ports = FreePorts.two();
        String issuer = "http://localhost:" + ports[0] + path;
        Map<String, String> environment = new HashMap<>();
        environment.put("AGENT_AUTH_PORT", String.valueOf(ports[0]));
        environment.put("AGENT_AUTH_DEMO_PROVIDER", String.valueOf(ports[1]));
        environment.put("AGENT_AUTH_ISSUER", issuer);
        environment.put("AGENT_AUTH_AUDIT", "log");
        environment.putAll(settings);
        try {
            return new RunningDemo(environment, clock, issuer, "http://localhost:" + ports[1]);
        } catch (WrongSettingException e) {
            throw new IllegalArgumentException(e);
        }
    }

    /** What an agent wants to use. */
    public String api() {
        return issuer + "/api/resource";
    }

    /** The service's issuer. */
    public String issuer() {
        return issuer;
    }

    /** The sample provider's issuer. */
    public String providerIssuer() {
        return providerIssuer;
    }

    /** Signs a person out at the sample provider, which tells the service by {@code logout} or {@code event}. */
    public void signOut(String session, String by) {
        new Http().postJson(providerIssuer + "/signout", Map.of("session", session, "by", by));
    }

    public ProviderClient provider() {
        return provider;
    }

    /** The code that the person with an address reads out, after they have opened the link in the newest mail. */
    public String code(String address, String registrationId) {
        PersonAtHome.Page page = person.open(person.link(address, registrationId));
        return person.code(person.press(page, PersonAtHome.SHOW_CODE));
    }

    /** The person with an address opens the link in the newest mail and types the code that the agent shows. */
    public void type(String address, String registrationId, String userCode) {
        PersonAtHome.Page page = person.open(person.link(address, registrationId));
        person.press(page, PersonAtHome.CONFIRM, Map.of("user_code", userCode));
    }

    /** The person with an address opens the link in the newest mail and says that this was not them. */
    public void sayNo(String address, String registrationId) {
        PersonAtHome.Page page = person.open(person.link(address, registrationId));
        person.press(page, PersonAtHome.NOT_ME);
    }

    /** Stops it for a while. */
    public void stop() {
        server.close();
    }

    /** Starts once more where it was, after {@link #stop}: what was in memory is gone. */
    public void startAgain() {
        try {
            server = DemoServer.start(DemoConfig.of(environment), clock);
        } catch (WrongSettingException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        server.close();
    }
}
