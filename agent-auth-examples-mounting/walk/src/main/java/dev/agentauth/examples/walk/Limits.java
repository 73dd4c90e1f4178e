package dev.agentauth.examples.walk;

/** Whose limits a service behind a proxy counts: seen by registering until it refuses. */
public final class Limits {
    private static final int REGISTRATIONS = 5;

    private Limits() {}

    /** Each client has its own, and cannot take another's by writing the header itself. */
    public static void areThoseOfTheClient(Client client, String issuer, ReverseProxy proxy) {
        proxy.connectsFrom("203.0.113.1");
        exhaust(client, issuer);
        register(client, issuer, "X-Forwarded-For", "198.51.100.7").isError(429, "rate_limited");

        proxy.connectsFrom("203.0.113.2");
        register(client, issuer).hasStatus(200);
    }

    /** All that arrives through the proxy counts as one, whatever the header says. */
    public static void areThoseOfTheConnection(Client client, String issuer, ReverseProxy proxy) {
        proxy.connectsFrom("203.0.113.1");
        exhaust(client, issuer);

        proxy.connectsFrom("203.0.113.2");
        register(client, issuer).isError(429, "rate_limited");
    }

    private static void exhaust(Client client, String issuer) {
        for (int i = 0; i < REGISTRATIONS; i++) {
            register(client, issuer).hasStatus(200);
        }
        register(client, issuer).isError(429, "rate_limited");
    }

    private static Reply register(Client client, String issuer, String... headers) {
        return client.postJson(issuer + "/agent/identity", "{\"type\":\"anonymous\"}", headers);
    }
}
