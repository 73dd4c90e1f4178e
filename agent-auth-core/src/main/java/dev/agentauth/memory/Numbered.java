package dev.agentauth.memory;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Arrays;
import java.util.Iterator;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;

/**
 * Objects by number: what names an object by a number is nothing that the collector has to look at. Look-ups take no lock
 * and see every write that has returned. A number is given again once it is given back, so that whoever remembers one looks
 * whether it is still the object that was meant. Keeps eight bytes, empty, for as many as there have ever been at once.
 */
final class Numbered<T> implements Iterable<T> {
    /** The number of nothing. */
    static final int NONE = -1;

    private static final VarHandle ELEMENT = MethodHandles.arrayElementVarHandle(Object[].class);
    private static final int FIRST_ROOM = 64;

    private volatile @Nullable Object[] byNumber = new Object[FIRST_ROOM];
    private int[] free = new int[FIRST_ROOM];
    private int freeCount;
    private volatile int used;

    /** Null for a number that nothing has. */
    @SuppressWarnings("unchecked") // nothing else is ever put there
    @Nullable
    T get(int number) {
        @Nullable Object[] all = byNumber;
        return number >= 0 && number < all.length ? (T) ELEMENT.getAcquire(all, number) : null;
    }

    synchronized int add(T object) {
        int number = freeCount > 0 ? free[--freeCount] : used++;
        if (number == byNumber.length) {
            byNumber = Arrays.copyOf(byNumber, number + number / 2);
        }
        set(number, object);
        return number;
    }

    /** Puts another one in the place of what has the number. */
    synchronized void set(int number, T object) {
        ELEMENT.setVolatile(byNumber, number, object);
    }

    /** Takes the number back. */
    synchronized void remove(int number) {
        if (freeCount == free.length) {
            free = Arrays.copyOf(free, freeCount + freeCount / 2);
        }
        free[freeCount++] = number;
        ELEMENT.setVolatile(byNumber, number, null);
    }

    /** All that are there from the first step to the last, and any of those that come or go meanwhile. */
    @Override
    public Iterator<T> iterator() {
        return new Iterator<>() {
            private int number;
            private @Nullable T next;

            @Override
            public boolean hasNext() {
                while (next == null && number < used) {
                    next = get(number++);
                }
                return next != null;
            }

            @Override
            public T next() {
                T found = hasNext() ? next : null;
                if (found == null) {
                    throw new NoSuchElementException();
                }
                next = null;
                return found;
            }
        };
    }
}
