package dev.agentauth.benchmarks.micro;

import dev.agentauth.AuthenticatedAgent;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
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
@Fork(
        value = 1,
        jvmArgsAppend = {"-Xmx4g", "-XX:+AlwaysPreTouch"})
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
            tokens = Stream.generate(state.service::newToken).limit(count).toArray(String[]::new);
            List<String> order = new ArrayList<>(List.of(tokens));
            Collections.shuffle(order, new Random(3));
            order.forEach(state.service::addResident);
        }
    }

    /** Which token a thread has next. */
    @State(Scope.Thread)
    public static class Cursor {
        private int next;
    }

    /**
     * One after the other. They came into the stores in another order, so what is found is all over the heap, as it is in a
     * service; the text of the token is not, as it has just been read from a request there.
     */
    @Benchmark
    public Optional<AuthenticatedAgent> authenticate(ServiceState state, Residents residents, Cursor cursor) {
        int index = cursor.next;
        cursor.next = index + 1 == residents.tokens.length ? 0 : index + 1;
        return state.service.auth().authenticate(residents.tokens[index]);
    }
}
