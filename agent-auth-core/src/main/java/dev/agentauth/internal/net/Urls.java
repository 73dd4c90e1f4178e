package dev.agentauth.internal.net;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/** What URLs in a configuration have to be. */
public final class Urls {
    private static final Pattern LOOPBACK_V4 = Pattern.compile("127(\\.[0-9]{1,3}){3}");

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

    /** A URL in both of its spellings: people add a closing slash, or leave it out. */
    public static Set<String> withAndWithoutSlash(String url) {
        return url.endsWith("/") ? Set.of(url, url.substring(0, url.length() - 1)) : Set.of(url, url + "/");
    }

    /** Whether a URL, which is none with a query or a fragment, has no path: its closing slash is none (RFC 3986, section 6.2.3). */
    public static boolean isOrigin(String url) {
        String path = URI.create(url).getRawPath();
        return path.isEmpty() || path.equals("/");
    }

    /** Whether a lower-case host is this machine, by how it is written: names are never looked up. */
    public static boolean isLoopback(String host) {
        return host.equals("localhost")
                || host.equals("[::1]")
                || LOOPBACK_V4.matcher(host).matches();
    }
}
