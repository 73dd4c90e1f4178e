package dev.agentauth.examples.provider.kit;

/** The two spellings of the event that ends what was vouched for. A service lists those that it knows: events_supported. */
public enum RevocationEvent {
    /** What the protocol calls it. */
    WITH_AUTH("https://schemas.workos.com/events/agent/auth/identity/assertion/revoked"),
    /** What some services know alone. */
    WITHOUT_AUTH("https://schemas.workos.com/events/agent/identity/assertion/revoked");

    private final String uri;

    RevocationEvent(String uri) {
        this.uri = uri;
    }

    String uri() {
        return uri;
    }
}
