package dev.agentauth.internal.claim;

import dev.agentauth.SecretHash;
import dev.agentauth.registration.Way;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Who stands in front of the claim page, as far as the ceremony knows. The way decides under which hash the token is looked
 * up, so that nobody finds an attempt of the other way.
 */
public final class Visitor {
    private static final Visitor LINK_HOLDER = new Visitor(Way.MAILED_LINK, null);

    private final Way way;
    private final @Nullable String userId;

    private Visitor(Way way, @Nullable String userId) {
        this.way = way;
        this.userId = userId;
    }

    /** Whoever has the link that was mailed. */
    public static Visitor linkHolder() {
        return LINK_HOLDER;
    }

    /** A user who is signed in at the service. */
    public static Visitor signedIn(String userId) {
        return new Visitor(Way.SIGN_IN, Objects.requireNonNull(userId));
    }

    SecretHash hash(String attemptToken) {
        return way.hash(attemptToken);
    }

    /** The service's own id of who is signed in; null for whoever has the mailed link. */
    @Nullable
    String userId() {
        return userId;
    }
}
