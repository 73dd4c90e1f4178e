package dev.agentauth.internal.token;

import dev.agentauth.AgentAuthException;
import dev.agentauth.Caller;
import dev.agentauth.IssuedToken;
import dev.agentauth.Problem;
import dev.agentauth.Secret;
import dev.agentauth.SecretHash;
import dev.agentauth.internal.Audit;
import dev.agentauth.internal.Ports;
import dev.agentauth.internal.Secrets;
import dev.agentauth.internal.Settings;
import dev.agentauth.internal.Surroundings;
import dev.agentauth.registration.Claim;
import dev.agentauth.registration.Registration;
import dev.agentauth.spi.AccessToken;
import dev.agentauth.spi.AuditEvent;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Issues access tokens, whatever the grant. */
final class AccessTokens {
    private final Settings settings;
    private final Ports ports;
    private final Audit audit;
    private final Secrets secrets;

    AccessTokens(Surroundings around) {
        this.settings = around.settings();
        this.ports = around.ports();
        this.audit = around.audit();
        this.secrets = around.secrets();
    }

    /**
     * What a request wants of a token.
     *
     * @param scope space-separated scopes to narrow it to, or null for all that is allowed
     * @param resources what it is for
     */
    record Wish(@Nullable String scope, List<String> resources) {}

    /**
     * Issues a token.
     *
     * @param ofRegistration what the registration may do now
     * @param ceiling what the token goes never beyond, or null
     */
    IssuedToken issue(
            Caller caller,
            Registration registration,
            List<String> ofRegistration,
            @Nullable Set<String> ceiling,
            Wish wish,
            Instant now) {
        for (String resource : wish.resources()) {
            if (!settings.isResource(resource)) {
                throw new AgentAuthException(Problem.RESOURCE_WRONG);
            }
        }
        List<String> allowed = Scopes.cut(ofRegistration, ceiling);
        Set<String> ceilingOfToken = ceiling;
        if (wish.scope() != null) {
            ceilingOfToken = Scopes.parse(wish.scope())
                    .filter(allowed::containsAll)
                    .orElseThrow(() -> new AgentAuthException(Problem.SCOPE_TOO_WIDE));
        }
        List<String> granted = Scopes.cut(allowed, ceilingOfToken);
        if (granted.isEmpty()) {
            throw new AgentAuthException(Problem.SCOPE_TOO_WIDE);
        }
        Instant expiresAt = expiry(registration, now);
        String token = secrets.accessToken();
        ports.tokens()
                .insert(
                        new AccessToken(
                                SecretHash.of(token),
                                registration.id(),
                                registration.epoch(),
                                ceilingOfToken,
                                expiresAt),
                        now,
                        settings.liveTokens());
        audit.record(AuditEvent.Type.TOKEN_ISSUED, caller, registration);
        return new IssuedToken(
                Secret.of(token),
                Duration.ofSeconds(Duration.between(now, expiresAt).toSeconds()),
                granted);
    }

    private Instant expiry(Registration registration, Instant now) {
        Instant expiresAt = now.plus(settings.lifetimes().accessToken());
        Claim claim = registration.claim();
        return registration.claimedAt() == null
                        && claim != null
                        && claim.expiresAt().isBefore(expiresAt)
                ? claim.expiresAt()
                : expiresAt;
    }
}
