package dev.agentauth.audit;

import dev.agentauth.spi.AuditEvent;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;

/** A process of its own that records for ever, by four threads, and says of each event that it has. */
final class AcknowledgingWriter {
    private AcknowledgingWriter() {}

    /** Takes the file. */
    public static void main(String[] args) {
        JsonLines lines = JsonLines.toFile(Path.of(args[0])).synchronous();
        PrintStream out = new PrintStream(new FileOutputStream(FileDescriptor.out), true, StandardCharsets.UTF_8);
        for (int thread = 0; thread < 4; thread++) {
            int number = thread;
            new Thread(() -> record(lines, number, out)).start();
        }
    }

    private static void record(JsonLines lines, int thread, PrintStream out) {
        for (int i = 0; ; i++) {
            String id = "evt_" + thread + "_" + i;
            lines.record(
                    new AuditEvent(id, TestEvents.TIME, AuditEvent.Type.TOKEN_ISSUED, null, null, Map.of("sub", "s")));
            out.println(id);
        }
    }
}
