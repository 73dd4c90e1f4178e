package dev.agentauth.testkit;

import dev.agentauth.SecretHash;
import dev.agentauth.spi.AccessToken;
import dev.agentauth.spi.TokenStore;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;

/** The plainest token store that is right, in steps that a defect can replace one by one. */
class PlainTokenStore implements TokenStore {
    final Map<Object, AccessToken> tokens = new ConcurrentHashMap<>();
    final Queue<AccessToken> inOrder = new ConcurrentLinkedQueue<>();
    final Switch backend = new Switch();
    final Meeting meeting = new Meeting();

    @Override
    public void insert(AccessToken token, Instant now, int limit) {
        backend.check();
        AccessToken kept = kept(token);
        tokens.put(key(token.hash()), kept);
        inOrder.add(kept);
        surplus(token, limit).forEach(old -> tokens.remove(key(old.hash()), old));
    }

    /** Those that came first and are too many. */
    List<AccessToken> surplus(AccessToken newest, int limit) {
        List<AccessToken> all = inOrder.stream()
                .filter(token -> isCounted(token, newest) && tokens.containsKey(key(token.hash())))
                .toList();
        return all.subList(0, Math.max(0, all.size() - limit));
    }

    boolean isCounted(AccessToken token, AccessToken newest) {
        return token.registrationId().equals(newest.registrationId());
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
