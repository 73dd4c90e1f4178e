package dev.agentauth.examples.agent;

import dev.agentauth.examples.http.Reply;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What a refusal says in {@code WWW-Authenticate} (RFC 9110, section 11.6.1; one challenge with quoted parameters). */
public final class Challenge {
    private static final Pattern PARAMETER = Pattern.compile("([A-Za-z0-9_-]+)=\"([^\"\\\\]*)\"");

    private final String scheme;
    private final Map<String, String> parameters;

    private Challenge(String scheme, Map<String, String> parameters) {
        this.scheme = scheme;
        this.parameters = parameters;
    }

    /** Reads the challenge of an answer; one without scheme and parameters if there is none. */
    public static Challenge of(Reply reply) {
        String header = reply.header("WWW-Authenticate").orElse("");
        Map<String, String> parameters = new HashMap<>();
        Matcher matcher = PARAMETER.matcher(header);
        while (matcher.find()) {
            parameters.put(matcher.group(1), matcher.group(2));
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
