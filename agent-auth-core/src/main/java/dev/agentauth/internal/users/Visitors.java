package dev.agentauth.internal.users;

import dev.agentauth.registration.Asked;
import dev.agentauth.spi.User;
import java.util.Optional;

/**
 * Who may answer a question by signing in (B2). Signing in proves no address: only one that was proved to the service
 * itself makes somebody the person who was asked.
 */
public final class Visitors {
    private final Users users;
    private final OwnProof ownProof;

    public Visitors(Users users, OwnProof ownProof) {
        this.users = users;
        this.ownProof = ownProof;
    }

    /**
     * The user who is signed in, if that is who was asked.
     *
     * @return empty for anybody else, and for a user who is not known, not active, or known by a provider's word alone: once
     *     the service has proved the address, that account is somebody else's
     */
    public Optional<User> admitted(Asked asked, String userId) {
        return users.byId(userId).filter(user -> isAsked(asked, user) && ownProof.isGiven(user, asked.address()));
    }

    private boolean isAsked(Asked asked, User user) {
        if (asked instanceof Asked.Anybody) {
            return true;
        }
        return asked instanceof Asked.OneUser one
                ? one.userId().equals(user.id())
                : users.byEmail(asked.address())
                        .filter(found -> found.id().equals(user.id()))
                        .isPresent();
    }
}
