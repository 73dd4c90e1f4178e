package dev.agentauth.examples.web;

import java.time.Duration;

/**
 * What a server grants its clients.
 *
 * @param connections at once; further ones wait in the backlog, and those that are open get one second of silence
 * @param reading in which a whole request has to arrive, header and body
 * @param drain in which requests that are being answered may end once the server is to stop
 */
public record Limits(int connections, Duration reading, Duration drain) {

    /** 1024 connections, thirty seconds for a request to arrive, and ten to stop. */
    public static Limits standard() {
        return new Limits(1024, Duration.ofSeconds(30), Duration.ofSeconds(10));
    }

    /** The same with another time to stop. */
    public Limits withDrain(Duration time) {
        return new Limits(connections, reading, time);
    }
}
