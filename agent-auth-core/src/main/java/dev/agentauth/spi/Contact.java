package dev.agentauth.spi;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a new user can be reached by: verified, by the service itself or on a provider's word.
 *
 * @since 0.2.0
 */
public final class Contact {
    private final @Nullable String email;
    private final @Nullable String phone;

    private Contact(@Nullable String email, @Nullable String phone) {
        this.email = email;
        this.phone = phone;
    }

    /**
     * An address and a number, or one of them, or none.
     *
     * @param email lower-case ASCII, or null
     * @param phone or null
     * @return the contact
     */
    public static Contact of(@Nullable String email, @Nullable String phone) {
        return new Contact(email, phone);
    }

    /**
     * The address.
     *
     * @return lower-case ASCII of at most 254 characters; empty if there is none
     */
    public Optional<String> email() {
        return Optional.ofNullable(email);
    }

    /**
     * The phone number.
     *
     * @return as the provider wrote it; empty if there is none
     */
    public Optional<String> phone() {
        return Optional.ofNullable(phone);
    }

    /** Never shows the contact itself. */
    @Override
    public String toString() {
        return "Contact";
    }
}
