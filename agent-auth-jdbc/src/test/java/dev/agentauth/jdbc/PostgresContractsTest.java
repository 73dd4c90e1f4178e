package dev.agentauth.jdbc;

import org.junit.jupiter.api.DisplayName;

@DisplayName("On PostgreSQL")
class PostgresContractsTest extends JdbcContracts {
    PostgresContractsTest() {
        super(Postgres.database());
    }
}
