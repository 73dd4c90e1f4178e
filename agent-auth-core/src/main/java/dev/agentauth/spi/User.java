package dev.agentauth.spi;

import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A user of the service, as far as this library needs to know.
 *
 * @since 0.2.0
 */
public final class User {
    private final String id;
    private final boolean active;
    private final @Nullable String email;

    /**
     * A user.
     *
     * @param id the service's own id of the user
     * @param active whether agents may act for the user; false refuses every use of the user's registrations, for as
     *     long as it lasts
     * @param email the verified address on file, or null
     */
    public User(String id, boolean active, @Nullable String email) {
        this.id = Objects.requireNonNull(id);
        this.active = active;
        this.email = email;
    }

    /**
     * An active user.
     *
     * @param id the service's own id of the user
     * @param email the verified address on file, or null
     * @return the user
     */
    public static User of(String id, @Nullable String email) {
        return new User(id, true, email);
    }

    /**
     * The service's own id of the user.
     *
     * @return the id
     */
    public String id() {
        return id;
    }

    /**
     * Whether agents may act for the user.
     *
     * @return false while the user is locked, suspended or leaving
     */
    public boolean isActive() {
        return active;
    }

    /**
     * The verified address on file.
     *
     * @return empty if there is none
     */
    public Optional<String> email() {
        return Optional.ofNullable(email);
    }

    /** Never shows the address. */
    @Override
    public String toString() {
        return "User[" + id + (active ? ", active]" : ", inactive]");
    }
}
