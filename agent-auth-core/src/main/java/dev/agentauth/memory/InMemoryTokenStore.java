package dev.agentauth.memory;

import dev.agentauth.SecretHash;
import dev.agentauth.registration.Registration;
import dev.agentauth.spi.AccessToken;
import dev.agentauth.spi.Microseconds;
import dev.agentauth.spi.TokenStore;
import java.time.Instant;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Access tokens in memory. Look-ups wait for nobody but, for a moment, whoever writes to the same hundredth of all tokens;
 * writes to the tokens of one registration wait for one another. A registration never has more than the limit, and a token
 * that is gone leaves nothing behind.
 *
 * @since 0.2.0
 */
public final class InMemoryTokenStore implements TokenStore {
    private static final int SHARD_BITS = 8;

    private final Numbered<Owner> owners = new Numbered<>();
    private final TokenShard[] shards = new TokenShard[1 << SHARD_BITS];
    private final Map<String, LiveTokens> byRegistration = new ConcurrentHashMap<>();

    private final @Nullable InMemoryRegistrationStore registrations;

    /** An empty store. */
    public InMemoryTokenStore() {
        this(null);
    }

    /** An empty store of tokens, most of which belong to what is in another store. */
    InMemoryTokenStore(@Nullable InMemoryRegistrationStore registrations) {
        this.registrations = registrations;
        Arrays.setAll(shards, i -> new TokenShard(owners));
    }

    /** The limit holds exactly, and those removed are the first that came, whatever {@code now} was. */
    @Override
    public void insert(AccessToken token, Instant now, int limit) {
        while (!insert(token, limit, tokensOf(token.registrationId()))) {
            // The last one of this registration has just gone, and what was known of it with it.
            Thread.onSpinWait();
        }
    }

    /** A look first, since {@code computeIfAbsent} may lock. */
    private LiveTokens tokensOf(String registrationId) {
        LiveTokens known = byRegistration.get(registrationId);
        return known != null ? known : byRegistration.computeIfAbsent(registrationId, this::noneYet);
    }

    private LiveTokens noneYet(String registrationId) {
        if (registrations != null) {
            int place = registrations.numberOf(registrationId);
            Registration registration = registrations.look(registrationId, place);
            if (registration != null) {
                // The same text, but the very object, so that comparing the two need not look at their characters.
                return new LiveTokens(registration.id(), place, owners);
            }
        }
        return new LiveTokens(registrationId, Numbered.NONE, owners);
    }

    private boolean insert(AccessToken token, int limit, LiveTokens tokens) {
        synchronized (tokens) {
            if (tokens.isClosed()) {
                return false;
            }
            long key = TokenShard.key(token.hash());
            shard(key).add(token, tokens);
            tokens.add(key);
            while (tokens.size() > limit) {
                long oldest = tokens.removeOldest();
                boolean unused = shard(oldest).remove(oldest, tokens);
            }
            return true;
        }
    }

    @Override
    public Optional<AccessToken> find(SecretHash hash) {
        return Optional.ofNullable(find(hash, (token, tokens, place) -> token));
    }

    /** What is made of a token; null if it is not there. */
    <T> @Nullable T find(SecretHash hash, TokenShard.Reader<T> reader) {
        return shard(TokenShard.key(hash)).find(hash, reader);
    }

    @Override
    public void delete(SecretHash hash) {
        LiveTokens tokens = find(hash, (token, ofRegistration, place) -> ofRegistration);
        if (tokens != null) {
            boolean unused = remove(TokenShard.key(hash), tokens);
        }
    }

    /** Removes all expired tokens, whatever the limit. Looks at every token: a million take a hundredth of a second. */
    @Override
    public int purgeExpired(Instant now, int limit) {
        int removed = 0;
        for (TokenShard shard : shards) {
            for (TokenShard.Expired expired : shard.expired(Microseconds.of(now))) {
                if (remove(expired.key(), expired.tokens())) {
                    removed++;
                }
            }
        }
        return removed;
    }

    /** Whether it was still there. */
    private boolean remove(long key, LiveTokens tokens) {
        synchronized (tokens) {
            if (!shard(key).remove(key, tokens)) {
                return false;
            }
            tokens.remove(key);
            if (tokens.isClosed()) {
                owners.remove(tokens.number());
                byRegistration.remove(tokens.registrationId(), tokens);
            }
            return true;
        }
    }

    private TokenShard shard(long key) {
        return shards[(int) (key >>> (Long.SIZE - SHARD_BITS))];
    }
}
