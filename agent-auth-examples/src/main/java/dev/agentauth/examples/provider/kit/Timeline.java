package dev.agentauth.examples.provider.kit;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * When a provider said what about whom.
 *
 * <p>The times of a JWT are whole seconds, and a logout ends everything up to and including its own second. So a logout
 * is never dated before an ID-JAG that it has to end, and the next ID-JAG about the same person has to wait until that
 * second is over.
 */
final class Timeline {
    private static final int MAX_PEOPLE = 10_000;

    private final InstantSource clock;
    private final Map<String, Said> saidBySubject = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        /** Forgets what has not been written for longest. */
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Said> eldest) {
            return size() > MAX_PEOPLE;
        }
    };

    Timeline(InstantSource clock) {
        this.clock = clock;
    }

    /** Dates an ID-JAG to the second of now. */
    synchronized Instant idJag(String subject) {
        Instant now = clock.instant();
        Instant second = second(now);
        Said said = said(subject);
        if (!second.isAfter(said.newestLogout())) {
            throw new TooSoonException(Duration.between(now, second.plusSeconds(1)));
        }
        say(subject, new Said(later(second, said.newestIdJag()), said.newestLogout()));
        return second;
    }

    /** Dates a logout to the second of now, or to that of the newest ID-JAG if the clock has gone back. */
    synchronized Instant logout(String subject) {
        Said said = said(subject);
        Instant second = later(second(clock.instant()), said.newestIdJag());
        say(subject, new Said(said.newestIdJag(), later(second, said.newestLogout())));
        return second;
    }

    private Said said(String subject) {
        return saidBySubject.getOrDefault(subject, Said.NOTHING);
    }

    private void say(String subject, Said said) {
        saidBySubject.remove(subject);
        saidBySubject.put(subject, said);
    }

    private static Instant second(Instant instant) {
        return instant.truncatedTo(ChronoUnit.SECONDS);
    }

    private static Instant later(Instant a, Instant b) {
        return a.isAfter(b) ? a : b;
    }

    /** The newest second of each kind. */
    private record Said(Instant newestIdJag, Instant newestLogout) {
        static final Said NOTHING = new Said(Instant.MIN, Instant.MIN);
    }
}
