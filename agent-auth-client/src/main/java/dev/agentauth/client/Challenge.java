package dev.agentauth.client;

import dev.agentauth.client.http.Reply;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a refusal says in {@code WWW-Authenticate} (RFC 9110, section 11.6.1). Each header is taken for one challenge, which
 * is how servers send them; an escape within a quoted value ends its parameter.
 *
 * @since 0.2.0
 */
public final class Challenge {
    private static final Pattern PARAMETER =
            Pattern.compile("[ ,]([A-Za-z0-9_-]+)=(?:\"([^\"\\\\]*)\"|([A-Za-z0-9!#$%&'*+.^_`|~-]+))");

    private final String scheme;
    private final Map<String, String> parameters;

    private Challenge(String scheme, Map<String, String> parameters) {
        this.scheme = scheme;
        this.parameters = parameters;
    }

    /** Reads the first challenge of an answer; one without scheme and parameters if there is none. */
    public static Challenge of(Reply reply) {
        return parse(reply.header("WWW-Authenticate").orElse(""));
    }

    /** Reads the challenge of an answer for a bearer token; one without scheme and parameters if there is none. */
    public static Challenge bearer(Reply reply) {
        List<String> headers = reply.headers().allValues("WWW-Authenticate");
        return headers.stream()
                .map(Challenge::parse)
                .filter(challenge -> challenge.scheme.equalsIgnoreCase("Bearer"))
                .findFirst()
                .orElseGet(() -> parse(""));
    }

    private static Challenge parse(String header) {
        Map<String, String> parameters = new HashMap<>();
        Matcher matcher = PARAMETER.matcher(header);
        while (matcher.find()) {
            parameters.putIfAbsent(matcher.group(1), matcher.group(2) == null ? matcher.group(3) : matcher.group(2));
        }
        int space = header.indexOf(' ');
        return new Challenge(space < 0 ? header : header.substring(0, space), parameters);
    }

    /** How to authenticate, such as {@code Bearer}. */
    public String scheme() {
        return scheme;
    }

    /** One of the parameters. */
    public Optional<String> parameter(String name) {
        return Optional.ofNullable(parameters.get(name));
    }
}
