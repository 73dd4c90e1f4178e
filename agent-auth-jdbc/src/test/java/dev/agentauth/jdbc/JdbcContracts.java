package dev.agentauth.jdbc;

import dev.agentauth.spi.AccessTokenStore;
import dev.agentauth.spi.LogoutMarks;
import dev.agentauth.spi.RegistrationStore;
import dev.agentauth.spi.ReplayStore;
import dev.agentauth.spi.UserDirectory;
import dev.agentauth.testkit.AccessTokenStoreContract;
import dev.agentauth.testkit.LogoutMarksContract;
import dev.agentauth.testkit.Outage;
import dev.agentauth.testkit.RegistrationStoreContract;
import dev.agentauth.testkit.ReplayStoreContract;
import dev.agentauth.testkit.UserDirectoryContract;
import java.util.Optional;
import org.junit.jupiter.api.Nested;

/** Every contract, over one database. */
abstract class JdbcContracts {
    private final TestDatabase database;
    private final WatchedDataSource watched;

    JdbcContracts(TestDatabase database) {
        this.database = database;
        this.watched = new WatchedDataSource(database.dataSource());
    }

    private JdbcStores stores() {
        database.empty();
        return JdbcStores.of(watched.dataSource());
    }

    private Optional<Outage> planned() {
        return Optional.of(new Outage() {
            @Override
            public void begin() {
                watched.goDown();
            }

            @Override
            public void end() {
                watched.comeBack();
            }
        });
    }

    @Nested
    class Registrations extends RegistrationStoreContract {
        @Override
        protected RegistrationStore newStore() {
            return stores().registrations();
        }

        @Override
        protected Optional<Outage> outage() {
            return planned();
        }
    }

    @Nested
    class AccessTokens extends AccessTokenStoreContract {
        private final JdbcStores stores = stores();

        @Override
        protected AccessTokenStore newStore() {
            database.empty();
            return stores.accessTokens();
        }

        @Override
        protected RegistrationStore registrations() {
            return stores.registrations();
        }

        @Override
        protected Optional<Outage> outage() {
            return planned();
        }
    }

    @Nested
    class Replays extends ReplayStoreContract {
        @Override
        protected ReplayStore newStore() {
            return stores().replay();
        }

        @Override
        protected Optional<Outage> outage() {
            return planned();
        }
    }

    @Nested
    class Marks extends LogoutMarksContract {
        @Override
        protected LogoutMarks newMarks() {
            return stores().logoutMarks();
        }

        @Override
        protected Optional<Outage> outage() {
            return planned();
        }
    }

    @Nested
    class Users extends UserDirectoryContract {
        @Override
        protected UserDirectory newDirectory() {
            database.empty();
            return JdbcUserDirectory.of(watched.dataSource());
        }

        @Override
        protected Optional<Outage> outage() {
            return planned();
        }
    }
}
