package dev.agentauth.jdbc;

import dev.agentauth.spi.LogoutMarks;
import dev.agentauth.spi.RegistrationStore;
import dev.agentauth.spi.ReplayStore;
import dev.agentauth.spi.Stores;
import dev.agentauth.spi.TokenStore;
import dev.agentauth.spi.UserDirectory;
import dev.agentauth.spi.UserOrigins;
import dev.agentauth.testkit.LogoutMarksContract;
import dev.agentauth.testkit.Outage;
import dev.agentauth.testkit.RegistrationStoreContract;
import dev.agentauth.testkit.ReplayStoreContract;
import dev.agentauth.testkit.StoresContract;
import dev.agentauth.testkit.TokenStoreContract;
import dev.agentauth.testkit.UserDirectoryContract;
import dev.agentauth.testkit.UserOriginsContract;
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
        return stores(TestDatabase.ISSUER);
    }

    private JdbcStores stores(String issuer) {
        database.empty();
        return JdbcStores.of(watched.dataSource(), issuer);
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
    class Tokens extends TokenStoreContract {
        @Override
        protected TokenStore newStore() {
            return stores().tokens();
        }

        @Override
        protected Optional<Outage> outage() {
            return planned();
        }
    }

    @Nested
    class Bundle extends StoresContract {
        @Override
        protected Stores newStores(String issuer) {
            return stores(issuer);
        }

        @Override
        protected Stores newNeighbour(String issuer) {
            return JdbcStores.of(watched.dataSource(), issuer);
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
    class Origins extends UserOriginsContract {
        @Override
        protected UserOrigins newOrigins() {
            return stores().userOrigins();
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
