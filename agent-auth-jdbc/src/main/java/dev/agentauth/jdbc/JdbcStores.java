package dev.agentauth.jdbc;

import dev.agentauth.spi.AccessTokenStore;
import dev.agentauth.spi.LogoutMarks;
import dev.agentauth.spi.RegistrationStore;
import dev.agentauth.spi.ReplayStore;
import dev.agentauth.spi.StoreUnavailableException;
import javax.sql.DataSource;

/**
 * Registrations, access tokens, presented JWTs and logout marks in one relational database: PostgreSQL 13, MariaDB 10.6,
 * MySQL 8, H2 2.2, or newer ones.
 *
 * <pre>{@code
 * JdbcStores stores = JdbcStores.of(dataSource);
 * AgentAuth.builder(issuer, resource)
 *         .registrations(stores.registrations())
 *         .accessTokens(stores.accessTokens())
 *         .replay(stores.replay())
 *         .logoutMarks(stores.logoutMarks())
 * }</pre>
 *
 * <p><b>The schema</b> is made by the scripts in {@code db/agent-auth/<database>} of this module's resources, which are laid
 * out for Flyway: {@code postgresql}, {@code mariadb}, {@code mysql}, {@code h2}.
 *
 * <p><b>The data source</b> has to reach the one database that takes writes, for reads too: a replica of the database may
 * be behind. Every statement commits by itself, so a data source that takes part in a transaction of its caller will not
 * do: what a store has answered must not be rolled back afterwards. Have its connections time out (to connect, to be had
 * from the pool, to read from the socket): a request waits as long as they do. READ COMMITTED is the isolation to
 * configure; any other works, but makes the database repeat more.
 *
 * <p>Safe for use by many threads. Nothing is held between calls, so the stores work again as soon as the database does.
 */
public final class JdbcStores {
    private final JdbcRegistrationStore registrations;
    private final JdbcAccessTokenStore accessTokens;
    private final JdbcReplayStore replay;
    private final JdbcLogoutMarks logoutMarks;

    private JdbcStores(Database database) {
        registrations = new JdbcRegistrationStore(database);
        accessTokens = new JdbcAccessTokenStore(database);
        replay = new JdbcReplayStore(database);
        logoutMarks = new JdbcLogoutMarks(database);
    }

    /**
     * Stores in a database, which is asked what it is and whether it has the tables.
     *
     * @param dataSource where connections come from; stays its owner's, who closes it
     * @return the stores
     * @throws StoreUnavailableException if the database cannot be reached now
     * @throws IllegalArgumentException if it is of a kind that this module has no statements for
     * @throws IllegalStateException if the tables are not there
     */
    public static JdbcStores of(DataSource dataSource) {
        Database database = Database.of(dataSource);
        JdbcStores stores = new JdbcStores(database);
        stores.registrations.findById("");
        return stores;
    }

    /**
     * The registrations.
     *
     * @return always the same
     */
    public RegistrationStore registrations() {
        return registrations;
    }

    /**
     * The access tokens. Together with {@link #registrations} they need one look-up to authenticate a token.
     *
     * @return always the same
     */
    public AccessTokenStore accessTokens() {
        return accessTokens;
    }

    /**
     * The JWTs that were presented.
     *
     * @return always the same
     */
    public ReplayStore replay() {
        return replay;
    }

    /**
     * The logout marks.
     *
     * @return always the same
     */
    public LogoutMarks logoutMarks() {
        return logoutMarks;
    }
}
