package dev.agentauth.servlet.internal.page;

import dev.agentauth.servlet.ClaimPageAsset;
import dev.agentauth.servlet.internal.http.Answer;
import dev.agentauth.servlet.internal.http.Answer.Header;
import dev.agentauth.servlet.internal.http.Endpoint;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.zip.CRC32;

/** The files that pages load, below the path of the page. */
final class PageFiles {
    /** An SVG that somebody opens by itself is a document of our origin. It gets none of our rights. */
    private static final String POLICY = "default-src 'none'; style-src 'unsafe-inline'; sandbox";

    private final Map<String, Endpoint> endpoints = new HashMap<>();
    private final Map<String, String> urls = new HashMap<>();
    private boolean images;

    /** URLs are absolute paths below the configured base; no file takes a path that something else has. */
    PageFiles(String basePath, String page, Set<String> taken, List<ClaimPageAsset> assets) {
        for (ClaimPageAsset asset : assets) {
            byte[] content = asset.content();
            String path = page + "/" + asset.name();
            Answer answer = new Answer(
                    200,
                    List.of(
                            new Header("Content-Type", asset.mediaType()),
                            new Header("Cache-Control", "public, max-age=31536000, immutable"),
                            new Header("Content-Security-Policy", POLICY),
                            new Header("X-Content-Type-Options", "nosniff")),
                    content);
            if (taken.contains(path) || endpoints.put(path, request -> answer) != null) {
                throw new IllegalArgumentException(
                        "the claim page has something of this name already: " + asset.name());
            }
            urls.put(asset.name(), basePath + path + "?v=" + version(content));
            images |= asset.mediaType().startsWith("image/");
        }
    }

    /** Changes whenever the content does; as a part of the URL it makes the copies in caches the right ones. */
    private static String version(byte[] content) {
        CRC32 checksum = new CRC32();
        checksum.update(content);
        return HexFormat.of().toHexDigits((int) checksum.getValue());
    }

    /** What answers for each, by its path. */
    Map<String, Endpoint> endpoints() {
        return Map.copyOf(endpoints);
    }

    /** Where each is, by its name. */
    Map<String, String> urls() {
        return Map.copyOf(urls);
    }

    boolean hasImages() {
        return images;
    }
}
