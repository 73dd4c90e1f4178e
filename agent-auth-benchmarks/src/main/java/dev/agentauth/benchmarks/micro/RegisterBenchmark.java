package dev.agentauth.benchmarks.micro;

import dev.agentauth.Registered;
import dev.agentauth.benchmarks.MeasuredService;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** What has an assertion signed. */
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 3, time = 3)
@Measurement(iterations = 5, time = 3)
@Fork(value = 1, jvmArgsAppend = "-Xmx4g")
public class RegisterBenchmark {

    /** A registration that a person has claimed. */
    @State(Scope.Thread)
    @SuppressWarnings("NullAway.Init") // JMH calls make() first
    public static class Refreshable {
        private String token;

        /** Each thread has its own. */
        @Setup
        public void make(ServiceState state) {
            token = state.service.newRefreshToken();
        }
    }

    /** An agent that names nobody. */
    @Benchmark
    public Registered anonymous(ServiceState state) {
        return state.service.auth().registerAnonymous(MeasuredService.caller());
    }

    /** An agent that comes back: each token is used once, for the next. */
    @Benchmark
    public Registered refresh(ServiceState state, Refreshable agent) {
        Registered.Refreshed refreshed = state.service.auth().refresh(MeasuredService.caller(), agent.token);
        agent.token = refreshed.refreshToken().value().reveal();
        return refreshed;
    }
}
