package dev.agentauth.examples.provider;

import dev.agentauth.client.http.Pause;
import dev.agentauth.examples.provider.RefusedException.Reason;
import dev.agentauth.examples.provider.kit.IdJag;
import dev.agentauth.examples.provider.kit.Logout;
import dev.agentauth.examples.provider.kit.ProviderKit;
import dev.agentauth.examples.provider.kit.TooSoonException;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.BiFunction;
import java.util.function.UnaryOperator;

/**
 * Who is signed in. Vouching and signing out exclude each other, so that nothing is said about a session after its end.
 */
final class SignIns {
    private static final int MAX_SESSIONS = 1000;
    private static final String PLATFORM = "agent-auth sample provider";

    private final InstantSource clock;
    private final Pause pause;
    private final ProviderKit kit;
    private final Map<String, Session> sessions = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        /** Forgets the oldest. */
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Session> eldest) {
            return size() > MAX_SESSIONS;
        }
    };

    SignIns(InstantSource clock, Pause pause, ProviderKit kit) {
        this.clock = clock;
        this.pause = pause;
        this.kit = kit;
    }

    /** Starts a session, and returns the secret that stands for it. */
    synchronized String signIn(Person person) {
        String token = "ses_" + UUID.randomUUID();
        sessions.put(token, new Session(person, "ctx_" + UUID.randomUUID(), clock.instant()));
        return token;
    }

    /** Mints an ID-JAG. Waits for the next second to begin if the person has just signed out elsewhere. */
    String vouch(String sessionToken, String audience, UnaryOperator<IdJag> narrowing)
            throws RefusedException, InterruptedException {
        try {
            return mint(sessionToken, audience, narrowing);
        } catch (TooSoonException e) {
            pause.sleep(e.delay());
        }
        try {
            return mint(sessionToken, audience, narrowing);
        } catch (TooSoonException e) {
            throw new RefusedException(Reason.TOO_SOON);
        }
    }

    /** Ends a session. What is returned has to be delivered: a logout for each service that was told of the session. */
    List<Logout> signOut(String sessionToken) throws RefusedException {
        return signOut(sessionToken, kit::mintLogout);
    }

    /** Ends a session, and says so in one way or another: given a subject and an audience. */
    synchronized List<Logout> signOut(String sessionToken, BiFunction<String, String, Logout> way)
            throws RefusedException {
        Session session = session(sessionToken);
        sessions.remove(sessionToken);
        String subject = session.person().subject();
        return session.audiences().stream()
                .map(audience -> way.apply(subject, audience))
                .toList();
    }

    private synchronized String mint(String sessionToken, String audience, UnaryOperator<IdJag> narrowing)
            throws RefusedException {
        Session session = session(sessionToken);
        if (!session.hasRoomFor(audience)) {
            throw new RefusedException(Reason.TOO_MANY_SERVICES);
        }
        IdJag idJag = IdJag.about(session.person().subject(), audience)
                .withVerifiedEmail(session.person().email())
                .withSignIn(session.signedInAt())
                .withPlatform(PLATFORM)
                .withContext(session.contextId());
        String minted = kit.mintIdJag(narrowing.apply(idJag));
        session.addAudience(audience);
        return minted;
    }

    private Session session(String sessionToken) throws RefusedException {
        Session session = sessions.get(sessionToken);
        if (session == null) {
            throw new RefusedException(Reason.UNKNOWN_SESSION);
        }
        return session;
    }
}
