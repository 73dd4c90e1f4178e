package dev.agentauth.audit;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * {@link System#out}, and not the descriptor below it: whoever has redirected the one gets the lines, and its lock keeps them
 * whole beside whatever else this JVM prints. It never says of a failure whether it is over, so the first one counts as
 * its end.
 */
final class StandardOutput implements Destination {
    private volatile @Nullable PrintStream gone;

    @Override
    public void write(ByteBuffer lines) throws IOException {
        PrintStream out = System.out;
        if (out == gone) {
            throw new IOException("standard output is gone");
        }
        out.write(lines.array(), lines.arrayOffset() + lines.position(), lines.remaining());
        if (out.checkError()) {
            gone = out;
            throw new IOException("standard output takes no more");
        }
        lines.position(lines.limit());
    }

    /** What is behind it is not known. */
    @Override
    public void force() {}

    /** Unless somebody has put another one in its place. */
    @Override
    public boolean isGone() {
        return System.out == gone;
    }

    /** Leaves it to all others. */
    @Override
    public void close() {}
}
