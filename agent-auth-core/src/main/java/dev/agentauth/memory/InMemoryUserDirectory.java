package dev.agentauth.memory;

import dev.agentauth.internal.EmailAddress;
import dev.agentauth.spi.Contact;
import dev.agentauth.spi.User;
import dev.agentauth.spi.UserDirectory;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * Users in memory, for tests and demos only: a service has a directory of its own.
 *
 * @since 0.2.0
 */
public final class InMemoryUserDirectory implements UserDirectory {
    private final Map<String, User> byId = new HashMap<>();
    private final Map<String, String> idByEmail = new HashMap<>();
    private final Map<String, String> idByPhone = new HashMap<>();
    private int made;

    /** An empty directory. */
    public InMemoryUserDirectory() {}

    /**
     * Adds a user, or puts another in its place.
     *
     * @param user the user
     * @return this directory
     */
    public synchronized InMemoryUserDirectory add(User user) {
        User before = byId.put(user.id(), user);
        if (before != null) {
            before.email().ifPresent(email -> idByEmail.remove(fold(email), user.id()));
        }
        user.email().ifPresent(email -> idByEmail.put(fold(email), user.id()));
        return this;
    }

    /**
     * Notes a user's verified phone number.
     *
     * @param userId a user who was added
     * @param phone the number
     * @return this directory
     */
    public synchronized InMemoryUserDirectory addPhone(String userId, String phone) {
        idByPhone.put(
                phone, Objects.requireNonNull(byId.get(userId), "no such user").id());
        return this;
    }

    /**
     * Switches a user on or off.
     *
     * @param userId a user who was added or made
     * @param active whether agents may act for the user
     */
    public synchronized void setActive(String userId, boolean active) {
        User user = Objects.requireNonNull(byId.get(userId), "no such user");
        byId.put(userId, new User(userId, active, user.email().orElse(null)));
    }

    @Override
    public synchronized Optional<User> findById(String userId) {
        return Optional.ofNullable(byId.get(userId));
    }

    @Override
    public synchronized Optional<User> findByVerifiedEmail(String email) {
        return Optional.ofNullable(idByEmail.get(fold(email))).map(byId::get);
    }

    @Override
    public synchronized Optional<User> findByVerifiedPhone(String phone) {
        return Optional.ofNullable(idByPhone.get(phone)).map(byId::get);
    }

    @Override
    public synchronized Optional<User> create(Contact contact) {
        if (contact.email().flatMap(this::findByVerifiedEmail).isPresent()
                || contact.phone().flatMap(this::findByVerifiedPhone).isPresent()) {
            return Optional.empty();
        }
        User user = User.of("user_" + ++made, contact.email().orElse(null));
        add(user);
        contact.phone().ifPresent(phone -> idByPhone.put(phone, user.id()));
        return Optional.of(user);
    }

    private static String fold(String email) {
        return EmailAddress.fold(email);
    }
}
