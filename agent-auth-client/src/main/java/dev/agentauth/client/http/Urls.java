package dev.agentauth.client.http;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import java.util.Objects;
import java.util.regex.Pattern;

/**
 * Which URLs may be used, and how they lie to each other.
 *
 * @since 0.2.0
 */
public final class Urls {
    private static final Pattern LOOPBACK =
            Pattern.compile("(.*\\.)?localhost|\\[::1]|127\\.[0-9]{1,3}\\.[0-9]{1,3}\\.[0-9]{1,3}");

    private Urls() {}

    /**
     * A URL that a secret may be sent to: https, or http on loopback.
     *
     * @throws UnsafeUrlException if it is none
     */
    public static URI requireSafe(String url) {
        try {
            return requireSafe(new URI(url));
        } catch (URISyntaxException e) {
            throw new UnsafeUrlException("not a URL");
        }
    }

    /** As the other, for a URL that was parsed. */
    public static URI requireSafe(URI url) {
        if (url.getHost() == null || url.getRawUserInfo() != null || url.getRawFragment() != null) {
            throw new UnsafeUrlException("not a URL with a host, without user and fragment");
        }
        boolean plain = "http".equalsIgnoreCase(url.getScheme());
        if (!"https".equalsIgnoreCase(url.getScheme()) && !(plain && isLoopback(url))) {
            throw new UnsafeUrlException("not an https URL, nor http on loopback");
        }
        return url;
    }

    /** Whether a URL leads to this very machine. */
    public static boolean isLoopback(URI url) {
        return LOOPBACK.matcher(url.getHost().toLowerCase(Locale.ROOT)).matches();
    }

    /** Whether a URL is that of a resource or lies below it: same origin, and the path of the one begins that of the other. */
    public static boolean covers(URI resource, URI url) {
        String above = resource.getRawPath();
        String path = url.normalize().getRawPath();
        return isSameOrigin(resource, url)
                && !path.toLowerCase(Locale.ROOT).contains("%2e")
                && path.startsWith(above)
                && (path.length() == above.length() || above.endsWith("/") || path.startsWith("/", above.length()));
    }

    /** Whether two URLs have the same scheme, host and port (RFC 6454). */
    public static boolean isSameOrigin(URI a, URI b) {
        return a.getScheme().equalsIgnoreCase(b.getScheme())
                && Objects.requireNonNullElse(a.getHost(), "").equalsIgnoreCase(b.getHost())
                && port(a) == port(b);
    }

    private static int port(URI url) {
        if (url.getPort() != -1) {
            return url.getPort();
        }
        return "https".equalsIgnoreCase(url.getScheme()) ? 443 : 80;
    }
}
