package dev.agentauth.internal;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;

/** What URLs in a configuration have to be, and where well-known documents are. */
public final class Urls {
    private Urls() {}

    /** RFC 8414, section 2: https, no query, no fragment; and no slash at the end, so that it has one spelling. */
    public static void requireIssuer(String setting, String url) {
        requireHttps(setting, url);
        if (url.endsWith("/")) {
            throw new IllegalArgumentException(setting + " must not end in a slash: " + url);
        }
    }

    /** RFC 9728, section 1.2: https, no fragment; we refuse a query too. */
    public static void requireResource(String setting, String url) {
        requireHttps(setting, url);
    }

    /** Inserts a well-known path between host and path (RFC 8414, section 3.1; RFC 9728, section 3.1). */
    public static String inserted(String wellKnown, String url) {
        URI parsed = URI.create(url);
        String path = parsed.getRawPath();
        String origin = url.substring(0, url.length() - path.length());
        return origin + wellKnown + ("/".equals(path) ? "" : path);
    }

    private static void requireHttps(String setting, String url) {
        URI parsed;
        try {
            parsed = new URI(url);
        } catch (URISyntaxException e) {
            throw new IllegalArgumentException(setting + " is not a URL: " + url, e);
        }
        String host = parsed.getHost();
        if (host == null) {
            throw new IllegalArgumentException(setting + " must be an absolute URL with a host: " + url);
        }
        if (parsed.getRawQuery() != null || parsed.getRawFragment() != null || parsed.getRawUserInfo() != null) {
            throw new IllegalArgumentException(setting + " must have no query, fragment or user info: " + url);
        }
        boolean plainOnLoopback = "http".equals(parsed.getScheme()) && isLoopback(host);
        if (!"https".equals(parsed.getScheme()) && !plainOnLoopback) {
            throw new IllegalArgumentException(setting + " must be https, or http on loopback: " + url);
        }
        if (!host.equals(host.toLowerCase(Locale.ROOT))) {
            throw new IllegalArgumentException(setting + " must have its host in lower case: " + url);
        }
    }

    private static boolean isLoopback(String host) {
        return host.equals("localhost") || host.equals("[::1]") || isLoopbackV4(host);
    }

    private static boolean isLoopbackV4(String host) {
        String[] parts = host.split("\\.", -1);
        if (parts.length != 4 || !parts[0].equals("127")) {
            return false;
        }
        for (String part : parts) {
            if (part.isEmpty() || part.length() > 3 || !part.chars().allMatch(c -> c >= '0' && c <= '9')) {
                return false;
            }
        }
        return true;
    }
}
