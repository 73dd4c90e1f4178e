package dev.agentauth.examples.readme;

import dev.agentauth.SecretHash;
import dev.agentauth.registration.Claim;
import dev.agentauth.registration.EndReason;
import dev.agentauth.registration.ProviderIdentity;
import dev.agentauth.registration.Registration;
import dev.agentauth.registration.RegistrationKind;
import dev.agentauth.spi.RegistrationStore;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

// begin: SnapshotRegistrationStore
/** Keeps all registrations in one snapshot, which is never changed but replaced by the next one. */
final class SnapshotRegistrationStore implements RegistrationStore {

    /** Where your backend goes. Both methods throw PortUnavailableException while it is out of reach. */
    interface Cell {
        /** The newest snapshot; never an older one from a cache. */
        Snapshot read();

        /** Stores these rows if the expected snapshot is still the newest one; says whether it has. */
        boolean compareAndSet(Snapshot expected, Map<String, Row> next);
    }

    /** All rows by the id of the registration. A revision or ETag of the backend would be a second component. */
    record Snapshot(Map<String, Row> rows) {
        Snapshot {
            rows = Map.copyOf(rows);
        }
    }

    /** A registration, and the key of the provider identity that it holds. No two rows have the same one. */
    record Row(Registration registration, @Nullable SecretHash liveKey) {}

    private static final Comparator<Registration> OLDEST_FIRST =
            Comparator.comparing(Registration::createdAt).thenComparing(Registration::id);

    private final Cell cell;

    SnapshotRegistrationStore(Cell cell) {
        this.cell = cell;
    }

    @Override
    public boolean insert(Registration registration, Instant now) {
        return write(rows -> {
            SecretHash key = liveKey(registration);
            Registration holder = holder(key, rows);
            if (holder != null) {
                if (holder.isLive(now)) {
                    return false;
                }
                rows.put(holder.id(), new Row(holder.withVersion(holder.version() + 1), null));
            }
            rows.put(registration.id(), new Row(registration.withVersion(0), key));
            return true;
        });
    }

    @Override
    public Optional<Registration> replace(Registration current, Registration next) {
        return write(rows -> {
            Row stored = rows.get(current.id());
            if (stored == null || stored.registration().version() != current.version()) {
                return Optional.empty();
            }
            // Until it is claimed or revoked, it keeps its key or stays without the one that was given away.
            SecretHash key = next.isSettled() ? liveKey(next) : stored.liveKey();
            Registration holder = holder(key, rows);
            if (holder != null && !holder.id().equals(current.id())) {
                return Optional.empty();
            }
            Registration written = next.withVersion(current.version() + 1);
            rows.put(written.id(), new Row(written, key));
            return Optional.of(written);
        });
    }

    @Override
    public Optional<Registration> findById(String id) {
        return Optional.ofNullable(cell.read().rows().get(id)).map(Row::registration);
    }

    @Override
    public Optional<Registration> findByClaimToken(SecretHash tokenHash) {
        return findByClaim(claim -> claim.tokenHash().equals(tokenHash));
    }

    @Override
    public Optional<Registration> findByAttemptToken(SecretHash tokenHash) {
        return findByClaim(
                claim -> claim.attempt() != null && claim.attempt().tokenHash().equals(tokenHash));
    }

    private Optional<Registration> findByClaim(Predicate<Claim> wanted) {
        return find(registration -> registration.claim() != null && wanted.test(registration.claim()))
                .findFirst();
    }

    @Override
    public List<Registration> findByUser(String userId) {
        return find(registration -> userId.equals(registration.userBehind())).toList();
    }

    @Override
    public List<Registration> findUnclaimedByRecipient(String recipient) {
        return find(registration -> !registration.isSettled()
                        && registration.attempt() != null
                        && recipient.equals(registration.attempt().asked().address()))
                .toList();
    }

    @Override
    public List<Registration> findByProvider(ProviderIdentity identity) {
        return find(registration -> registration.revokedAt() == null
                        && registration.provider() != null
                        && registration.provider().identity().equals(identity))
                .toList();
    }

    @Override
    public List<Registration> findByProviderInAnyTenant(ProviderIdentity subject) {
        return find(registration -> registration.revokedAt() == null
                        && registration.provider() != null
                        && registration.provider().identity().isSameSubject(subject))
                .toList();
    }

    @Override
    public List<Registration> findMadeBefore(Instant createdAt, String id, int limit) {
        return find(registration -> registration.createdAt().isBefore(createdAt)
                        || (registration.createdAt().equals(createdAt)
                                && registration.id().compareTo(id) < 0))
                .sorted(OLDEST_FIRST.reversed())
                .limit(limit)
                .toList();
    }

    @Override
    public int revokeAll(Instant now) {
        return write(rows -> {
            List<Registration> unrevoked = select(rows, registration -> registration.revokedAt() == null)
                    .toList();
            for (Registration registration : unrevoked) {
                Registration revoked =
                        registration.revoke(EndReason.OPERATOR, now).withVersion(registration.version() + 1);
                rows.put(registration.id(), new Row(revoked, null));
            }
            return unrevoked.size();
        });
    }

    @Override
    public List<Registration> purge(Instant unclaimedBefore, Instant settledBefore, int limit) {
        return write(rows -> {
            Predicate<Registration> resting = registration ->
                    !registration.restingSince().isAfter(registration.isSettled() ? settledBefore : unclaimedBefore);
            List<Registration> purged = select(rows, resting).limit(limit).toList();
            purged.forEach(registration -> rows.remove(registration.id()));
            return purged;
        });
    }

    /** Decides on what is stored and stores what was decided; if somebody else was faster, decides again. */
    private <T> T write(Function<Map<String, Row>, T> decision) {
        while (true) {
            Snapshot read = cell.read();
            Map<String, Row> next = new HashMap<>(read.rows());
            T outcome = decision.apply(next);
            if (next.equals(read.rows()) || cell.compareAndSet(read, next)) {
                return outcome;
            }
        }
    }

    private Stream<Registration> find(Predicate<Registration> wanted) {
        return select(cell.read().rows(), wanted);
    }

    private static Stream<Registration> select(Map<String, Row> rows, Predicate<Registration> wanted) {
        return rows.values().stream().map(Row::registration).filter(wanted).sorted(OLDEST_FIRST);
    }

    /** The key of the identity that a registration is to hold; null if it is to hold none. */
    private static @Nullable SecretHash liveKey(Registration registration) {
        boolean holds = registration.kind() == RegistrationKind.PROVIDER && registration.revokedAt() == null;
        return holds && registration.provider() != null
                ? registration.provider().identity().key()
                : null;
    }

    private static @Nullable Registration holder(@Nullable SecretHash key, Map<String, Row> rows) {
        return rows.values().stream()
                .filter(row -> key != null && key.equals(row.liveKey()))
                .map(Row::registration)
                .findFirst()
                .orElse(null);
    }
}
// end: SnapshotRegistrationStore
