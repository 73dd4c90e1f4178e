package dev.agentauth.examples;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.agentauth.AgentAuthBuilder;
import dev.agentauth.jdbc.JdbcStores;
import dev.agentauth.jdbc.JdbcUserDirectory;
import dev.agentauth.memory.InMemoryStores;
import dev.agentauth.memory.InMemoryUserDirectory;
import dev.agentauth.spi.Contact;
import dev.agentauth.spi.PortUnavailableException;
import dev.agentauth.spi.RegistrationStore;
import dev.agentauth.spi.Stores;
import dev.agentauth.spi.User;
import dev.agentauth.spi.UserDirectory;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** Where the demo keeps everything: in memory, or in a database that other replicas may share. */
final class DemoStorage implements AutoCloseable {
    private static final List<String> PEOPLE = List.of("alice@example.com", "bob@example.com");

    /** A request waits no longer than this for a connection before it is answered 503. */
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    /** Each waits for a connection as long as a request does. */
    private static final int ATTEMPTS_TO_MIGRATE = 5;

    private final UserDirectory users;
    private final Stores stores;
    private final @Nullable HikariDataSource pool;

    private DemoStorage(UserDirectory users, Stores stores, @Nullable HikariDataSource pool) {
        this.users = users;
        this.stores = stores;
        this.pool = pool;
    }

    /** Storage as the configuration says, with the people that the README names. */
    static DemoStorage open(DemoConfig config) throws WrongSettingException {
        return config.database().isPresent()
                ? inDatabase(config.database().get(), config.issuer())
                : inMemory(config.issuer());
    }

    private static DemoStorage inMemory(String issuer) {
        InMemoryUserDirectory users = new InMemoryUserDirectory();
        for (String address : PEOPLE) {
            users.add(User.of("user_" + address.substring(0, address.indexOf('@')), address));
        }
        return new DemoStorage(users, InMemoryStores.of(issuer), null);
    }

    private static DemoStorage inDatabase(DemoConfig.Jdbc database, String issuer) throws WrongSettingException {
        HikariDataSource pool = null;
        try {
            DataSource source = ReconnectingDataSource.of(database);
            pool = pool(source);
            migrate(pool);
            JdbcUserDirectory users = JdbcUserDirectory.of(pool);
            for (String address : PEOPLE) {
                // The same person for every replica and at every start: whoever is there stays.
                Optional<User> unused = users.create(Contact.of(address, null));
            }
            return new DemoStorage(users, JdbcStores.of(pool, issuer), pool);
        } catch (SQLException | PortUnavailableException | IllegalStateException e) {
            if (pool != null) {
                pool.close();
            }
            throw DemoConfig.databaseNotUsable(database, e);
        }
    }

    private static HikariDataSource pool(DataSource source) {
        HikariConfig config = new HikariConfig();
        config.setDataSource(source);
        config.setPoolName("agent-auth");
        config.setConnectionTimeout(PATIENCE.toMillis());
        config.setTransactionIsolation("TRANSACTION_READ_COMMITTED");
        return new HikariDataSource(config);
    }

    /** Makes the tables that are missing. A database that has just started may break off the first try. */
    private static void migrate(DataSource source) {
        for (int i = 1; ; i++) {
            try {
                JdbcStores.migrate(source);
                JdbcUserDirectory.migrate(source);
                return;
            } catch (PortUnavailableException e) {
                if (i == ATTEMPTS_TO_MIGRATE) {
                    throw e;
                }
            }
        }
    }

    UserDirectory users() {
        return users;
    }

    RegistrationStore registrations() {
        return stores.registrations();
    }

    /** Has a service use this storage. */
    AgentAuthBuilder installIn(AgentAuthBuilder builder) {
        return builder.users(users).stores(stores);
    }

    @Override
    public void close() {
        if (pool != null) {
            pool.close();
        }
    }
}
