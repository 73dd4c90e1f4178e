package dev.agentauth.testkit;

import dev.agentauth.SecretHash;
import dev.agentauth.spi.Contact;
import dev.agentauth.spi.ContactProof;
import dev.agentauth.spi.Provisioning;
import dev.agentauth.spi.User;
import dev.agentauth.spi.UserDirectory;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** The plainest user directory that is right, in steps that a defect can replace one by one. */
class PlainUserDirectory implements UserDirectory {
    final Map<String, User> byId = new ConcurrentHashMap<>();
    final Map<String, String> idByEmail = new ConcurrentHashMap<>();
    final Map<String, String> idByPhone = new ConcurrentHashMap<>();
    final Map<SecretHash, String> idByKey = new ConcurrentHashMap<>();
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
        return Optional.ofNullable(idByPhone.get(phoneKey(phone))).map(byId::get);
    }

    String emailKey(String email) {
        return email.toLowerCase(Locale.ROOT);
    }

    String phoneKey(String phone) {
        return phone;
    }

    @Override
    public Provisioning provision(SecretHash key, Contact contact) {
        backend.check();
        synchronized (this) {
            return known(key, contact).orElseGet(() -> new Provisioning.Made(make(key, contact)));
        }
    }

    final Optional<Provisioning> known(SecretHash key, Contact contact) {
        Optional<Provisioning> ofKey =
                Optional.ofNullable(idByKey.get(key)).map(byId::get).map(Provisioning.Made::new);
        return ofKey.or(() -> holder(contact).map(Provisioning.Taken::new));
    }

    Optional<User> holder(Contact contact) {
        return contact.email()
                .flatMap(this::findByVerifiedEmail)
                .or(() -> contact.phone().flatMap(this::findByVerifiedPhone));
    }

    User make(SecretHash key, Contact contact) {
        User user = newUser("user_" + made.incrementAndGet(), contact);
        byId.put(user.id(), user);
        user.email().ifPresent(email -> idByEmail.put(emailKey(email), user.id()));
        contact.phone().ifPresent(phone -> idByPhone.put(phoneKey(phone), user.id()));
        idByKey.put(key, user.id());
        return user;
    }

    User newUser(String id, Contact contact) {
        return new User(id, true, contact.email().orElse(null), contact.proof());
    }

    @Override
    public void forgetKeys(String userId) {
        backend.check();
        idByKey.values().removeIf(userId::equals);
    }

    @Override
    public void recordOwnProof(String userId, String email) {
        backend.check();
        byId.computeIfPresent(userId, (id, user) -> isOwn(user, email) ? proved(user) : user);
    }

    boolean isOwn(User user, String email) {
        return user.email().map(this::emailKey).equals(Optional.of(emailKey(email)));
    }

    static User proved(User user) {
        return new User(user.id(), user.isActive(), user.email().orElse(null), ContactProof.SERVICE);
    }
}
