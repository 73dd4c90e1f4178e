package dev.agentauth.examples.walk;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.net.http.HttpHeaders;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** An answer, and what a test asks of it. */
public record Reply(String request, int status, HttpHeaders headers, String body) {
    private static final JsonMapper MAPPER = new JsonMapper();

    /** The same answer, if it has this status. */
    public Reply hasStatus(int expected) {
        assertThat(status).as("%s: %s", request, body).isEqualTo(expected);
        return this;
    }

    /** The same answer, if it has this status and this error code. */
    public Reply isError(int expected, String code) {
        hasStatus(expected);
        assertThat(text("error")).as(request).isEqualTo(code);
        return this;
    }

    /** The first value of a header, or an empty text. */
    public String header(String name) {
        return headers.firstValue(name).orElse("");
    }

    /** The body as JSON. */
    public JsonNode json() {
        try {
            return MAPPER.readTree(body);
        } catch (JsonProcessingException e) {
            throw new AssertionError(request + " was not answered with JSON: " + body, e);
        }
    }

    /** A member of the JSON body, found by its path ({@code /agent_auth/skill}) or, without a slash, by its name. */
    public String text(String member) {
        JsonNode found = member.startsWith("/") ? json().at(member) : json().path(member);
        assertThat(found.isTextual()).as("%s: %s in %s", request, member, body).isTrue();
        return found.textValue();
    }

    /** The first group of the first match in the body. */
    public String find(String pattern) {
        Matcher matcher = Pattern.compile(pattern, Pattern.DOTALL).matcher(body);
        assertThat(matcher.find()).as("%s: %s in %s", request, pattern, body).isTrue();
        return matcher.group(1);
    }
}
