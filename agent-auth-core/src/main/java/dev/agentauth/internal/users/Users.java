package dev.agentauth.internal.users;

import dev.agentauth.config.NewUserPolicy;
import dev.agentauth.internal.EmailAddress;
import dev.agentauth.internal.Settings;
import dev.agentauth.registration.Asked;
import dev.agentauth.spi.Contact;
import dev.agentauth.spi.User;
import dev.agentauth.spi.UserDirectory;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Looks users up, and finds whom somebody is who has proved an address to this service. */
public final class Users {
    private final Settings settings;
    private final UserDirectory directory;

    public Users(Settings settings, UserDirectory directory) {
        this.settings = settings;
        this.directory = directory;
    }

    /** A user to bind, and whether the user was there before. */
    public record Owner(User user, boolean existedBefore) {}

    /**
     * Whom completing a claim binds: the one user who was asked, else the user of the address that the link was mailed
     * to, made now if need be. Of any number of calls at once for one address, one makes the user, and the
     * others find that user.
     *
     * @return empty if that user is inactive or gone, or may not be made
     */
    public Optional<Owner> ownerByProof(Asked asked) {
        if (asked instanceof Asked.OneUser one) {
            return byId(one.userId()).map(user -> new Owner(user, true));
        }
        String recipient = asked.address();
        Optional<User> known = byEmail(recipient);
        if (known.isPresent()) {
            return known.filter(User::isActive).map(user -> new Owner(user, true));
        }
        if (settings.newUsers() == NewUserPolicy.REFUSE) {
            return Optional.empty();
        }
        Optional<User> made = create(Contact.of(recipient, null));
        Optional<Owner> owner = made.isPresent()
                ? made.map(user -> new Owner(user, false))
                : byEmail(recipient).map(user -> new Owner(user, true));
        return owner.filter(found -> found.user().isActive());
    }

    /** Makes a user, unless somebody has the contact. */
    Optional<User> create(Contact contact) {
        return directory.create(contact);
    }

    /** Who has a verified address. */
    public Optional<User> byEmail(String email) {
        return directory.findByVerifiedEmail(email).filter(Users::isComparedByAscii);
    }

    /** The users who have a contact: that of the e-mail address first, then that of the phone number. */
    public List<User> holders(Contact contact) {
        return Stream.concat(
                        contact.email().flatMap(this::byEmail).stream(),
                        contact.phone().flatMap(directory::findByVerifiedPhone).stream())
                .toList();
    }

    /** An active user. */
    public Optional<User> byId(String userId) {
        return directory.findById(userId).filter(User::isActive);
    }

    /** A user, active or not. */
    Optional<User> anyById(String userId) {
        return directory.findById(userId);
    }

    /** Whether an address is one of a user's verified ones. */
    boolean has(User user, String address) {
        return isOnFile(user, address)
                || byEmail(address)
                        .filter(found -> found.id().equals(user.id()))
                        .isPresent();
    }

    /** Whether an address is the one that a user is mailed at. */
    static boolean isOnFile(User user, String address) {
        return user.email()
                .filter(email -> EmailAddress.fold(email).equals(EmailAddress.fold(address)))
                .isPresent();
    }

    /**
     * Some databases find {@code josé@…} by {@code jose@…}, or a Kelvin sign by a {@code k}. All addresses that are asked
     * for here are ASCII, so whoever has another one on file was not meant.
     */
    private static boolean isComparedByAscii(User user) {
        return user.email().stream().allMatch(email -> email.chars().allMatch(c -> c < 0x80));
    }
}
