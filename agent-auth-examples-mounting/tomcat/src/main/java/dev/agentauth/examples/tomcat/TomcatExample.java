package dev.agentauth.examples.tomcat;

import dev.agentauth.memory.InMemoryUserDirectory;
import dev.agentauth.spi.ClaimMailer;
import dev.agentauth.spi.User;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.apache.catalina.Context;
import org.apache.catalina.LifecycleException;
import org.apache.catalina.Valve;
import org.apache.catalina.startup.Tomcat;

/** A Tomcat with one web application. */
public final class TomcatExample implements AutoCloseable {
    private final Tomcat tomcat;

    private TomcatExample(Tomcat tomcat) {
        this.tomcat = tomcat;
    }

    /** Serves on port 8080, and shows mail in the log in place of a mail server. */
    public static void main(String[] args) throws IOException {
        System.Logger log = System.getLogger("mail");
        ClaimMailer mailer = mail -> log.log(Level.INFO, "To {0}: {1}", mail.recipient(), mail.link());
        start(
                        Files.createTempDirectory("tomcat"),
                        8080,
                        "",
                        mailer,
                        Map.of("agent-auth.issuer", "http://localhost:8080"))
                .tomcat
                .getServer()
                .await();
    }

    /** Serves one web application on a port of the loopback interface, or on a free one if it is 0. */
    static TomcatExample start(
            Path folder, int port, String contextPath, ClaimMailer mailer, Map<String, String> parameters)
            throws IOException {
        Tomcat tomcat = new Tomcat();
        tomcat.setBaseDir(folder.toString());
        tomcat.setPort(port);
        tomcat.getConnector().setProperty("address", "localhost");

        Context context = tomcat.addContext(contextPath, folder.toString());
        context.getServletContext()
                .setAttribute("users", new InMemoryUserDirectory().add(User.of("ada", "ada@example.com")));
        context.getServletContext().setAttribute("mailer", mailer);
        parameters.forEach(context::addParameter);
        // As a web.xml would; in a WAR, @WebListener will do.
        context.addApplicationListener(AgentAuthListener.class.getName());
        Tomcat.addServlet(context, "api", new ApiServlet()).addMapping("/api/*");
        try {
            tomcat.start();
        } catch (LifecycleException e) {
            throw new IOException("Tomcat did not start", e);
        }
        return new TomcatExample(tomcat);
    }

    int port() {
        return tomcat.getConnector().getLocalPort();
    }

    /** Adds what server.xml would name within the host. */
    void addToHost(Valve valve) {
        tomcat.getHost().getPipeline().addValve(valve);
    }

    /** Stops serving. */
    @Override
    public void close() {
        try {
            tomcat.stop();
            tomcat.destroy();
        } catch (LifecycleException e) {
            throw new IllegalStateException("Tomcat did not stop", e);
        }
    }
}
