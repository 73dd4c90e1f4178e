package dev.agentauth;

import java.net.InetAddress;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Who sent a request, as far as the transport knows.
 *
 * @since 0.2.0
 */
public final class Caller {
    private static final Caller UNKNOWN = new Caller(null);

    private final @Nullable InetAddress address;

    private Caller(@Nullable InetAddress address) {
        this.address = address;
    }

    /**
     * A caller whose address is known.
     *
     * @param address the client's own address, not that of a proxy in between
     * @return the caller
     */
    public static Caller at(InetAddress address) {
        return new Caller(Objects.requireNonNull(address));
    }

    /**
     * A caller whose address is not known: limits per client address are skipped.
     *
     * @return the caller
     */
    public static Caller unknown() {
        return UNKNOWN;
    }

    /**
     * The client's address.
     *
     * @return empty if it is not known
     */
    public Optional<InetAddress> address() {
        return Optional.ofNullable(address);
    }
}
