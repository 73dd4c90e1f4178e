package dev.agentauth.servlet;

import dev.agentauth.servlet.internal.http.Answer;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Map;

/**
 * What a request is answered that does not get through, as a value: for whatever writes it in a framework of its own. Made by
 * {@link BearerChallenges}; immutable.
 *
 * @since 0.2.0
 */
public final class BearerAnswer {
    private final Answer answer;

    BearerAnswer(Answer answer) {
        this.answer = answer;
    }

    /**
     * The HTTP status.
     *
     * @return 400, 401, 403, 500 or 503
     */
    public int status() {
        return answer.status();
    }

    /**
     * The header fields: the type of the body, {@code Cache-Control}, and {@code WWW-Authenticate} or {@code Retry-After} where
     * there is one.
     *
     * @return by name, one value each
     */
    public Map<String, String> headers() {
        return answer.headers();
    }

    /**
     * The body: a JSON object with {@code error} and {@code error_description}.
     *
     * @return a copy
     */
    public byte[] body() {
        return answer.body();
    }

    /**
     * Writes it. Nothing else may be written to the response, before or after.
     *
     * @param request what is answered; what is left of its body is read, up to a limit
     * @param response not yet committed
     * @throws IOException if the client is gone
     */
    public void send(HttpServletRequest request, HttpServletResponse response) throws IOException {
        answer.send(request, response);
    }

    Answer answer() {
        return answer;
    }

    @Override
    public String toString() {
        return "BearerAnswer[" + status() + "]";
    }
}
