package dev.agentauth.servlet.protocol;

import dev.agentauth.spi.PortUnavailableException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * Sits between the library and its ports: writes down every call, takes a port down, makes a call fail before or after it
 * has done its work, and lets a test step in at that very moment.
 */
final class Wiretap {
    private final List<String> calls = new CopyOnWriteArrayList<>();
    private final Set<Class<?>> down = ConcurrentHashMap.newKeySet();
    private final Map<String, Runnable> before = new ConcurrentHashMap<>();
    private final Map<String, Runnable> after = new ConcurrentHashMap<>();
    private volatile boolean recording;

    <T> T on(Class<T> port, T target) {
        return port.cast(Proxy.newProxyInstance(
                port.getClassLoader(), new Class<?>[] {port}, (proxy, method, arguments) -> {
                    if (method.getDeclaringClass() == Object.class) {
                        return method.invoke(target, arguments);
                    }
                    if (recording) {
                        calls.add(method.getName() + Arrays.toString(arguments));
                    }
                    if (down.contains(port)) {
                        throw new PortUnavailableException(port.getSimpleName() + " is down");
                    }
                    before.getOrDefault(method.getName(), () -> {}).run();
                    Object result;
                    try {
                        result = method.invoke(target, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                    after.getOrDefault(method.getName(), () -> {}).run();
                    return result;
                }));
    }

    /** Takes a port down; every call to it fails. */
    void down(Class<?> port) {
        down.add(port);
    }

    /** Everything works again. */
    void up() {
        down.clear();
        before.clear();
        after.clear();
    }

    /** Runs something before each call of a method; what it throws, the call throws. */
    void before(String method, Runnable action) {
        before.put(method, action);
    }

    /** Runs something after each call of a method has done its work; what it throws, the call throws. */
    void after(String method, Runnable action) {
        after.put(method, action);
    }

    static Runnable failure() {
        return () -> {
            throw new PortUnavailableException("planted");
        };
    }

    /** Runs the action at the first call alone. */
    static Runnable once(Runnable action) {
        java.util.concurrent.atomic.AtomicBoolean done = new java.util.concurrent.atomic.AtomicBoolean();
        return () -> {
            if (done.compareAndSet(false, true)) {
                action.run();
            }
        };
    }

    void record() {
        recording = true;
    }

    /** Every call since {@link #record}, with its arguments. */
    List<String> calls() {
        return calls;
    }
}
