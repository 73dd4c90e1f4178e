package dev.agentauth.examples;

import dev.agentauth.examples.provider.SampleProvider;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.time.InstantSource;
import java.util.logging.LogManager;

/** Starts the demo as the environment says, and stops it when it is told to. */
public final class Demo {
    private static final int WRONG_SETTING = 2;

    private Demo() {}

    /** Runs until it is stopped. */
    public static void main(String[] args) throws IOException {
        lastingLogging();
        quietLogging();
        LastingLogManager.keep();
        try {
            DemoConfig config = DemoConfig.of(System.getenv());
            DemoServer server = DemoServer.start(config, InstantSource.system());
            Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(server), "stop"));
            // Standard output is for audit events alone, which programs read.
            greet(config, System.getProperty("java.class.path", ""), System.err);
        } catch (WrongSettingException e) {
            System.err.println(e.getMessage());
            System.exit(WRONG_SETTING);
        }
    }

    /** What ends while it stops is still audited. */
    private static void stop(DemoServer server) {
        server.close();
        LastingLogManager.end();
    }

    static void greet(DemoConfig config, String classPath, PrintStream out) {
        String walk = config.issuer();
        out.println(DemoServer.NAME);
        out.println("  service    " + config.issuer() + "/   (open it in a browser; an agent begins at "
                + config.issuer() + "/auth.md)");
        config.database().ifPresent(database -> out.println("  database   " + database));
        if (config.showsOutbox()) {
            out.println("  outbox     " + config.issuer() + OutboxServlet.PAGE);
        } else if (config.smtp().isPresent()) {
            out.println("  mail       goes to " + config.smtp().get().host() + ":"
                    + config.smtp().get().port());
        } else {
            out.println(
                    "  mail       goes nowhere: the outbox is for a loopback address and issuer only, set AGENT_AUTH_SMTP");
        }
        if (config.sampleProviderPort().isPresent()) {
            String provider = SampleProvider.issuer(config.sampleProviderPort().getAsInt());
            out.println("  provider   " + provider);
            walk += " " + provider;
        }
        if (config.ceremony() == DemoConfig.Ceremony.SIGN_IN) {
            out.println("People sign in at " + config.issuer() + DemoServer.SIGN_IN + ", and no mail asks them.");
        } else if (config.showsOutbox()) {
            out.println("Walk every flow, from another terminal:");
            out.println("  java -cp " + jar(classPath) + " " + SampleAgent.class.getName() + " " + walk);
        }
        out.println("Stop with Ctrl-C.");
    }

    private static String jar(String classPath) {
        return classPath.endsWith(".jar") && !classPath.contains(":") ? classPath : "agent-auth-demo.jar";
    }

    /** Unless somebody has chosen another. The JDK looks once, when its own class or a subclass of it is first used. */
    private static void lastingLogging() {
        String setting = "java.util.logging.manager";
        if (System.getProperty(setting) == null) {
            System.setProperty(setting, LastingLogManager.class.getName());
        }
    }

    /** One line an event, and no news from the web server; unless whoever starts the demo has said otherwise. */
    private static void quietLogging() throws IOException {
        if (System.getProperty("java.util.logging.config.file") == null) {
            try (InputStream in = Demo.class.getResourceAsStream("logging.properties")) {
                LogManager.getLogManager().readConfiguration(in);
            }
        }
    }
}
