package dev.agentauth.testkit;

import dev.agentauth.registration.ProviderIdentity;
import dev.agentauth.spi.LogoutMarks;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** The plainest logout marks that are right, in steps that a defect can replace one by one. */
class PlainLogoutMarks implements LogoutMarks {
    final Map<ProviderIdentity, Mark> marks = new ConcurrentHashMap<>();
    final Switch backend = new Switch();
    final Meeting meeting = new Meeting();

    record Mark(Instant issuedAt, Instant until) {}

    @Override
    public void raise(ProviderIdentity subject, Instant issuedAt, Instant until) {
        backend.check();
        synchronized (this) {
            Mark raised = new Mark(issuedAt, until);
            Mark known = marks.get(key(subject));
            write(subject, known == null ? raised : merged(known, raised));
        }
    }

    ProviderIdentity key(ProviderIdentity subject) {
        return subject;
    }

    Mark merged(Mark known, Mark raised) {
        return new Mark(later(known.issuedAt(), raised.issuedAt()), later(known.until(), raised.until()));
    }

    void write(ProviderIdentity subject, Mark mark) {
        marks.put(key(subject), mark);
    }

    @Override
    public Optional<Instant> newest(ProviderIdentity identity) {
        backend.check();
        return covering(identity).stream().map(Mark::issuedAt).max(Comparator.naturalOrder());
    }

    final List<Mark> covering(ProviderIdentity identity) {
        ProviderIdentity compared = key(identity);
        return marks.entrySet().stream()
                .filter(entry -> covers(entry.getKey(), compared))
                .map(Map.Entry::getValue)
                .toList();
    }

    boolean covers(ProviderIdentity subject, ProviderIdentity identity) {
        return subject.covers(identity);
    }

    @Override
    public int purgeExpired(Instant now, int limit) {
        backend.check();
        return (int) over(now, limit).stream()
                .filter(entry -> marks.remove(entry.getKey(), entry.getValue()))
                .count();
    }

    final List<Map.Entry<ProviderIdentity, Mark>> over(Instant now, int limit) {
        return marks.entrySet().stream()
                .filter(entry -> mayGo(entry.getValue(), now))
                .limit(limit)
                .map(entry -> Map.entry(entry.getKey(), entry.getValue()))
                .toList();
    }

    boolean mayGo(Mark mark, Instant now) {
        return !now.isBefore(mark.until());
    }

    static Instant later(Instant one, Instant other) {
        return one.isAfter(other) ? one : other;
    }
}
