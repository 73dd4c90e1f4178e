package dev.agentauth.examples.provider;

import dev.agentauth.examples.provider.RefusedException.Reason;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/**
 * Who is signed in, and when the provider said what about whom.
 *
 * <p>The times of a JWT are whole seconds, and a logout ends everything up to and including its own second. So a logout
 * is never dated before an ID-JAG that it has to end, and the next ID-JAG about the same person has to wait until that
 * second is over.
 */
final class SignIns {
    private static final int MAX_SESSIONS = 1000;
    private static final int MAX_PEOPLE = 10_000;

    private final InstantSource clock;
    private final Pause pause;
    private final Map<String, Session> sessions = new Bounded<>(MAX_SESSIONS);
    private final Map<String, Said> saidBySubject = new Bounded<>(MAX_PEOPLE);

    SignIns(InstantSource clock, Pause pause) {
        this.clock = clock;
        this.pause = pause;
    }

    /** Lets a second pass. */
    interface Pause {
        void sleep(Duration duration) throws InterruptedException;
    }

    /** The right to mint one ID-JAG, with the second of its {@code iat}. */
    record Vouching(Session session, Instant issuedAt) {}

    /** What a sign-out ends: everything said to these services about this subject, until and including this second. */
    record SignedOut(String subject, Set<String> audiences, Instant issuedAt) {}

    /** Starts a session, and returns the secret that stands for it. */
    synchronized String signIn(Person person) {
        String token = "ses_" + UUID.randomUUID();
        sessions.put(token, new Session(person, "ctx_" + UUID.randomUUID(), clock.instant()));
        return token;
    }

    /** Asks for the right to mint. Waits for the next second to begin if the person has just signed out elsewhere. */
    Vouching vouch(String sessionToken, String audience) throws RefusedException, InterruptedException {
        if (isTooSoon(sessionToken)) {
            Instant now = clock.instant();
            pause.sleep(Duration.between(now, second(now).plusSeconds(1)));
        }
        return vouchNow(sessionToken, audience);
    }

    /** Ends a session. */
    synchronized SignedOut signOut(String sessionToken) throws RefusedException {
        Session session = session(sessionToken);
        sessions.remove(sessionToken);
        String subject = session.person().subject();
        Said said = said(subject);
        Instant issuedAt = later(second(clock.instant()), said.newestIdJag());
        saidBySubject.put(subject, new Said(said.newestIdJag(), later(issuedAt, said.newestLogout())));
        return new SignedOut(subject, session.audiences(), issuedAt);
    }

    private synchronized boolean isTooSoon(String sessionToken) throws RefusedException {
        return !isAfterLogout(second(clock.instant()), session(sessionToken));
    }

    private synchronized Vouching vouchNow(String sessionToken, String audience) throws RefusedException {
        Session session = session(sessionToken);
        Instant now = second(clock.instant());
        if (!isAfterLogout(now, session)) {
            throw new RefusedException(Reason.TOO_SOON);
        }
        if (!session.addAudience(audience)) {
            throw new RefusedException(Reason.TOO_MANY_SERVICES);
        }
        String subject = session.person().subject();
        Said said = said(subject);
        saidBySubject.put(subject, new Said(later(now, said.newestIdJag()), said.newestLogout()));
        return new Vouching(session, now);
    }

    private Session session(String sessionToken) throws RefusedException {
        Session session = sessions.get(sessionToken);
        if (session == null) {
            throw new RefusedException(Reason.UNKNOWN_SESSION);
        }
        return session;
    }

    private boolean isAfterLogout(Instant second, Session session) {
        return second.isAfter(said(session.person().subject()).newestLogout());
    }

    private Said said(String subject) {
        return saidBySubject.getOrDefault(subject, Said.NOTHING);
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

    /** Forgets what has not been written for longest. */
    private static final class Bounded<V> extends LinkedHashMap<String, V> {
        private static final long serialVersionUID = 1L;

        private final int limit;

        Bounded(int limit) {
            this.limit = limit;
        }

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, V> eldest) {
            return size() > limit;
        }
    }
}
