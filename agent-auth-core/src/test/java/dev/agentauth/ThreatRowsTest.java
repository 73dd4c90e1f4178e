package dev.agentauth;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Each row of {@code docs/threats.md} has a test of its number, in whatever module. */
class ThreatRowsTest {
    private static final Pattern ROW = Pattern.compile("(?m)^\\| T(\\d\\d) \\|");

    /** A method, a class or a display name; a comment alone proves nothing. */
    private static final Pattern TEST =
            Pattern.compile("void [tT](\\d\\d)_|class (?:F\\d\\d_)?T(\\d\\d)|\\bT(\\d\\d)\\b(?=[^\"\\n]*\")");

    @Test
    void everyRowHasATestOfItsNumber() {
        Set<String> untested = new TreeSet<>();
        Matcher rows = ROW.matcher(Sources.text(Path.of("../docs/threats.md")));
        while (rows.find()) {
            untested.add(rows.group(1));
        }
        assertThat(untested).hasSize(90);

        for (Path file : Sources.below(List.of(Path.of("..")))) {
            Matcher tests = TEST.matcher(isTest(file) ? Sources.text(file) : "");
            while (tests.find()) {
                for (int group = 1; group <= tests.groupCount(); group++) {
                    untested.remove(tests.group(group) == null ? "" : tests.group(group));
                }
            }
        }
        assertThat(untested).isEmpty();
    }

    private static boolean isTest(Path file) {
        String path = file.toString().replace('\\', '/');
        return path.contains("/src/test/") && !path.endsWith("ThreatRowsTest.java");
    }
}
