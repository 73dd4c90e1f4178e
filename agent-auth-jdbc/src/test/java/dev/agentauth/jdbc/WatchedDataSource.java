package dev.agentauth.jdbc;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import javax.sql.DataSource;

/** Leads to a real database, counts what is sent there, and breaks on demand. */
final class WatchedDataSource {
    private static final Set<String> SENDING = Set.of("executeQuery", "executeUpdate", "executeBatch", "execute");

    private final DataSource real;
    private final List<String> sent = new ArrayList<>();
    private volatile boolean down;
    private volatile Predicate<String> breaksBefore = sql -> false;
    private volatile Predicate<String> breaksAfter = sql -> false;

    private volatile UnaryOperator<String> rewriting = sql -> sql;

    WatchedDataSource(DataSource real) {
        this.real = real;
    }

    DataSource dataSource() {
        return proxy(DataSource.class, (method, arguments) -> {
            if (method.getName().equals("getConnection")) {
                if (down) {
                    throw new SQLTransientConnectionException("planted: no connection to be had");
                }
                return watched(real.getConnection());
            }
            return invoke(real, method, arguments);
        });
    }

    private Connection watched(Connection connection) {
        return proxy(Connection.class, (method, arguments) -> {
            if (method.getName().equals("prepareStatement")) {
                arguments[0] = rewriting.apply((String) arguments[0]);
            }
            Object result = invoke(connection, method, arguments);
            return method.getName().equals("prepareStatement")
                    ? watched((PreparedStatement) result, (String) arguments[0])
                    : result;
        });
    }

    private PreparedStatement watched(PreparedStatement statement, String sql) {
        return proxy(PreparedStatement.class, (method, arguments) -> {
            if (!SENDING.contains(method.getName())) {
                return invoke(statement, method, arguments);
            }
            synchronized (sent) {
                sent.add(sql);
            }
            breakIf(down || breaksBefore.test(sql));
            Object result = invoke(statement, method, arguments);
            breakIf(down || breaksAfter.test(sql));
            return result;
        });
    }

    private static void breakIf(boolean broken) throws SQLException {
        if (broken) {
            throw new SQLException("planted: the connection broke", "08006");
        }
    }

    /** Has the database run another statement than was asked for. */
    void rewrite(UnaryOperator<String> rewriting) {
        this.rewriting = rewriting;
    }

    /** Nobody gets a connection until {@link #comeBack}, and those that are out break. */
    void goDown() {
        down = true;
    }

    void comeBack() {
        down = false;
    }

    /** The next statement that begins so is lost on its way to the database. */
    void breakBefore(String start) {
        breakBefore(start, 1);
    }

    /** The next ones of them. */
    void breakBefore(String start, int times) {
        breaksBefore = next(start, times);
    }

    /** The next statement that begins so is run, and the connection breaks before the answer arrives. */
    void breakAfter(String start) {
        breaksAfter = next(start, 1);
    }

    private static Predicate<String> next(String start, int times) {
        AtomicInteger left = new AtomicInteger(times);
        return sql -> sql.startsWith(start) && left.getAndDecrement() > 0;
    }

    /** What was sent since the last call. */
    List<String> sent() {
        synchronized (sent) {
            List<String> statements = List.copyOf(sent);
            sent.clear();
            return statements;
        }
    }

    private interface Handler {
        Object call(Method method, Object[] arguments) throws Throwable;
    }

    private static <T> T proxy(Class<T> type, Handler handler) {
        return type.cast(Proxy.newProxyInstance(
                WatchedDataSource.class.getClassLoader(),
                new Class<?>[] {type},
                (self, method, arguments) -> handler.call(method, arguments)));
    }

    private static Object invoke(Object target, Method method, Object[] arguments) throws Throwable {
        try {
            return method.invoke(target, arguments);
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }
}
