package dev.agentauth.benchmarks.load;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Measures several paths in alternating rounds, so that what else happens on the machine meets all of them. */
final class Rounds {
    private static final int MORE = 10;
    private static final double SETTLED = 0.9;

    private final Options options;

    Rounds(Options options) {
        this.options = options;
    }

    /** Where something is measured, and with what. */
    record Path(String name, ServerProcess server, Source source) {}

    /** Where requests come from. */
    interface Source {
        /** Those of one round. What it takes to make them is not measured. */
        Traffic forRound(Duration time) throws IOException;
    }

    /** How a round is driven. */
    interface Driver {
        Generator.Run drive(Path path, Traffic traffic, Duration time) throws IOException;
    }

    /** What has come of it. */
    record Results(Map<Path, List<Sample>> samples) {
        /** The medians of a path that was measured. */
        Sample of(Path path) {
            return Sample.median(samples.getOrDefault(path, List.of()));
        }
    }

    /** As many requests as the server answers. */
    Results flatOut(List<Path> paths) throws IOException {
        return measure(
                paths,
                (path, traffic, time) -> Generator.flatOut(path.server().port(), traffic, options.connections, time));
    }

    /** Warms each path up, and measures one after the other, again and again. */
    Results measure(List<Path> paths, Driver driver) throws IOException {
        for (Path path : paths) {
            warm(path, driver);
        }
        Map<Path, List<Sample>> samples = new LinkedHashMap<>();
        for (int round = 1; round <= options.rounds; round++) {
            for (Path path : paths) {
                Sample sample = once(path, driver, options.time);
                samples.computeIfAbsent(path, unused -> new ArrayList<>()).add(sample);
                System.err.printf(
                        Locale.ROOT,
                        "round %d  %-34s %8.0f/s  p50 %6.2f ms  p99 %7.2f ms  %.4f ms of CPU%n",
                        round,
                        path.name(),
                        sample.perSecond(),
                        sample.p50(),
                        sample.p99(),
                        sample.cpu());
            }
        }
        return new Results(samples);
    }

    /** As long as the options say, and longer while it still gets cheaper: on a busy machine compiling takes its time. */
    private void warm(Path path, Driver driver) throws IOException {
        double before = once(path, driver, options.warm).cpu();
        for (int i = 0; i < MORE; i++) {
            double now = once(path, driver, options.time).cpu();
            if (now > SETTLED * before) {
                return;
            }
            before = now;
        }
    }

    private static Sample once(Path path, Driver driver, Duration time) throws IOException {
        Traffic traffic = path.source().forRound(time);
        Duration before = path.server().cpu();
        Generator.Run run = driver.drive(path, traffic, time).checked(path.name());
        double cpu = path.server().cpu().minus(before).toNanos() / 1e6 / run.answered();
        return new Sample(run.perSecond(), run.p50(), run.p99(), cpu);
    }
}
