package dev.agentauth.benchmarks.load;

import dev.agentauth.benchmarks.Crypto;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** What the command line says. */
final class Options {
    static final String USAGE = """
            usage: load [options]
              --only PATHS       some of: exchange,first-exchange,register,refresh,api,growth,tail,postgres,start,demo,sas
              --rounds N         alternating rounds of each path (5); the table has their medians
              --seconds N        how long each round of a path lasts (5)
              --warm N           for how many seconds each path is warmed up (15)
              --connections N    connections of the generator (32)
              --sizes LIST       registrations of the growth curve (1000,10000,100000,1000000)
              --crypto WHO       jdk, accp or bc: who signs and verifies in the service (accp)
              --demo JAR         the demo, for start and demo (agent-auth-examples/target/agent-auth-demo.jar)
              --sas JAR          Spring Authorization Server (agent-auth-benchmarks/sas/target/agent-auth-sas.jar)
              --write            write the table into agent-auth-benchmarks/README.md, and the curve beside it
            """;

    /** What can be measured. */
    enum Part {
        EXCHANGE,
        FIRST_EXCHANGE,
        REGISTER,
        REFRESH,
        API,
        GROWTH,
        TAIL,
        POSTGRES,
        START,
        DEMO,
        SAS
    }

    final Set<Part> parts = EnumSet.allOf(Part.class);
    int rounds = 5;
    Duration time = Duration.ofSeconds(5);
    Duration warm = Duration.ofSeconds(15);
    int connections = 32;
    List<Integer> sizes = List.of(1_000, 10_000, 100_000, 1_000_000);
    Crypto crypto = Crypto.ACCP;
    Path demo = Path.of("agent-auth-examples", "target", "agent-auth-demo.jar");
    Path sas = Path.of("agent-auth-benchmarks", "sas", "target", "agent-auth-sas.jar");
    boolean write;

    private Options() {}

    /**
     * Reads the command line.
     *
     * @throws IllegalArgumentException if there is anything else than {@link #USAGE} says
     */
    static Options of(String... args) {
        Options options = new Options();
        Deque<String> rest = new ArrayDeque<>(Arrays.asList(args));
        while (!rest.isEmpty()) {
            options.read(rest.remove(), rest);
        }
        return options;
    }

    private void read(String name, Deque<String> rest) {
        switch (name) {
            case "--only" -> {
                parts.clear();
                for (String part : value(name, rest).split(",", -1)) {
                    parts.add(Part.valueOf(part.toUpperCase(Locale.ROOT).replace('-', '_')));
                }
            }
            case "--rounds" -> rounds = Integer.parseInt(value(name, rest));
            case "--seconds" -> time = Duration.ofSeconds(Long.parseLong(value(name, rest)));
            case "--warm" -> warm = Duration.ofSeconds(Long.parseLong(value(name, rest)));
            case "--connections" -> connections = Integer.parseInt(value(name, rest));
            case "--sizes" ->
                sizes = Arrays.stream(value(name, rest).split(",", -1))
                        .map(Integer::valueOf)
                        .toList();
            case "--crypto" -> crypto = Crypto.of(value(name, rest));
            case "--demo" -> demo = Path.of(value(name, rest));
            case "--sas" -> sas = Path.of(value(name, rest));
            case "--write" -> write = true;
            default -> throw new IllegalArgumentException("unknown: " + name);
        }
    }

    private static String value(String name, Deque<String> rest) {
        if (rest.isEmpty()) {
            throw new IllegalArgumentException(name + " wants a value");
        }
        return rest.remove();
    }
}
