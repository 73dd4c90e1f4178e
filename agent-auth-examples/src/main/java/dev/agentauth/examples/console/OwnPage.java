package dev.agentauth.examples.console;

import jakarta.servlet.http.HttpServletRequest;
import java.net.URI;
import java.util.function.Predicate;

/** Tells requests that the console sends from those of every other page and program. */
final class OwnPage {
    private final String origin;
    private final Predicate<String> ownNames;

    OwnPage(String issuer, Predicate<String> ownNames) {
        this.origin = URI.create(issuer).resolve("/").toString().replaceFirst("/$", "");
        this.ownNames = ownNames;
    }

    /** A foreign name is a page that has pointed its own at this machine, or a proxy. No browser leaves out both headers. */
    boolean sent(HttpServletRequest request) {
        String site = request.getHeader("Sec-Fetch-Site");
        return ownNames.test(request.getServerName())
                && (site == null ? origin.equals(request.getHeader("Origin")) : site.equals("same-origin"));
    }
}
