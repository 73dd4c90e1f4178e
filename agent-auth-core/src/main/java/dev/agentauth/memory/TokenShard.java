package dev.agentauth.memory;

import dev.agentauth.SecretHash;
import dev.agentauth.spi.AccessToken;
import dev.agentauth.spi.Microseconds;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.StampedLock;
import org.jspecify.annotations.Nullable;

/**
 * A part of all tokens, in one array of numbers by open addressing. Tokens come and go with each exchange, at random places
 * among those that stay: as objects of a map they keep the garbage collector busy with a sixth of what an exchange costs,
 * since each write of a reference into old memory is one more place that it has to look at. Numbers it never looks at.
 *
 * <p>Readers take no lock unless somebody writes meanwhile.
 */
final class TokenShard {
    private static final int WORDS = 6;
    private static final int EPOCH = 4;
    private static final int EXPIRY = 5;

    private final StampedLock lock = new StampedLock();
    private Slots slots = new Slots(Slots.LEAST);
    private int size;

    /** Whose a token is, and what it never goes beyond. Most tokens have no ceiling: those share one owner. */
    sealed interface Owner permits LiveTokens, Narrowed {
        LiveTokens tokens();

        @Nullable
        Set<String> ceiling();
    }

    /** The owner of a token with a ceiling. */
    record Narrowed(LiveTokens tokens, @Nullable Set<String> ceiling) implements Owner {}

    /** A token that was found to have expired. */
    record Expired(long key, LiveTokens tokens) {}

    /** By which a token is told from others of its registration. A free slot has none, so that 0 is not one. */
    static long key(SecretHash hash) {
        long key = hash.word(0);
        return key == 0 ? 1 : key;
    }

    @Nullable
    AccessToken find(SecretHash hash) {
        long stamp = lock.tryOptimisticRead();
        if (stamp != 0) {
            // Made up of halves, if somebody writes meanwhile: then it is thrown away.
            AccessToken seen = slots.find(hash);
            if (lock.validate(stamp)) {
                return seen;
            }
        }
        stamp = lock.readLock();
        try {
            return slots.find(hash);
        } finally {
            lock.unlockRead(stamp);
        }
    }

    /** Adds a token that is not here. */
    void add(AccessToken token, LiveTokens tokens) {
        Owner owner = token.ceiling() == null ? tokens : new Narrowed(tokens, token.ceiling());
        long stamp = lock.writeLock();
        try {
            if (++size > slots.most()) {
                slots = slots.resized(slots.capacity() + slots.capacity() / 2);
            }
            slots.add(token, owner);
        } finally {
            lock.unlockWrite(stamp);
        }
    }

    /** Removes a token of a registration; false if it is not here. */
    boolean remove(long key, LiveTokens tokens) {
        long stamp = lock.writeLock();
        try {
            if (!slots.remove(key, tokens)) {
                return false;
            }
            if (--size < slots.least()) {
                slots = slots.resized(slots.capacity() / 2);
            }
            return true;
        } finally {
            lock.unlockWrite(stamp);
        }
    }

    /** Those that are no longer good at an instant. */
    List<Expired> expired(long microseconds) {
        long stamp = lock.readLock();
        try {
            return slots.expired(microseconds);
        } finally {
            lock.unlockRead(stamp);
        }
    }

    /**
     * Tokens at the place that their key asks for, or at the next free one after it; after the last comes the first. What
     * is removed lets those behind it move up, so that no gap is ever between a token and the place that it asked for.
     */
    private static final class Slots {
        static final int LEAST = 8;

        private final long[] words;
        private final @Nullable Owner[] owners;

        Slots(int capacity) {
            this.words = new long[capacity * WORDS];
            this.owners = new Owner[capacity];
        }

        int capacity() {
            return owners.length;
        }

        /** How many there may be: with more, those that collide would be far from their place. */
        int most() {
            return capacity() * 4 / 5;
        }

        /** With fewer, half the room will do. */
        int least() {
            return capacity() == LEAST ? 0 : capacity() / 4;
        }

        @Nullable
        AccessToken find(SecretHash hash) {
            long key = key(hash);
            int slot = home(key);
            // Never more often than there are slots: what is half written may show no end.
            for (int i = 0; i < capacity(); i++) {
                int at = slot * WORDS;
                if (words[at] == 0) {
                    return null;
                }
                if (words[at] == key
                        && words[at + 1] == hash.word(1)
                        && words[at + 2] == hash.word(2)
                        && words[at + 3] == hash.word(3)) {
                    return token(hash, owners[slot], at);
                }
                slot = next(slot);
            }
            return null;
        }

        private @Nullable AccessToken token(SecretHash hash, @Nullable Owner owner, int at) {
            return owner == null
                    ? null
                    : new AccessToken(
                            hash,
                            owner.tokens().registrationId(),
                            words[at + EPOCH],
                            owner.ceiling(),
                            Microseconds.toInstant(words[at + EXPIRY]));
        }

        void add(AccessToken token, Owner owner) {
            int slot = free(key(token.hash()));
            int at = slot * WORDS;
            words[at] = key(token.hash());
            words[at + 1] = token.hash().word(1);
            words[at + 2] = token.hash().word(2);
            words[at + 3] = token.hash().word(3);
            words[at + EPOCH] = token.epoch();
            words[at + EXPIRY] = Microseconds.of(token.expiresAt());
            owners[slot] = owner;
        }

        boolean remove(long key, LiveTokens tokens) {
            for (int slot = home(key); owners[slot] != null; slot = next(slot)) {
                Owner owner = owners[slot];
                if (words[slot * WORDS] == key && owner != null && owner.tokens() == tokens) {
                    vacate(slot);
                    return true;
                }
            }
            return false;
        }

        private void vacate(int slot) {
            int gap = slot;
            for (int i = next(slot); owners[i] != null; i = next(i)) {
                if (distance(home(words[i * WORDS]), i) >= distance(gap, i)) {
                    move(i, this, gap);
                    gap = i;
                }
            }
            words[gap * WORDS] = 0;
            owners[gap] = null;
        }

        Slots resized(int capacity) {
            Slots resized = new Slots(Math.max(capacity, LEAST));
            for (int i = 0; i < capacity(); i++) {
                if (owners[i] != null) {
                    move(i, resized, resized.free(words[i * WORDS]));
                }
            }
            return resized;
        }

        List<Expired> expired(long microseconds) {
            List<Expired> expired = new ArrayList<>();
            for (int i = 0; i < capacity(); i++) {
                Owner owner = owners[i];
                if (owner != null && words[i * WORDS + EXPIRY] <= microseconds) {
                    expired.add(new Expired(words[i * WORDS], owner.tokens()));
                }
            }
            return expired;
        }

        private void move(int from, Slots target, int to) {
            System.arraycopy(words, from * WORDS, target.words, to * WORDS, WORDS);
            target.owners[to] = owners[from];
        }

        private int free(long key) {
            int slot = home(key);
            while (owners[slot] != null) {
                slot = next(slot);
            }
            return slot;
        }

        /** By the lower half of the key, as a fraction of all slots; its upper bits say which shard it is in. */
        private int home(long key) {
            return (int) (((key & 0xffff_ffffL) * capacity()) >>> 32);
        }

        private int next(int slot) {
            return slot + 1 == capacity() ? 0 : slot + 1;
        }

        /** How far it is from one slot on to another. */
        private int distance(int from, int to) {
            return to >= from ? to - from : to - from + capacity();
        }
    }
}
