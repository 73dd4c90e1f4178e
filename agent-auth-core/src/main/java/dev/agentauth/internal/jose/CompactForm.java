package dev.agentauth.internal.jose;

import dev.agentauth.internal.json.Json;
import dev.agentauth.internal.json.JsonFormatException;
import dev.agentauth.internal.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * A signed token taken apart, whatever its payload is. It has one spelling: a text that decodes to the same octets but
 * is written otherwise is not taken.
 */
final class CompactForm {
    private static final int MAX_LENGTH = 16 * 1024;

    /** Written canonically, these are the 86 characters that an ES256 signature must have. */
    private static final int ES256_SIGNATURE_OCTETS = 64;

    private final JsonObject header;
    private final byte[] payload;
    private final byte[] signingInput;
    private final byte[] signature;

    private CompactForm(JsonObject header, byte[] payload, byte[] signingInput, byte[] signature) {
        this.header = header;
        this.payload = payload;
        this.signingInput = signingInput;
        this.signature = signature;
    }

    static Optional<CompactForm> parse(String token) {
        if (token.length() > MAX_LENGTH) {
            return Optional.empty();
        }
        int firstDot = token.indexOf('.');
        int secondDot = token.indexOf('.', firstDot + 1);
        if (firstDot <= 0 || secondDot < 0) {
            return Optional.empty();
        }
        // A third dot would be in the last segment, where it is not a digit.
        Optional<byte[]> header = Base64Url.decode(token.substring(0, firstDot));
        Optional<byte[]> payload = Base64Url.decode(token.substring(firstDot + 1, secondDot));
        Optional<byte[]> signature = Base64Url.decode(token.substring(secondDot + 1));
        if (header.isEmpty() || payload.isEmpty() || signature.isEmpty()) {
            return Optional.empty();
        }
        byte[] signingInput = token.substring(0, secondDot).getBytes(StandardCharsets.US_ASCII);
        try {
            CompactForm form =
                    new CompactForm(Json.parseObject(header.get()), payload.get(), signingInput, signature.get());
            return form.hasPossibleSignature() ? Optional.of(form) : Optional.empty();
        } catch (JsonFormatException e) {
            return Optional.empty();
        }
    }

    JsonObject header() {
        return header;
    }

    byte[] payload() {
        return payload;
    }

    /** Header and payload, as they are signed. */
    byte[] signingInput() {
        return signingInput;
    }

    byte[] signature() {
        return signature;
    }

    /** A member of the header; empty if there is none or it is not a string. */
    Optional<String> headerString(String name) {
        try {
            return header.string(name);
        } catch (JsonFormatException e) {
            return Optional.empty();
        }
    }

    private boolean hasPossibleSignature() {
        return headerString("alg").equals(Optional.of("ES256"))
                ? signature.length == ES256_SIGNATURE_OCTETS
                : signature.length > 0;
    }
}
