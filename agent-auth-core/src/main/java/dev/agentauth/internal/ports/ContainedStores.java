package dev.agentauth.internal.ports;

import dev.agentauth.SecretHash;
import dev.agentauth.spi.LogoutMarks;
import dev.agentauth.spi.RegistrationStore;
import dev.agentauth.spi.ReplayStore;
import dev.agentauth.spi.Stores;
import dev.agentauth.spi.TokenStore;
import dev.agentauth.spi.UserOrigins;
import java.util.Optional;
import java.util.function.Supplier;

/** {@link Stores}: whatever is thrown or null is {@code PortUnavailableException}. Its parts are taken once. */
final class ContainedStores implements Stores {
    private final Stores kept;
    private final String issuer;
    private final RegistrationStore registrations;
    private final TokenStore tokens;
    private final ReplayStore replay;
    private final LogoutMarks logoutMarks;
    private final UserOrigins userOrigins;

    ContainedStores(Stores kept) {
        this.kept = kept;
        this.issuer = part("stores.issuer", kept::issuer);
        this.registrations = new ContainedRegistrations(part("stores.registrations", kept::registrations));
        this.tokens = new ContainedTokens(part("stores.tokens", kept::tokens));
        this.replay = new ContainedReplay(part("stores.replay", kept::replay));
        this.logoutMarks = new ContainedLogoutMarks(part("stores.logoutMarks", kept::logoutMarks));
        this.userOrigins = new ContainedUserOrigins(part("stores.userOrigins", kept::userOrigins));
    }

    private static <T> T part(String call, Supplier<T> get) {
        try {
            return Foreign.answer(get.get(), call);
        } catch (Throwable e) {
            throw Foreign.outOfReach(call, e);
        }
    }

    @Override
    public String issuer() {
        return issuer;
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

    @Override
    public UserOrigins userOrigins() {
        return userOrigins;
    }

    @Override
    public Optional<TokenWithRegistration> findTokenWithRegistration(SecretHash hash) {
        try {
            return Foreign.answer(kept.findTokenWithRegistration(hash), "stores.findTokenWithRegistration");
        } catch (Throwable e) {
            throw Foreign.outOfReach("stores.findTokenWithRegistration", e);
        }
    }

    @Override
    public void checkWritable() {
        try {
            kept.checkWritable();
        } catch (Throwable e) {
            throw Foreign.outOfReach("stores.checkWritable", e);
        }
    }
}
