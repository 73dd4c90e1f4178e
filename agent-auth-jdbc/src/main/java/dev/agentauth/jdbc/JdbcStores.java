package dev.agentauth.jdbc;

import dev.agentauth.SecretHash;
import dev.agentauth.spi.LogoutMarks;
import dev.agentauth.spi.PortUnavailableException;
import dev.agentauth.spi.RegistrationStore;
import dev.agentauth.spi.ReplayStore;
import dev.agentauth.spi.Stores;
import dev.agentauth.spi.TokenStore;
import dev.agentauth.spi.UserOrigins;
import java.util.Objects;
import java.util.Optional;
import javax.sql.DataSource;

/**
 * Registrations, access tokens, presented JWTs and logout marks in one relational database: PostgreSQL 13, MariaDB 10.6,
 * MySQL 8, H2 2.2, or newer ones.
 *
 * <pre>{@code
 * JdbcStores stores = JdbcStores.of(dataSource, issuer);
 * AgentAuth.builder(issuer, resource).stores(stores)
 * }</pre>
 *
 * <p><b>The tables</b> are made by {@link #migrate}, or by whatever runs the scripts in {@code db/agent-auth/<database>} of
 * this module's resources ({@code postgresql}, {@code mariadb}, {@code mysql}, {@code h2}). Their names begin with {@code
 * agent_auth_}.
 *
 * <p><b>Rows belong to the service</b> that wrote them. Any number of services share a database, and none sees, purges or
 * revokes anything of another.
 *
 * <p><b>The data source</b> has to reach the one database that takes writes, for reads too: a replica of the database may
 * be behind. Every statement commits by itself, so a data source that takes part in a transaction of its caller will not
 * do: what a store has answered must not be rolled back afterwards. Have its connections time out (to connect, to be had
 * from the pool, to read from the socket): a request waits as long as they do. READ COMMITTED is the isolation to
 * configure; any other works, but makes the database repeat more.
 *
 * <p>Safe for use by many threads. Nothing is held between calls, so the stores work again as soon as the database does.
 *
 * @since 0.2.0
 */
public final class JdbcStores implements Stores {
    private final String issuer;
    private final JdbcRegistrationStore registrations;
    private final JdbcTokenStore tokens;
    private final JdbcReplayStore replay;
    private final JdbcLogoutMarks logoutMarks;
    private final WriteProbe probe;
    private final JdbcUserOrigins userOrigins;

    private JdbcStores(Database database, String issuer) {
        this.issuer = Objects.requireNonNull(issuer);
        SecretHash service = SecretHash.of(issuer);
        registrations = new JdbcRegistrationStore(database, service);
        tokens = new JdbcTokenStore(database, service);
        replay = new JdbcReplayStore(database, service);
        logoutMarks = new JdbcLogoutMarks(database, service);
        probe = new WriteProbe(database);
        userOrigins = new JdbcUserOrigins(database, issuer, service);
    }

    /**
     * Makes the tables that are missing. Needs no tool for migrations and gets in the way of none: which scripts have been
     * run stands in a table of its own, {@code agent_auth_schema}. Call it after a tool of yours that insists on an empty
     * schema at its first run, as Flyway does.
     *
     * <p>May be called at every start, and by several replicas at once; without anything to do it only reads. After a failure,
     * whatever its reason, call it again. It does not wait for a database that cannot be reached.
     *
     * @param dataSource where connections come from, as an account that may make tables; it may be another one than that of
     *     {@link #of}, into the same schema
     * @throws PortUnavailableException if the database cannot be reached now, or broke off
     * @throws IllegalArgumentException if it is of a kind that this module has no scripts for
     * @throws IllegalStateException if it refuses to make a table
     */
    public static void migrate(DataSource dataSource) {
        Schema.ofStores(dataSource).migrate();
    }

    /**
     * Stores in a database, which is asked what it is and whether it has the tables.
     *
     * @param dataSource where connections come from; stays its owner's, who closes it
     * @param issuer the service that they are for
     * @return the stores
     * @throws PortUnavailableException if the database cannot be reached now
     * @throws IllegalArgumentException if it is of a kind that this module has no statements for
     * @throws IllegalStateException if the tables are not there: see {@link #migrate}
     */
    public static JdbcStores of(DataSource dataSource, String issuer) {
        Database database = Database.of(dataSource);
        JdbcStores stores = new JdbcStores(database, issuer);
        stores.registrations.findById("");
        return stores;
    }

    @Override
    public String issuer() {
        return issuer;
    }

    @Override
    public RegistrationStore registrations() {
        return registrations;
    }

    @Override
    public TokenStore tokens() {
        return tokens;
    }

    @Override
    public ReplayStore replay() {
        return replay;
    }

    @Override
    public LogoutMarks logoutMarks() {
        return logoutMarks;
    }

    /** In one statement. */
    @Override
    public Optional<TokenWithRegistration> findTokenWithRegistration(SecretHash hash) {
        return tokens.findWithRegistration(hash);
    }

    /** Writes a row that nothing reads, and commits it. */
    @Override
    public void checkWritable() {
        probe.run();
    }

    @Override
    public UserOrigins userOrigins() {
        return userOrigins;
    }
}
