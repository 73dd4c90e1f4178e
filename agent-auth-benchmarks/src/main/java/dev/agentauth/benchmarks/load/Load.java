package dev.agentauth.benchmarks.load;

import static dev.agentauth.benchmarks.load.Table.format;

import dev.agentauth.benchmarks.load.Options.Part;
import dev.agentauth.benchmarks.load.Rounds.Path;
import dev.agentauth.benchmarks.load.Rounds.Results;
import dev.agentauth.benchmarks.load.Rounds.Source;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Measures the service beside the least that a service could cost, and prints one table. */
public final class Load {
    private static final int KNOWN = 1_000;
    private static final int COUNTED = 500;
    private static final int DEMO_KNOWN = 100;
    private static final int FIRST_RATE = 3_000;
    private static final int STARTS = 5;
    private static final double OF_THE_PEAK = 0.8;
    private static final double BESIDE = 0.03;
    private static final double OVER_RAW = 1.25;

    private final Options options;
    private final Rounds rounds;
    private final java.nio.file.Path work;
    private final Table table = new Table();
    private final Map<String, Map<Integer, Double>> growth = new LinkedHashMap<>();

    private Load(Options options, java.nio.file.Path work) {
        this.options = options;
        this.rounds = new Rounds(options);
        this.work = work;
    }

    public static void main(String[] args) throws Exception {
        // PostgreSQL tells a lot when it is made.
        Logger.getLogger("").setLevel(Level.WARNING);
        if (List.of(args).contains("--help")) {
            System.out.print(Options.USAGE);
            return;
        }
        Options options;
        try {
            options = Options.of(args);
        } catch (IllegalArgumentException e) {
            System.err.println(e.getMessage());
            System.err.print(Options.USAGE);
            System.exit(2);
            return;
        }
        java.nio.file.Path work = Files.createTempDirectory("agent-auth-load");
        Runtime.getRuntime().addShutdownHook(new Thread(() -> delete(work), "tidy-up"));
        Load load = new Load(options, work);
        load.run();
        String report = Report.head(options) + "\n" + load.table.markdown();
        System.out.print(report);
        if (options.write) {
            Report.write(report, load.growth);
        }
    }

    private void run() throws IOException, GeneralSecurityException {
        main();
        if (options.parts.contains(Part.GROWTH)) {
            growth();
        }
        if (options.parts.contains(Part.TAIL)) {
            tail();
        }
        if (options.parts.contains(Part.POSTGRES)) {
            postgres();
        }
        if (options.parts.contains(Part.START)) {
            start();
        }
        if (options.parts.contains(Part.DEMO)) {
            demo();
        }
        if (options.parts.contains(Part.SAS)) {
            springAuthorizationServer();
        }
    }

    private void main() throws IOException, GeneralSecurityException {
        List<Part> parts = Stream.of(Part.EXCHANGE, Part.FIRST_EXCHANGE, Part.REGISTER, Part.REFRESH, Part.API)
                .filter(options.parts::contains)
                .toList();
        if (parts.isEmpty()) {
            return;
        }
        try (ServerProcess floor = floor();
                ServerProcess service = service("1g", "residents=" + KNOWN)) {
            Path form = new Path("floor: a form", floor, exchanging(service));
            Map<Part, Path> paths = new EnumMap<>(Part.class);
            for (Part part : parts) {
                paths.put(part, path(part, service));
            }
            List<Path> measured = new ArrayList<>(List.of(form));
            measured.addAll(paths.values());
            Path bare = new Path("floor: the API without the filter", floor, calling(service, KNOWN));
            if (parts.contains(Part.API)) {
                measured.add(bare);
            }
            Results seen = rounds.flatOut(measured);
            Sample least = seen.of(form);
            Signatures raw = Signatures.of(options.crypto);
            table.floor(form.name(), least);
            if (parts.contains(Part.API)) {
                table.floor(bare.name(), seen.of(bare));
            }
            paths.forEach((part, path) -> {
                double compared = (part == Part.API ? seen.of(bare) : least).cpu();
                double most = most(part, compared, raw);
                table.row(path.name(), seen.of(path), compared, most, goal(part, most));
            });
            table.other("one ES256 signature, " + options.crypto, format("%.4f", raw.sign()));
            table.other("one ES256 verification, " + options.crypto, format("%.4f", raw.verify()));
        }
    }

    private static double most(Part part, double floor, Signatures raw) {
        return switch (part) {
            case EXCHANGE -> 1.25 * floor;
            case API -> 1.15 * floor;
            case FIRST_EXCHANGE -> floor + OVER_RAW * raw.verify() + BESIDE;
            default -> floor + OVER_RAW * raw.sign() + BESIDE;
        };
    }

    private static String goal(Part part, double most) {
        String rule = switch (part) {
            case EXCHANGE -> "1.25 × the floor";
            case API -> "1.15 × without the filter";
            case FIRST_EXCHANGE -> "floor + 1.25 verifications + 0.03";
            default -> "floor + 1.25 signatures + 0.03";
        };
        return format("≤ %.4f (%s)", most, rule);
    }

    private Path path(Part part, ServerProcess service) throws IOException {
        return switch (part) {
            case EXCHANGE -> new Path("exchange of a known assertion", service, exchanging(service));
            case FIRST_EXCHANGE -> new Path("first exchange of each assertion", service, firstExchanges(service));
            case REGISTER ->
                new Path(
                        "anonymous registration",
                        service,
                        time -> Traffic.cycling(List.of(Requests.registerAnonymously())));
            case REFRESH -> {
                Traffic chain = Traffic.refreshing(service.credentials("refresh-tokens", options.connections, work));
                yield new Path("refresh by refresh token", service, time -> chain);
            }
            default -> new Path("the API behind the filter", service, calling(service, KNOWN));
        };
    }

    private Source exchanging(ServerProcess service) throws IOException {
        return known(service, service.credentials("assertions", KNOWN, work));
    }

    /** Has each assertion exchanged once, so that the service knows it. */
    private static Source known(ServerProcess service, List<String> assertions) throws IOException {
        List<byte[]> requests = assertions.stream().map(Requests::exchange).toList();
        Generator.flatOut(service.port(), Traffic.once(requests), 1, Duration.ofMinutes(1))
                .checked("the first exchanges");
        return time -> Traffic.cycling(requests);
    }

    private Source calling(ServerProcess service, int tokens) throws IOException {
        List<byte[]> requests = service.credentials("tokens", tokens, work).stream()
                .map(Requests::callApi)
                .toList();
        return time -> Traffic.anyOf(requests);
    }

    /** Mints as many as a round may want before it begins; a round that wants more is shorter. */
    private Source firstExchanges(ServerProcess service) {
        return time ->
                Traffic.once(service.credentials("assertions", (int) (FIRST_RATE * time.toSeconds()), work).stream()
                        .map(Requests::exchange)
                        .toList());
    }

    private void growth() throws IOException {
        List<ServerProcess> servers = new ArrayList<>();
        try {
            Map<Integer, Path> exchanges = new TreeMap<>();
            Map<Integer, Path> calls = new TreeMap<>();
            for (int size : options.sizes) {
                ServerProcess server = service("4g", "residents=" + size);
                servers.add(server);
                exchanges.put(size, new Path("exchange at " + format("%,d", size), server, exchanging(server)));
                calls.put(size, new Path("API call at " + format("%,d", size), server, calling(server, size)));
            }
            grow("exchange", exchanges);
            grow("authenticated call", calls);
        } finally {
            servers.forEach(ServerProcess::close);
        }
    }

    private void grow(String what, Map<Integer, Path> paths) throws IOException {
        Results seen = rounds.flatOut(new ArrayList<>(paths.values()));
        Map<Integer, Double> curve = new TreeMap<>();
        paths.forEach((size, path) -> {
            Sample sample = seen.of(path);
            curve.put(size, sample.cpu());
            double least = curve.values().iterator().next();
            table.row(path.name(), sample, least, 1.15 * least, format("≤ %.4f (1.15 × the smallest)", 1.15 * least));
        });
        growth.put(what, curve);
    }

    private void tail() throws IOException {
        try (ServerProcess floor = floor();
                ServerProcess service = service("1g", "residents=" + KNOWN)) {
            Source source = exchanging(service);
            Path form = new Path("floor: a form", floor, source);
            Path exchange = new Path("exchange of a known assertion", service, source);
            Results peaks = rounds.flatOut(List.of(form, exchange));
            double rate = OF_THE_PEAK
                    * Math.min(peaks.of(form).perSecond(), peaks.of(exchange).perSecond());
            Results seen = rounds.measure(
                    List.of(form, exchange),
                    (path, traffic, time) ->
                            Generator.atRate(path.server().port(), traffic, options.connections, time, rate));
            double least = seen.of(form).p99();
            double ours = seen.of(exchange).p99();
            table.other(
                    format("p99 of both at %,.0f/s, floor and exchange", rate),
                    format("%.2f and %.2f ms", least, ours),
                    "≤ 2 × the floor's",
                    ours <= 2 * least);
        }
    }

    private void postgres() throws IOException {
        try (EmbeddedPostgres database = EmbeddedPostgres.start()) {
            String url = "jdbc=" + database.getJdbcUrl("postgres", "postgres");
            try (ServerProcess counted = service("1g", url, "counted=yes")) {
                List<byte[]> exchanges = counted.credentials("assertions", COUNTED, work).stream()
                        .map(Requests::exchange)
                        .toList();
                List<byte[]> calls = counted.credentials("tokens", COUNTED, work).stream()
                        .map(Requests::callApi)
                        .toList();
                double exchange = statements(counted, exchanges);
                double call = statements(counted, calls);
                table.other("PostgreSQL: statements an exchange", format("%.2f", exchange), "≤ 2", exchange < 2.05);
                table.other("PostgreSQL: statements a call", format("%.2f", call), "1", call < 1.05);
            }
            try (ServerProcess floor = floor();
                    ServerProcess service = service("1g", url)) {
                Path form = new Path("floor: a form", floor, exchanging(service));
                Path exchange = new Path("PostgreSQL: exchange", service, exchanging(service));
                Path call = new Path("PostgreSQL: the API behind the filter", service, calling(service, KNOWN));
                Results seen = rounds.flatOut(List.of(form, exchange, call));
                double least = seen.of(form).cpu();
                for (Path path : List.of(exchange, call)) {
                    table.row(
                            path.name(), seen.of(path), least, 3 * least, format("≤ %.4f (3 × the floor)", 3 * least));
                }
            }
        }
    }

    /** How many statements each request caused; the first exchange of an assertion has no more than the next. */
    private static double statements(ServerProcess service, List<byte[]> requests) throws IOException {
        long before = Long.parseLong(service.ask("statements"));
        Generator.Run run = Generator.flatOut(service.port(), Traffic.once(requests), 1, Duration.ofMinutes(1))
                .checked("counting statements");
        return (Long.parseLong(service.ask("statements")) - before) / (double) run.answered();
    }

    private void start() throws IOException {
        double[] seconds = new double[STARTS];
        for (int i = 0; i < STARTS; i++) {
            long begin = System.nanoTime();
            ServerProcess demo = demoProcess();
            seconds[i] = (System.nanoTime() - begin) / 1e9;
            demo.close();
        }
        double median = Sample.median(seconds);
        table.other("start of the demo's jar to its discovery", format("%.2f s", median), "≤ 1.5 s", median <= 1.5);
    }

    /** The demo has more beside the library than the service under test; it should cost little more. */
    private void demo() throws IOException {
        try (ServerProcess floor = floor();
                ServerProcess demo = demoProcess()) {
            List<String> assertions = new ArrayList<>();
            Traffic registering = new Traffic() {
                private int left = DEMO_KNOWN;

                @Override
                public byte @Nullable [] next(int connection) {
                    return left-- > 0 ? Requests.registerAnonymously() : null;
                }

                @Override
                public void answered(int connection, byte[] buffer, int from, int to) {
                    assertions.add(Json.member(buffer, from, to, "identity_assertion"));
                }
            };
            Generator.flatOut(demo.port(), registering, 1, Duration.ofMinutes(1))
                    .checked("registering with the demo");
            Source source = known(demo, assertions);
            Path form = new Path("floor: a form", floor, source);
            Path exchange = new Path("the demo's jar: exchange of a known assertion", demo, source);
            Results seen = rounds.flatOut(List.of(form, exchange));
            double least = seen.of(form).cpu();
            table.beside(exchange.name(), seen.of(exchange), least);
        }
    }

    /** The least that it does for a token: one client with a secret, and opaque tokens. */
    private void springAuthorizationServer() throws IOException {
        if (!Files.exists(options.sas)) {
            System.err.println("without Spring Authorization Server: there is no " + options.sas);
            return;
        }
        int port = freePort();
        try (ServerProcess floor = floor();
                ServerProcess service = service("1g");
                ServerProcess spring = ServerProcess.start(
                        options.sas, log("sas"), port, Requests.discovery(), Map.of("SERVER_PORT", "" + port))) {
            Source source = exchanging(service);
            Path form = new Path("floor: a form", floor, source);
            Path exchange = new Path("exchange of a known assertion", service, source);
            List<byte[]> request = List.of(Requests.clientCredentials());
            Path credentials = new Path(
                    "Spring Authorization Server: client_credentials, opaque token, secret in the form",
                    spring,
                    time -> Traffic.cycling(request));
            Results seen = rounds.flatOut(List.of(form, exchange, credentials));
            table.beside(credentials.name(), seen.of(credentials), seen.of(form).cpu());
            table.beside(
                    "… and our exchange in the same rounds",
                    seen.of(exchange),
                    seen.of(form).cpu());
        }
    }

    private ServerProcess floor() throws IOException {
        return ServerProcess.start(FloorMain.class, log("floor"), "1g");
    }

    private ServerProcess service(String heap, String... arguments) throws IOException {
        List<String> all = new ArrayList<>(List.of(arguments));
        all.add("crypto=" + options.crypto);
        all.add("audit=" + Files.createTempFile(work, "audit", ".log"));
        return ServerProcess.start(ServiceMain.class, log("service"), heap, all.toArray(String[]::new));
    }

    private ServerProcess demoProcess() throws IOException {
        int port = freePort();
        return ServerProcess.start(
                options.demo,
                log("demo"),
                port,
                Requests.discovery(),
                Map.of("AGENT_AUTH_PORT", "" + port, "AGENT_AUTH_DEMO_PROVIDER", "" + freePort()));
    }

    private java.nio.file.Path log(String name) throws IOException {
        return Files.createTempFile(work, name, ".log");
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private static void delete(java.nio.file.Path directory) {
        try (Stream<java.nio.file.Path> files = Files.walk(directory)) {
            for (java.nio.file.Path file :
                    files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            System.err.println("left behind: " + directory);
        }
    }
}
