package dev.agentauth.servlet.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An HTTP answer as it came over the wire, with the judgements that every test needs.
 *
 * @param headers by lower-case name
 */
record Answer(int status, Map<String, List<String>> headers, String text) {
    static final JsonMapper JSON = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private static final Pattern TIMESTAMP = Pattern.compile("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z");

    List<String> headers(String name) {
        return headers.getOrDefault(name.toLowerCase(Locale.ROOT), List.of());
    }

    /** The one header of that name. */
    String header(String name) {
        assertThat(headers(name)).as("header %s of %s", name, this).hasSize(1);
        return headers(name).get(0);
    }

    JsonNode json() {
        try {
            return JSON.readTree(text);
        } catch (JsonProcessingException e) {
            throw new AssertionError("not JSON: " + this, e);
        }
    }

    /** A member that is a string and not empty. */
    String string(String member) {
        JsonNode value = json().path(member);
        assertThat(value.isTextual() && !value.textValue().isEmpty())
                .as("member %s of %s is a string", member, this)
                .isTrue();
        return value.textValue();
    }

    /** A member that is a timestamp in the one form that the protocol has. */
    Instant time(String member) {
        assertThat(string(member)).as("member %s of %s", member, this).matches(TIMESTAMP);
        return Instant.parse(string(member));
    }

    List<String> strings(String member) {
        List<String> values = new ArrayList<>();
        assertThat(json().path(member).isArray())
                .as("member %s of %s is an array", member, this)
                .isTrue();
        json().path(member).forEach(value -> values.add(value.textValue()));
        return values;
    }

    Set<String> members() {
        Set<String> names = new TreeSet<>();
        json().fieldNames().forEachRemaining(names::add);
        return names;
    }

    Answer hasStatus(int expected) {
        assertThat(status).as("status of %s", this).isEqualTo(expected);
        return this;
    }

    /** A success in JSON with exactly these members. */
    Answer isOkWith(String... members) {
        hasStatus(200).isJson();
        assertThat(members()).as("members of %s", this).containsExactlyInAnyOrder(members);
        return this;
    }

    Answer isJson() {
        assertThat(header("Content-Type").toLowerCase(Locale.ROOT).replace(" ", ""))
                .as("content type of %s", this)
                .isIn("application/json", "application/json;charset=utf-8");
        return this;
    }

    /** No cache may keep this answer. */
    Answer isNotStored() {
        assertThat(headers("Cache-Control")).as("caching of %s", this).containsExactly("no-store");
        return this;
    }

    /** An error in the envelope of the identity surface, and nothing else in it. */
    Answer isIdentityError(int expectedStatus, String code) {
        Set<String> members = new TreeSet<>(Set.of("error", "code", "message", "error_description"));
        if (expectedStatus == 429 || expectedStatus == 503) {
            members.add("retry_after");
        }
        return isIdentityError(expectedStatus, code, members);
    }

    /** A 401 {@code interaction_required}, which is an error and a registration answer in one. */
    Answer isInteractionRequired() {
        isIdentityError(
                401,
                "interaction_required",
                Set.of(
                        "error",
                        "message",
                        "error_description",
                        "code",
                        "registration_id",
                        "registration_type",
                        "id",
                        "type",
                        "claim_url",
                        "claim_token",
                        "claim_token_expires",
                        "claim",
                        "post_claim_scopes",
                        "scopes"));
        return isNotStored();
    }

    private Answer isIdentityError(int expectedStatus, String code, Set<String> members) {
        isError(expectedStatus, code, members).isPlainText("message");
        assertThat(string("error_description")).isEqualTo(string("message"));
        assertThat(headers("WWW-Authenticate"))
                .as("challenge of %s", this)
                .isEqualTo(expectedStatus == 401 ? List.of("AgentAuth error=\"" + code + "\"") : List.of());
        return this;
    }

    /** An error in the envelope of the credential surface, which logouts share. */
    Answer isCredentialError(int expectedStatus, String code) {
        return isError(expectedStatus, code, Set.of("error", "error_description"))
                .isPlainText("error_description");
    }

    /** An error in the envelope of security events (RFC 8935, section 2.3). */
    Answer isEventError(int expectedStatus, String code) {
        hasStatus(expectedStatus).isJson().isNotStored();
        assertThat(members()).as("members of %s", this).containsExactlyInAnyOrder("err", "description");
        assertThat(string("err")).as("err of %s", this).isEqualTo(code);
        assertThat(headers("Retry-After")).as("Retry-After of %s", this).hasSize(expectedStatus >= 429 ? 1 : 0);
        return isPlainText("description");
    }

    private Answer isError(int expectedStatus, String code, Set<String> members) {
        hasStatus(expectedStatus).isJson();
        assertThat(members()).as("members of %s", this).isEqualTo(new TreeSet<>(members));
        assertThat(string("error")).as("error of %s", this).isEqualTo(code);
        if (expectedStatus == 429 || expectedStatus == 503) {
            assertThat(header("Retry-After")).as("Retry-After of %s", this).matches("[1-9]\\d*");
        } else {
            assertThat(headers("Retry-After")).as("Retry-After of %s", this).isEmpty();
        }
        return this;
    }

    private Answer isPlainText(String member) {
        assertThat(string(member))
                .as("text of %s is plain ASCII and no code", this)
                .matches("[ !\\x23-\\x5B\\x5D-\\x7E]{10,}");
        return this;
    }

    /** What a pattern's first group finds in the body. */
    String find(String pattern) {
        Matcher matcher = Pattern.compile(pattern).matcher(text);
        assertThat(matcher.find()).as("%s in %s", pattern, this).isTrue();
        return matcher.group(1);
    }

    @Override
    public String toString() {
        return status + " " + headers + "\n" + text;
    }
}
