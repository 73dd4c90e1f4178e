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

    /**
     * The tokens of each registration in the order in which they came. Its entries' locks guard both maps. Most have one
     * token, for which a set that can grow would take as much memory as all the rest.
     */
    private final Map<String, Set<SecretHash>> byRegistration = new ConcurrentHashMap<>();

    /** An empty store. */
    public InMemoryTokenStore() {}

    /** The limit holds exactly, and those removed are the first that came, whatever {@code now} was. */
    @Override
    public void insert(AccessToken token, Instant now, int limit) {
        byRegistration.compute(token.registrationId(), (id, known) -> {
            byHash.put(token.hash(), token);
            if (known == null) {
                return Set.of(token.hash());
            }
            Set<SecretHash> tokens = known instanceof LinkedHashSet ? known : new LinkedHashSet<>(known);
            tokens.add(token.hash());
            for (Iterator<SecretHash> oldest = tokens.iterator(); tokens.size() > limit; ) {
                byHash.remove(oldest.next());
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

    /** Removes all expired tokens, whatever the limit. Looks at every token: a million take a tenth of a second. */
    @Override
    public int purgeExpired(Instant now, int limit) {
        int removed = 0;
        for (AccessToken token : byHash.values()) {
            if (!now.isBefore(token.expiresAt()) && remove(token)) {
                removed++;
            }
        }
        return removed;
    }

    /** Whether it was still there. */
    private boolean remove(AccessToken token) {
        boolean[] removed = {false};
        byRegistration.computeIfPresent(token.registrationId(), (id, tokens) -> {
            removed[0] = tokens.contains(token.hash());
            if (!removed[0]) {
                return tokens;
            }
            byHash.remove(token.hash());
            if (tokens.size() == 1) {
                return null;
            }
            tokens.remove(token.hash());
            return tokens;
        });
        return removed[0];
    }
}
