package dev.agentauth.servlet.internal.page;

import dev.agentauth.servlet.ClaimPageAsset;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Objects;

/**
 * A service's picture.
 *
 * @param asset the file
 * @param alt what it says to people who do not see it
 * @param isWordmark whether it shows the service's name, so that no text need do that
 */
public record Logo(ClaimPageAsset asset, String alt, boolean isWordmark) {
    static final String NAME = "logo";

    private static final int LARGEST = 256 * 1024;

    /** Checks that the file is of its type: browsers are told not to guess. */
    public static Logo of(byte[] content, String mediaType, String alt, boolean isWordmark) {
        if (content.length > LARGEST) {
            throw new IllegalArgumentException("a logo has at most " + LARGEST + " bytes");
        }
        boolean fits = switch (mediaType) {
            case "image/png" -> holds(content, 0, "\u0089PNG\r\n\u001a\n");
            case "image/webp" -> holds(content, 0, "RIFF") && holds(content, 8, "WEBP");
            case "image/svg+xml" -> new String(content, StandardCharsets.UTF_8).contains("<svg");
            default ->
                throw new IllegalArgumentException(
                        "a logo is image/png, image/svg+xml or image/webp, not " + mediaType);
        };
        if (!fits) {
            throw new IllegalArgumentException("the logo is not of the type " + mediaType);
        }
        return new Logo(ClaimPageAsset.of(NAME, mediaType, content), Objects.requireNonNull(alt), isWordmark);
    }

    private static boolean holds(byte[] content, int at, String signature) {
        byte[] expected = signature.getBytes(StandardCharsets.ISO_8859_1);
        return content.length >= at + expected.length
                && Arrays.equals(content, at, at + expected.length, expected, 0, expected.length);
    }
}
