package dev.agentauth.jdbc;

import dev.agentauth.spi.AccessTokenStore;
import dev.agentauth.spi.LogoutMarks;
import dev.agentauth.spi.RegistrationStore;
import dev.agentauth.spi.ReplayStore;
import dev.agentauth.spi.UserDirectory;
import dev.agentauth.testkit.AccessTokenStoreContract;
import dev.agentauth.testkit.LogoutMarksContract;
import dev.agentauth.testkit.RegistrationStoreContract;
import dev.agentauth.testkit.ReplayStoreContract;
import dev.agentauth.testkit.UserDirectoryContract;
import org.junit.jupiter.api.Nested;

/** Every contract, over one database. */
abstract class JdbcContracts {
    private final TestDatabase database;

    JdbcContracts(TestDatabase database) {
        this.database = database;
    }

    private JdbcStores stores() {
        return JdbcStores.of(database.emptied().dataSource());
    }

    @Nested
    class Registrations extends RegistrationStoreContract {
        @Override
        protected RegistrationStore newStore() {
            return stores().registrations();
        }
    }

    @Nested
    class AccessTokens extends AccessTokenStoreContract {
        @Override
        protected AccessTokenStore newStore() {
            return stores().accessTokens();
        }
    }

    @Nested
    class Replays extends ReplayStoreContract {
        @Override
        protected ReplayStore newStore() {
            return stores().replay();
        }
    }

    @Nested
    class Marks extends LogoutMarksContract {
        @Override
        protected LogoutMarks newMarks() {
            return stores().logoutMarks();
        }
    }

    @Nested
    class Users extends UserDirectoryContract {
        @Override
        protected UserDirectory newDirectory() {
            return JdbcUserDirectory.of(database.emptied().dataSource());
        }
    }
}
