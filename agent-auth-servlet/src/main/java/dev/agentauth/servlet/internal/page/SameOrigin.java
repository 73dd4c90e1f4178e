package dev.agentauth.servlet.internal.page;

import jakarta.servlet.http.HttpServletRequest;
import java.net.URI;
import org.jspecify.annotations.Nullable;

/** Tells our own forms from those of other sites, by what browsers say about where a request comes from. */
final class SameOrigin {
    private final String origin;

    /** The base is the URL that people see. */
    SameOrigin(String base) {
        URI uri = URI.create(base);
        boolean defaultPort = uri.getPort() < 0 || uri.getPort() == ("https".equals(uri.getScheme()) ? 443 : 80);
        this.origin = uri.getScheme() + "://" + uri.getHost() + (defaultPort ? "" : ":" + uri.getPort());
    }

    boolean allows(HttpServletRequest request) {
        return allows(request.getHeader("Sec-Fetch-Site"), request.getHeader("Origin"));
    }

    /**
     * Sec-Fetch-Site decides where there is one. Without it, an Origin of {@code null} says nothing: our own Referrer-Policy
     * makes browsers send just that.
     */
    boolean allows(@Nullable String fetchSite, @Nullable String requestOrigin) {
        if (fetchSite != null) {
            return fetchSite.equals("same-origin");
        }
        return requestOrigin == null || requestOrigin.equals("null") || requestOrigin.equals(origin);
    }
}
