package dev.agentauth.memory;

import java.lang.invoke.VarHandle;
import java.util.Arrays;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Whose tokens there are, by number: a token that names its owner by a number is nothing that the collector has to look at.
 * A number is given again once it is given back. Keeps four bytes, empty, for as many as there have ever been at once.
 */
final class Owners {
    private static final int FIRST_ROOM = 64;

    private volatile @Nullable Owner[] byNumber = new Owner[FIRST_ROOM];
    private int[] free = new int[FIRST_ROOM];
    private int freeCount;
    private int used;

    /** Whose a token is, and what it never goes beyond. Most tokens have no ceiling: those of a registration share one. */
    sealed interface Owner permits LiveTokens, Narrowed {
        LiveTokens tokens();

        @Nullable
        Set<String> ceiling();
    }

    /** The owner of one token with a ceiling. */
    record Narrowed(LiveTokens tokens, @Nullable Set<String> ceiling) implements Owner {}

    /** Null for a number that nobody has, and of nobody's choice for one that has just been given back. */
    @Nullable
    Owner get(int number) {
        Owner[] all = byNumber;
        return number < all.length ? all[number] : null;
    }

    synchronized int add(Owner owner) {
        int number = freeCount > 0 ? free[--freeCount] : used++;
        if (number == byNumber.length) {
            byNumber = Arrays.copyOf(byNumber, number + number / 2);
        }
        // Whoever finds the number in a token sees the owner as it is now, or that its look at the token was disturbed.
        VarHandle.releaseFence();
        byNumber[number] = owner;
        return number;
    }

    /** Only once no token has it any more. */
    synchronized void remove(int number) {
        if (freeCount == free.length) {
            free = Arrays.copyOf(free, freeCount + freeCount / 2);
        }
        free[freeCount++] = number;
        byNumber[number] = null;
    }
}
