package dev.agentauth.examples.replicas;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentauth.examples.QuietLogs;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.extension.AfterTestExecutionCallback;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Has a cluster while its tests run. */
@ExtendWith(QuietLogs.class)
abstract class ReplicaTest {
    static Cluster cluster;

    @RegisterExtension
    static final AfterTestExecutionCallback PRINT_WHEN_FAILED = context -> {
        if (context.getExecutionException().isPresent()) {
            cluster.printLastWords();
        }
    };

    @BeforeAll
    static void startCluster() throws Exception {
        cluster = Cluster.start();
    }

    @AfterAll
    static void stopCluster() throws Exception {
        try (Cluster closed = cluster) {
            assertThat(closed.leaks()).as("secrets in the replicas' output").isEmpty();
        }
    }
}
