package dev.agentauth.servlet.internal.page;

import dev.agentauth.servlet.internal.http.Answer;
import dev.agentauth.servlet.internal.http.Answer.Header;
import java.util.List;
import java.util.Locale;

/** The headers that keep others out of a page, whoever wrote it: no frame around it, and nothing from anywhere else. */
final class PageHeaders {
    private static final String REST = "; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

    private final String policy;

    /** What the scripts of a page may do. */
    enum Scripts {
        NONE(""),
        RUN("; script-src 'self'"),
        /** They may also ask this host how things stand. */
        ASK("; script-src 'self'; connect-src 'self'");

        private final String policy;

        Scripts(String policy) {
            this.policy = policy;
        }
    }

    /** Only what a page loads is allowed. */
    PageHeaders(boolean images) {
        this.policy = "default-src 'none'; style-src 'self'" + (images ? "; img-src 'self'" : "");
    }

    /** Sends a browser on, which keeps neither that nor where it came from: links have tokens in them. */
    static Answer redirect(int status, String location) {
        return new Answer(
                status,
                List.of(
                        new Header("Location", location),
                        new Header("Cache-Control", "no-store"),
                        new Header("Referrer-Policy", "no-referrer")));
    }

    /** For a page in a language. */
    List<Header> of(Locale language, Scripts scripts) {
        return List.of(
                new Header("Content-Type", "text/html; charset=utf-8"),
                new Header("Content-Language", language.toLanguageTag()),
                new Header("Vary", "Accept-Language"),
                new Header("Cache-Control", "no-store"),
                new Header("Content-Security-Policy", policy + scripts.policy + REST),
                new Header("X-Frame-Options", "DENY"),
                new Header("Referrer-Policy", "no-referrer"),
                new Header("X-Content-Type-Options", "nosniff"));
    }
}
