package dev.agentauth.memory;

import dev.agentauth.SecretHash;
import dev.agentauth.spi.AccessToken;
import dev.agentauth.spi.AccessTokenStore;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** Access tokens in memory. */
public final class InMemoryAccessTokenStore implements AccessTokenStore {
    private final Map<SecretHash, AccessToken> byHash = new ConcurrentHashMap<>();
    private final ExpiryQueues<SecretHash> expiries = new ExpiryQueues<>();

    /** An empty store. */
    public InMemoryAccessTokenStore() {}

    @Override
    public void insert(AccessToken token) {
        byHash.put(token.hash(), token);
        expiries.add(token.hash(), token.expiresAt());
    }

    @Override
    public Optional<AccessToken> find(SecretHash hash) {
        return Optional.ofNullable(byHash.get(hash));
    }

    @Override
    public void delete(SecretHash hash) {
        byHash.remove(hash);
    }

    /** Removes all expired tokens, whatever the limit. */
    @Override
    public int purgeExpired(Instant now, int limit) {
        return expiries.drain(now, hash -> {
            AccessToken token = byHash.get(hash);
            return token != null && !now.isBefore(token.expiresAt()) && byHash.remove(hash, token);
        });
    }
}
