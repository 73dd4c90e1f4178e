package dev.agentauth.registration;

import dev.agentauth.Problem;
import java.time.Instant;

/**
 * What comes of trying a code.
 *
 * @since 0.2.0
 */
public sealed interface Guess {

    /** It is the code that the person saw. Made by {@link Registration#guess} alone: it is what owning takes. */
    final class Right implements Guess {
        private final Registration of;
        private final Instant at;

        Right(Registration of, Instant at) {
            this.of = of;
            this.at = at;
        }

        boolean isOf(Registration registration) {
            return of.equals(registration);
        }

        Instant at() {
            return at;
        }
    }

    /**
     * It is not. The guess has to be counted before anybody hears of it.
     *
     * @param next the value to store in place of the one asked
     */
    record Wrong(Registration next) implements Guess {}

    /**
     * No code can be tried now, right or wrong.
     *
     * @param problem why not
     */
    record Refused(Problem problem) implements Guess {}
}
