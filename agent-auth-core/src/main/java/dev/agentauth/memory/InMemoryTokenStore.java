package dev.agentauth.memory;

import dev.agentauth.SecretHash;
import dev.agentauth.spi.AccessToken;
import dev.agentauth.spi.TokenStore;
import java.time.Instant;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Access tokens in memory. Look-ups take no lock; writes to the tokens of one registration wait for one another. A
 * registration never has more than the limit, and a token that is gone leaves nothing behind.
 *
 * @since 0.2.0
 */
public final class InMemoryTokenStore implements TokenStore {
    private final Map<SecretHash, AccessToken> byHash = new ConcurrentHashMap<>();
    private final ExpiryQueues<SecretHash> expiries = new ExpiryQueues<>();

    /** The tokens of each registration in the order in which they came. Its entries' locks guard the other two. */
    private final Map<String, Set<SecretHash>> byRegistration = new ConcurrentHashMap<>();

    /** An empty store. */
    public InMemoryTokenStore() {}

    /** The limit holds exactly, and those removed are the first that came, whatever {@code now} was. */
    @Override
    public void insert(AccessToken token, Instant now, int limit) {
        byRegistration.compute(token.registrationId(), (id, known) -> {
            Set<SecretHash> tokens = known == null ? new LinkedHashSet<>(2) : known;
            byHash.put(token.hash(), token);
            expiries.add(token.hash(), token.expiresAt());
            tokens.add(token.hash());
            for (Iterator<SecretHash> oldest = tokens.iterator(); tokens.size() > limit; ) {
                forget(oldest.next());
                oldest.remove();
            }
            return tokens;
        });
    }

    @Override
    public Optional<AccessToken> find(SecretHash hash) {
        return Optional.ofNullable(byHash.get(hash));
    }

    @Override
    public void delete(SecretHash hash) {
        AccessToken token = byHash.get(hash);
        if (token != null) {
            boolean unused = remove(token);
        }
    }

    /** Removes all expired tokens, whatever the limit. */
    @Override
    public int purgeExpired(Instant now, int limit) {
        return expiries.drain(now, hash -> {
            AccessToken token = byHash.get(hash);
            return token != null && !now.isBefore(token.expiresAt()) && remove(token);
        });
    }

    /** Whether it was still there. */
    private boolean remove(AccessToken token) {
        boolean[] removed = {false};
        byRegistration.computeIfPresent(token.registrationId(), (id, tokens) -> {
            removed[0] = tokens.remove(token.hash());
            if (removed[0]) {
                forget(token.hash());
            }
            return tokens.isEmpty() ? null : tokens;
        });
        return removed[0];
    }

    private void forget(SecretHash hash) {
        AccessToken token = byHash.remove(hash);
        if (token != null) {
            expiries.remove(hash, token.expiresAt());
        }
    }
}
