package dev.agentauth.jdbc;

/** One H2 for all tests of this JVM, in its memory. */
final class H2 {
    private static final TestDatabase DATABASE =
            new TestDatabase("h2", "jdbc:h2:mem:agentauth;DB_CLOSE_DELAY=-1", "sa");

    private H2() {}

    static TestDatabase database() {
        return DATABASE;
    }
}
