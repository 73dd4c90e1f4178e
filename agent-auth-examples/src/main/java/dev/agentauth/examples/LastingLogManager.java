package dev.agentauth.examples;

import java.util.logging.LogManager;

/**
 * Keeps its handlers until it is told that all is over. The JDK's takes them away as soon as the JVM is told to stop, by a
 * shutdown hook of its own, and what is logged while the last requests end would be lost: the audit, where it goes to the
 * log, and what was cut off.
 */
public final class LastingLogManager extends LogManager {
    private volatile boolean kept;

    /** For the JDK. */
    public LastingLogManager() {}

    /** From now on the handlers stay. */
    static void keep() {
        if (LogManager.getLogManager() instanceof LastingLogManager manager) {
            manager.kept = true;
        }
    }

    /** Nothing will be logged any more. */
    static void end() {
        if (LogManager.getLogManager() instanceof LastingLogManager manager) {
            manager.kept = false;
            manager.reset();
        }
    }

    @Override
    public void reset() {
        if (!kept) {
            super.reset();
        }
    }
}
