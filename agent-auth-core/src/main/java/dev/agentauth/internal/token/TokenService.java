package dev.agentauth.internal.token;

import dev.agentauth.AgentAuthException;
import dev.agentauth.AuthenticatedAgent;
import dev.agentauth.Caller;
import dev.agentauth.IntrospectedToken;
import dev.agentauth.IssuedToken;
import dev.agentauth.Problem;
import dev.agentauth.SecretHash;
import dev.agentauth.internal.Audit;
import dev.agentauth.internal.Ports;
import dev.agentauth.internal.Surroundings;
import dev.agentauth.internal.jose.CompactJws;
import dev.agentauth.internal.wire.AccessTokenForm;
import dev.agentauth.registration.Registration;
import dev.agentauth.spi.AuditEvent;
import dev.agentauth.spi.PortUnavailableException;
import dev.agentauth.spi.Stores.TokenWithRegistration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The credential surface: exchanges assertions for access tokens, authenticates tokens, revokes them. */
public final class TokenService {
    private final Ports ports;
    private final Gate gate;
    private final IdentityAssertions assertions;
    private final AccessTokens accessTokens;
    private final RefreshTokens refreshTokens;
    private final Audit audit;

    public TokenService(Surroundings around, Gate gate, IdentityAssertions assertions, RefreshTokens refreshTokens) {
        this.ports = around.ports();
        this.gate = gate;
        this.assertions = assertions;
        this.refreshTokens = refreshTokens;
        this.accessTokens = new AccessTokens(around);
        this.audit = around.audit();
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
        return accessTokens.issue(
                caller, registration, ofRegistration, verified.ceiling(), new AccessTokens.Wish(scope, resources), now);
    }

    /** See {@code AgentAuth.authenticate}. */
    public Optional<AuthenticatedAgent> authenticate(String token) {
        TokenWithRegistration found = found(token);
        return found == null ? Optional.empty() : agent(found);
    }

    /** The same, and until when. */
    Optional<IntrospectedToken> introspect(String token) {
        TokenWithRegistration found = found(token);
        return found == null
                ? Optional.empty()
                : agent(found)
                        .map(agent -> new IntrospectedToken(agent, found.token().expiresAt()));
    }

    private @Nullable TokenWithRegistration found(String token) {
        return AccessTokenForm.matches(token) ? find(SecretHash.of(token)).orElse(null) : null;
    }

    /** Who acts by a token now, if anybody. */
    private Optional<AuthenticatedAgent> agent(TokenWithRegistration found) {
        Instant now = ports.now();
        if (!now.isBefore(found.token().expiresAt())) {
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
        if (refreshTokens.revoke(caller, token)) {
            return;
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
}
