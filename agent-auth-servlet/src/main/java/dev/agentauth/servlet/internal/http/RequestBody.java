package dev.agentauth.servlet.internal.http;

import dev.agentauth.AgentAuthException;
import dev.agentauth.Problem;
import dev.agentauth.internal.json.Json;
import dev.agentauth.internal.json.JsonFormatException;
import dev.agentauth.internal.json.JsonObject;
import dev.agentauth.internal.wire.Spelling;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.function.Function;

/** Reads bodies: of the declared type, never compressed, and within a limit that holds whatever was declared. */
public final class RequestBody {
    static final int LIMIT = 64 * 1024;
    private static final int MOST_TO_DISCARD = 4 * LIMIT;

    private RequestBody() {}

    /** What to do with a JSON object; lets endpoints read members without catching anything. */
    @FunctionalInterface
    public interface JsonReader {
        Answer read(JsonObject body) throws JsonFormatException;
    }

    /** The same, where versions spell the request differently. */
    @FunctionalInterface
    public interface SpelledReader {
        Answer read(JsonObject body, Spelling spelling) throws JsonFormatException;
    }

    // The header itself is read and never getContentType: Jetty throws there for a charset that it does not know.

    /** Reads one JSON object, and has it answered. Members that are missing or ill-typed are the request's fault. */
    public static Answer json(HttpServletRequest request, JsonReader reader) {
        return json(request, body -> Spelling.BASE, (body, spelling) -> reader.read(body));
    }

    /** The same for requests that versions spell differently: what is refused is named as the request speaks. */
    public static Answer json(
            HttpServletRequest request, Function<JsonObject, Spelling> spellings, SpelledReader reader) {
        if (!MediaType.matches(request.getHeader("Content-Type"), MediaType.JSON)) {
            throw RejectedRequest.unsupportedMediaType("Send application/json in UTF-8.");
        }
        if (isEncoded(request)) {
            throw RejectedRequest.unsupportedMediaType("Send the body without a Content-Encoding.");
        }
        Spelling spelling = Spelling.BASE;
        try {
            JsonObject body = Json.parseObject(bytes(request));
            spelling = spellings.apply(body);
            return reader.read(body, spelling);
        } catch (JsonFormatException e) {
            // Its message is ours and names our own members only.
            throw new SpelledRefusal(
                    spelling, invalid("The JSON body is not as it should be (" + e.getMessage() + "). See /auth.md."));
        } catch (AgentAuthException e) {
            throw new SpelledRefusal(spelling, e);
        }
    }

    /** Reads a form with these parameters. */
    public static FormParameters form(HttpServletRequest request, String... known) {
        if (!MediaType.matches(request.getHeader("Content-Type"), MediaType.FORM) || isEncoded(request)) {
            throw invalid("Send application/x-www-form-urlencoded in UTF-8, without a Content-Encoding.");
        }
        return FormParameters.parse(bytes(request), known);
    }

    /** Whether the body is compressed, or otherwise not what it says. */
    public static boolean isEncoded(HttpServletRequest request) {
        String encoding = request.getHeader("Content-Encoding");
        return encoding != null && !encoding.equalsIgnoreCase("identity");
    }

    /** Reads the body whatever its type. */
    public static byte[] bytes(HttpServletRequest request) {
        long declared = request.getContentLengthLong();
        if (declared > LIMIT) {
            throw RejectedRequest.tooLarge();
        }
        byte[] body;
        try {
            body = declared < 0
                    ? request.getInputStream().readNBytes(LIMIT + 1)
                    : declared(request.getInputStream(), (int) declared);
        } catch (IOException e) {
            throw invalid("The body could not be read to its end.");
        }
        if (body.length > LIMIT) {
            throw RejectedRequest.tooLarge();
        }
        if (body.length < declared) {
            throw invalid("The body is shorter than its Content-Length.");
        }
        return body;
    }

    /** Into an array of the right size: what the stream makes itself begins with 8 KiB. Shorter if the body is. */
    private static byte[] declared(InputStream in, int length) throws IOException {
        byte[] body = new byte[length];
        int read = in.readNBytes(body, 0, length);
        return read == length ? body : Arrays.copyOf(body, read);
    }

    /**
     * Reads what is left of a refused request's body, within bounds. A container that closes a connection with unread
     * bytes resets it, and the client never sees why it was refused.
     */
    static void discard(HttpServletRequest request) {
        if (request.getHeader("Expect") != null) {
            // The client waits for a word before it sends anything.
            return;
        }
        try {
            request.getInputStream().skipNBytes(MOST_TO_DISCARD);
        } catch (IOException e) {
            // The body has ended, or the client has gone; either way there is nothing left to read.
            return;
        }
    }

    private static AgentAuthException invalid(String text) {
        return new AgentAuthException(Problem.MALFORMED, text);
    }
}
