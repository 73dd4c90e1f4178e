package dev.agentauth.memory;

import dev.agentauth.SecretHash;
import dev.agentauth.registration.Attempt;
import dev.agentauth.registration.Claim;
import dev.agentauth.registration.EndReason;
import dev.agentauth.registration.ProviderIdentity;
import dev.agentauth.registration.ProviderLink;
import dev.agentauth.registration.Registration;
import dev.agentauth.registration.RegistrationKind;
import dev.agentauth.spi.RegistrationStore;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Registrations in memory. Look-ups take no lock, but for a moment where they find nothing while somebody writes; writes
 * take one, which is held for no longer than it takes to put a value into its place.
 *
 * <p>Look-ups go by an index and check that the registration found still has the key, so that an index which is a moment
 * behind never shows a value under a key that it no longer has.
 *
 * @since 0.2.0
 */
public final class InMemoryRegistrationStore implements RegistrationStore {
    private static final Comparator<Registration> OLDEST_FIRST =
            Comparator.comparing(Registration::createdAt).thenComparing(Registration::id);

    // Spreads what String.hashCode leaves close together over all 64 bits: the golden ratio, as a fraction of them.
    private static final long SPREAD = 0x9E37_79B9_7F4A_7C15L;

    private final Numbered<Registration> all = new Numbered<>();
    private final UniqueIndex<String, Registration> byId = new UniqueIndex<>(
            all,
            id -> id.hashCode() * SPREAD,
            (registration, id) -> registration.id().equals(id));
    private final UniqueIndex<SecretHash, Registration> byClaimToken =
            new UniqueIndex<>(all, hash -> hash.word(0), (registration, hash) -> hash.equals(claimToken(registration)));
    private final UniqueIndex<SecretHash, Registration> byAttemptToken = new UniqueIndex<>(
            all, hash -> hash.word(0), (registration, hash) -> hash.equals(attemptToken(registration)));
    private final Index<String> byUser = new Index<>();
    private final Index<String> byRecipient = new Index<>();
    private final Index<SecretHash> byProviderSubject = new Index<>();
    private final Object writing = new Object();
    private final Sweep<Registration> purging = new Sweep<>(all);

    /** Expired registrations whose identity has gone to a later one. */
    private final Set<String> givenAway = new HashSet<>();

    /** An empty store. */
    public InMemoryRegistrationStore() {}

    @Override
    public boolean insert(Registration registration, Instant now) {
        synchronized (writing) {
            if (look(registration.id()) != null) {
                throw new IllegalArgumentException("the id is taken: " + registration.id());
            }
            Registration holder = holder(registration);
            if (holder != null && holder.isLive(now)) {
                return false;
            }
            add(registration.withVersion(0));
            if (holder != null) {
                put(holder, holder.withVersion(holder.version() + 1));
                givenAway.add(holder.id());
            }
            return true;
        }
    }

    @Override
    public Optional<Registration> replace(Registration current, Registration next) {
        if (!current.id().equals(next.id())) {
            throw new IllegalArgumentException("a registration keeps its id");
        }
        synchronized (writing) {
            Registration stored = look(current.id());
            if (stored == null || stored.version() != current.version()) {
                return Optional.empty();
            }
            if (next.claimedAt() != null && next.revokedAt() == null && givenAway.contains(next.id())) {
                if (holder(next) != null) {
                    return Optional.empty();
                }
                givenAway.remove(next.id());
            }
            Registration written = next.withVersion(current.version() + 1);
            put(stored, written);
            return Optional.of(written);
        }
    }

    @Override
    public Optional<Registration> findById(String id) {
        return Optional.ofNullable(look(id));
    }

    @Nullable
    Registration look(String id) {
        return byId.find(id);
    }

    /** The number of a registration; {@link Numbered#NONE} if it is not here. */
    int numberOf(String id) {
        return byId.numberOf(id);
    }

    /** Looks first at the number that it had once, which saves the way by its id: most of that is waiting for memory. */
    @Nullable
    Registration look(String id, int number) {
        Registration there = all.get(number);
        return there != null && there.id().equals(id) ? there : look(id);
    }

    @Override
    public Optional<Registration> findByClaimToken(SecretHash tokenHash) {
        return Optional.ofNullable(byClaimToken.find(tokenHash));
    }

    @Override
    public Optional<Registration> findByAttemptToken(SecretHash tokenHash) {
        return Optional.ofNullable(byAttemptToken.find(tokenHash));
    }

    @Override
    public List<Registration> findByUser(String userId) {
        return findAll(byUser.get(userId), registration -> userId.equals(registration.userBehind()));
    }

    @Override
    public List<Registration> findUnclaimedByRecipient(String recipient) {
        return findAll(byRecipient.get(recipient), registration -> recipient.equals(recipientAsked(registration)));
    }

    @Override
    public List<Registration> findByProvider(ProviderIdentity identity) {
        return findAll(byProviderSubject.get(identity.subjectKey()), registration -> carries(registration, identity));
    }

    @Override
    public List<Registration> findByProviderInAnyTenant(ProviderIdentity subject) {
        return findAll(
                byProviderSubject.get(subject.subjectKey()),
                registration -> registration.revokedAt() == null
                        && registration.provider() != null
                        && subject.isSameSubject(registration.provider().identity()));
    }

    /** Looks at every registration; keeps no more than {@code limit} of them meanwhile. */
    @Override
    public List<Registration> findMadeBefore(Instant createdAt, String id, int limit) {
        PriorityQueue<Registration> newest = new PriorityQueue<>(OLDEST_FIRST);
        for (Registration registration : all) {
            int order = registration.createdAt().compareTo(createdAt);
            if (order < 0 || (order == 0 && registration.id().compareTo(id) < 0)) {
                newest.add(registration);
                if (newest.size() > limit) {
                    newest.remove();
                }
            }
        }
        List<Registration> found = new ArrayList<>(newest);
        found.sort(OLDEST_FIRST.reversed());
        return found;
    }

    @Override
    public int revokeAll(Instant now) {
        synchronized (writing) {
            int revoked = 0;
            for (Registration registration : all) {
                if (registration.revokedAt() == null) {
                    put(
                            registration,
                            registration.revoke(EndReason.OPERATOR, now).withVersion(registration.version() + 1));
                    revoked++;
                }
            }
            return revoked;
        }
    }

    @Override
    public List<Registration> purge(Instant unclaimedBefore, Instant settledBefore, int limit) {
        return purging.take(limit, registration -> {
            Instant bound = registration.isSettled() ? settledBefore : unclaimedBefore;
            return !registration.restingSince().isAfter(bound) && remove(registration);
        });
    }

    private boolean remove(Registration registration) {
        synchronized (writing) {
            int number = byId.numberOf(registration.id());
            if (!registration.equals(all.get(number))) {
                return false;
            }
            byId.remove(registration.id(), number);
            unindex(registration, null, number);
            all.remove(number);
            givenAway.remove(registration.id());
            return true;
        }
    }

    /** The registration of kind provider, if any, that has the identity which another one is to have. */
    private @Nullable Registration holder(Registration other) {
        ProviderLink link = other.provider();
        if (other.kind() != RegistrationKind.PROVIDER || link == null) {
            return null;
        }
        return findAll(
                        byProviderSubject.get(link.identity().subjectKey()),
                        registration -> carries(registration, link.identity()))
                .stream()
                .filter(registration ->
                        registration.kind() == RegistrationKind.PROVIDER && !givenAway.contains(registration.id()))
                .findFirst()
                .orElse(null);
    }

    private static boolean carries(Registration registration, ProviderIdentity identity) {
        return registration.revokedAt() == null
                && registration.provider() != null
                && registration.provider().identity().equals(identity);
    }

    private List<Registration> findAll(Set<String> ids, Predicate<Registration> stillHasKey) {
        List<Registration> found = new ArrayList<>();
        for (String id : ids) {
            findById(id).filter(stillHasKey).ifPresent(found::add);
        }
        found.sort(OLDEST_FIRST);
        return found;
    }

    private void add(Registration registration) {
        int number = all.add(registration);
        byId.add(registration.id(), number);
        index(registration, number);
    }

    /** New keys come first and old ones go last, so that a reader finds the registration at every moment. */
    private void put(Registration before, Registration after) {
        int number = byId.numberOf(before.id());
        index(after, number);
        all.set(number, after);
        if (after.revokedAt() != null) {
            givenAway.remove(after.id());
        }
        unindex(before, after, number);
    }

    private void index(Registration registration, int number) {
        SecretHash claimToken = claimToken(registration);
        if (claimToken != null) {
            byClaimToken.add(claimToken, number);
        }
        SecretHash attemptToken = attemptToken(registration);
        if (attemptToken != null) {
            byAttemptToken.add(attemptToken, number);
        }
        String user = registration.userBehind();
        if (user != null) {
            byUser.add(user, registration.id());
        }
        String recipient = recipientAsked(registration);
        if (recipient != null) {
            byRecipient.add(recipient, registration.id());
        }
        SecretHash subject = subjectKey(registration);
        if (subject != null) {
            byProviderSubject.add(subject, registration.id());
        }
    }

    /** Those keys of a value that the next one has not; all of them if there is no next one. */
    private void unindex(Registration before, @Nullable Registration after, int number) {
        SecretHash claimToken = claimToken(before);
        if (claimToken != null && (after == null || !claimToken.equals(claimToken(after)))) {
            byClaimToken.remove(claimToken, number);
        }
        SecretHash attemptToken = attemptToken(before);
        if (attemptToken != null && (after == null || !attemptToken.equals(attemptToken(after)))) {
            byAttemptToken.remove(attemptToken, number);
        }
        String user = before.userBehind();
        if (user != null && (after == null || !user.equals(after.userBehind()))) {
            byUser.remove(user, before.id());
        }
        String recipient = recipientAsked(before);
        if (recipient != null && (after == null || !recipient.equals(recipientAsked(after)))) {
            byRecipient.remove(recipient, before.id());
        }
        SecretHash subject = subjectKey(before);
        if (subject != null && (after == null || !subject.equals(subjectKey(after)))) {
            byProviderSubject.remove(subject, before.id());
        }
    }

    private static @Nullable SecretHash claimToken(Registration registration) {
        Claim claim = registration.claim();
        return claim == null ? null : claim.tokenHash();
    }

    private static @Nullable SecretHash attemptToken(Registration registration) {
        Attempt attempt = registration.attempt();
        return attempt == null ? null : attempt.tokenHash();
    }

    private static @Nullable String recipientAsked(Registration registration) {
        Attempt attempt = registration.attempt();
        return attempt == null || registration.isSettled()
                ? null
                : attempt.asked().address();
    }

    private static @Nullable SecretHash subjectKey(Registration registration) {
        return registration.provider() == null || registration.revokedAt() != null
                ? null
                : registration.provider().identity().subjectKey();
    }
}
