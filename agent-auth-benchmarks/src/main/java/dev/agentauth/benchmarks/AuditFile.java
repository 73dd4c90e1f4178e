package dev.agentauth.benchmarks;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.logging.LogManager;

/** Has the default audit sink write to a file, one line an event. */
public final class AuditFile {
    private AuditFile() {}

    /** For the whole process, which logs nothing else than warnings then. */
    public static void at(Path file) {
        String configuration = """
                handlers = java.util.logging.ConsoleHandler
                .level = WARNING
                dev.agentauth.keys.level = SEVERE
                dev.agentauth.audit.level = INFO
                dev.agentauth.audit.handlers = java.util.logging.FileHandler
                dev.agentauth.audit.useParentHandlers = false
                java.util.logging.FileHandler.pattern = %s
                java.util.logging.FileHandler.formatter = java.util.logging.SimpleFormatter
                java.util.logging.SimpleFormatter.format = %%1$tFT%%1$tT.%%1$tL %%4$s %%3$s: %%5$s%%6$s%%n
                """.formatted(file.toAbsolutePath());
        try {
            LogManager.getLogManager()
                    .readConfiguration(new ByteArrayInputStream(configuration.getBytes(StandardCharsets.ISO_8859_1)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
