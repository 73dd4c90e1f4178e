package dev.agentauth.spi;

/** What comes of {@link UserDirectory#provision}. */
public sealed interface Provisioning {

    /**
     * The user that the key stands for.
     *
     * @param user made by this call or by an earlier one with the same key
     */
    record Made(User user) implements Provisioning {}

    /**
     * The contact is somebody's already, under another key.
     *
     * @param user whose contact it is
     */
    record Taken(User user) implements Provisioning {}
}
