package dev.agentauth.internal.token;

import dev.agentauth.AgentAuthException;
import dev.agentauth.Caller;
import dev.agentauth.IssuedAssertion;
import dev.agentauth.IssuedRefreshToken;
import dev.agentauth.Problem;
import dev.agentauth.Registered;
import dev.agentauth.internal.Audit;
import dev.agentauth.internal.Conflict;
import dev.agentauth.internal.Feature;
import dev.agentauth.internal.Limits;
import dev.agentauth.internal.Ports;
import dev.agentauth.internal.RegistrationWriter;
import dev.agentauth.internal.RegistrationWriter.Written;
import dev.agentauth.internal.Secrets;
import dev.agentauth.internal.Settings;
import dev.agentauth.internal.Surroundings;
import dev.agentauth.registration.Refresh;
import dev.agentauth.registration.Registration;
import dev.agentauth.spi.AuditEvent;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Refresh tokens: an agent whose person has said yes once comes back with one instead of asking again. Each use is one
 * compare-and-set, and hands out the next.
 */
public final class RefreshTokens {
    private final Settings settings;
    private final Ports ports;
    private final Gate gate;
    private final IdentityAssertions assertions;
    private final RegistrationWriter writer;
    private final Limits limits;
    private final Audit audit;
    private final Secrets secrets;

    public RefreshTokens(Surroundings around, Gate gate, IdentityAssertions assertions) {
        this.settings = around.settings();
        this.ports = around.ports();
        this.gate = gate;
        this.assertions = assertions;
        this.writer = around.writer();
        this.limits = around.limits();
        this.audit = around.audit();
        this.secrets = around.secrets();
    }

    /** A registration that can be refreshed from now on. */
    public record Started(Registration registration, IssuedRefreshToken token) {}

    /**
     * The first token of a registration that somebody has just come to own; not stored yet. Empty where refresh tokens are off,
     * and for what a provider vouches for.
     */
    public Optional<Started> start(Registration owned, Instant now) {
        if (!settings.features().has(Feature.REFRESH) || !owned.canRefresh()) {
            return Optional.empty();
        }
        RefreshToken first = RefreshToken.first(owned.id(), secrets);
        Instant expiresAt = now.plus(settings.lifetimes().refresh());
        return Optional.of(new Started(
                owned.startRefreshing(first.familyHash(), first.ownHash(), expiresAt),
                new IssuedRefreshToken(first.value(), expiresAt)));
    }

    /** See {@code AgentAuth.refresh}. */
    public Registered.Refreshed refresh(Caller caller, String token) {
        if (!settings.features().has(Feature.REFRESH)) {
            throw new AgentAuthException(Problem.REFRESH_OFF, "Refresh tokens are off here. Register again.");
        }
        RefreshToken shown = RefreshToken.parse(token).orElseThrow(() -> refused(caller));
        RefreshToken successor = shown.successor(secrets);
        return Conflict.retry(() -> {
            Instant now = ports.now();
            Instant expiresAt = now.plus(settings.lifetimes().refresh());
            Registration registration =
                    ports.registrations().findById(shown.registrationId()).orElseThrow(() -> refused(caller));
            Refresh refresh =
                    registration.refresh(shown.familyHash(), shown.ownHash(), successor.ownHash(), expiresAt, now);
            if (refresh instanceof Refresh.Succeeded succeeded) {
                IssuedRefreshToken next = new IssuedRefreshToken(successor.value(), expiresAt);
                return use(caller, registration, succeeded, next, now);
            } else if (refresh instanceof Refresh.Reused reused) {
                return end(caller, registration, reused);
            } else if (refresh instanceof Refresh.TooMany) {
                throw limits.refreshTokensSpent(caller, registration);
            }
            throw refused(caller);
        });
    }

    private Optional<Registered.Refreshed> use(
            Caller caller,
            Registration registration,
            Refresh.Succeeded succeeded,
            IssuedRefreshToken successor,
            Instant now) {
        // What may not act for the time being spends nothing.
        List<String> scopes =
                gate.scopes(registration, registration.epoch(), now).orElseThrow(() -> refused(caller));
        // Minted before it is stored: if signing fails, nothing has happened.
        IssuedAssertion assertion = assertions.mint(succeeded.next(), null, now);
        return ports.registrations().replace(registration, succeeded.next()).map(stored -> {
            audit.record(AuditEvent.Type.REFRESH_USED, caller, stored);
            audit.record(AuditEvent.Type.ASSERTION_ISSUED, caller, stored);
            return new Registered.Refreshed(stored.id(), stored.kind(), assertion, scopes, successor);
        });
    }

    /** Two parties hold tokens of one family, and nobody can tell who may: it ends for both. Empty on a conflict. */
    private Optional<Registered.Refreshed> end(Caller caller, Registration registration, Refresh.Reused reused) {
        Optional<Registration> stored = ports.registrations().replace(registration, reused.next());
        if (stored.isEmpty()) {
            return Optional.empty();
        }
        audit.record(AuditEvent.Type.REFRESH_REUSED, caller, stored.get());
        throw refused(caller);
    }

    /** Every refusal looks like this one, unless the caller has been refused too often. */
    private AgentAuthException refused(Caller caller) {
        limits.refusedRefresh(caller);
        return new AgentAuthException(Problem.REFRESH_TOKEN_UNUSABLE);
    }

    /**
     * Ends what a refresh token stands for (RFC 7009, section 2.1).
     *
     * @return whether the token has the form of one; nothing is done otherwise
     */
    boolean revoke(Caller caller, String token) {
        Optional<RefreshToken> shown = RefreshToken.parse(token);
        shown.ifPresent(given -> ports.registrations()
                .findById(given.registrationId())
                .flatMap(known -> writer.update(
                        caller, known, current -> current.revokeRefreshing(given.familyHash(), ports.now())))
                .filter(Written::changed)
                .ifPresent(written -> audit.record(AuditEvent.Type.TOKEN_REVOKED, caller, written.registration())));
        return shown.isPresent();
    }
}
