package dev.agentauth.benchmarks.load;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.eclipse.jetty.util.Jetty;

/** Where the table goes. */
final class Report {
    private static final Path DIRECTORY = Path.of("agent-auth-benchmarks");
    private static final String BEGIN = "<!-- begin: written by load --write -->";
    private static final String END = "<!-- end: written by load --write -->";

    private Report() {}

    /** When, on what, and how. */
    static String head(Options options) {
        return Table.format(
                "%s, JDK %s, Jetty %s, %d processors, %d connections, signatures by %s, medians of %d rounds of %d s.%n",
                LocalDate.now(ZoneOffset.UTC),
                Runtime.version(),
                Jetty.VERSION,
                Runtime.getRuntime().availableProcessors(),
                options.connections,
                options.crypto,
                options.rounds,
                options.time.toSeconds());
    }

    /** Puts the report between its marks in the README, and the curve beside it if there is one. */
    static void write(String report, Map<String, Map<Integer, Double>> growth) throws IOException {
        Path readme = DIRECTORY.resolve("README.md");
        Path curve = DIRECTORY.resolve("growth.svg");
        String picture = growth.isEmpty() && !Files.exists(curve) ? "" : "\n![CPU by live registrations](growth.svg)\n";
        Files.writeString(readme, between(Files.readString(readme), report + picture));
        if (!growth.isEmpty()) {
            Files.writeString(curve, GrowthChart.svg(growth));
        }
    }

    /** The text with something else between the marks. */
    static String between(String text, String report) {
        Matcher marks = Pattern.compile("(?s)" + Pattern.quote(BEGIN) + ".*?" + Pattern.quote(END))
                .matcher(text);
        if (!marks.find()) {
            throw new IllegalStateException("the README has no place for the table");
        }
        return text.substring(0, marks.start()) + BEGIN + "\n" + report + END + text.substring(marks.end());
    }
}
