package dev.agentauth.benchmarks.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What is written at the end. */
final class ReportTest {

    @Test
    @DisplayName("the README has a place for the table, and nothing around it changes")
    void between() throws IOException {
        String readme = Files.readString(Path.of("README.md"));
        String written = Report.between(readme, "THE TABLE $1\n");
        assertThat(written).contains("\nTHE TABLE $1\n").startsWith(readme.substring(0, 200));
        assertThat(Report.between(written, "X\n")).isEqualTo(Report.between(readme, "X\n"));
        assertThatThrownBy(() -> Report.between("no marks", "X")).isInstanceOf(IllegalStateException.class);
    }

    @Test
    @DisplayName("the curve is well-formed, with a dot for each size of each path")
    void curve() throws Exception {
        Map<Integer, Double> curve = new TreeMap<>(Map.of(1_000, 0.05, 10_000, 0.051, 1_000_000, 0.06));
        String svg = GrowthChart.svg(Map.of("exchange", curve, "authenticated call", curve));
        assertThat(DocumentBuilderFactory.newInstance()
                        .newDocumentBuilder()
                        .parse(new ByteArrayInputStream(svg.getBytes(StandardCharsets.UTF_8)))
                        .getElementsByTagName("circle")
                        .getLength())
                .isEqualTo(6);
    }

    @Test
    @DisplayName("a goal that is missed says so")
    void table() {
        Table table = new Table();
        table.row("fast", new Sample(1000, 1, 2, 0.05), 0.05, 0.0625, "≤ 1.25");
        table.row("slow", new Sample(1000, 1, 2, 0.07), 0.05, 0.0625, "≤ 1.25");
        assertThat(table.markdown().lines())
                .contains(
                        "| fast | 1,000 | 1.00 | 2.00 | 0.0500 | 1.00 | ≤ 1.25 | yes |",
                        "| slow | 1,000 | 1.00 | 2.00 | 0.0700 | 1.40 | ≤ 1.25 | **no** |");
    }

    @Test
    @DisplayName("medians are those of each figure")
    void median() {
        assertThat(Sample.median(List.of(new Sample(1, 9, 5, 2), new Sample(3, 7, 5, 4), new Sample(2, 8, 5, 9))))
                .isEqualTo(new Sample(2, 8, 5, 4));
        assertThat(Sample.median(1, 2, 4, 8)).isEqualTo(3);
    }

    @Test
    @DisplayName("options are read, and others refused")
    void options() {
        Options options = Options.of("--only", "exchange,first-exchange", "--rounds", "3", "--seconds", "2");
        assertThat(options.parts).containsExactly(Options.Part.EXCHANGE, Options.Part.FIRST_EXCHANGE);
        assertThat(options.rounds).isEqualTo(3);
        assertThatThrownBy(() -> Options.of("--fast")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Options.of("--rounds")).isInstanceOf(IllegalArgumentException.class);
    }
}
