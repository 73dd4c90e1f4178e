package dev.agentauth.testkit;

import dev.agentauth.SecretHash;
import dev.agentauth.spi.AccessToken;
import dev.agentauth.spi.AccessTokenStore;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** The plainest token store that is right, in steps that a defect can replace one by one. */
class PlainAccessTokenStore implements AccessTokenStore {
    final Map<Object, AccessToken> tokens = new ConcurrentHashMap<>();
    final Switch backend = new Switch();
    final Meeting meeting = new Meeting();

    @Override
    public void insert(AccessToken token) {
        backend.check();
        tokens.put(key(token.hash()), kept(token));
    }

    Object key(SecretHash hash) {
        return hash;
    }

    AccessToken kept(AccessToken token) {
        return token;
    }

    @Override
    public Optional<AccessToken> find(SecretHash hash) {
        backend.check();
        return Optional.ofNullable(tokens.get(key(hash)));
    }

    @Override
    public void delete(SecretHash hash) {
        backend.check();
        tokens.remove(key(hash));
    }

    @Override
    public int purgeExpired(Instant now, int limit) {
        backend.check();
        return (int) expired(now, limit).stream()
                .filter(token -> tokens.remove(key(token.hash()), token))
                .count();
    }

    final List<AccessToken> expired(Instant now, int limit) {
        return tokens.values().stream()
                .filter(token -> hasExpired(token, now))
                .limit(limit)
                .toList();
    }

    boolean hasExpired(AccessToken token, Instant now) {
        return !now.isBefore(token.expiresAt());
    }
}
