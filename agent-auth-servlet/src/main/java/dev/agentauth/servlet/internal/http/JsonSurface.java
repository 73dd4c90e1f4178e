package dev.agentauth.servlet.internal.http;

import dev.agentauth.internal.json.Json;
import dev.agentauth.internal.wire.Answers.Written;
import dev.agentauth.internal.wire.Envelope;
import dev.agentauth.internal.wire.Refusal;
import dev.agentauth.servlet.internal.http.Answer.Header;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The groups of endpoints that speak JSON. Nothing that they answer may be cached. */
public final class JsonSurface implements Surface {
    private static final Header NO_STORE = new Header("Cache-Control", "no-store");

    /** Hands out identity assertions. Each of its 401 carries a challenge (RFC 9110, section 15.5.2). */
    public static final JsonSurface IDENTITY =
            new JsonSurface(Envelope.IDENTITY, JsonSurface::challenge, List.of(NO_STORE));

    /** OAuth's own wording: the token endpoints, the provider's logout, and the protected resource. */
    public static final JsonSurface CREDENTIAL = new JsonSurface(
            Envelope.CREDENTIAL, JsonSurface::noChallenge, List.of(NO_STORE, new Header("Pragma", "no-cache")));

    /** The same for whoever asks about tokens, and has to say who that is (RFC 6749, section 5.2). */
    public static final JsonSurface INTROSPECTION = new JsonSurface(
            Envelope.CREDENTIAL,
            refusal -> "Basic realm=\"introspection\"",
            List.of(NO_STORE, new Header("Pragma", "no-cache")));

    /** Of security events, which are taken without another word. */
    public static final JsonSurface EVENTS =
            new JsonSurface(Envelope.EVENTS, JsonSurface::noChallenge, List.of(NO_STORE));

    private final Envelope envelope;
    private final Function<Refusal, @Nullable String> challenges;
    private final List<Header> headers;
    private final List<Header> jsonHeaders;

    private JsonSurface(Envelope envelope, Function<Refusal, @Nullable String> challenges, List<Header> headers) {
        this.envelope = envelope;
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

    /** What was sent has been taken, and dealt with. */
    public Answer accepted() {
        return new Answer(202, headers);
    }

    /** An outcome that may be an error as well. */
    public Answer written(Written outcome) {
        Refusal error = outcome.error();
        return error == null ? ok(outcome.members()) : error(error, outcome.members());
    }

    @Override
    public Answer error(Refusal refusal) {
        return error(refusal, envelope.members(refusal));
    }

    private Answer error(Refusal refusal, Map<String, ?> members) {
        Answer answer = new Answer(refusal.status(), jsonHeaders, Json.write(members));
        String challenge = refusal.status() == 401 ? challenges.apply(refusal) : null;
        return challenge == null ? answer : answer.with("WWW-Authenticate", challenge);
    }

    private static @Nullable String noChallenge(Refusal refusal) {
        return null;
    }

    /** Texts are plain ASCII without quotes and backslashes, so they can stand between quotes. */
    private static String challenge(Refusal refusal) {
        String error = "AgentAuth error=\"" + refusal.error() + "\"";
        return refusal.maxAge() == null
                ? error
                : error + ", " + Refusal.MAX_AGE + "=\"" + refusal.maxAge() + "\", error_description=\""
                        + refusal.text() + "\"";
    }
}
