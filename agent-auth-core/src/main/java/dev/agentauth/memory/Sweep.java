package dev.agentauth.memory;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.function.Predicate;

/**
 * Goes through everything in batches, each of which goes on where the last one ended: a map from which much was removed is
 * still gone through from its first slot, so that beginning anew with each batch would cost the square of what is removed.
 */
final class Sweep<T> {
    private final Iterable<T> all;
    private Iterator<T> position = Collections.emptyIterator();

    /**
     * Begins at the beginning.
     *
     * @param all iterates while others add and remove
     */
    Sweep(Iterable<T> all) {
        this.all = all;
    }

    /**
     * Removes what may go.
     *
     * @param limit how many at the most
     * @param remove removes one, and says whether it did
     * @return those; fewer than {@code limit} only after a whole round that began in this very call
     */
    synchronized List<T> take(int limit, Predicate<T> remove) {
        List<T> taken = new ArrayList<>();
        boolean wholeRound = false;
        while (taken.size() < limit) {
            if (position.hasNext()) {
                T next = position.next();
                if (remove.test(next)) {
                    taken.add(next);
                }
            } else if (wholeRound) {
                // The iterator would keep the last one alive.
                position = Collections.emptyIterator();
                break;
            } else {
                wholeRound = true;
                position = all.iterator();
            }
        }
        return taken;
    }
}
