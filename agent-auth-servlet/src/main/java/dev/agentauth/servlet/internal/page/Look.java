package dev.agentauth.servlet.internal.page;

import dev.agentauth.servlet.ClaimPageAsset;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * What makes a page the service's own.
 *
 * @param name what the page calls the service; null for the service's own name
 * @param logo its picture, if it has one
 * @param accent its colour
 * @param support where people get help, if anywhere
 * @param manage where people end what they have allowed; null for what the service has said elsewhere
 */
public record Look(
        @Nullable String name,
        @Nullable Logo logo,
        Accent accent,
        @Nullable String support,
        @Nullable String manage) {
    private static final String ICON = "icon.svg";

    /** The asset that browsers show beside the title: a logo that is no wordmark, or a sign of ours. */
    String icon() {
        return hasIconOfItsOwn() ? ICON : Logo.NAME;
    }

    boolean hasIconOfItsOwn() {
        return logo == null || logo.isWordmark();
    }

    /** A check mark on the service's colour. */
    ClaimPageAsset iconAsset() {
        String svg = "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 32 32\">"
                + "<rect width=\"32\" height=\"32\" rx=\"7\" fill=\"" + accent.fill() + "\"/>"
                + "<path d=\"M8.5 16.5l5 5 10-11\" fill=\"none\" stroke=\"" + accent.label()
                + "\" stroke-width=\"3.5\" stroke-linecap=\"round\" stroke-linejoin=\"round\"/></svg>";
        return ClaimPageAsset.of(ICON, "image/svg+xml", svg.getBytes(StandardCharsets.UTF_8));
    }

    /**
     * Where a link may lead.
     *
     * @throws IllegalArgumentException if it is neither https, nor mailto, nor http on loopback, nor a path of this host
     */
    public static String link(String setting, String url) {
        if (!isLink(url)) {
            throw new IllegalArgumentException(
                    setting + " must be an https or mailto URL, or a path of this host: " + url);
        }
        return url;
    }

    private static boolean isLink(String url) {
        try {
            URI uri = new URI(url);
            if (!url.chars().allMatch(c -> c > ' ' && c < 0x7f)) {
                return false;
            }
            if (uri.getScheme() == null) {
                return url.startsWith("/") && !url.startsWith("//");
            }
            return switch (uri.getScheme()) {
                case "https" -> uri.getHost() != null;
                case "http" -> "localhost".equals(uri.getHost()) || "127.0.0.1".equals(uri.getHost());
                case "mailto" -> true;
                default -> false;
            };
        } catch (URISyntaxException e) {
            return false;
        }
    }
}
