package dev.agentauth.jdbc;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A cluster whose nodes may answer with what is no longer so is refused at the start. The server is one that says it is one. */
class F30_GaleraTest {

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 4, 5, 6})
    void clusterThatDoesNotWaitForReadsUpdatesAndDeletesIsRefusedWithTheOneSetting(int waits) {
        assertThatThrownBy(() -> JdbcStores.of(node("ON", waits), TestDatabase.ISSUER))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("wsrep_sync_wait=3")
                .hasMessageContaining("JDBC URL");
        assertThatThrownBy(() -> JdbcUserDirectory.of(node("ON", waits))).isInstanceOf(IllegalStateException.class);
    }

    @ParameterizedTest
    @ValueSource(ints = {3, 7, 15})
    void clusterThatWaitsIsUsed(int waits) {
        assertThatCode(() -> JdbcStores.of(node("ON", waits), TestDatabase.ISSUER))
                .doesNotThrowAnyException();
    }

    @Test
    void serverThatIsInNoClusterIsUsedAsItIs() {
        assertThatCode(() -> JdbcStores.of(node("OFF", 0), TestDatabase.ISSUER)).doesNotThrowAnyException();
        assertThatCode(() -> JdbcStores.of(MariaDb.database().dataSource(), TestDatabase.ISSUER))
                .doesNotThrowAnyException();
    }

    @Test
    void mySqlKnowsNoSuchVariablesAndIsUsed() {
        WatchedDataSource mySql = new WatchedDataSource(MariaDb.database().dataSource());
        mySql.rewrite(sql -> sql.startsWith("SHOW ") ? "SELECT '', '' FROM DUAL WHERE 1 = 0" : sql);

        assertThatCode(() -> JdbcStores.of(mySql.dataSource(), TestDatabase.ISSUER))
                .doesNotThrowAnyException();
    }

    @Test
    void tablesCanBeMadeBeforeTheSettingIs() {
        assertThatCode(() -> JdbcStores.migrate(node("ON", 0))).doesNotThrowAnyException();
    }

    private static DataSource node(String on, int waits) {
        WatchedDataSource node = new WatchedDataSource(MariaDb.database().dataSource());
        node.rewrite(sql -> sql.startsWith("SHOW ")
                ? "SELECT 'wsrep_on', '" + on + "' UNION SELECT 'wsrep_sync_wait', '" + waits + "'"
                : sql);
        return node.dataSource();
    }
}
