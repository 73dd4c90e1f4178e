package dev.agentauth.testkit;

import dev.agentauth.registration.Asked;
import dev.agentauth.registration.Attempt;
import dev.agentauth.registration.Claim;
import dev.agentauth.registration.End;
import dev.agentauth.registration.OneTimeCode;
import dev.agentauth.registration.Ownership;
import dev.agentauth.registration.PollPace;
import dev.agentauth.registration.ProviderIdentity;
import dev.agentauth.registration.ProviderLink;
import dev.agentauth.registration.RefreshFamily;
import dev.agentauth.registration.Registration;
import java.time.Instant;
import java.util.function.UnaryOperator;

/** Ways of not keeping a registration as it is. */
final class Keeping {
    private Keeping() {}

    static UnaryOperator<Registration> times(UnaryOperator<Instant> change) {
        return registration -> with(
                registration,
                registration.epoch(),
                orNull(change, registration.claimedAt()),
                change.apply(registration.createdAt()),
                orNull(claim -> times(claim, change), registration.claim()),
                orNull(
                        link -> new ProviderLink(
                                link.identity(),
                                change.apply(link.firstIssuedAt()),
                                change.apply(link.newestIssuedAt())),
                        registration.provider()),
                orNull(
                        family -> new RefreshFamily(
                                family.nameHash(),
                                family.out(),
                                family.spent(),
                                orNull(change, family.spentAt()),
                                change.apply(family.expiresAt()),
                                family.epoch()),
                        registration.refresh()),
                end(registration, change),
                text -> text);
    }

    static UnaryOperator<Registration> texts(UnaryOperator<String> change) {
        return registration -> with(
                registration,
                registration.epoch(),
                registration.claimedAt(),
                registration.createdAt(),
                orNull(claim -> asking(claim, asked -> texts(asked, change)), registration.claim()),
                orNull(
                        link -> new ProviderLink(
                                new ProviderIdentity(
                                        change.apply(link.identity().issuer()),
                                        orNull(change, link.identity().tenant()),
                                        change.apply(link.identity().subject()),
                                        change.apply(link.identity().audience())),
                                link.firstIssuedAt(),
                                link.newestIssuedAt()),
                        registration.provider()),
                registration.refresh(),
                registration.end(),
                change);
    }

    static UnaryOperator<Registration> claims(UnaryOperator<Claim> change) {
        return registration -> with(
                registration,
                registration.epoch(),
                registration.claimedAt(),
                registration.createdAt(),
                orNull(change, registration.claim()),
                registration.provider(),
                registration.refresh(),
                registration.end(),
                text -> text);
    }

    static UnaryOperator<Registration> attempts(UnaryOperator<Attempt> change) {
        return claims(claim -> withAttempt(claim, change));
    }

    static UnaryOperator<Registration> asked(UnaryOperator<Asked> change) {
        return claims(claim -> asking(claim, change));
    }

    static UnaryOperator<Registration> ends(UnaryOperator<End> change) {
        return registration -> with(
                registration,
                registration.epoch(),
                registration.claimedAt(),
                registration.createdAt(),
                registration.claim(),
                registration.provider(),
                registration.refresh(),
                orNull(change, registration.end()),
                text -> text);
    }

    static UnaryOperator<Registration> families(UnaryOperator<RefreshFamily> change) {
        return registration -> with(
                registration,
                registration.epoch(),
                registration.claimedAt(),
                registration.createdAt(),
                registration.claim(),
                registration.provider(),
                orNull(change, registration.refresh()),
                registration.end(),
                text -> text);
    }

    static Registration withoutRefresh(Registration registration) {
        return families(family -> null).apply(registration);
    }

    static Registration withEpoch(Registration registration, long epoch) {
        return with(
                registration,
                epoch,
                registration.claimedAt(),
                registration.createdAt(),
                registration.claim(),
                registration.provider(),
                registration.refresh(),
                registration.end(),
                text -> text);
    }

    private static Claim asking(Claim claim, UnaryOperator<Asked> change) {
        return withAttempt(
                claim,
                attempt -> new Attempt(
                        attempt.id(),
                        attempt.tokenHash(),
                        attempt.way(),
                        change.apply(attempt.asked()),
                        attempt.startedAt(),
                        attempt.linkExpiresAt(),
                        attempt.delivery(),
                        attempt.code(),
                        attempt.typed(),
                        attempt.pace()));
    }

    static UnaryOperator<Registration> owners(UnaryOperator<Ownership> change) {
        return registration -> new Registration(
                registration.id(),
                registration.kind(),
                registration.createdAt(),
                registration.version(),
                registration.epoch(),
                orNull(change, registration.ownership()),
                registration.claim(),
                registration.provider(),
                registration.refresh(),
                registration.end());
    }

    static UnaryOperator<Registration> paces(UnaryOperator<PollPace> change) {
        return attempts(attempt -> new Attempt(
                attempt.id(),
                attempt.tokenHash(),
                attempt.way(),
                attempt.asked(),
                attempt.startedAt(),
                attempt.linkExpiresAt(),
                attempt.delivery(),
                attempt.code(),
                attempt.typed(),
                orNull(change, attempt.pace())));
    }

    static UnaryOperator<Registration> codes(UnaryOperator<OneTimeCode> change) {
        return attempts(attempt -> new Attempt(
                attempt.id(),
                attempt.tokenHash(),
                attempt.way(),
                attempt.asked(),
                attempt.startedAt(),
                attempt.linkExpiresAt(),
                attempt.delivery(),
                orNull(change, attempt.code()),
                attempt.typed(),
                attempt.pace()));
    }

    private static Asked texts(Asked asked, UnaryOperator<String> change) {
        if (asked instanceof Asked.Anybody) {
            return asked;
        }
        return asked instanceof Asked.OneUser one
                ? new Asked.OneUser(change.apply(one.userId()), change.apply(one.address()))
                : new Asked.Mailbox(change.apply(asked.address()));
    }

    private static Claim withAttempt(Claim claim, UnaryOperator<Attempt> change) {
        return new Claim(
                claim.tokenHash(),
                claim.expiresAt(),
                orNull(change, claim.attempt()),
                claim.wrongGuesses(),
                claim.recipients(),
                claim.refusals());
    }

    private static Claim times(Claim claim, UnaryOperator<Instant> change) {
        return new Claim(
                claim.tokenHash(),
                change.apply(claim.expiresAt()),
                orNull(
                        attempt -> new Attempt(
                                attempt.id(),
                                attempt.tokenHash(),
                                attempt.way(),
                                attempt.asked(),
                                change.apply(attempt.startedAt()),
                                change.apply(attempt.linkExpiresAt()),
                                attempt.delivery(),
                                orNull(
                                        code -> new OneTimeCode(
                                                code.hash(),
                                                change.apply(code.expiresAt()),
                                                code.wrongGuesses(),
                                                code.revealedBy(),
                                                orNull(
                                                        shown -> new OneTimeCode.Shown(
                                                                change.apply(shown.at()), shown.seed()),
                                                        code.shown())),
                                        attempt.code()),
                                attempt.typed(),
                                orNull(
                                        pace -> new PollPace(
                                                change.apply(pace.lastPending()), pace.interval(), pace.raised()),
                                        attempt.pace())),
                        claim.attempt()),
                claim.wrongGuesses(),
                claim.recipients(),
                claim.refusals());
    }

    private static End end(Registration registration, UnaryOperator<Instant> change) {
        return orNull(end -> new End(change.apply(end.at()), end.reason()), registration.end());
    }

    private static Registration with(
            Registration registration,
            long epoch,
            Instant claimedAt,
            Instant createdAt,
            Claim claim,
            ProviderLink provider,
            RefreshFamily refresh,
            End end,
            UnaryOperator<String> users) {
        return new Registration(
                registration.id(),
                registration.kind(),
                createdAt,
                registration.version(),
                epoch,
                claimedAt == null
                        ? null
                        : new Ownership(
                                users.apply(registration.userId()),
                                claimedAt,
                                registration.ownership().completion(),
                                registration.ownership().label()),
                claim,
                provider,
                refresh,
                end);
    }

    private static <T> T orNull(UnaryOperator<T> change, T value) {
        return value == null ? null : change.apply(value);
    }
}
