package dev.agentauth.testkit;

import dev.agentauth.registration.Attempt;
import dev.agentauth.registration.Claim;
import dev.agentauth.registration.OneTimeCode;
import dev.agentauth.registration.ProviderIdentity;
import dev.agentauth.registration.ProviderLink;
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
                orNull(change, registration.revokedAt()),
                text -> text);
    }

    static UnaryOperator<Registration> texts(UnaryOperator<String> change) {
        return registration -> with(
                registration,
                registration.epoch(),
                registration.claimedAt(),
                registration.createdAt(),
                orNull(
                        claim -> new Claim(
                                claim.tokenHash(),
                                claim.expiresAt(),
                                orNull(change, claim.recipient()),
                                claim.attempt(),
                                claim.wrongGuesses(),
                                claim.refusals()),
                        registration.claim()),
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
                registration.revokedAt(),
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
                registration.revokedAt(),
                text -> text);
    }

    static UnaryOperator<Registration> attempts(UnaryOperator<Attempt> change) {
        return claims(claim -> new Claim(
                claim.tokenHash(),
                claim.expiresAt(),
                claim.recipient(),
                orNull(change, claim.attempt()),
                claim.wrongGuesses(),
                claim.refusals()));
    }

    static Registration withEpoch(Registration registration, long epoch) {
        return with(
                registration,
                epoch,
                registration.claimedAt(),
                registration.createdAt(),
                registration.claim(),
                registration.provider(),
                registration.revokedAt(),
                text -> text);
    }

    private static Claim times(Claim claim, UnaryOperator<Instant> change) {
        return new Claim(
                claim.tokenHash(),
                change.apply(claim.expiresAt()),
                claim.recipient(),
                orNull(
                        attempt -> new Attempt(
                                attempt.id(),
                                attempt.tokenHash(),
                                change.apply(attempt.startedAt()),
                                change.apply(attempt.linkExpiresAt()),
                                attempt.mailed(),
                                orNull(
                                        code -> new OneTimeCode(
                                                code.hash(), change.apply(code.expiresAt()), code.wrongGuesses()),
                                        attempt.code())),
                        claim.attempt()),
                claim.wrongGuesses(),
                claim.refusals());
    }

    private static Registration with(
            Registration registration,
            long epoch,
            Instant claimedAt,
            Instant createdAt,
            Claim claim,
            ProviderLink provider,
            Instant revokedAt,
            UnaryOperator<String> users) {
        return new Registration(
                registration.id(),
                registration.kind(),
                createdAt,
                registration.version(),
                epoch,
                orNull(users, registration.userId()),
                claimedAt,
                claim,
                provider,
                orNull(users, registration.stepUpUserId()),
                revokedAt);
    }

    private static <T> T orNull(UnaryOperator<T> change, T value) {
        return value == null ? null : change.apply(value);
    }
}
