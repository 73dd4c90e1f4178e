package dev.agentauth.benchmarks.load;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The one table, in Markdown. */
final class Table {
    private final List<List<String>> rows = new ArrayList<>();

    Table() {
        rows.add(List.of("path", "requests/s", "p50 ms", "p99 ms", "CPU ms per request", "× the floor", "goal", "met"));
    }

    /** What nothing is compared with. */
    void floor(String path, Sample sample) {
        row(path, sample, null, "", null);
    }

    /** What is compared with the floor, and has no goal. */
    void beside(String path, Sample sample, double floor) {
        row(path, sample, sample.cpu() / floor, "", null);
    }

    /** What has a goal in processor time. */
    void row(String path, Sample sample, double floor, double mostCpu, String goal) {
        row(path, sample, sample.cpu() / floor, goal, sample.cpu() <= mostCpu);
    }

    private void row(String path, Sample sample, @Nullable Double ratio, String goal, @Nullable Boolean met) {
        rows.add(List.of(
                path,
                format("%,.0f", sample.perSecond()),
                format("%.2f", sample.p50()),
                format("%.2f", sample.p99()),
                format("%.4f", sample.cpu()),
                ratio == null ? "" : format("%.2f", ratio),
                goal,
                met == null ? "" : met ? "yes" : "**no**"));
    }

    /** What is measured in something else. */
    void other(String path, String seen, String goal, boolean met) {
        rows.add(List.of(path, "", "", "", seen, "", goal, met ? "yes" : "**no**"));
    }

    /** What is measured in something else, and has no goal of its own. */
    void other(String path, String seen) {
        rows.add(List.of(path, "", "", "", seen, "", "", ""));
    }

    String markdown() {
        StringBuilder text = new StringBuilder();
        for (List<String> row : rows) {
            text.append("| ").append(String.join(" | ", row)).append(" |\n");
            if (row.equals(rows.get(0))) {
                text.append("|---|---:|---:|---:|---:|---:|---|---|\n");
            }
        }
        return text.toString();
    }

    static String format(String format, Object... values) {
        return String.format(Locale.ROOT, format, values);
    }
}
