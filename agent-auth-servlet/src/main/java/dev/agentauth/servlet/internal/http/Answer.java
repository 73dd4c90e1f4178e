package dev.agentauth.servlet.internal.http;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What goes back, as a value: endpoints decide, and {@link #send} is the one place that writes. */
public final class Answer {
    private static final byte[] NO_BODY = {};

    private final int status;
    private final List<Header> headers;
    private final byte[] body;

    /** A header field. Both parts are constants, or made of characters that a header may hold. */
    public record Header(String name, String value) {}

    /** The body is not copied. */
    public Answer(int status, List<Header> headers, byte[] body) {
        this.status = status;
        this.headers = headers;
        this.body = body;
    }

    public Answer(int status, List<Header> headers) {
        this(status, headers, NO_BODY);
    }

    public int status() {
        return status;
    }

    /** By name; the last one of a name counts. */
    public Map<String, String> headers() {
        Map<String, String> values = new LinkedHashMap<>();
        headers.forEach(header -> values.put(header.name(), header.value()));
        return Collections.unmodifiableMap(values);
    }

    /** A copy. */
    public byte[] body() {
        return body.clone();
    }

    /** The same with one more header. */
    public Answer with(String name, String value) {
        List<Header> more = new ArrayList<>(headers);
        more.add(new Header(name, value));
        return new Answer(status, more, body);
    }

    /**
     * Writes everything; to a HEAD request everything but the body. An interrupt that reached a port ends here, where it
     * has been answered for: on a thread that is still interrupted, Jetty loses answers and, when it selects on it next,
     * its selector.
     */
    public void send(HttpServletRequest request, HttpServletResponse response) throws IOException {
        boolean unused = Thread.interrupted();
        response.setStatus(status);
        for (Header header : headers) {
            response.setHeader(header.name(), header.value());
        }
        response.setContentLength(body.length);
        if (body.length > 0 && !"HEAD".equals(request.getMethod())) {
            response.getOutputStream().write(body);
        }
        if (status >= 400) {
            response.flushBuffer();
            RequestBody.discard(request);
        }
    }
}
