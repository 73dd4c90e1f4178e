package dev.agentauth.benchmarks.micro;

import dev.agentauth.IssuedToken;
import dev.agentauth.benchmarks.MeasuredService;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.infra.Blackhole;

/** Assertions into access tokens. */
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 3, time = 3)
@Measurement(iterations = 5, time = 3)
@Fork(value = 1, jvmArgsAppend = "-Xmx4g")
public class ExchangeBenchmark {
    private static final int NEW = 200;

    /** Assertions that have been exchanged before. */
    @State(Scope.Thread)
    @SuppressWarnings("NullAway.Init") // JMH calls make() first
    public static class Known {
        /** How many. */
        @Param("1000")
        public int known;

        private String[] assertions;
        private int next;

        /** Makes them. */
        @Setup
        public void make(ServiceState state) {
            assertions =
                    Stream.generate(state.service::newAssertion).limit(known).toArray(String[]::new);
            Stream.of(assertions).forEach(state.service::exchange);
        }

        String next() {
            return assertions[next++ % assertions.length];
        }
    }

    /** Assertions that have not. */
    @State(Scope.Thread)
    @SuppressWarnings("NullAway.Init") // JMH calls make() first
    public static class New {
        private String[] assertions;

        /** New ones for each iteration. */
        @Setup(Level.Iteration)
        public void make(ServiceState state) {
            assertions = Stream.generate(state.service::newAssertion).limit(NEW).toArray(String[]::new);
        }
    }

    /** By one thread; see {@link TwoThreads} for what two do. */
    @Benchmark
    @BenchmarkMode(Mode.Throughput)
    public IssuedToken known(ServiceState state, Known known) {
        return exchange(state, known.next());
    }

    /** The signature has to be verified each time. */
    @Benchmark
    @BenchmarkMode(Mode.SingleShotTime)
    @OutputTimeUnit(TimeUnit.MICROSECONDS)
    @OperationsPerInvocation(NEW)
    @Warmup(iterations = 50)
    @Measurement(iterations = 50)
    public void first(ServiceState state, New unknown, Blackhole hole) {
        for (String assertion : unknown.assertions) {
            hole.consume(exchange(state, assertion));
        }
    }

    private static IssuedToken exchange(ServiceState state, String assertion) {
        return state.service.auth().exchange(MeasuredService.caller(), assertion, null, List.of());
    }
}
