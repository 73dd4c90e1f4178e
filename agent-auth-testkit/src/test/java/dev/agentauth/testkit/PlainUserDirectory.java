package dev.agentauth.testkit;

import dev.agentauth.spi.Contact;
import dev.agentauth.spi.User;
import dev.agentauth.spi.UserDirectory;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** The plainest user directory that is right, in steps that a defect can replace one by one. */
class PlainUserDirectory implements UserDirectory {
    final Map<String, User> byId = new ConcurrentHashMap<>();
    final Map<String, String> idByEmail = new ConcurrentHashMap<>();
    final Map<String, String> idByPhone = new ConcurrentHashMap<>();
    final Switch backend = new Switch();
    final Meeting meeting = new Meeting();
    private final AtomicInteger made = new AtomicInteger();

    @Override
    public Optional<User> findById(String userId) {
        backend.check();
        return Optional.ofNullable(byId.get(userId));
    }

    @Override
    public Optional<User> findByVerifiedEmail(String email) {
        backend.check();
        return Optional.ofNullable(idByEmail.get(emailKey(email))).map(byId::get);
    }

    @Override
    public Optional<User> findByVerifiedPhone(String phone) {
        backend.check();
        return Optional.ofNullable(idByPhone.get(phone)).map(byId::get);
    }

    String emailKey(String email) {
        return email;
    }

    @Override
    public Optional<User> create(Contact contact) {
        backend.check();
        synchronized (this) {
            return isTaken(contact) ? Optional.empty() : Optional.of(make(contact));
        }
    }

    boolean isTaken(Contact contact) {
        return isAddressTaken(contact) || isNumberTaken(contact);
    }

    final boolean isAddressTaken(Contact contact) {
        return contact.email()
                .map(this::emailKey)
                .filter(idByEmail::containsKey)
                .isPresent();
    }

    final boolean isNumberTaken(Contact contact) {
        return contact.phone().filter(idByPhone::containsKey).isPresent();
    }

    User make(Contact contact) {
        User user = newUser("user_x" + made.incrementAndGet(), contact);
        byId.put(user.id(), user);
        user.email().ifPresent(email -> idByEmail.put(emailKey(email), user.id()));
        contact.phone().ifPresent(phone -> idByPhone.put(phone, user.id()));
        return user;
    }

    User newUser(String id, Contact contact) {
        return User.of(id, contact.email().orElse(null));
    }
}
