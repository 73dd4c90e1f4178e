package dev.agentauth.benchmarks.micro;

import dev.agentauth.benchmarks.Crypto;
import dev.agentauth.benchmarks.Es256;
import java.security.GeneralSecurityException;
import java.util.concurrent.TimeUnit;
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

/** What a signature costs by itself, by each provider. */
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 3, time = 3)
@Measurement(iterations = 5, time = 3)
@Fork(1)
@State(Scope.Benchmark)
@SuppressWarnings("NullAway.Init") // JMH calls make() first
public class SignatureBenchmark {
    /** Who signs and verifies. */
    @Param
    public Crypto crypto;

    private Es256 es256;
    private byte[] signed;

    /** Makes a key. */
    @Setup
    public void make() throws GeneralSecurityException {
        es256 = Es256.by(crypto);
        signed = es256.sign();
    }

    /** Signs. */
    @Benchmark
    public byte[] sign() throws GeneralSecurityException {
        return es256.sign();
    }

    /** Verifies. */
    @Benchmark
    public boolean verify() throws GeneralSecurityException {
        return es256.verify(signed);
    }
}
