package dev.agentauth.testkit;

import dev.agentauth.SecretHash;
import dev.agentauth.registration.Asked;
import dev.agentauth.registration.Attempt;
import dev.agentauth.registration.Claim;
import dev.agentauth.registration.Delivery;
import dev.agentauth.registration.Guess;
import dev.agentauth.registration.OneTimeCode;
import dev.agentauth.registration.ProviderIdentity;
import dev.agentauth.registration.ProviderLink;
import dev.agentauth.registration.Refresh;
import dev.agentauth.registration.Registration;
import dev.agentauth.registration.Transition;
import dev.agentauth.registration.TypedCode;
import dev.agentauth.registration.Way;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Valid registrations to vary. All of them begin at {@link #NOW}.
 *
 * @since 0.2.0
 */
public final class TestRegistrations {
    /** When every registration here came to be. */
    public static final Instant NOW = Instant.parse("2026-05-04T13:00:00Z");

    /** When every claim here expires. */
    public static final Instant CLAIM_EXPIRES = NOW.plus(Duration.ofHours(24));

    /** When every link here lapses. */
    public static final Instant LINK_EXPIRES = NOW.plus(Duration.ofMinutes(10));

    /** When every code here lapses: later than the link, as if it had been revealed in the link's fifth minute. */
    public static final Instant CODE_EXPIRES = NOW.plus(Duration.ofMinutes(15));

    /** When every first refresh token here ends. */
    public static final Instant REFRESH_EXPIRES = NOW.plus(Duration.ofDays(30));

    /** The digits of every code here. */
    public static final String CODE = "042137";

    /** The digits of every code here that is to be typed. */
    public static final String TYPED = "501862";

    /** Digits that are never right here. */
    public static final String WRONG_CODE = "999999";

    /** Whom every attempt here is for, unless said otherwise. */
    public static final String ALICE = "alice@example.com";

    /** Somebody else. */
    public static final String BOB = "bob@example.com";

    private TestRegistrations() {}

    /**
     * An anonymous registration that nobody has been asked for.
     *
     * @param id also names its claim token
     * @return unclaimed
     */
    public static Registration anonymous(String id) {
        return Registration.anonymous(id, claim(id), NOW);
    }

    /**
     * An anonymous registration that Alice is being asked for.
     *
     * @param id also names its tokens
     * @return pending, without a code
     */
    public static Registration pending(String id) {
        return next(anonymous(id).startAttempt(attempt(id), NOW));
    }

    /**
     * An anonymous registration whose code Alice has seen.
     *
     * @param id also names its tokens
     * @return pending, with {@link #CODE}
     */
    public static Registration withCode(String id) {
        return revealed(pending(id));
    }

    /**
     * An anonymous registration whose agent shows a code to be typed, and whose mail was accepted.
     *
     * @param id also names its tokens
     * @return pending, with {@link #TYPED} and without a code to be read back
     */
    public static Registration withTyped(String id) {
        Attempt attempt = attempt(id);
        return next(anonymous(id).startAttempt(attempt.withTyped(TypedCode.of(attempt.id(), TYPED)), NOW))
                .mailed(attempt.id(), Delivery.ACCEPTED);
    }

    /**
     * An anonymous registration whose agent hands the link on itself, and shows a code to be typed.
     *
     * @param id also names its tokens
     * @param asked whom it is for
     * @return pending, with {@link #TYPED} and without a code to be read back
     */
    public static Registration bySignIn(String id, Asked asked) {
        Attempt attempt = Attempt.signingIn("cla_" + id, signInToken(id), asked, NOW, LINK_EXPIRES);
        return next(anonymous(id).startAttempt(attempt.withTyped(TypedCode.of(attempt.id(), TYPED)), NOW));
    }

    /**
     * An anonymous registration that Alice owns.
     *
     * @param id also names its tokens
     * @param userId the owner
     * @return claimed
     */
    public static Registration claimed(String id, String userId) {
        return owned(withCode(id), userId, NOW);
    }

    /**
     * An anonymous registration that Alice owns, with a refresh token named {@code first}.
     *
     * @param id also names its tokens and its refresh tokens
     * @param userId the owner
     * @return claimed, with a family that ends at {@link #REFRESH_EXPIRES}
     */
    public static Registration refreshable(String id, String userId) {
        return claimed(id, userId).startRefreshing(refreshFamily(id), refreshToken("first"), REFRESH_EXPIRES);
    }

    /**
     * The same registration after a refresh token was used.
     *
     * @param registration has a family, named as it is
     * @param shown the name of the token
     * @param successor the name of the one that is handed out
     * @param now the instant of using it; the family then ends as much later as {@link #REFRESH_EXPIRES} is after {@link #NOW}
     * @return with the successor out
     */
    public static Registration refreshed(Registration registration, String shown, String successor, Instant now) {
        Refresh refresh = registration.refresh(
                refreshFamily(registration.id()),
                refreshToken(shown),
                refreshToken(successor),
                now.plus(Duration.between(NOW, REFRESH_EXPIRES)),
                now);
        if (refresh instanceof Refresh.Succeeded succeeded) {
            return succeeded.next();
        }
        throw new IllegalStateException("not good for a successor: " + refresh);
    }

    /**
     * A registration by Alice's address.
     *
     * @param id also names its tokens
     * @return pending, without a code
     */
    public static Registration email(String id) {
        return next(Registration.email(id, claim(id), NOW).startAttempt(attempt(id), NOW));
    }

    /**
     * A registration that a provider vouched for, bound at once.
     *
     * @param id its id
     * @param identity whom it is for
     * @param userId the owner
     * @return claimed, without any claim
     */
    public static Registration provider(String id, ProviderIdentity identity, String userId) {
        return Registration.provider(id, ProviderLink.of(identity, NOW), userId, NOW);
    }

    /**
     * A registration that a provider vouched for and that an existing user has to confirm.
     *
     * @param id also names its tokens
     * @param identity whom it is for
     * @param userId who has to confirm
     * @return pending, without a code
     */
    public static Registration stepUp(String id, ProviderIdentity identity, String userId) {
        return next(Registration.stepUp(id, ProviderLink.of(identity, NOW), claim(id), NOW)
                .startAttempt(attempt(id, new Asked.OneUser(userId, ALICE)), NOW));
    }

    /**
     * The claim of a registration.
     *
     * @param id names the token
     * @return an open claim
     */
    public static Claim claim(String id) {
        return Claim.open(claimToken(id), CLAIM_EXPIRES);
    }

    /**
     * An attempt for Alice that has not been mailed.
     *
     * @param name names the id and the token
     * @return without a code
     */
    public static Attempt attempt(String name) {
        return attempt(name, new Asked.Mailbox(ALICE));
    }

    /**
     * An attempt that has not been mailed.
     *
     * @param name names the id and the token
     * @param asked whom it is for
     * @return without a code
     */
    public static Attempt attempt(String name, Asked asked) {
        return Attempt.asking("cla_" + name, attemptToken(name), asked, NOW, LINK_EXPIRES);
    }

    /**
     * The same registration in the hands of whoever had {@link #CODE}.
     *
     * @param registration has that code
     * @param userId the owner
     * @param now the instant of the guess
     * @return claimed
     */
    public static Registration owned(Registration registration, String userId, Instant now) {
        Guess guess = registration.guess(CODE, now);
        if (guess instanceof Guess.Right proof) {
            return registration.claim(proof, userId);
        }
        throw new IllegalStateException("not the code, or none: " + guess);
    }

    /**
     * The same registration in the hands of whoever typed {@link #TYPED}.
     *
     * @param registration has that code
     * @param userId the owner, who was signed in if it is by sign-in
     * @param now the instant of typing
     * @return claimed
     */
    public static Registration ownedByTyping(Registration registration, String userId, Instant now) {
        Guess guess = registration.type(TYPED, isBySignIn(registration) ? userId : null, now);
        if (guess instanceof Guess.Right proof) {
            return registration.claim(proof, userId);
        }
        throw new IllegalStateException("not the code, or none: " + guess);
    }

    private static boolean isBySignIn(Registration registration) {
        Attempt attempt = registration.attempt();
        return attempt != null && attempt.way() == Way.SIGN_IN;
    }

    /**
     * A code for the newest attempt.
     *
     * @param registration has an attempt
     * @return {@link #CODE}
     */
    public static OneTimeCode codeFor(Registration registration) {
        return codeFor(registration, CODE_EXPIRES);
    }

    /**
     * A code for the newest attempt.
     *
     * @param registration has an attempt
     * @param expiresAt when it lapses
     * @return {@link #CODE}; revealed by {@code user_1} where that is known by signing in
     */
    public static OneTimeCode codeFor(Registration registration, Instant expiresAt) {
        Attempt attempt = registration.attempt();
        return new OneTimeCode(
                OneTimeCode.hash(attempt == null ? "none" : attempt.id(), CODE),
                expiresAt,
                0,
                isBySignIn(registration) ? "user_1" : null,
                null);
    }

    /**
     * The same registration with {@link #CODE} revealed at {@link #NOW}.
     *
     * @param registration has an attempt whose link is good
     * @return pending
     */
    public static Registration revealed(Registration registration) {
        return next(registration.revealCode(codeFor(registration), NOW));
    }

    /**
     * The same registration after {@link #WRONG_CODE} was tried.
     *
     * @param registration has a code that can be tried
     * @param now the instant of the guess
     * @return with the guess counted
     */
    public static Registration guessedWrong(Registration registration, Instant now) {
        Guess guess = registration.guess(WRONG_CODE, now);
        if (guess instanceof Guess.Wrong wrong) {
            return wrong.next();
        }
        throw new IllegalStateException("right, or nothing to guess: " + guess);
    }

    /**
     * What a transition leads to.
     *
     * @param transition one that is allowed
     * @return the next value
     */
    public static Registration next(Transition transition) {
        return transition.orElseThrow();
    }

    /**
     * Hash of the claim token of a registration here.
     *
     * @param name the registration's id
     * @return a hash
     */
    public static SecretHash claimToken(String name) {
        return SecretHash.of("clm_" + name);
    }

    /**
     * Hash of the attempt token of a mailed attempt here.
     *
     * @param name the attempt's name
     * @return a hash
     */
    public static SecretHash attemptToken(String name) {
        return Way.MAILED_LINK.hash("cvt_" + name);
    }

    /**
     * Hash of the attempt token of an attempt by sign-in here.
     *
     * @param name the attempt's name
     * @return a hash
     */
    public static SecretHash signInToken(String name) {
        return Way.SIGN_IN.hash("svt_" + name);
    }

    /**
     * Hash of what the refresh tokens of a registration here have in common.
     *
     * @param name the registration's id
     * @return a hash
     */
    public static SecretHash refreshFamily(String name) {
        return SecretHash.of("family_" + name);
    }

    /**
     * Hash of a refresh token here.
     *
     * @param name the token's name
     * @return a hash
     */
    public static SecretHash refreshToken(String name) {
        return SecretHash.of("rt_" + name);
    }

    /**
     * An identity without a tenant.
     *
     * @param subject the provider's name for the person
     * @return the identity
     */
    public static ProviderIdentity identity(String subject) {
        return identity(null, subject);
    }

    /**
     * An identity.
     *
     * @param tenant the provider's tenant, or null
     * @param subject the provider's name for the person
     * @return the identity
     */
    public static ProviderIdentity identity(@Nullable String tenant, String subject) {
        return new ProviderIdentity("https://agents.example.net", tenant, subject, "https://auth.example.com");
    }
}
