package dev.agentauth.internal.token;

import dev.agentauth.AgentAuthException;
import dev.agentauth.Caller;
import dev.agentauth.ClaimCollected;
import dev.agentauth.IssuedAssertion;
import dev.agentauth.IssuedToken;
import dev.agentauth.Problem;
import dev.agentauth.SecretHash;
import dev.agentauth.internal.Audit;
import dev.agentauth.internal.Conflict;
import dev.agentauth.internal.Feature;
import dev.agentauth.internal.Ports;
import dev.agentauth.internal.RegistrationWriter;
import dev.agentauth.internal.Settings;
import dev.agentauth.internal.Surroundings;
import dev.agentauth.registration.Poll;
import dev.agentauth.registration.Registration;
import dev.agentauth.spi.AuditEvent;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The claim grant: an agent that shows a code polls until its person has typed it, and collects what that brought. What is
 * over is told whatever the pace; a claim that was completed in another way is never collected, since its claim token alone
 * would be worth a token then.
 */
public final class ClaimGrant {
    private final Settings settings;
    private final Ports ports;
    private final Gate gate;
    private final IdentityAssertions assertions;
    private final AccessTokens accessTokens;
    private final RegistrationWriter writer;
    private final Audit audit;

    public ClaimGrant(Surroundings around, Gate gate, IdentityAssertions assertions) {
        this.settings = around.settings();
        this.ports = around.ports();
        this.gate = gate;
        this.assertions = assertions;
        this.accessTokens = new AccessTokens(around);
        this.writer = around.writer();
        this.audit = around.audit();
    }

    /** See {@code AgentAuth.collectClaim}. */
    public ClaimCollected collect(Caller caller, String claimToken, @Nullable String scope, List<String> resources) {
        if (!settings.features().has(Feature.TYPED_CODE)) {
            throw new AgentAuthException(Problem.GRANT_UNSUPPORTED);
        }
        SecretHash hash = SecretHash.of(claimToken);
        AccessTokens.Wish wish = new AccessTokens.Wish(scope, resources);
        return Conflict.retry(() -> poll(caller, hash, wish));
    }

    /** One round; empty on a conflict. */
    private Optional<ClaimCollected> poll(Caller caller, SecretHash hash, AccessTokens.Wish wish) {
        Instant now = ports.now();
        Registration registration = ports.registrations().findByClaimToken(hash).orElseThrow(ClaimGrant::nothing);
        Poll poll = registration.poll(now);
        if (poll instanceof Poll.SaidNo) {
            throw new AgentAuthException(Problem.SAID_NO);
        }
        if (poll instanceof Poll.Typed) {
            return Optional.of(collected(caller, registration, wish, now));
        }
        if (poll instanceof Poll.Over || !gate.isInGoodStanding(registration)) {
            throw nothing();
        }
        if (poll instanceof Poll.Pending pending) {
            return told(registration, pending.next(), Problem.NOT_TYPED_YET);
        }
        return told(registration, ((Poll.TooEarly) poll).next(), Problem.POLLED_TOO_EARLY);
    }

    private ClaimCollected collected(Caller caller, Registration registration, AccessTokens.Wish wish, Instant now) {
        List<String> scopes =
                gate.scopes(registration, registration.epoch(), now).orElseThrow(ClaimGrant::nothing);
        // Minted before the token is stored: if signing fails, nothing has happened.
        IssuedAssertion assertion = assertions.mint(registration, null, now);
        IssuedToken token = accessTokens.issue(caller, registration, scopes, null, wish, now);
        audit.record(AuditEvent.Type.ASSERTION_ISSUED, caller, registration);
        return new ClaimCollected(token, assertion);
    }

    /** The pace is kept before anybody hears of it; empty on a conflict. */
    private Optional<ClaimCollected> told(Registration current, Registration next, Problem problem) {
        if (writer.replace(current, next).isEmpty()) {
            return Optional.empty();
        }
        throw new AgentAuthException(problem);
    }

    private static AgentAuthException nothing() {
        return new AgentAuthException(Problem.NOTHING_TO_COLLECT);
    }
}
