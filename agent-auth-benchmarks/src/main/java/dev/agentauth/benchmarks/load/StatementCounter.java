package dev.agentauth.benchmarks.load;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.Statement;
import java.util.concurrent.atomic.AtomicLong;
import javax.sql.DataSource;

/** Counts the statements that are sent to a database. */
final class StatementCounter {
    private final AtomicLong count = new AtomicLong();

    long count() {
        return count.get();
    }

    /** The same data source, counted. */
    DataSource counting(DataSource source) {
        return wrap(DataSource.class, source);
    }

    private <T> T wrap(Class<T> type, Object target) {
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, (proxy, method, args) -> {
            Object result;
            try {
                result = method.invoke(target, args);
            } catch (InvocationTargetException e) {
                throw e.getCause();
            }
            if (target instanceof Statement && method.getName().startsWith("execute")) {
                count.incrementAndGet();
            }
            boolean wrapped =
                    result instanceof Connection || (result instanceof Statement && target instanceof Connection);
            return wrapped ? wrap(method.getReturnType(), result) : result;
        }));
    }
}
