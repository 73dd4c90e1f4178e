package dev.agentauth.internal.users;

import dev.agentauth.Caller;
import dev.agentauth.internal.EmailAddress;
import dev.agentauth.internal.Ports;
import dev.agentauth.internal.RegistrationWriter;
import dev.agentauth.registration.EndReason;
import dev.agentauth.registration.Registration;
import dev.agentauth.spi.User;
import dev.agentauth.spi.UserOrigins;
import java.time.Instant;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The service's own proof of an address (A4): the first one of a user who rested on a provider's word ends whatever was
 * prepared on that word. By whichever door the proof comes.
 */
public final class OwnProof {
    private final Ports ports;
    private final Users users;
    private final UserOrigins origins;
    private final RegistrationWriter writer;

    public OwnProof(Ports ports, Users users, RegistrationWriter writer) {
        this.ports = ports;
        this.users = users;
        this.origins = ports.userOrigins();
        this.writer = writer;
    }

    /** See {@code AgentAuth.addressProved}. */
    public boolean given(Caller caller, String userId, String text) {
        Optional<String> address = EmailAddress.normalize(text);
        Optional<User> user =
                address.flatMap(normalized -> users.anyById(userId).filter(found -> users.has(found, normalized)));
        user.ifPresent(found -> endWhatOthersPrepared(caller, found, address.orElseThrow(), null));
        return user.isPresent();
    }

    /**
     * Whether a user's addresses were proved to this service itself, and do not rest on a provider's word.
     *
     * @param address the one that was asked, besides the one on file; empty if none was
     */
    public boolean isGiven(User user, String address) {
        boolean beingMade = Stream.concat(user.email().stream(), Stream.of(address))
                .filter(each -> !each.isEmpty())
                .map(EmailAddress::key)
                .distinct()
                .anyMatch(origins::isReserved);
        return !beingMade && !origins.isOnProvidersWord(user.id());
    }

    /**
     * Ends what was prepared. Repeatable at each step, and done before anything is bound by the proof, so that a crash in
     * between leaves a proof that can be given again and nothing that was prepared.
     *
     * <p>A presentation may be making that very user at this moment. Its reservation is cancelled first: then either the
     * user has been recorded and is seen here, or never will be.
     *
     * @param own the registration that the proof is for, which stays; null if there is none
     */
    public void endWhatOthersPrepared(Caller caller, User user, String address, @Nullable Registration own) {
        origins.cancel(EmailAddress.key(address));
        if (!origins.isOnProvidersWord(user.id()) || !users.has(user, address)) {
            return;
        }
        origins.forgetKeys(user.id());
        Instant now = ports.now();
        for (Registration other : ports.registrations().findByUser(user.id())) {
            boolean isOwn = own != null && own.id().equals(other.id());
            if (!isOwn && user.id().equals(other.userId())) {
                writer.revoke(caller, other, EndReason.OWN_PROOF, now);
            }
        }
        origins.forget(user.id());
    }
}
