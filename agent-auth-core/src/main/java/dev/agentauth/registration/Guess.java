package dev.agentauth.registration;

import dev.agentauth.Problem;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What comes of trying a code.
 *
 * @since 0.2.0
 */
public sealed interface Guess {

    /**
     * It is the code. Made by {@link Registration#guess} and {@link Registration#type} alone: it is what owning takes.
     */
    final class Right implements Guess {
        private final Registration of;
        private final Completion how;
        private final @Nullable String by;
        private final Instant at;

        Right(Registration of, Completion how, @Nullable String by, Instant at) {
            this.of = of;
            this.how = how;
            this.by = by;
            this.at = at;
        }

        /**
         * Who is to be bound: whoever was signed in when the code was revealed, or typed.
         *
         * @return the service's own id; null if whoever answered was known by the mailbox
         */
        public @Nullable String by() {
            return by;
        }

        boolean isOf(Registration registration) {
            return of.equals(registration);
        }

        Completion how() {
            return how;
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
