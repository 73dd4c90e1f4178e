package dev.agentauth.servlet.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The one challenge of a {@code WWW-Authenticate} header (RFC 9110, section 11.6.1), whatever order its parameters have. */
record Challenge(String scheme, Map<String, String> parameters) {
    private static final Pattern PARAMETER = Pattern.compile("([a-z_]+)=\"([^\"\\\\]*)\"(?:, |$)");

    static Challenge of(Answer answer) {
        String header = answer.header("WWW-Authenticate");
        int space = header.indexOf(' ');
        Map<String, String> parameters = new LinkedHashMap<>();
        Matcher matcher = PARAMETER.matcher(header);
        int at = space + 1;
        while (at < header.length()) {
            assertThat(matcher.find(at) && matcher.start() == at)
                    .as("a parameter at %d of %s", at, header)
                    .isTrue();
            assertThat(parameters.put(matcher.group(1), matcher.group(2)))
                    .as("twice in %s", header)
                    .isNull();
            at = matcher.end();
        }
        return new Challenge(header.substring(0, space), parameters);
    }
}
