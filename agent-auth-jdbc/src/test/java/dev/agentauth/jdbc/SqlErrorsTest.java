package dev.agentauth.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SqlErrorsTest {

    @ParameterizedTest
    @CsvSource({
        // PostgreSQL
        "23505, 0, duplicate",
        "40001, 0, conflict",
        "40P01, 0, conflict",
        "55P03, 0, conflict",
        "42P01, 0, refusal",
        "22021, 0, refusal",
        "23502, 0, refusal",
        "08006, 0, outage",
        "08001, 0, outage",
        "57P01, 0, outage",
        "57P03, 0, outage",
        "57014, 0, outage",
        "53300, 0, outage",
        "53100, 0, outage",
        "25006, 0, outage",
        "26000, 0, outage",
        "42P05, 0, outage",
        "42501, 0, refusal",
        "XX000, 0, outage",
        // MariaDB and MySQL
        "23000, 1062, duplicate",
        "40001, 1213, conflict",
        "HY000, 1205, conflict",
        "HY000, 1020, conflict",
        "42S02, 1146, refusal",
        "22001, 1406, refusal",
        "23000, 1048, refusal",
        "08S01, 1053, outage",
        "08004, 1040, outage",
        "HY000, 1290, outage",
        "42000, 1203, outage",
        "42000, 1226, outage",
        "42000, 1461, outage",
        "42000, 1064, refusal",
        "42000, 1142, refusal",
        // H2
        "23505, 23505, duplicate",
        "HYT00, 50200, conflict",
        "90131, 90131, conflict",
        "42S02, 42102, refusal",
        "90098, 90098, outage",
        "90067, 90067, outage",
        // A pool that has no connection
        ", 0, outage"
    })
    void errorIsWhatItsStateAndCodeSay(String state, int code, String meaning) {
        SQLException e = new SQLException("any text", state, code);

        assertThat(SqlErrors.isDuplicateKey(e)).isEqualTo(meaning.equals("duplicate"));
        assertThat(SqlErrors.isConflict(e)).isEqualTo(meaning.equals("conflict"));
        assertThat(SqlErrors.isRefusal(e) && !SqlErrors.isDuplicateKey(e)).isEqualTo(meaning.equals("refusal"));
    }
}
