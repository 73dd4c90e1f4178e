package dev.agentauth.memory;

import dev.agentauth.SecretHash;
import dev.agentauth.spi.UserOrigins;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Origins of users in memory. One lock, held for no longer than it takes to look into a map.
 *
 * @since 0.2.0
 */
public final class InMemoryUserOrigins implements UserOrigins {
    private final Map<SecretHash, Entry> byKey = new HashMap<>();
    private final Map<String, Entry> byReservation = new HashMap<>();
    private final Map<SecretHash, Set<Entry>> reservedByAddress = new HashMap<>();

    /** Users on a provider's word, with the entry whose key yields the user; none once that is forgotten. */
    private final Map<String, Optional<Entry>> byUser = new HashMap<>();

    /** No origins yet. */
    public InMemoryUserOrigins() {}

    /** A key and what it stands for; compared by identity. */
    private static final class Entry {
        private final SecretHash key;
        private final String reservation;
        private final Optional<SecretHash> address;
        private final Instant until;
        private @Nullable String userId;

        Entry(SecretHash key, String reservation, Optional<SecretHash> address, Instant until) {
            this.key = key;
            this.reservation = reservation;
            this.address = address;
            this.until = until;
        }
    }

    @Override
    public synchronized Optional<Origin> find(SecretHash key) {
        return Optional.ofNullable(byKey.get(key))
                .map(entry -> entry.userId == null ? new BeingMade(entry.until) : new Yields(entry.userId));
    }

    @Override
    public synchronized boolean reserve(
            SecretHash key, String reservation, Optional<SecretHash> address, Instant now, Instant until) {
        Entry known = byKey.get(key);
        if (known != null) {
            if (known.userId != null || now.isBefore(known.until)) {
                return false;
            }
            drop(known);
        }
        Entry entry = new Entry(key, reservation, address, until);
        byKey.put(key, entry);
        byReservation.put(reservation, entry);
        address.ifPresent(hash -> reservedByAddress
                .computeIfAbsent(hash, unused -> new HashSet<>())
                .add(entry));
        return true;
    }

    @Override
    public synchronized boolean record(String reservation, String userId) {
        Entry entry = byReservation.get(reservation);
        if (entry == null) {
            return false;
        }
        settle(entry);
        entry.userId = userId;
        byUser.put(userId, Optional.of(entry));
        return true;
    }

    @Override
    public synchronized void release(String reservation) {
        Entry entry = byReservation.get(reservation);
        if (entry != null) {
            drop(entry);
        }
    }

    @Override
    public synchronized void cancel(SecretHash address) {
        Set.copyOf(reservedByAddress.getOrDefault(address, Set.of())).forEach(this::drop);
    }

    @Override
    public synchronized boolean isReserved(SecretHash address) {
        return reservedByAddress.containsKey(address);
    }

    @Override
    public synchronized boolean isOnProvidersWord(String userId) {
        return byUser.containsKey(userId);
    }

    @Override
    public synchronized void forgetKeys(String userId) {
        Optional<Entry> known = byUser.getOrDefault(userId, Optional.empty());
        if (known.isPresent()) {
            byKey.remove(known.get().key);
            byUser.put(userId, Optional.empty());
        }
    }

    @Override
    public synchronized int forgetAllKeys(int limit) {
        Set<String> userIds = new HashSet<>();
        for (Entry entry : byKey.values()) {
            if (userIds.size() == limit) {
                break;
            }
            if (entry.userId != null) {
                userIds.add(entry.userId);
            }
        }
        userIds.forEach(this::forgetKeys);
        return userIds.size();
    }

    @Override
    public synchronized void forget(String userId) {
        forgetKeys(userId);
        byUser.remove(userId);
    }

    private void drop(Entry reserved) {
        settle(reserved);
        byKey.remove(reserved.key);
    }

    /** It is a reservation no more. */
    private void settle(Entry entry) {
        byReservation.remove(entry.reservation);
        entry.address.ifPresent(address -> reservedByAddress.computeIfPresent(address, (same, entries) -> {
            entries.remove(entry);
            return entries.isEmpty() ? null : entries;
        }));
    }
}
