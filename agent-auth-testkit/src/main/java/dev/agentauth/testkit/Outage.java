package dev.agentauth.testkit;

/**
 * Takes the backend of an implementation away and gives it back, so that a contract can prove what is owed in between.
 * For a database: a data source that hands out no connection and breaks those that are out, or a proxy that is closed.
 *
 * @since 0.2.0
 */
public interface Outage {

    /** From now on the backend is out of reach, for calls that are under way, too. */
    void begin();

    /** The backend is back, with all that it had. */
    void end();
}
