package dev.agentauth.examples.provider.kit;

import java.util.OptionalInt;

/**
 * What came of sending a logout.
 *
 * @param result whether it has worked
 * @param attempts how often it was tried
 * @param status what the service has answered last; empty if nothing
 */
public record Delivery(Result result, int attempts, OptionalInt status) {

    /** Whether it has worked. */
    public enum Result {
        /** The service has taken it: whatever the provider vouched for until then has ended there. */
        DELIVERED,
        /** The service does not take it, and would not take it again. Somebody has to look. */
        REFUSED,
        /** The service has not answered, or is not able to. Deliver the same logout later, while its hour lasts. */
        UNREACHABLE,
        /** The service does not say where it takes logouts, or says it in a way that must not be trusted. */
        NO_ENDPOINT
    }
}
