package dev.agentauth.servlet.internal.http;

import dev.agentauth.AgentAuthException;
import dev.agentauth.Problem;
import dev.agentauth.Secret;
import jakarta.servlet.http.HttpServletRequest;
import java.net.URLDecoder;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A client's id and secret in the {@code Authorization} header, each encoded as in a form (RFC 6749, section 2.3.1; RFC 7617).
 *
 * @param id null if what stands there cannot be read: nobody is called like that
 * @param secret null with it
 */
public record BasicCredentials(
        @Nullable String id, @Nullable Secret secret) {
    private static final String SCHEME = "Basic ";
    private static final BasicCredentials UNREADABLE = new BasicCredentials(null, null);

    /** Reads them; null without a header of this scheme. */
    public static @Nullable BasicCredentials of(HttpServletRequest request) {
        List<String> headers = Collections.list(request.getHeaders("Authorization"));
        if (headers.size() > 1) {
            throw new AgentAuthException(Problem.MALFORMED, "Send one Authorization header.");
        }
        return headers.isEmpty() || !headers.get(0).regionMatches(true, 0, SCHEME, 0, SCHEME.length())
                ? null
                : read(headers.get(0).substring(SCHEME.length()).strip());
    }

    private static BasicCredentials read(String encoded) {
        try {
            String both = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(Base64.getDecoder().decode(encoded)))
                    .toString();
            int colon = both.indexOf(':');
            return colon < 0
                    ? UNREADABLE
                    : new BasicCredentials(
                            decoded(both.substring(0, colon)), Secret.of(decoded(both.substring(colon + 1))));
        } catch (IllegalArgumentException | CharacterCodingException e) {
            return UNREADABLE;
        }
    }

    private static String decoded(String form) {
        return URLDecoder.decode(form, StandardCharsets.UTF_8);
    }
}
