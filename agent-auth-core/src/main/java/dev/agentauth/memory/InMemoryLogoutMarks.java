package dev.agentauth.memory;

import dev.agentauth.SecretHash;
import dev.agentauth.registration.ProviderIdentity;
import dev.agentauth.spi.LogoutMarks;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Logout marks in memory.
 *
 * @since 0.2.0
 */
public final class InMemoryLogoutMarks implements LogoutMarks {
    private final Map<SecretHash, Mark> marks = new ConcurrentHashMap<>();
    private final ExpiryQueues<SecretHash> expiries = new ExpiryQueues<>();

    /** Without any mark. */
    public InMemoryLogoutMarks() {}

    private record Mark(Instant issuedAt, Instant until) {
        Mark orLater(Instant otherIssuedAt, Instant otherUntil) {
            return new Mark(
                    otherIssuedAt.isAfter(issuedAt) ? otherIssuedAt : issuedAt,
                    otherUntil.isAfter(until) ? otherUntil : until);
        }
    }

    @Override
    public void raise(ProviderIdentity subject, Instant issuedAt, Instant until) {
        SecretHash key = subject.key();
        marks.compute(key, (same, known) -> known == null ? new Mark(issuedAt, until) : known.orLater(issuedAt, until));
        expiries.add(key, until);
    }

    @Override
    public Optional<Instant> newest(ProviderIdentity identity) {
        Instant ofTenant = issuedAt(identity.key());
        Instant ofAll = issuedAt(identity.subjectKey());
        boolean tenantsIsNewer = ofTenant != null && (ofAll == null || ofTenant.isAfter(ofAll));
        return Optional.ofNullable(tenantsIsNewer ? ofTenant : ofAll);
    }

    /** Removes all marks that are no longer needed, whatever the limit. */
    @Override
    public int purgeExpired(Instant now, int limit) {
        return expiries.drain(now, key -> {
            Mark mark = marks.get(key);
            return mark != null && !now.isBefore(mark.until()) && marks.remove(key, mark);
        });
    }

    private @Nullable Instant issuedAt(SecretHash key) {
        Mark mark = marks.get(key);
        return mark == null ? null : mark.issuedAt();
    }
}
