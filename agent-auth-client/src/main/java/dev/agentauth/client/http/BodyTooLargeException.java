package dev.agentauth.client.http;

import java.io.IOException;

/**
 * A body has more octets than are read.
 *
 * @since 0.2.0
 */
public final class BodyTooLargeException extends IOException {
    private static final long serialVersionUID = 1L;

    BodyTooLargeException(int limit) {
        super("more than " + limit + " octets");
    }
}
