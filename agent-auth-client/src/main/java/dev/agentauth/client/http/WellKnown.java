package dev.agentauth.client.http;

import java.net.URI;

/**
 * Where the discovery documents are.
 *
 * @since 0.2.0
 */
public final class WellKnown {
    /** RFC 9728. */
    public static final String PROTECTED_RESOURCE = "/.well-known/oauth-protected-resource";

    /** RFC 8414. */
    public static final String AUTHORIZATION_SERVER = "/.well-known/oauth-authorization-server";

    private WellKnown() {}

    /** The location between host and path (RFC 8414, section 3.1). */
    public static String inserted(String wellKnown, String url) {
        String path = URI.create(url).getRawPath();
        return url.substring(0, url.length() - path.length()) + wellKnown + ("/".equals(path) ? "" : path);
    }
}
