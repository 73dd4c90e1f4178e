package dev.agentauth.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.agentauth.AgentAuth;
import dev.agentauth.Caller;
import dev.agentauth.memory.InMemoryUserDirectory;
import java.io.ByteArrayOutputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.Test;

/** A full disk under the demo's audit. */
class F34_AuditHandlerTest {
    private static final Path FULL = Path.of("/dev/full");

    @Test
    void f34_eventThatAFullDiskDidNotTakeIsCountedByHealth() throws Exception {
        assumeTrue(Files.exists(FULL), "there is no /dev/full");
        Logger audit = Logger.getLogger("dev.agentauth.audit");
        try (OutputStream disk = new FileOutputStream(FULL.toFile());
                AgentAuth auth = AgentAuth.builder("http://localhost:1", "http://localhost:1/api/")
                        .preClaimScopes("api.read")
                        .postClaimScopes("api.read")
                        .mailer(mail -> {})
                        .users(new InMemoryUserDirectory())
                        .withoutRateLimits()
                        .build()) {
            AuditHandler handler = new AuditHandler(disk);
            audit.addHandler(handler);
            audit.setUseParentHandlers(false);
            try {
                auth.registerAnonymous(Caller.unknown());
            } finally {
                audit.removeHandler(handler);
                audit.setUseParentHandlers(true);
            }

            assertThat(auth.health().lostAuditEvents()).isPositive();
            assertThat(auth.health().isUp()).isTrue();
        }
    }

    @Test
    void f34_lineThatWasCutSpoilsItselfAlone() {
        SmallDisk disk = new SmallDisk();
        AuditHandler handler = new AuditHandler(disk);
        handler.publish(new LogRecord(Level.INFO, "{1}"));
        disk.free = 20;
        assertThatExceptionOfType(UncheckedIOException.class)
                .isThrownBy(() -> handler.publish(new LogRecord(Level.INFO, "{2}")));
        assertThatExceptionOfType(UncheckedIOException.class)
                .isThrownBy(() -> handler.publish(new LogRecord(Level.INFO, "{3}")));
        disk.free = 10_000;
        handler.publish(new LogRecord(Level.INFO, "{4}"));
        handler.publish(new LogRecord(Level.INFO, "{5}"));

        assertThat(disk.text().lines().filter(line -> line.contains("{")).map(line -> line.replaceAll("^.*\\{", "{")))
                .containsExactly("{1}", "{4}", "{5}");
    }

    @Test
    void f34_demoAuditsThroughIt() throws Exception {
        Properties logging = new Properties();
        try (InputStream in = Demo.class.getResourceAsStream("logging.properties")) {
            logging.load(in);
        }

        assertThat(logging.getProperty("dev.agentauth.audit.handlers")).isEqualTo(AuditHandler.class.getName());
        assertThat(logging.getProperty("dev.agentauth.audit.useParentHandlers")).isEqualTo("false");
    }

    /** Takes so many bytes and no more. */
    private static final class SmallDisk extends OutputStream {
        private final ByteArrayOutputStream taken = new ByteArrayOutputStream();
        private int free = 10_000;

        @Override
        public void write(int b) throws IOException {
            if (free == 0) {
                throw new IOException("No space left on device");
            }
            free--;
            taken.write(b);
        }

        String text() {
            return taken.toString(StandardCharsets.UTF_8);
        }
    }
}
