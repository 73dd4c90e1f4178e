package dev.agentauth.examples;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.agentauth.AgentAuthBuilder;
import dev.agentauth.SecretHash;
import dev.agentauth.jdbc.JdbcStores;
import dev.agentauth.jdbc.JdbcUserDirectory;
import dev.agentauth.memory.InMemoryRegistrationStore;
import dev.agentauth.memory.InMemoryUserDirectory;
import dev.agentauth.spi.Contact;
import dev.agentauth.spi.RegistrationStore;
import dev.agentauth.spi.StoreUnavailableException;
import dev.agentauth.spi.User;
import dev.agentauth.spi.UserDirectory;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.jspecify.annotations.Nullable;

/** Where the demo keeps everything: in memory, or in a database that other replicas may share. */
final class DemoStorage implements AutoCloseable {
    private static final List<String> PEOPLE = List.of("alice@example.com", "bob@example.com");

    /** A request waits no longer than this for a connection before it is answered 503. */
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    private final UserDirectory users;
    private final RegistrationStore registrations;
    private final @Nullable JdbcStores stores;
    private final @Nullable HikariDataSource pool;

    private DemoStorage(
            UserDirectory users,
            RegistrationStore registrations,
            @Nullable JdbcStores stores,
            @Nullable HikariDataSource pool) {
        this.users = users;
        this.registrations = registrations;
        this.stores = stores;
        this.pool = pool;
    }

    /** Storage as the configuration says, with the people that the README names. */
    static DemoStorage open(DemoConfig config) throws WrongSettingException {
        return config.database().isPresent() ? inDatabase(config.database().get()) : inMemory();
    }

    private static DemoStorage inMemory() {
        InMemoryUserDirectory users = new InMemoryUserDirectory();
        for (String address : PEOPLE) {
            users.add(User.of("user_" + address.substring(0, address.indexOf('@')), address));
        }
        return new DemoStorage(users, new InMemoryRegistrationStore(), null, null);
    }

    private static DemoStorage inDatabase(DemoConfig.Jdbc database) throws WrongSettingException {
        HikariDataSource pool = null;
        try {
            DataSource source = ReconnectingDataSource.of(database);
            pool = pool(source);
            migrate(pool, database);
            JdbcUserDirectory users = JdbcUserDirectory.of(pool);
            for (String address : PEOPLE) {
                // The same person for every replica and at every start.
                users.provision(SecretHash.of("demo " + address), Contact.proved(address));
            }
            JdbcStores stores = JdbcStores.of(pool);
            return new DemoStorage(users, stores.registrations(), stores, pool);
        } catch (SQLException | FlywayException | StoreUnavailableException e) {
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

    /** Runs the scripts that have not been run. Their histories are apart from any that a service has of its own. */
    private static void migrate(DataSource source, DemoConfig.Jdbc database) {
        for (String scripts : List.of("agent-auth", "agent-auth-users")) {
            Flyway.configure()
                    .dataSource(source)
                    .locations("classpath:db/" + scripts + "/" + database.kind())
                    .table(scripts.replace('-', '_') + "_history")
                    .baselineOnMigrate(true)
                    .baselineVersion("0")
                    .load()
                    .migrate();
        }
    }

    UserDirectory users() {
        return users;
    }

    RegistrationStore registrations() {
        return registrations;
    }

    /** Has a service use this storage. */
    AgentAuthBuilder installIn(AgentAuthBuilder builder) {
        if (stores != null) {
            builder.accessTokens(stores.accessTokens()).replay(stores.replay()).logoutMarks(stores.logoutMarks());
        }
        return builder.users(users).registrations(registrations);
    }

    @Override
    public void close() {
        if (pool != null) {
            pool.close();
        }
    }
}
