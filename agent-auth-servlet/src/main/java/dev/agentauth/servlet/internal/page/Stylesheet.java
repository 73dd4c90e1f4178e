package dev.agentauth.servlet.internal.page;

import dev.agentauth.servlet.internal.http.Answer;
import dev.agentauth.servlet.internal.http.Answer.Header;
import dev.agentauth.servlet.internal.http.Endpoint;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.zip.CRC32;

/** How the page looks, from a path of its own, since the policy of the page allows no style within it. */
public final class Stylesheet implements Endpoint {
    private final Answer answer;
    private final String version;

    public Stylesheet() {
        byte[] css = read();
        CRC32 checksum = new CRC32();
        checksum.update(css);
        this.version = HexFormat.of().toHexDigits((int) checksum.getValue());
        this.answer = new Answer(
                200,
                List.of(
                        new Header("Content-Type", "text/css; charset=utf-8"),
                        new Header("Cache-Control", "public, max-age=31536000, immutable"),
                        new Header("X-Content-Type-Options", "nosniff")),
                css);
    }

    /** Changes whenever the content does; as a part of the URL it makes the copies in caches the right ones. */
    public String version() {
        return version;
    }

    @Override
    public Answer answer(HttpServletRequest request) {
        return answer;
    }

    private static byte[] read() {
        try (InputStream in = Stylesheet.class.getResourceAsStream("style.css")) {
            return Objects.requireNonNull(in, "style.css is missing from the module")
                    .readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
