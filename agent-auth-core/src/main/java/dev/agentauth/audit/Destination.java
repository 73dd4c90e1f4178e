package dev.agentauth.audit;

import java.io.IOException;
import java.nio.ByteBuffer;

/** Where lines end up. Used by one thread at a time; {@link #isGone} and {@link #close} by any. */
interface Destination {

    /**
     * Writes all that remains. Where that fails, what has been written no longer remains: the rest is offered again, or
     * never.
     */
    void write(ByteBuffer lines) throws IOException;

    /** Has what was written survive a loss of power, where there is a disk below. */
    void force() throws IOException;

    /** Whether it has failed for good. */
    boolean isGone();

    void close() throws IOException;
}
