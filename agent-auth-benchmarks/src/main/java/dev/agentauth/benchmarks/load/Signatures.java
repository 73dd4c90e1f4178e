package dev.agentauth.benchmarks.load;

import dev.agentauth.benchmarks.Crypto;
import dev.agentauth.benchmarks.Es256;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.security.GeneralSecurityException;
import java.time.Duration;

/**
 * What an ES256 signature costs by itself.
 *
 * @param sign milliseconds of processor time to sign
 * @param verify milliseconds to verify
 */
record Signatures(double sign, double verify) {
    private static final int ROUNDS = 5;
    private static final Duration ROUND = Duration.ofMillis(400);

    /** Takes about five seconds. */
    static Signatures of(Crypto crypto) throws GeneralSecurityException {
        Es256 es256 = Es256.by(crypto);
        byte[] good = es256.sign();
        Work signing = () -> es256.sign().length > 0;
        Work verifying = () -> es256.verify(good);
        time(signing);
        time(verifying);
        double[] signs = new double[ROUNDS];
        double[] verifies = new double[ROUNDS];
        for (int i = 0; i < ROUNDS; i++) {
            signs[i] = time(signing);
            verifies[i] = time(verifying);
        }
        return new Signatures(Sample.median(signs), Sample.median(verifies));
    }

    private interface Work {
        boolean run() throws GeneralSecurityException;
    }

    private static double time(Work work) throws GeneralSecurityException {
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        long until = System.nanoTime() + ROUND.toNanos();
        long before = threads.getCurrentThreadCpuTime();
        int count = 0;
        while (System.nanoTime() < until) {
            if (!work.run()) {
                throw new IllegalStateException("a good signature was refused");
            }
            count++;
        }
        return (threads.getCurrentThreadCpuTime() - before) / 1e6 / count;
    }
}
