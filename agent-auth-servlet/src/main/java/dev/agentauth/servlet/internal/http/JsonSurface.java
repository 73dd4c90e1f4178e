package dev.agentauth.servlet.internal.http;

import dev.agentauth.internal.json.Json;
import dev.agentauth.servlet.internal.http.Answer.Header;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The two groups of endpoints that speak JSON. Nothing that they answer may be cached. */
public final class JsonSurface implements Surface {
    private static final Header NO_STORE = new Header("Cache-Control", "no-store");

    /** Hands out identity assertions. Each of its 401 carries a challenge (RFC 9110, section 15.5.2). */
    public static final JsonSurface IDENTITY = new JsonSurface("message", true, List.of(NO_STORE));

    /** OAuth's own wording: the token endpoints, the provider's logout, and the protected resource. */
    public static final JsonSurface CREDENTIAL =
            new JsonSurface("error_description", false, List.of(NO_STORE, new Header("Pragma", "no-cache")));

    private final String textMember;
    private final boolean challenges;
    private final List<Header> headers;
    private final List<Header> jsonHeaders;

    private JsonSurface(String textMember, boolean challenges, List<Header> headers) {
        this.textMember = textMember;
        this.challenges = challenges;
        this.headers = headers;
        List<Header> withType = new ArrayList<>(headers);
        withType.add(new Header("Content-Type", "application/json"));
        this.jsonHeaders = List.copyOf(withType);
    }

    /** Success with members; the order of the map is kept. */
    public Answer ok(Map<String, ?> members) {
        return ok(Json.write(members));
    }

    /** Success with JSON that is written already. */
    public Answer ok(byte[] json) {
        return new Answer(200, jsonHeaders, json);
    }

    /** Success that says nothing more. */
    public Answer ok() {
        return new Answer(200, headers);
    }

    @Override
    public Answer error(int status, String code, String text) {
        Map<String, Object> envelope = new LinkedHashMap<>();
        envelope.put("error", code);
        envelope.put(textMember, text);
        return error(status, code, envelope);
    }

    /** An error with more members than the two of every envelope. */
    public Answer error(int status, String code, Map<String, ?> envelope) {
        Answer answer = new Answer(status, jsonHeaders, Json.write(envelope));
        return challenges && status == 401
                ? answer.with("WWW-Authenticate", "AgentAuth error=\"" + code + "\"")
                : answer;
    }
}
