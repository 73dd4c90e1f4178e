package dev.agentauth.memory;

import java.util.Arrays;
import java.util.concurrent.locks.StampedLock;
import java.util.function.BiPredicate;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * Which of some numbered objects has a key that no other has. It keeps a number and half of a digest of each key, as rows of
 * one word, in a third of the memory that a map would take; whether an object has the key is asked of the object itself. So
 * an index which is a moment behind never shows an object under a key that it no longer has.
 *
 * <p>Look-ups take no lock unless they find nothing while somebody writes. Writes are for one thread at a time.
 */
final class UniqueIndex<K, T> {
    private static final int SHARD_BITS = 6;

    private final Numbered<T> all;
    private final ToLongFunction<K> digest;
    private final BiPredicate<T, K> has;
    private final Shard[] shards = new Shard[1 << SHARD_BITS];

    /**
     * An empty one.
     *
     * @param digest a number of a key, each of whose bits is as likely one as the other
     * @param has whether an object has a key
     */
    UniqueIndex(Numbered<T> all, ToLongFunction<K> digest, BiPredicate<T, K> has) {
        this.all = all;
        this.digest = digest;
        this.has = has;
        Arrays.setAll(shards, i -> new Shard());
    }

    /** The object that has a key now. */
    @Nullable
    T find(K key) {
        // Another one may have been given the number since.
        T found = all.get(numberOf(key));
        return found != null && has.test(found, key) ? found : null;
    }

    /** The number of the object that has a key now; {@link Numbered#NONE} if none has. */
    int numberOf(K key) {
        long digestOfKey = digest.applyAsLong(key);
        Shard shard = shard(digestOfKey);
        long stamp = shard.lock.tryOptimisticRead();
        if (stamp != 0) {
            int seen = look(shard.rows, digestOfKey, key);
            if (seen != Numbered.NONE || shard.lock.validate(stamp)) {
                return seen;
            }
        }
        stamp = shard.lock.readLock();
        try {
            return look(shard.rows, digestOfKey, key);
        } finally {
            shard.lock.unlockRead(stamp);
        }
    }

    private int look(Rows rows, long digestOfKey, K key) {
        int row = rows.home(digestOfKey);
        // Never more often than there are rows: what is half written may show no end.
        for (int i = 0; i < rows.capacity(); i++) {
            long word = rows.word(row, 0);
            if (word == 0) {
                return Numbered.NONE;
            }
            if ((int) word == (int) digestOfKey) {
                T found = all.get(number(word));
                if (found != null && has.test(found, key)) {
                    return number(word);
                }
            }
            row = rows.next(row);
        }
        return Numbered.NONE;
    }

    /** Without effect if it is there already. */
    void add(K key, int number) {
        long digestOfKey = digest.applyAsLong(key);
        Shard shard = shard(digestOfKey);
        long word = word(digestOfKey, number);
        if (shard.rowOf(word) >= 0) {
            return;
        }
        long stamp = shard.lock.writeLock();
        try {
            shard.rows = shard.rows.withRoomFor(++shard.size);
            shard.rows.set(shard.rows.free(word), 0, word);
        } finally {
            shard.lock.unlockWrite(stamp);
        }
    }

    /** Without effect if it is not there. */
    void remove(K key, int number) {
        long digestOfKey = digest.applyAsLong(key);
        Shard shard = shard(digestOfKey);
        int row = shard.rowOf(word(digestOfKey, number));
        if (row < 0) {
            return;
        }
        long stamp = shard.lock.writeLock();
        try {
            shard.rows.vacate(row);
            shard.rows = shard.rows.withRoomFor(--shard.size);
        } finally {
            shard.lock.unlockWrite(stamp);
        }
    }

    /** Never 0, which is a free row. */
    private static long word(long digestOfKey, int number) {
        return Rows.pair(number + 1, (int) digestOfKey);
    }

    private static int number(long word) {
        return (int) (word >>> Integer.SIZE) - 1;
    }

    /** By the upper bits of the digest; its lower half says where in the shard. */
    private Shard shard(long digestOfKey) {
        return shards[(int) (digestOfKey >>> (Long.SIZE - SHARD_BITS))];
    }

    /** So that no writer holds up more than a part of the readers, nor anybody for long while one grows. */
    private static final class Shard {
        final StampedLock lock = new StampedLock();
        Rows rows = Rows.ofWidth(1);
        int size;

        int rowOf(long word) {
            for (int row = rows.home(word); !rows.isFree(row); row = rows.next(row)) {
                if (rows.word(row, 0) == word) {
                    return row;
                }
            }
            return -1;
        }
    }
}
