package dev.agentauth.internal.ports;

import dev.agentauth.SecretHash;
import dev.agentauth.spi.AccessToken;
import dev.agentauth.spi.TokenStore;
import java.time.Instant;
import java.util.Optional;

/** {@link TokenStore}: whatever is thrown or null is {@code PortUnavailableException}. */
final class ContainedTokens implements TokenStore {
    private final TokenStore kept;

    ContainedTokens(TokenStore kept) {
        this.kept = kept;
    }

    @Override
    public void insert(AccessToken token, Instant now, int limit) {
        try {
            kept.insert(token, now, limit);
        } catch (Throwable e) {
            throw Foreign.outOfReach("tokens.insert", e);
        }
    }

    @Override
    public Optional<AccessToken> find(SecretHash hash) {
        try {
            return Foreign.answer(kept.find(hash), "tokens.find");
        } catch (Throwable e) {
            throw Foreign.outOfReach("tokens.find", e);
        }
    }

    @Override
    public void delete(SecretHash hash) {
        try {
            kept.delete(hash);
        } catch (Throwable e) {
            throw Foreign.outOfReach("tokens.delete", e);
        }
    }

    @Override
    public int purgeExpired(Instant now, int limit) {
        try {
            return kept.purgeExpired(now, limit);
        } catch (Throwable e) {
            throw Foreign.outOfReach("tokens.purgeExpired", e);
        }
    }
}
