package dev.agentauth.internal.register;

import dev.agentauth.AgentAuthException;
import dev.agentauth.Caller;
import dev.agentauth.IssuedAssertion;
import dev.agentauth.Problem;
import dev.agentauth.SecretHash;
import dev.agentauth.VouchedClaim;
import dev.agentauth.internal.Audit;
import dev.agentauth.internal.Conflict;
import dev.agentauth.internal.Feature;
import dev.agentauth.internal.Limits;
import dev.agentauth.internal.Ports;
import dev.agentauth.internal.RegistrationWriter;
import dev.agentauth.internal.Settings;
import dev.agentauth.internal.Surroundings;
import dev.agentauth.internal.claim.Asking;
import dev.agentauth.internal.claim.ClaimMailing;
import dev.agentauth.internal.provider.ProviderAssertions;
import dev.agentauth.internal.token.Gate;
import dev.agentauth.internal.token.IdentityAssertions;
import dev.agentauth.internal.token.Scopes;
import dev.agentauth.internal.users.Matching;
import dev.agentauth.internal.users.Users;
import dev.agentauth.registration.Asked;
import dev.agentauth.registration.EndReason;
import dev.agentauth.registration.ProviderLink;
import dev.agentauth.registration.Registration;
import dev.agentauth.registration.RegistrationKind;
import dev.agentauth.spi.AuditEvent;
import dev.agentauth.spi.RegistrationStore;
import dev.agentauth.spi.User;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Claims anonymous registrations on a provider's word (B5). A match that is clean claims at once. One that has to be
 * confirmed has the person asked, and nothing of the ID-JAG is kept: the page names no provider, so a yes links none.
 */
public final class VouchedClaims {
    private final Settings settings;
    private final Ports ports;
    private final RegistrationStore store;
    private final Gate gate;
    private final Users users;
    private final Matching matching;
    private final Asking asking;
    private final ClaimMailing mailing;
    private final RegistrationWriter writer;
    private final LateLogout lateLogout;
    private final ProviderAssertions providerAssertions;
    private final IdentityAssertions assertions;
    private final Limits limits;
    private final Audit audit;

    public VouchedClaims(
            Surroundings around,
            Gate gate,
            Users users,
            Matching matching,
            ProviderAssertions providerAssertions,
            IdentityAssertions assertions,
            Asking asking,
            ClaimMailing mailing) {
        this.settings = around.settings();
        this.ports = around.ports();
        this.store = ports.registrations();
        this.gate = gate;
        this.users = users;
        this.matching = matching;
        this.asking = asking;
        this.mailing = mailing;
        this.writer = around.writer();
        this.lateLogout = new LateLogout(around, providerAssertions);
        this.providerAssertions = providerAssertions;
        this.assertions = assertions;
        this.limits = around.limits();
        this.audit = around.audit();
    }

    /** See {@code AgentAuth.claimWithIdJag}. */
    public VouchedClaim claim(Caller caller, String claimToken, String token) {
        if (!settings.features().has(Feature.ID_JAG)) {
            throw new AgentAuthException(Problem.ID_JAG_OFF);
        }
        limits.assertion(caller);
        SecretHash tokenHash = SecretHash.of(claimToken);
        // What cannot be claimed in this way whoever vouches shall not cost the agent its ID-JAG.
        claimable(tokenHash, ports.now());
        Presentation presentation = new Presentation(
                caller, providerAssertions.verifyIdJag(caller, token, ports.now()), settings.postClaimScopes());
        limits.goodAssertion(caller);
        return Conflict.retry(() -> present(presentation, tokenHash));
    }

    /** An anonymous registration that is open, or was claimed on a provider's word. */
    private Registration claimable(SecretHash tokenHash, Instant now) {
        Registration registration = store.findByClaimToken(tokenHash)
                .orElseThrow(() -> new AgentAuthException(Problem.CLAIM_TOKEN_UNKNOWN));
        Optional<Problem> problem = registration.ended(now);
        boolean again = problem.equals(Optional.of(Problem.CLAIMED)) && registration.provider() != null;
        if (registration.kind() != RegistrationKind.ANONYMOUS
                && (problem.isEmpty() || problem.get() == Problem.CLAIMED)) {
            throw new AgentAuthException(Problem.ASKED_ALREADY);
        }
        if (problem.isPresent() && !again) {
            throw new AgentAuthException(problem.get());
        }
        return registration;
    }

    /** One round: reads, decides, writes; empty on a conflict. */
    private Optional<VouchedClaim> present(Presentation presentation, SecretHash tokenHash) {
        Instant now = ports.now();
        Registration registration = claimable(tokenHash, now);
        List<User> holders = users.holders(presentation.contact());
        if (!holders.stream().allMatch(User::isActive)) {
            throw nobody();
        }
        ProviderLink link = registration.provider();
        if (link != null) {
            return again(presentation, registration, link, now);
        }
        Matching.Answer answer = matching.ask(
                presentation.identity(), presentation.contact(), matching.carrying(presentation.identity()), holders);
        if (answer instanceof Matching.Linked linked) {
            return claim(presentation, registration, linked.user(), true, now);
        }
        if (answer instanceof Matching.New made) {
            return claim(presentation, registration, made.user(), false, now);
        }
        if (answer instanceof Matching.Existing existing) {
            return switch (settings.existingUsers()) {
                case CONFIRM -> ask(presentation, registration, existing, now);
                case LINK -> claim(presentation, registration, existing.user(), true, now);
                case REFUSE -> throw nobody();
            };
        }
        throw nobody();
    }

    /** The same identity once more, because answers get lost and assertions expire. */
    private Optional<VouchedClaim> again(
            Presentation presentation, Registration claimed, ProviderLink link, Instant now) {
        if (!presentation.identity().equals(link.identity())) {
            throw new AgentAuthException(Problem.CLAIMED);
        }
        if (!gate.isInGoodStanding(claimed)) {
            throw nobody();
        }
        Registration next = claimed.presented(presentation.idJag().issuedAt());
        IssuedAssertion assertion = assertions.mint(next, presentation.ceiling(), now);
        return writer.replace(claimed, next).map(written -> claimed(presentation, written, assertion));
    }

    private Optional<VouchedClaim> claim(
            Presentation presentation, Registration registration, User user, boolean existedBefore, Instant now) {
        Registration next =
                registration.claim(presentation.idJag(), user.id(), now).orElseThrow();
        // Minted before it is stored: if signing fails, nothing has happened.
        IssuedAssertion assertion = assertions.mint(next, presentation.ceiling(), now);
        return store.replace(registration, next).map(written -> {
            audit(AuditEvent.Type.CLAIM_CONFIRMED, presentation, written);
            if (!existedBefore && !matching.stillYields(presentation.identity(), user)) {
                // Meanwhile somebody proved the address, and what was prepared for it has ended; so must this.
                writer.revoke(presentation.caller(), written, EndReason.OWN_PROOF, now);
                throw new AgentAuthException(Problem.REVOKED);
            }
            VouchedClaim outcome = claimed(presentation, written, assertion);
            if (existedBefore) {
                mailing.notice(presentation.caller(), written, user, now);
            }
            return outcome;
        });
    }

    private VouchedClaim claimed(Presentation presentation, Registration written, IssuedAssertion assertion) {
        lateLogout.endIfLoggedOut(presentation, written);
        audit(AuditEvent.Type.ASSERTION_ISSUED, presentation, written);
        return new VouchedClaim.Claimed(
                written.id(), assertion, Scopes.cut(settings.postClaimScopes(), presentation.ceiling()));
    }

    private Optional<VouchedClaim> ask(
            Presentation presentation, Registration registration, Matching.Existing existing, Instant now) {
        Asked asked = new Asked.OneUser(existing.user().id(), existing.address().orElseThrow(VouchedClaims::nobody));
        return asking.ask(presentation.question(), registration, asked, now, next -> writer.replace(registration, next))
                .map(opened -> new VouchedClaim.Started(opened.started()));
    }

    private void audit(AuditEvent.Type type, Presentation presentation, Registration registration) {
        audit.record(type, presentation.caller(), registration, presentation.auditFields(registration));
    }

    private static AgentAuthException nobody() {
        return new AgentAuthException(Problem.NO_USER);
    }
}
