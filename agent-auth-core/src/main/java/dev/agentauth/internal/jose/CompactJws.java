package dev.agentauth.internal.jose;

import dev.agentauth.internal.json.Json;
import dev.agentauth.internal.json.JsonFormatException;
import dev.agentauth.internal.json.JsonObject;
import java.util.Optional;

/** A JWT in the strict compact form. Nothing is verified yet: see {@link Signatures}. */
public final class CompactJws {
    private final CompactForm form;
    private final JsonObject claims;

    private CompactJws(CompactForm form, JsonObject claims) {
        this.form = form;
        this.claims = claims;
    }

    /**
     * Takes a token apart: at most 16 KiB, three segments of canonical base64url, an ES256 signature of exactly 86
     * characters, header and claims JSON objects without duplicate members. Empty if any of that does not hold.
     */
    public static Optional<CompactJws> parse(String token) {
        CompactForm form = CompactForm.parse(token).orElse(null);
        if (form == null) {
            return Optional.empty();
        }
        try {
            return Optional.of(new CompactJws(form, Json.parseObject(form.payload())));
        } catch (JsonFormatException e) {
            return Optional.empty();
        }
    }

    /** Whether a text could be a JWT by its looks: three segments of base64url digits, none of them empty. */
    public static boolean looksCompact(String text) {
        int firstDot = text.indexOf('.');
        int secondDot = text.indexOf('.', firstDot + 1);
        return firstDot > 0
                && secondDot > firstDot + 1
                && secondDot + 1 < text.length()
                && Base64Url.hasOnlyDigits(text.substring(0, firstDot))
                && Base64Url.hasOnlyDigits(text.substring(firstDot + 1, secondDot))
                && Base64Url.hasOnlyDigits(text.substring(secondDot + 1));
    }

    public JsonObject header() {
        return form.header();
    }

    public JsonObject claims() {
        return claims;
    }

    /** The signature's algorithm, by the name that {@link Signatures} knows; empty if it is absent or not a string. */
    public Optional<String> alg() {
        return form.headerString("alg").map(Signatures::algorithm);
    }

    /** The key's id; empty if it is absent or not a string. */
    public Optional<String> kid() {
        return form.headerString("kid");
    }

    /** What kind of token it says it is; empty if it is absent or not a string. */
    public Optional<String> typ() {
        return form.headerString("typ");
    }

    CompactForm form() {
        return form;
    }
}
