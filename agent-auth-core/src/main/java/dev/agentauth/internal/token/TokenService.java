package dev.agentauth.internal.token;

import dev.agentauth.AgentAuthException;
import dev.agentauth.AuthenticatedAgent;
import dev.agentauth.Caller;
import dev.agentauth.IssuedToken;
import dev.agentauth.Problem;
import dev.agentauth.Secret;
import dev.agentauth.SecretHash;
import dev.agentauth.internal.Audit;
import dev.agentauth.internal.Ports;
import dev.agentauth.internal.Secrets;
import dev.agentauth.internal.Settings;
import dev.agentauth.internal.jose.CompactJws;
import dev.agentauth.registration.Claim;
import dev.agentauth.registration.Registration;
import dev.agentauth.spi.AccessToken;
import dev.agentauth.spi.AuditEvent;
import dev.agentauth.spi.PortUnavailableException;
import dev.agentauth.spi.Stores.TokenWithRegistration;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The credential surface: exchanges assertions for access tokens, authenticates tokens, revokes them. */
public final class TokenService {
    private static final String PREFIX = "at_";
    private static final int TOKEN_LENGTH = PREFIX.length() + 32;

    private final Settings settings;
    private final Ports ports;
    private final Gate gate;
    private final IdentityAssertions assertions;
    private final Audit audit;
    private final Secrets secrets;

    public TokenService(
            Settings settings, Ports ports, Gate gate, IdentityAssertions assertions, Audit audit, Secrets secrets) {
        this.settings = settings;
        this.ports = ports;
        this.gate = gate;
        this.assertions = assertions;
        this.audit = audit;
        this.secrets = secrets;
    }

    /** See {@code AgentAuth.exchange}. */
    public IssuedToken exchange(Caller caller, String assertion, @Nullable String scope, List<String> resources) {
        Instant now = ports.now();
        VerifiedAssertion verified = assertions
                .verify(caller, assertion, now)
                .orElseThrow(() -> new AgentAuthException(Problem.ASSERTION_UNUSABLE));
        Registration registration = ports.registrations()
                .findById(verified.registrationId())
                .orElseThrow(() -> new AgentAuthException(Problem.ASSERTION_UNUSABLE));
        List<String> ofRegistration = gate.scopes(registration, verified.epoch(), now)
                .orElseThrow(() -> new AgentAuthException(Problem.ASSERTION_UNUSABLE));
        for (String resource : resources) {
            if (!settings.isResource(resource)) {
                throw new AgentAuthException(Problem.RESOURCE_WRONG);
            }
        }
        List<String> allowed = Scopes.cut(ofRegistration, verified.ceiling());
        Set<String> ceiling = verified.ceiling();
        if (scope != null) {
            ceiling = Scopes.parse(scope)
                    .filter(allowed::containsAll)
                    .orElseThrow(() -> new AgentAuthException(Problem.SCOPE_TOO_WIDE));
        }
        List<String> granted = Scopes.cut(allowed, ceiling);
        if (granted.isEmpty()) {
            throw new AgentAuthException(Problem.SCOPE_TOO_WIDE);
        }
        Instant expiresAt = expiry(registration, now);
        String token = secrets.accessToken();
        ports.tokens()
                .insert(
                        new AccessToken(
                                SecretHash.of(token), registration.id(), registration.epoch(), ceiling, expiresAt),
                        now,
                        settings.liveTokens());
        audit.record(AuditEvent.Type.TOKEN_ISSUED, caller, registration);
        return new IssuedToken(
                Secret.of(token),
                Duration.ofSeconds(Duration.between(now, expiresAt).toSeconds()),
                granted);
    }

    /** See {@code AgentAuth.authenticate}. */
    public Optional<AuthenticatedAgent> authenticate(String token) {
        if (token.length() != TOKEN_LENGTH || !token.startsWith(PREFIX)) {
            return Optional.empty();
        }
        TokenWithRegistration found = find(SecretHash.of(token)).orElse(null);
        Instant now = ports.now();
        if (found == null || !now.isBefore(found.token().expiresAt())) {
            return Optional.empty();
        }
        Registration registration = found.registration();
        List<String> scopes =
                gate.scopes(registration, found.token().epoch(), now).orElse(null);
        return scopes == null
                ? Optional.empty()
                : Optional.of(new AuthenticatedAgent(
                        registration.id(),
                        registration.userId(),
                        Scopes.cut(scopes, found.token().ceiling()),
                        registration.provider() == null
                                ? null
                                : registration.provider().identity()));
    }

    /** See {@code AgentAuth.revokeToken}. The same work is done whether the token exists or not. */
    public void revoke(Caller caller, String token) {
        if (CompactJws.looksCompact(token)) {
            throw new AgentAuthException(Problem.NOT_REVOCABLE);
        }
        SecretHash hash = SecretHash.of(token);
        Optional<TokenWithRegistration> found = find(hash);
        ports.tokens().delete(hash);
        if (ports.tokens().find(hash).isPresent()) {
            // Whatever stands between us and the backend did something else, or nothing: this must not be answered 200.
            throw new PortUnavailableException("a token is still there after it was deleted");
        }
        found.ifPresent(both -> audit.record(AuditEvent.Type.TOKEN_REVOKED, caller, both.registration()));
    }

    private Optional<TokenWithRegistration> find(SecretHash hash) {
        return ports.stores().findTokenWithRegistration(hash);
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
