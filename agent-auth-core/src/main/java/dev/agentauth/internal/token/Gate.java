package dev.agentauth.internal.token;

import dev.agentauth.internal.Settings;
import dev.agentauth.registration.Registration;
import dev.agentauth.registration.RegistrationKind;
import dev.agentauth.spi.TrustList;
import dev.agentauth.spi.User;
import dev.agentauth.spi.UserDirectory;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * The one place that decides whether a registration may act. Everything that issues or accepts something for a
 * registration asks here, each time.
 */
public final class Gate {
    private final TrustList trust;
    private final UserDirectory users;
    private final Optional<List<String>> preClaimScopes;
    private final Optional<List<String>> postClaimScopes;

    public Gate(Settings settings, TrustList trust, UserDirectory users) {
        this.trust = trust;
        this.users = users;
        this.preClaimScopes = Optional.of(settings.preClaimScopes());
        this.postClaimScopes = Optional.of(settings.postClaimScopes());
    }

    /**
     * What something that was issued for a registration allows now.
     *
     * @param epoch the epoch that it was issued in
     * @return empty if the registration may not act; otherwise the scopes of its status, in the service's order
     */
    public Optional<List<String>> scopes(Registration registration, long epoch, Instant now) {
        if (epoch != registration.epoch()) {
            return Optional.empty();
        }
        Optional<List<String>> scopes = switch (registration.status(now)) {
            case REVOKED, EXPIRED -> Optional.empty();
            case CLAIMED -> postClaimScopes;
            case PENDING_CLAIM, UNCLAIMED ->
                registration.kind() == RegistrationKind.ANONYMOUS ? preClaimScopes : Optional.empty();
        };
        return scopes.isPresent() && isInGoodStanding(registration) ? scopes : Optional.empty();
    }

    /**
     * Whether nobody behind the registration is switched off: its provider is still trusted, and its owner, or the user
     * whom its step-up is for, is still active.
     */
    public boolean isInGoodStanding(Registration registration) {
        if (registration.provider() != null
                && trust.find(registration.provider().identity().issuer()).isEmpty()) {
            return false;
        }
        String userId = registration.userBehind();
        return userId == null || isActive(userId);
    }

    /** Whether the directory knows a user, and calls it active. */
    public boolean isActive(String userId) {
        return users.findById(userId).filter(User::isActive).isPresent();
    }
}
