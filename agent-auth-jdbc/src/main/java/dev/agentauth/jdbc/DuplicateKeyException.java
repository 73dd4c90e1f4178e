package dev.agentauth.jdbc;

/** A unique key is taken, and nothing has changed. */
final class DuplicateKeyException extends Exception {
    private static final long serialVersionUID = 1L;

    DuplicateKeyException() {
        super("a unique key is taken", null, false, false);
    }
}
