package dev.agentauth.examples;

import java.util.List;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Keeps what servers and the audit, where it goes to the log, tell about hundreds of ordinary requests from burying what matters. */
public final class QuietLogs implements BeforeAllCallback, AfterAllCallback {
    private final List<Logger> loggers =
            List.of(Logger.getLogger("dev.agentauth"), Logger.getLogger("org.eclipse.jetty"));

    @Override
    public void beforeAll(ExtensionContext context) {
        loggers.forEach(logger -> logger.setLevel(Level.SEVERE));
    }

    @Override
    public void afterAll(ExtensionContext context) {
        loggers.forEach(logger -> logger.setLevel(null));
    }
}
