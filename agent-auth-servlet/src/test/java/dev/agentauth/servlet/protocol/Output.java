package dev.agentauth.servlet.protocol;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/** Everything that this JVM logs at any level or prints, since the last {@link #clear}. */
final class Output {
    private static final Queue<String> ALL = new ConcurrentLinkedQueue<>();
    private static final Logger LIBRARY = Logger.getLogger("dev.agentauth");

    static {
        LIBRARY.setLevel(Level.ALL);
        LIBRARY.setUseParentHandlers(false);
        LIBRARY.addHandler(new Collector());
        Logger.getLogger("").addHandler(new Collector());
        System.setErr(new PrintStream(new Tee(System.err), true, StandardCharsets.UTF_8));
        System.setOut(new PrintStream(new Tee(System.out), true, StandardCharsets.UTF_8));
    }

    private Output() {}

    static void clear() {
        ALL.clear();
    }

    static String text() {
        return String.join("", ALL);
    }

    private static final class Collector extends Handler {
        @Override
        public void publish(LogRecord record) {
            StringWriter text = new StringWriter();
            text.append(record.getLoggerName())
                    .append(' ')
                    .append(record.getLevel().getName())
                    .append(' ');
            text.append(record.getMessage())
                    .append(' ')
                    .append(Arrays.toString(record.getParameters()))
                    .append('\n');
            if (record.getThrown() != null) {
                record.getThrown().printStackTrace(new PrintWriter(text, true));
            }
            ALL.add(text.toString());
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    }

    private static final class Tee extends OutputStream {
        private final PrintStream to;

        Tee(PrintStream to) {
            this.to = to;
        }

        @Override
        public void write(int b) {
            to.write(b);
            ALL.add(String.valueOf((char) (b & 0xff)));
        }

        @Override
        public void write(byte[] bytes, int offset, int length) {
            to.write(bytes, offset, length);
            ALL.add(new String(bytes, offset, length, StandardCharsets.UTF_8));
        }

        @Override
        public void flush() throws IOException {
            to.flush();
        }
    }
}
