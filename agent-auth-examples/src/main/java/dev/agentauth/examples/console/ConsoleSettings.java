package dev.agentauth.examples.console;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What the console has to know of the demo.
 *
 * @param name what the demo calls itself
 * @param issuer the service's issuer, below which the console is
 * @param resource the protected resource
 * @param provider the sample provider that the service trusts; empty if there is none
 * @param mail where mail goes
 * @param local whether the demo can be reached from this machine alone, so that the console may tell what only the demo
 *     knows
 * @param clock whether the console can move the demo's time
 * @param links what to read on further links, and where they lead
 */
public record ConsoleSettings(
        String name,
        String issuer,
        String resource,
        Optional<String> provider,
        Mail mail,
        boolean local,
        boolean clock,
        Map<String, String> links) {

    /** Copies the links in their order. */
    public ConsoleSettings {
        links = Collections.unmodifiableMap(new LinkedHashMap<>(links));
    }

    /** Where the mail of the demo goes. */
    public enum Mail {
        /** To the outbox, which the console shows. */
        OUTBOX,
        /** To people. */
        SMTP,
        /** To an outbox that is not shown. */
        NOWHERE
    }
}
