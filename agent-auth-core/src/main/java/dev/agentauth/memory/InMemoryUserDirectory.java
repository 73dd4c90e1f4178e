package dev.agentauth.memory;

import dev.agentauth.SecretHash;
import dev.agentauth.spi.Contact;
import dev.agentauth.spi.ContactProof;
import dev.agentauth.spi.Provisioning;
import dev.agentauth.spi.User;
import dev.agentauth.spi.UserDirectory;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Users in memory, for tests and demos only: a service has a directory of its own. */
public final class InMemoryUserDirectory implements UserDirectory {
    private final Map<String, User> byId = new HashMap<>();
    private final Map<String, String> idByEmail = new HashMap<>();
    private final Map<String, String> idByPhone = new HashMap<>();
    private final Map<SecretHash, String> idByKey = new HashMap<>();
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
        byId.put(userId, new User(userId, active, user.email().orElse(null), user.emailProof()));
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
    public synchronized Provisioning provision(SecretHash key, Contact contact) {
        User known = userOf(idByKey.get(key));
        if (known != null) {
            return new Provisioning.Made(known);
        }
        Optional<User> holder = contact.email()
                .flatMap(this::findByVerifiedEmail)
                .or(() -> contact.phone().flatMap(this::findByVerifiedPhone));
        if (holder.isPresent()) {
            return new Provisioning.Taken(holder.get());
        }
        User user = new User("user_" + ++made, true, contact.email().orElse(null), contact.proof());
        add(user);
        contact.phone().ifPresent(phone -> idByPhone.put(phone, user.id()));
        idByKey.put(key, user.id());
        return new Provisioning.Made(user);
    }

    @Override
    public synchronized void forgetKeys(String userId) {
        idByKey.values().removeIf(userId::equals);
    }

    @Override
    public synchronized void recordOwnProof(String userId, String email) {
        User user = byId.get(userId);
        if (user != null && user.email().filter(email::equalsIgnoreCase).isPresent()) {
            byId.put(userId, new User(userId, user.isActive(), user.email().get(), ContactProof.SERVICE));
        }
    }

    private @Nullable User userOf(@Nullable String userId) {
        return userId == null ? null : byId.get(userId);
    }

    private static String fold(String email) {
        return email.toLowerCase(Locale.ROOT);
    }
}
