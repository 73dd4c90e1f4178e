/** The stores of agent-auth in a relational database, over any {@code DataSource}: PostgreSQL, MariaDB, MySQL, H2. */
module dev.agentauth.jdbc {
    requires transitive dev.agentauth.core;
    requires transitive java.sql;
    requires static transitive org.jspecify;

    exports dev.agentauth.jdbc;
}
