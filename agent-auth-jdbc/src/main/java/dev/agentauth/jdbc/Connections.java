package dev.agentauth.jdbc;

import dev.agentauth.spi.PortUnavailableException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Collections;
import java.util.Optional;
import java.util.Set;
import java.util.WeakHashMap;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * Leases connections to the database that takes writes. After a failover a pool may still hold connections to the server that
 * was it: they answer reads with what is no longer so, and accept what has been revoked since. So as soon as a write is refused
 * because the server takes none, every connection is asked once before it is used again, and those that lead there are ended.
 * Until then nobody is asked anything.
 */
final class Connections {
    private static final int MAX_ENDED = 2;

    private final DataSource dataSource;
    private final Dialect dialect;

    /** Those that have been asked since the last doubt; null while there was none. */
    private volatile @Nullable Set<Connection> proven;

    Connections(DataSource dataSource, Dialect dialect) {
        this.dataSource = dataSource;
        this.dialect = dialect;
    }

    /**
     * Leases one.
     *
     * @throws PortUnavailableException if none is to be had, or only such as lead to a database that takes no writes
     */
    Lease lease() {
        for (int ended = 0; ; ended++) {
            Lease lease = Lease.of(dataSource);
            if (takesWrites(lease)) {
                return lease;
            }
            end(lease);
            if (ended == MAX_ENDED) {
                throw new PortUnavailableException("the database that connections lead to takes no writes");
            }
        }
    }

    /** From now on every connection has to prove itself again. */
    void doubt() {
        proven = Collections.synchronizedSet(Collections.newSetFromMap(new WeakHashMap<>()));
    }

    private boolean takesWrites(Lease lease) {
        Set<Connection> known = proven;
        if (known == null) {
            return true;
        }
        Optional<Connection> connection = lease.physical();
        if (connection.filter(known::contains).isPresent()) {
            return true;
        }
        try {
            boolean takesWrites = Database.select(
                            lease.connection(), dialect.asksWhetherItTakesWrites(), parameters -> {}, Row::flag)
                    .get(0);
            if (takesWrites) {
                connection.ifPresent(known::add);
            }
            return takesWrites;
        } catch (SQLException e) {
            lease.close();
            throw new PortUnavailableException("the database does not say whether it takes writes", e);
        }
    }

    private static void end(Lease lease) {
        lease.end();
        lease.close();
    }
}
