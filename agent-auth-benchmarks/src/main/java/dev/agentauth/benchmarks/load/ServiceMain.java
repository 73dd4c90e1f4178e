package dev.agentauth.benchmarks.load;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.agentauth.benchmarks.Crypto;
import dev.agentauth.benchmarks.MeasuredService;
import dev.agentauth.jdbc.JdbcStores;
import dev.agentauth.memory.InMemoryStores;
import dev.agentauth.servlet.AgentAuthServlet;
import dev.agentauth.servlet.BearerTokenFilter;
import dev.agentauth.spi.Stores;
import jakarta.servlet.DispatcherType;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;
import java.util.logging.Level;
import java.util.logging.Logger;
import javax.sql.DataSource;
import org.eclipse.jetty.ee10.servlet.FilterHolder;
import org.eclipse.jetty.ee10.servlet.ServletContextHandler;
import org.eclipse.jetty.ee10.servlet.ServletHolder;

/**
 * The service under test: the servlet and the filter on the same Jetty as the floor, built as the demo builds them. Not the
 * demo itself, because a million registrations have to be there before the first request, and because what the demo has
 * beside the library (its console, its meters) is not what is to be measured; the demo's jar is measured apart.
 *
 * <p>Arguments are {@code name=value}: {@code audit}, a file; {@code crypto}; {@code residents}, how many registrations
 * with a token there are from the start; {@code jdbc}, the URL of a database; {@code counted}, whether its statements are
 * counted, which costs time.
 */
final class ServiceMain {
    /** As many as clients: waiting for a connection is the pool's price, and costs twice what the statement does. */
    private static final int POOL = 32;

    private ServiceMain() {}

    public static void main(String[] args) throws Exception {
        Map<String, String> options = options(args);
        Logger.getLogger("").setLevel(Level.SEVERE);
        Crypto crypto = Crypto.of(options.getOrDefault("crypto", "jdk"));
        Jetty jetty = Jetty.open();
        String issuer = "http://127.0.0.1:" + jetty.port();
        StatementCounter counter = new StatementCounter();
        Path audit = Path.of(options.getOrDefault("audit", "audit.log"));
        try (MeasuredService service = MeasuredService.of(
                stores(options, issuer, counter), audit, builder -> builder.cryptoProvider(crypto.choice()))) {
            int residents = Integer.parseInt(options.getOrDefault("residents", "0"));
            String[] tokens = new String[residents];
            for (int i = 0; i < residents; i++) {
                tokens[i] = service.newResident();
            }
            // Else a collector that still sorts in a million arrivals of the last second is what is measured.
            System.gc();
            jetty.serve(context(service), line -> obey(service, tokens, counter, line));
        }
    }

    private static Map<String, String> options(String[] args) {
        Map<String, String> options = new HashMap<>();
        for (String arg : args) {
            int sign = arg.indexOf('=');
            options.put(arg.substring(0, sign), arg.substring(sign + 1));
        }
        return options;
    }

    private static Stores stores(Map<String, String> options, String issuer, StatementCounter counter) {
        String url = options.get("jdbc");
        if (url == null) {
            return InMemoryStores.of(issuer);
        }
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(url);
        config.setMaximumPoolSize(POOL);
        DataSource pool = new HikariDataSource(config);
        JdbcStores.migrate(pool);
        return JdbcStores.of(options.containsKey("counted") ? counter.counting(pool) : pool, issuer);
    }

    private static ServletContextHandler context(MeasuredService service) {
        ServletContextHandler context = new ServletContextHandler("/");
        ServletHolder protocol =
                new ServletHolder(AgentAuthServlet.builder(service.auth()).build());
        context.addServlet(protocol, "/*");
        context.addServlet(protocol, "/api/.well-known/*");
        FilterHolder guard = new FilterHolder(BearerTokenFilter.builder(service.auth())
                .allowAnonymous("GET", "/api/.well-known/*")
                .require("GET", "/api/resource", MeasuredService.SCOPE)
                .build());
        context.addFilter(
                guard, "/api/*", EnumSet.of(DispatcherType.REQUEST, DispatcherType.ASYNC, DispatcherType.ERROR));
        context.addServlet(new ServletHolder(new ApiServlet()), "/api/*");
        return context;
    }

    /** {@code <what> <how many> <file>} writes credentials to a file, one a line; {@code statements} tells how many there were. */
    private static String obey(MeasuredService service, String[] tokens, StatementCounter counter, String line)
            throws IOException {
        String[] words = line.split(" ", -1);
        switch (words[0]) {
            case "assertions" -> write(words, service::newAssertion);
            case "refresh-tokens" -> write(words, service::newRefreshToken);
            case "tokens" -> write(words, tokens.length == 0 ? service::newResident : new Residents(tokens));
            case "statements" -> {
                return String.valueOf(counter.count());
            }
            default -> throw new IllegalArgumentException(line);
        }
        return "ok";
    }

    private static void write(String[] words, Supplier<String> source) throws IOException {
        try (BufferedWriter out = Files.newBufferedWriter(Path.of(words[2]))) {
            for (int i = Integer.parseInt(words[1]); i > 0; i--) {
                out.write(source.get());
                out.newLine();
            }
        }
    }

    /** The tokens that were there from the start, one after the other. */
    private static final class Residents implements Supplier<String> {
        private final String[] tokens;
        private int next;

        Residents(String[] tokens) {
            this.tokens = tokens;
        }

        @Override
        public String get() {
            return tokens[next++ % tokens.length];
        }
    }
}
