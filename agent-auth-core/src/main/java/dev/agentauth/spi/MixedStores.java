package dev.agentauth.spi;

import dev.agentauth.SecretHash;
import dev.agentauth.registration.Claim;
import dev.agentauth.registration.Registration;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;

/**
 * Stores of several origins, spelled out: one bundle for all of them, and then each part that comes from elsewhere.
 *
 * <pre>{@code
 * MixedStores.of(stores).withReplay(myReplayStore)
 * }</pre>
 *
 * <p>Parts that are put in serve the bundle's service, too; that they do is the embedder's word. Immutable.
 *
 * @since 0.2.0
 */
public final class MixedStores implements Stores {
    /** Of which there is no token. */
    private static final SecretHash NOTHING = SecretHash.of("");

    /** Who is in no store. */
    private static final Registration NOBODY =
            Registration.anonymous("", Claim.open(NOTHING, Instant.EPOCH), Instant.EPOCH);

    private final Stores base;
    private final RegistrationStore registrations;
    private final TokenStore tokens;
    private final ReplayStore replay;
    private final LogoutMarks logoutMarks;
    private final UserOrigins userOrigins;

    private MixedStores(
            Stores base,
            RegistrationStore registrations,
            TokenStore tokens,
            ReplayStore replay,
            LogoutMarks logoutMarks,
            UserOrigins userOrigins) {
        this.base = base;
        this.registrations = Objects.requireNonNull(registrations);
        this.tokens = Objects.requireNonNull(tokens);
        this.replay = Objects.requireNonNull(replay);
        this.logoutMarks = Objects.requireNonNull(logoutMarks);
        this.userOrigins = Objects.requireNonNull(userOrigins);
    }

    /**
     * Begins with all the parts of one bundle.
     *
     * @param base whose parts stay unless they are replaced
     * @return the same stores
     */
    public static MixedStores of(Stores base) {
        return new MixedStores(
                base, base.registrations(), base.tokens(), base.replay(), base.logoutMarks(), base.userOrigins());
    }

    /**
     * Puts other registrations in.
     *
     * @param port serves the same service
     * @return a new mixture
     */
    public MixedStores withRegistrations(RegistrationStore port) {
        return new MixedStores(base, port, tokens, replay, logoutMarks, userOrigins);
    }

    /**
     * Puts other access tokens in.
     *
     * @param port serves the same service
     * @return a new mixture
     */
    public MixedStores withTokens(TokenStore port) {
        return new MixedStores(base, registrations, port, replay, logoutMarks, userOrigins);
    }

    /**
     * Puts another memory of presented JWTs in.
     *
     * @param port serves the same service
     * @return a new mixture
     */
    public MixedStores withReplay(ReplayStore port) {
        return new MixedStores(base, registrations, tokens, port, logoutMarks, userOrigins);
    }

    /**
     * Puts other logout marks in.
     *
     * @param port serves the same service
     * @return a new mixture
     */
    public MixedStores withLogoutMarks(LogoutMarks port) {
        return new MixedStores(base, registrations, tokens, replay, port, userOrigins);
    }

    /**
     * Puts other origins of users in.
     *
     * @param port serves the same service
     * @return a new mixture
     */
    public MixedStores withUserOrigins(UserOrigins port) {
        return new MixedStores(base, registrations, tokens, replay, logoutMarks, port);
    }

    @Override
    public String issuer() {
        return base.issuer();
    }

    @Override
    public RegistrationStore registrations() {
        return registrations;
    }

    @Override
    public TokenStore tokens() {
        return tokens;
    }

    @Override
    public ReplayStore replay() {
        return replay;
    }

    @Override
    public LogoutMarks logoutMarks() {
        return logoutMarks;
    }

    /** Of the bundle, and by a write of each part that was put in which finds nothing to change. */
    @Override
    public void checkWritable() {
        base.checkWritable();
        if (registrations != base.registrations()) {
            Optional<Registration> unused = registrations.replace(NOBODY, NOBODY);
        }
        if (tokens != base.tokens()) {
            tokens.delete(NOTHING);
        }
        if (replay != base.replay()) {
            int unused = replay.purgeExpired(Instant.EPOCH, 1);
        }
        if (logoutMarks != base.logoutMarks()) {
            int unused = logoutMarks.purgeExpired(Instant.EPOCH, 1);
        }
        if (userOrigins != base.userOrigins()) {
            userOrigins.forgetKeys("");
        }
    }

    @Override
    public UserOrigins userOrigins() {
        return userOrigins;
    }

    /** One look-up where tokens and registrations are those of the bundle; else one in each. */
    @Override
    public Optional<TokenWithRegistration> findTokenWithRegistration(SecretHash hash) {
        return registrations == base.registrations() && tokens == base.tokens()
                ? base.findTokenWithRegistration(hash)
                : Stores.super.findTokenWithRegistration(hash);
    }
}
