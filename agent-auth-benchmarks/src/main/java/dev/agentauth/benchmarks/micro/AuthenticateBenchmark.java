package dev.agentauth.benchmarks.micro;

import dev.agentauth.AuthenticatedAgent;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** Who is behind an access token. */
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 3, time = 3)
@Measurement(iterations = 5, time = 3)
@Fork(value = 1, jvmArgsAppend = "-Xmx4g")
public class AuthenticateBenchmark {

    /** Registrations with a token each. */
    @State(Scope.Benchmark)
    @SuppressWarnings("NullAway.Init") // JMH calls make() first
    public static class Residents {
        /** How many. */
        @Param({"1000", "1000000"})
        public int count;

        private String[] tokens;

        /** Makes them. */
        @Setup
        public void make(ServiceState state) {
            tokens = Stream.generate(state.service::newResident).limit(count).toArray(String[]::new);
        }
    }

    /** Where a thread looks next. */
    @State(Scope.Thread)
    public static class Dice {
        private final SplittableRandom random = new SplittableRandom(3);
    }

    /** Any of them. */
    @Benchmark
    public Optional<AuthenticatedAgent> authenticate(ServiceState state, Residents residents, Dice dice) {
        String token = residents.tokens[dice.random.nextInt(residents.tokens.length)];
        return state.service.auth().authenticate(token);
    }
}
