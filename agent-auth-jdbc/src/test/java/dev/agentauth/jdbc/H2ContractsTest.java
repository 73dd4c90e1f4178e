package dev.agentauth.jdbc;

import org.junit.jupiter.api.DisplayName;

@DisplayName("On H2")
class H2ContractsTest extends JdbcContracts {
    H2ContractsTest() {
        super(H2.database());
    }
}
