package dev.agentauth.internal.provider;

import dev.agentauth.spi.JwtKind;
import dev.agentauth.spi.ReplayStore;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Remembers what was recorded, and until when. */
final class TestReplay implements ReplayStore {
    final Map<List<Object>, Instant> records = new ConcurrentHashMap<>();

    @Override
    public boolean recordFirst(JwtKind kind, String issuer, String jti, Instant now, Instant until) {
        Instant known = records.putIfAbsent(List.of(kind, issuer, jti), until);
        return known == null || (!now.isBefore(known) && records.replace(List.of(kind, issuer, jti), known, until));
    }

    @Override
    public boolean seen(JwtKind kind, String issuer, String jti, Instant now) {
        Instant until = records.get(List.of(kind, issuer, jti));
        return until != null && now.isBefore(until);
    }

    @Override
    public int purgeExpired(Instant now, int limit) {
        return 0;
    }
}
