package dev.agentauth.internal.users;

import dev.agentauth.SecretHash;
import dev.agentauth.config.NewUserPolicy;
import dev.agentauth.internal.Settings;
import dev.agentauth.registration.ProviderIdentity;
import dev.agentauth.registration.Registration;
import dev.agentauth.spi.Contact;
import dev.agentauth.spi.ContactProof;
import dev.agentauth.spi.Provisioning;
import dev.agentauth.spi.User;
import dev.agentauth.spi.UserDirectory;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Answers which user it is, for somebody who proved an address and for somebody whom a provider vouched for. */
public final class UserMatcher {
    private final Settings settings;
    private final UserDirectory users;

    public UserMatcher(Settings settings, UserDirectory users) {
        this.settings = settings;
        this.users = users;
    }

    /** A user to bind, and whether the user was there before. */
    public record Owner(User user, boolean existedBefore) {}

    /**
     * Whom completing a claim binds: for a step-up the user whom it is for, else the user of the address that the link
     * was mailed to, made now if need be.
     *
     * @return empty if that user is inactive or gone, or may not be made
     */
    public Optional<Owner> ownerByProof(Registration registration, String recipient) {
        Optional<User> known = registration.stepUpUserId() != null
                ? users.findById(registration.stepUpUserId())
                : users.findByVerifiedEmail(recipient);
        if (known.isPresent()) {
            return known.filter(User::isActive).map(user -> new Owner(user, true));
        }
        if (registration.stepUpUserId() != null || settings.newUsers() == NewUserPolicy.REFUSE) {
            return Optional.empty();
        }
        SecretHash key = SecretHash.ofParts("email", recipient);
        Provisioning outcome = users.provision(key, Contact.proved(recipient));
        if (outcome instanceof Provisioning.Made left && !hasAddress(left.user(), recipient)) {
            // That user has moved to another address: whoever has this one now is somebody else.
            users.forgetKeys(left.user().id());
            outcome = users.provision(key, Contact.proved(recipient));
        }
        Owner owner = outcome instanceof Provisioning.Taken taken
                ? new Owner(taken.user(), true)
                : new Owner(((Provisioning.Made) outcome).user(), false);
        if (!hasAddress(owner.user(), recipient)) {
            return Optional.empty();
        }
        return owner.user().isActive() ? Optional.of(owner) : Optional.empty();
    }

    /** Whether nobody but a provider has vouched so far for this address of a user. */
    public boolean isOnProvidersWord(User user, String address) {
        return user.emailProof() == ContactProof.PROVIDER && hasAddress(user, address);
    }

    /** Whether nobody but a provider has vouched so far for what the service knows a user by. */
    public boolean isOnProvidersWord(User user) {
        return user.email().isEmpty() || user.emailProof() == ContactProof.PROVIDER;
    }

    /** Makes, or finds, the user that stands for a provider identity. */
    public Provisioning provision(ProviderIdentity identity, Contact contact) {
        return users.provision(identity.key(), contact);
    }

    /** Whether a provider identity still yields a user whom it has just been given. */
    public boolean stillYields(ProviderIdentity identity, Contact contact, User user) {
        return provision(identity, contact) instanceof Provisioning.Made made
                && made.user().id().equals(user.id());
    }

    /** The users who have a contact: that of the e-mail address first, then that of the phone number. */
    public List<User> holders(Contact contact) {
        return Stream.concat(
                        contact.email().flatMap(users::findByVerifiedEmail).stream(),
                        contact.phone().flatMap(users::findByVerifiedPhone).stream())
                .toList();
    }

    public Optional<User> byId(String userId) {
        return users.findById(userId).filter(User::isActive);
    }

    private static boolean hasAddress(User user, String address) {
        return user.email().filter(address::equalsIgnoreCase).isPresent();
    }
}
