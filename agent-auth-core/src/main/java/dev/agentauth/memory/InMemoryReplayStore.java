package dev.agentauth.memory;

import dev.agentauth.SecretHash;
import dev.agentauth.spi.JwtKind;
import dev.agentauth.spi.ReplayStore;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Presented JWTs in memory.
 *
 * @since 0.2.0
 */
public final class InMemoryReplayStore implements ReplayStore {
    private final Map<SecretHash, Instant> untilByKey = new ConcurrentHashMap<>();
    private final ExpiryQueues<SecretHash> expiries = new ExpiryQueues<>();

    /** An empty store. */
    public InMemoryReplayStore() {}

    @Override
    public boolean recordFirst(JwtKind kind, String issuer, String jti, Instant now, Instant until) {
        SecretHash key = key(kind, issuer, jti);
        boolean[] first = {false};
        untilByKey.compute(key, (same, known) -> {
            first[0] = known == null || !now.isBefore(known);
            return first[0] ? until : known;
        });
        if (first[0]) {
            expiries.add(key, until);
        }
        return first[0];
    }

    @Override
    public boolean seen(JwtKind kind, String issuer, String jti, Instant now) {
        Instant until = untilByKey.get(key(kind, issuer, jti));
        return until != null && now.isBefore(until);
    }

    /** Removes all records that are no longer needed, whatever the limit. */
    @Override
    public int purgeExpired(Instant now, int limit) {
        return expiries.drain(now, key -> {
            Instant until = untilByKey.get(key);
            return until != null && !now.isBefore(until) && untilByKey.remove(key, until);
        });
    }

    private static SecretHash key(JwtKind kind, String issuer, String jti) {
        return SecretHash.ofParts(kind.name(), issuer, jti);
    }
}
