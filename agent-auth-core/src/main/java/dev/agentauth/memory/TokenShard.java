package dev.agentauth.memory;

import dev.agentauth.SecretHash;
import dev.agentauth.spi.AccessToken;
import dev.agentauth.spi.Microseconds;
import java.util.ArrayList;
import java.util.List;
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
    private final Owners owners;
    private final StampedLock lock = new StampedLock();
    private Slots slots = new Slots(Slots.LEAST);
    private int size;

    TokenShard(Owners owners) {
        this.owners = owners;
    }

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
            AccessToken seen = look(hash);
            if (lock.validate(stamp)) {
                return seen;
            }
        }
        stamp = lock.readLock();
        try {
            return look(hash);
        } finally {
            lock.unlockRead(stamp);
        }
    }

    private @Nullable AccessToken look(SecretHash hash) {
        Slots now = slots;
        int slot = now.find(hash);
        Owners.Owner owner = slot < 0 ? null : owners.get(now.owner(slot));
        return owner == null
                ? null
                : new AccessToken(
                        hash,
                        owner.tokens().registrationId(),
                        now.epoch(slot),
                        owner.ceiling(),
                        Microseconds.toInstant(now.expiry(slot)));
    }

    /** Adds a token that is not here. */
    void add(AccessToken token, LiveTokens tokens) {
        int owner =
                token.ceiling() == null ? tokens.number() : owners.add(new Owners.Narrowed(tokens, token.ceiling()));
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
        int owner;
        long stamp = lock.writeLock();
        try {
            int slot = slotOf(key, tokens);
            if (slot < 0) {
                return false;
            }
            owner = slots.owner(slot);
            slots.vacate(slot);
            if (--size < slots.least()) {
                slots = slots.resized(slots.capacity() / 2);
            }
        } finally {
            lock.unlockWrite(stamp);
        }
        if (owner != tokens.number()) {
            owners.remove(owner);
        }
        return true;
    }

    private int slotOf(long key, LiveTokens tokens) {
        for (int slot = slots.home(key); !slots.isFree(slot); slot = slots.next(slot)) {
            if (slots.key(slot) == key && isOf(slot, tokens)) {
                return slot;
            }
        }
        return -1;
    }

    private boolean isOf(int slot, LiveTokens tokens) {
        Owners.Owner owner = owners.get(slots.owner(slot));
        return owner != null && owner.tokens() == tokens;
    }

    /** Those that are no longer good at an instant. */
    List<Expired> expired(long microseconds) {
        long stamp = lock.readLock();
        try {
            List<Expired> expired = new ArrayList<>();
            for (int slot = 0; slot < slots.capacity(); slot++) {
                Owners.Owner owner =
                        slots.isFree(slot) || slots.expiry(slot) > microseconds ? null : owners.get(slots.owner(slot));
                if (owner != null) {
                    expired.add(new Expired(slots.key(slot), owner.tokens()));
                }
            }
            return expired;
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

        // Four words of the hash, the first being the key, and what else there is to know.
        private static final int WORDS = 7;
        private static final int EPOCH = 4;
        private static final int EXPIRY = 5;
        private static final int OWNER = 6;

        private final int capacity;
        private final long[] words;

        Slots(int capacity) {
            this.capacity = capacity;
            this.words = new long[capacity * WORDS];
        }

        int capacity() {
            return capacity;
        }

        /** How many there may be: with more, those that collide would be far from their place. */
        int most() {
            return capacity * 4 / 5;
        }

        /** With fewer, half the room will do. */
        int least() {
            return capacity == LEAST ? 0 : capacity / 4;
        }

        boolean isFree(int slot) {
            return words[slot * WORDS] == 0;
        }

        long key(int slot) {
            return words[slot * WORDS];
        }

        long epoch(int slot) {
            return words[slot * WORDS + EPOCH];
        }

        long expiry(int slot) {
            return words[slot * WORDS + EXPIRY];
        }

        int owner(int slot) {
            return (int) words[slot * WORDS + OWNER];
        }

        /** Where a token is; -1 if it is not here. */
        int find(SecretHash hash) {
            int slot = home(TokenShard.key(hash));
            // Never more often than there are slots: what is half written may show no end.
            for (int i = 0; i < capacity && !isFree(slot); i++) {
                if (holds(slot, hash)) {
                    return slot;
                }
                slot = next(slot);
            }
            return -1;
        }

        private boolean holds(int slot, SecretHash hash) {
            int at = slot * WORDS;
            return words[at] == TokenShard.key(hash)
                    && words[at + 1] == hash.word(1)
                    && words[at + 2] == hash.word(2)
                    && words[at + 3] == hash.word(3);
        }

        void add(AccessToken token, int owner) {
            SecretHash hash = token.hash();
            long expiry = Microseconds.of(token.expiresAt());
            int at = free(TokenShard.key(hash)) * WORDS;
            words[at] = TokenShard.key(hash);
            words[at + 1] = hash.word(1);
            words[at + 2] = hash.word(2);
            words[at + 3] = hash.word(3);
            words[at + EPOCH] = token.epoch();
            words[at + EXPIRY] = expiry;
            words[at + OWNER] = owner;
        }

        void vacate(int slot) {
            int gap = slot;
            for (int i = next(slot); !isFree(i); i = next(i)) {
                if (distance(home(key(i)), i) >= distance(gap, i)) {
                    copy(i, this, gap);
                    gap = i;
                }
            }
            words[gap * WORDS] = 0;
        }

        Slots resized(int capacity) {
            Slots resized = new Slots(Math.max(capacity, LEAST));
            for (int i = 0; i < this.capacity; i++) {
                if (!isFree(i)) {
                    copy(i, resized, resized.free(key(i)));
                }
            }
            return resized;
        }

        private void copy(int from, Slots target, int to) {
            System.arraycopy(words, from * WORDS, target.words, to * WORDS, WORDS);
        }

        private int free(long key) {
            int slot = home(key);
            while (!isFree(slot)) {
                slot = next(slot);
            }
            return slot;
        }

        /** By the lower half of the key, as a fraction of all slots; its upper bits say which shard it is in. */
        int home(long key) {
            return (int) (((key & 0xffff_ffffL) * capacity) >>> 32);
        }

        int next(int slot) {
            return slot + 1 == capacity ? 0 : slot + 1;
        }

        /** How far it is from one slot on to another. */
        private int distance(int from, int to) {
            return to >= from ? to - from : to - from + capacity;
        }
    }
}
