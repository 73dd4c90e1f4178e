package dev.agentauth.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentauth.SecretHash;
import dev.agentauth.spi.UserOrigins;
import dev.agentauth.spi.UserOrigins.Yields;
import dev.agentauth.testkit.TestRegistrations;
import java.time.Instant;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** T85: two services on one database, with the same keys, users and addresses, know nothing of each other's users. */
class T85_OriginsOfTwoServicesTest {
    private static final SecretHash KEY = SecretHash.of("key");
    private static final SecretHash ADDRESS = SecretHash.of("address");
    private static final Instant NOW = TestRegistrations.NOW;

    static Stream<TestDatabase> databases() {
        return F11_MigrationTest.databases();
    }

    @ParameterizedTest
    @MethodSource("databases")
    void nothingOfOneIsSeenOrChangedByTheOther(TestDatabase database) {
        database.empty();
        UserOrigins a =
                JdbcStores.of(database.dataSource(), "https://a.example.com").userOrigins();
        UserOrigins b =
                JdbcStores.of(database.dataSource(), "https://b.example.com").userOrigins();

        assertThat(a.reserve(KEY, "of_a", Optional.of(ADDRESS), NOW, NOW.plusSeconds(60)))
                .isTrue();
        assertThat(b.find(KEY)).isEmpty();
        assertThat(b.isReserved(ADDRESS)).isFalse();
        b.cancel(ADDRESS);
        assertThat(b.reserve(KEY, "of_b", Optional.of(ADDRESS), NOW, NOW.plusSeconds(60)))
                .isTrue();

        assertThat(a.record("of_a", "user_1")).isTrue();
        assertThat(b.isOnProvidersWord("user_1")).isFalse();
        assertThat(b.record("of_b", "user_1")).isTrue();
        b.forgetKeys("user_1");
        assertThat(b.forgetAllKeys(10)).isZero();
        assertThat(a.find(KEY)).contains(new Yields("user_1"));
        b.forget("user_1");
        assertThat(a.isOnProvidersWord("user_1")).isTrue();
        assertThat(a.forgetAllKeys(10)).isEqualTo(1);
    }
}
