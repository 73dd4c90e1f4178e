package dev.agentauth.servlet;

import dev.agentauth.Caller;
import jakarta.servlet.http.HttpServletRequest;
import java.net.InetAddress;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Finds out who sent a request, for limits and the audit. Immutable and safe for use by many threads; names are never
 * looked up.
 *
 * <p>Behind proxies, the chain that the one configured header and the connection make up is walked from its end: each
 * address that is a trusted proxy vouches for the hop before it, and the first one that is not is the client. What stands
 * further left was written by the client and means nothing. Where a trusted proxy's hop cannot be read, that proxy's own
 * address is taken: clients that hide behind it then share one limit instead of escaping all.
 *
 * @since 0.2.0
 */
public final class ClientAddress {
    private static final ClientAddress OF_CONNECTION = new ClientAddress(List.of(), "", ForwardedHops::none);

    private final List<IpNetwork> trustedProxies;
    private final String header;
    private final HopReader reader;

    /** Reads the hops of one header line, client first; null stands for a hop that cannot be read. */
    @FunctionalInterface
    interface HopReader {
        List<@Nullable InetAddress> read(String line);
    }

    private ClientAddress(List<IpNetwork> trustedProxies, String header, HopReader reader) {
        this.trustedProxies = trustedProxies;
        this.header = header;
        this.reader = reader;
    }

    /**
     * For a service that its clients reach directly: the address at the other end of the connection, and no header.
     *
     * @return the default
     */
    public static ClientAddress ofConnection() {
        return OF_CONNECTION;
    }

    /**
     * For a service behind proxies that append to {@code X-Forwarded-For}.
     *
     * @param trustedProxies addresses or blocks in CIDR notation, IPv4 or IPv6, from which the header is believed
     * @return a finder that reads that header alone
     * @throws IllegalArgumentException if one of them is neither, or if there is none
     */
    public static ClientAddress fromXForwardedFor(String... trustedProxies) {
        return new ClientAddress(networks(trustedProxies), "X-Forwarded-For", ForwardedHops::xForwardedFor);
    }

    /**
     * For a service behind proxies that append to {@code Forwarded}.
     *
     * @param trustedProxies addresses or blocks in CIDR notation, IPv4 or IPv6, from which the header is believed
     * @return a finder that reads that header alone
     * @throws IllegalArgumentException if one of them is neither, or if there is none
     * @see <a href="https://www.rfc-editor.org/rfc/rfc7239#section-4">RFC 7239, section 4</a>
     */
    public static ClientAddress fromForwarded(String... trustedProxies) {
        return new ClientAddress(networks(trustedProxies), "Forwarded", ForwardedHops::forwarded);
    }

    /**
     * Finds the client of a request.
     *
     * @param request any request
     * @return the caller; unknown if the connection itself has no IP address
     */
    public Caller callerOf(HttpServletRequest request) {
        InetAddress connected = ForwardedHops.connection(request.getRemoteAddr());
        if (connected == null) {
            return Caller.unknown();
        }
        if (!isTrusted(connected)) {
            return Caller.at(connected);
        }
        return Caller.at(client(connected, Collections.list(request.getHeaders(header))));
    }

    /** Walks from the connection to the left; {@code lines} are the header's lines in the order of the request. */
    InetAddress client(InetAddress connected, List<String> lines) {
        InetAddress client = connected;
        for (int line = lines.size() - 1; line >= 0; line--) {
            List<@Nullable InetAddress> hops = reader.read(lines.get(line));
            for (int i = hops.size() - 1; i >= 0; i--) {
                InetAddress hop = hops.get(i);
                if (hop == null) {
                    return client;
                }
                client = hop;
                if (!isTrusted(client)) {
                    return client;
                }
            }
        }
        return client;
    }

    private boolean isTrusted(InetAddress address) {
        for (IpNetwork network : trustedProxies) {
            if (network.contains(address)) {
                return true;
            }
        }
        return false;
    }

    private static List<IpNetwork> networks(String... trustedProxies) {
        if (trustedProxies.length == 0) {
            throw new IllegalArgumentException("trustedProxies is empty: without any, no header is ever believed");
        }
        return Arrays.stream(trustedProxies).map(IpNetwork::parse).toList();
    }
}
