package dev.agentauth.examples;

import dev.agentauth.client.DiscoveryException;
import dev.agentauth.client.http.JsonFormatException;
import dev.agentauth.client.http.UnsafeUrlException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import org.jspecify.annotations.Nullable;

/**
 * Walks every flow against a running demo, over real HTTP, and ends with 1 at the first thing that is not as the protocol
 * has it. The arguments are the service's URL and the sample provider's, both optional; it can be run again and again.
 */
public final class SampleAgent {
    private static final String DEFAULT_SERVICE = "http://localhost:8000";
    private static final String DEFAULT_PROVIDER_PORT = "4000";

    private SampleAgent() {}

    /** Walks, and ends the process. */
    public static void main(String[] arguments) {
        String service = arguments.length > 0 ? arguments[0] : DEFAULT_SERVICE;
        String provider =
                arguments.length > 1 ? arguments[1] : defaultProvider(System.getenv("AGENT_AUTH_DEMO_PROVIDER"));
        System.exit(run(service, provider, System.out));
    }

    /** Walks, and returns what the process is to end with. */
    static int run(String service, String provider, PrintStream out) {
        Narrator narrator = new Narrator(out);
        try {
            Walk.all(narrator, withoutSlash(service), withoutSlash(provider));
        } catch (WalkFailedException
                | DiscoveryException
                | JsonFormatException
                | UnsafeUrlException
                | UncheckedIOException e) {
            out.println("FAILED  " + e.getMessage());
            return 1;
        }
        out.println("all flows walked: " + narrator.checks() + " checks");
        return 0;
    }

    /** Where a demo in the same environment has its sample provider. */
    static String defaultProvider(@Nullable String setting) {
        boolean isPort = setting != null && setting.matches("[0-9]+");
        return "http://localhost:" + (isPort ? setting : DEFAULT_PROVIDER_PORT);
    }

    private static String withoutSlash(String url) {
        return url.endsWith("/") ? url.substring(0, url.length() - 1) : url;
    }
}
