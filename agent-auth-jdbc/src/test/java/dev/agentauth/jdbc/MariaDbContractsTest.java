package dev.agentauth.jdbc;

import org.junit.jupiter.api.DisplayName;

@DisplayName("On MariaDB")
class MariaDbContractsTest extends JdbcContracts {
    MariaDbContractsTest() {
        super(MariaDb.database());
    }
}
