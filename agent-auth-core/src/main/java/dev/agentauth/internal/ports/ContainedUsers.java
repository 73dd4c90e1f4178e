package dev.agentauth.internal.ports;

import dev.agentauth.spi.Contact;
import dev.agentauth.spi.User;
import dev.agentauth.spi.UserDirectory;
import java.util.Optional;

/** {@link UserDirectory}: whatever is thrown or null is {@code PortUnavailableException}. */
final class ContainedUsers implements UserDirectory {
    private final UserDirectory kept;

    ContainedUsers(UserDirectory kept) {
        this.kept = kept;
    }

    @Override
    public Optional<User> findById(String userId) {
        try {
            return Foreign.answer(kept.findById(userId), "users.findById");
        } catch (Throwable e) {
            throw Foreign.outOfReach("users.findById", e);
        }
    }

    @Override
    public Optional<User> findByVerifiedEmail(String email) {
        try {
            return Foreign.answer(kept.findByVerifiedEmail(email), "users.findByVerifiedEmail");
        } catch (Throwable e) {
            throw Foreign.outOfReach("users.findByVerifiedEmail", e);
        }
    }

    @Override
    public Optional<User> findByVerifiedPhone(String phone) {
        try {
            return Foreign.answer(kept.findByVerifiedPhone(phone), "users.findByVerifiedPhone");
        } catch (Throwable e) {
            throw Foreign.outOfReach("users.findByVerifiedPhone", e);
        }
    }

    @Override
    public Optional<User> create(Contact contact) {
        try {
            return Foreign.answer(kept.create(contact), "users.create");
        } catch (Throwable e) {
            throw Foreign.outOfReach("users.create", e);
        }
    }
}
