package dev.agentauth.memory;

import java.util.Arrays;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which tokens one registration has, in the order in which they came: a ring of their keys, see {@link TokenShard#key}.
 * Guarded by its own lock. Once it is empty it is closed, and never used again.
 */
final class LiveTokens implements Owner {
    private final String registrationId;
    private final int place;
    private final int number;
    private long[] keys = new long[1];
    private int oldest;
    private int size;
    private boolean closed;

    LiveTokens(String registrationId, int place, Numbered<Owner> owners) {
        this.registrationId = registrationId;
        this.place = place;
        this.number = owners.add(this);
    }

    @Override
    public LiveTokens tokens() {
        return this;
    }

    @Override
    public @Nullable Set<String> ceiling() {
        return null;
    }

    String registrationId() {
        return registrationId;
    }

    /** Where its registration was when its first token came; {@link Numbered#NONE} if that is not known. */
    int place() {
        return place;
    }

    /** Its number among all owners. */
    int number() {
        return number;
    }

    boolean isClosed() {
        return closed;
    }

    int size() {
        return size;
    }

    void add(long key) {
        if (size == keys.length) {
            keys = straightened(2 * size);
            oldest = 0;
        }
        keys[at(size++)] = key;
    }

    long removeOldest() {
        long key = keys[oldest];
        oldest = at(1);
        size--;
        return key;
    }

    /** Without effect if it is not there. Those that expire are mostly the oldest, so it is those before it that move up. */
    void remove(long key) {
        for (int i = 0; i < size; i++) {
            if (keys[at(i)] == key) {
                for (int j = i; j > 0; j--) {
                    keys[at(j)] = keys[at(j - 1)];
                }
                oldest = at(1);
                size--;
                closed = size == 0;
                return;
            }
        }
    }

    private int at(int index) {
        int at = oldest + index;
        return at < keys.length ? at : at - keys.length;
    }

    private long[] straightened(int length) {
        long[] straight = Arrays.copyOf(keys, length);
        System.arraycopy(keys, oldest, straight, 0, keys.length - oldest);
        System.arraycopy(keys, 0, straight, keys.length - oldest, oldest);
        return straight;
    }
}
