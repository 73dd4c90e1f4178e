package dev.agentauth.registration;

/** How a registration came to be. */
public enum RegistrationKind {
    /** By an agent that said nothing about a person. */
    ANONYMOUS("anonymous"),
    /** By an agent that named an e-mail address. */
    EMAIL("email-verification"),
    /** By an agent whose provider vouched for a person with an ID-JAG. */
    PROVIDER("agent-provider");

    private final String wireName;

    RegistrationKind(String wireName) {
        this.wireName = wireName;
    }

    /**
     * The value of {@code registration_type} in answers.
     *
     * @return the name on the wire
     */
    public String wireName() {
        return wireName;
    }
}
