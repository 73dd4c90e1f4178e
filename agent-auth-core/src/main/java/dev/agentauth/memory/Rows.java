package dev.agentauth.memory;

/**
 * Rows of numbers in one array, by open addressing: as objects of a map they would keep the garbage collector busy, since
 * each write of a reference into old memory is one more place that it has to look at. Numbers it never looks at.
 *
 * <p>A row is at the place that the lower half of its first word asks for, or at the next free one after it; after the last
 * comes the first. What is removed lets those behind it move up, so that no gap is ever between a row and the place that it
 * asked for. A free row begins with 0, so that no other may.
 *
 * <p>Whoever owns it guards it. Reading it unguarded ends, and finds nonsense at worst.
 */
final class Rows {
    private static final int LEAST = 8;

    private final int width;
    private final int capacity;
    private final long[] words;

    private Rows(int width, int capacity) {
        this.width = width;
        this.capacity = capacity;
        this.words = new long[capacity * width];
    }

    /** Room for a few rows, of as many words each. */
    static Rows ofWidth(int width) {
        return new Rows(width, LEAST);
    }

    int capacity() {
        return capacity;
    }

    long word(int row, int index) {
        return words[row * width + index];
    }

    /** A word of two numbers. */
    static long pair(int upper, int lower) {
        return (long) upper << Integer.SIZE | Integer.toUnsignedLong(lower);
    }

    int upper(int row, int index) {
        return (int) (word(row, index) >>> Integer.SIZE);
    }

    int lower(int row, int index) {
        return (int) word(row, index);
    }

    void set(int row, int index, long word) {
        words[row * width + index] = word;
    }

    boolean isFree(int row) {
        return words[row * width] == 0;
    }

    /** By the lower half of a row's first word, as a fraction of all places. */
    int home(long first) {
        return (int) (((first & 0xffff_ffffL) * capacity) >>> 32);
    }

    int next(int row) {
        return row + 1 == capacity ? 0 : row + 1;
    }

    /** Where a row goes that begins with a word. */
    int free(long first) {
        int row = home(first);
        while (!isFree(row)) {
            row = next(row);
        }
        return row;
    }

    void vacate(int row) {
        int gap = row;
        for (int i = next(row); !isFree(i); i = next(i)) {
            if (distance(home(word(i, 0)), i) >= distance(gap, i)) {
                copy(i, this, gap);
                gap = i;
            }
        }
        set(gap, 0, 0);
    }

    /** The same rows with room for as many: with more, those that collide would be far from their place. */
    Rows withRoomFor(int size) {
        if (size > capacity * 4 / 5) {
            return resized(capacity + capacity / 2);
        }
        return size < capacity / 4 && capacity > LEAST ? resized(Math.max(capacity / 2, LEAST)) : this;
    }

    private Rows resized(int newCapacity) {
        Rows resized = new Rows(width, newCapacity);
        for (int i = 0; i < capacity; i++) {
            if (!isFree(i)) {
                copy(i, resized, resized.free(word(i, 0)));
            }
        }
        return resized;
    }

    private void copy(int from, Rows target, int to) {
        System.arraycopy(words, from * width, target.words, to * width, width);
    }

    /** How far it is from one row on to another. */
    private int distance(int from, int to) {
        return to >= from ? to - from : to - from + capacity;
    }
}
