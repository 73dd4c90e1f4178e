package dev.agentauth.servlet;

import java.util.Objects;
import java.util.regex.Pattern;

/**
 * A file that claim pages load: a stylesheet, a script, an image.
 *
 * @since 0.2.0
 */
public final class ClaimPageAsset {
    private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9_-]*(\\.[a-z0-9]+)*");
    private static final Pattern MEDIA_TYPE = Pattern.compile("[a-z]+/[a-z0-9.+-]+(; ?charset=[a-z0-9-]+)?");

    private final String name;
    private final String mediaType;
    private final byte[] content;

    private ClaimPageAsset(String name, String mediaType, byte[] content) {
        this.name = name;
        this.mediaType = mediaType;
        this.content = content;
    }

    /**
     * Makes an asset.
     *
     * @param name what the renderer asks for its URL by, and the end of that URL: lower-case letters, digits, hyphens,
     *     and dots in between
     * @param mediaType as in {@code Content-Type}, in lower case
     * @param content copied
     * @return the asset
     * @throws IllegalArgumentException if the name or the media type is not as said above
     */
    public static ClaimPageAsset of(String name, String mediaType, byte[] content) {
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException("not a name of an asset: " + name);
        }
        if (!MEDIA_TYPE.matcher(mediaType).matches()) {
            throw new IllegalArgumentException("not a media type: " + mediaType);
        }
        return new ClaimPageAsset(
                name, mediaType, Objects.requireNonNull(content).clone());
    }

    /**
     * What the renderer asks for its URL by.
     *
     * @return unique among a renderer's assets
     */
    public String name() {
        return name;
    }

    /**
     * What it is.
     *
     * @return as in {@code Content-Type}
     */
    public String mediaType() {
        return mediaType;
    }

    /**
     * What it holds.
     *
     * @return a copy
     */
    public byte[] content() {
        return content.clone();
    }
}
