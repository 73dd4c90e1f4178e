package dev.agentauth.servlet.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.URI;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("B10. /auth.md")
final class B10AuthMdTest extends ProtocolTest {
    private static final Pattern FENCE = Pattern.compile("```(\\w+)\n(.*?)\n```\n", Pattern.DOTALL);
    private static final Pattern CURL =
            Pattern.compile("curl -s (\\S+)(?: -H '([^':]+): ([^']+)')?(?: -d '([^']*)')?", Pattern.DOTALL);

    private String text() {
        return client().get("/auth.md").hasStatus(200).text();
    }

    @Test
    @DisplayName("its headings are numbered steps, then Errors, Revocation")
    void headings() {
        assertThat(text().lines().filter(line -> line.startsWith("## ")))
                .containsExactly(
                        "## Step 1 — Discover",
                        "## Step 2 — Pick a method",
                        "## Step 3 — Register",
                        "## Step 4 — Claim ceremony",
                        "## Step 5 — Exchange the assertion",
                        "## Step 6 — Use the access_token",
                        "## Errors",
                        "## Revocation");
    }

    @Test
    @DisplayName("it names agent_auth, identity_endpoint, WWW-Authenticate in words")
    void words() {
        String words = FENCE.matcher(text()).replaceAll("");

        assertThat(words).contains("`agent_auth`", "`identity_endpoint`", "`WWW-Authenticate`");
    }

    @Test
    @DisplayName(
            "it teaches one way: production's names, the code read back; other spellings are in one table at its end")
    void oneWay() {
        String[] parts = text().split("\n---\n", -1);

        assertThat(parts).hasSize(2);
        List<String> requests = fences(parts[0], "sh");
        assertThat(requests).anyMatch(request -> request.contains("\"type\":\"service_auth\",\"login_hint\""));
        assertThat(requests).anyMatch(request -> request.contains("\"user_code\""));
        assertThat(requests)
                .noneMatch(request -> request.contains("\"otp\"")
                        || request.contains("\"email\"")
                        || request.contains("verified_email"));
        assertThat(parts[0]).contains("| `invalid_user_code` | 401 | ").doesNotContain("otp_invalid");
        assertThat(parts[1])
                .contains(
                        "\"otp\":\"123456\"",
                        "\"email\":",
                        "verified_email",
                        "| `registration_id` |  | `id` |",
                        "| `otp_invalid` | 401 | `invalid_user_code`: ");
        List<String> lines = parts[1].lines().filter(line -> !line.isBlank()).toList();
        int first = lines.indexOf("| other spelling | status | here |");
        assertThat(lines.subList(0, first)).noneMatch(line -> line.startsWith("|"));
        assertThat(lines.subList(first, lines.size())).allMatch(line -> line.startsWith("|"));
    }

    /** As an agent with curl alone does it: each command once, with what earlier answers have said in place of samples. */
    @Test
    @DisplayName("an agent can follow it: each request works, and is answered with the members that the example has")
    void recipeIsFollowed() {
        Map<String, String> held = new HashMap<>();
        held.put("<ID-JAG>", idJag().compact());
        List<MatchResult> blocks = FENCE.matcher(text()).results().toList();
        int followed = 0;
        for (int i = 0; i < blocks.size(); i++) {
            if (!blocks.get(i).group(1).equals("sh")) {
                continue;
            }
            for (MatchResult curl :
                    CURL.matcher(blocks.get(i).group(2)).results().toList()) {
                Answer answer = run(curl, held);
                followed++;
                boolean answered = i + 1 < blocks.size()
                        && blocks.get(i + 1).group(1).equals("json")
                        && blocks.get(i + 1).start() == blocks.get(i).end() + 1;
                if (answered) {
                    JsonNode example =
                            new Answer(200, Map.of(), blocks.get(i + 1).group(2)).json();
                    assertThat(paths("", answer.hasStatus(200).json()))
                            .as("%s", curl.group())
                            .isEqualTo(paths("", example));
                    hold(answer.json(), held);
                }
            }
        }
        assertThat(followed).isGreaterThanOrEqualTo(10);
    }

    private Answer run(MatchResult curl, Map<String, String> held) {
        List<String> headers = new ArrayList<>();
        String body = curl.group(4) == null ? "" : filled(curl.group(4), held);
        if (curl.group(2) != null) {
            headers.addAll(List.of(curl.group(2), filled(curl.group(3), held)));
        } else if (!body.isEmpty()) {
            headers.addAll(List.of("Content-Type", Client.FORM_TYPE));
        }
        URI url = URI.create(curl.group(1));
        assertThat(curl.group(1)).startsWith(service().issuer());
        Answer answer = client().send(
                        body.isEmpty() ? "GET" : "POST",
                        url.getPath(),
                        Client.utf8(body),
                        headers.toArray(new String[0]));
        boolean api = url.getPath().equals("/api");
        assertThat(answer.status())
                .as("%s: %s", curl.group(), answer)
                .isEqualTo(api ? 403 : 200); // a good token, on a path of the test's API that needs more
        return answer;
    }

    private String filled(String text, Map<String, String> held) {
        String filled = text.replace("user@example.com", ADA);
        if (filled.contains("\"123456\"")) {
            filled = filled.replace("123456", reveal(service().mail.newestToken()));
        }
        for (Map.Entry<String, String> each : held.entrySet()) {
            filled = filled.replace(each.getKey(), each.getValue());
        }
        return filled;
    }

    private static void hold(JsonNode answer, Map<String, String> held) {
        Map.of(
                        "clm_...",
                        "/claim/token",
                        "<identity.assertion>",
                        "/identity/assertion",
                        "rt_...",
                        "/identity/refresh_token/value",
                        "at_...",
                        "/access_token")
                .forEach((sample, path) -> {
                    if (!answer.at(path).isMissingNode()) {
                        held.put(sample, answer.at(path).textValue());
                    }
                });
    }

    private static Set<String> paths(String path, JsonNode node) {
        Set<String> paths = new TreeSet<>();
        node.fieldNames().forEachRemaining(member -> {
            paths.add(path + "/" + member);
            paths.addAll(paths(path + "/" + member, node.get(member)));
        });
        return paths;
    }

    private static List<String> fences(String text, String language) {
        return FENCE.matcher(text)
                .results()
                .filter(fence -> fence.group(1).equals(language))
                .map(fence -> fence.group(2))
                .toList();
    }
}
