package dev.agentauth.testkit;

import dev.agentauth.spi.JwtKind;
import dev.agentauth.spi.ReplayStore;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The plainest replay store that is right, in steps that a defect can replace one by one. */
class PlainReplayStore implements ReplayStore {
    final Map<Object, Instant> untilByKey = new ConcurrentHashMap<>();
    final Switch backend = new Switch();
    final Meeting meeting = new Meeting();

    @Override
    public boolean recordFirst(JwtKind kind, String issuer, String jti, Instant now, Instant until) {
        backend.check();
        Object key = key(kind, issuer, jti);
        synchronized (this) {
            boolean first = !isRecorded(key, now);
            if (first) {
                write(key, until);
            }
            return first;
        }
    }

    Object key(JwtKind kind, String issuer, String jti) {
        return List.of(kind, issuer, jti);
    }

    boolean isRecorded(Object key, Instant now) {
        Instant until = untilByKey.get(key);
        return until != null && !isOver(until, now);
    }

    boolean isOver(Instant until, Instant now) {
        return !now.isBefore(until);
    }

    void write(Object key, Instant until) {
        untilByKey.put(key, until);
    }

    @Override
    public boolean seen(JwtKind kind, String issuer, String jti, Instant now) {
        backend.check();
        return isRecorded(key(kind, issuer, jti), now);
    }

    @Override
    public int purgeExpired(Instant now, int limit) {
        backend.check();
        return (int) over(now, limit).stream()
                .filter(entry -> untilByKey.remove(entry.getKey(), entry.getValue()))
                .count();
    }

    final List<Map.Entry<Object, Instant>> over(Instant now, int limit) {
        return untilByKey.entrySet().stream()
                .filter(entry -> mayGo(entry.getKey(), entry.getValue(), now))
                .limit(limit)
                .map(entry -> Map.entry(entry.getKey(), entry.getValue()))
                .toList();
    }

    boolean mayGo(Object key, Instant until, Instant now) {
        return !now.isBefore(until);
    }
}
