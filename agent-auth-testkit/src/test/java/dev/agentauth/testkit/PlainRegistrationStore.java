package dev.agentauth.testkit;

import dev.agentauth.SecretHash;
import dev.agentauth.registration.Attempt;
import dev.agentauth.registration.Claim;
import dev.agentauth.registration.ProviderIdentity;
import dev.agentauth.registration.ProviderSubject;
import dev.agentauth.registration.Registration;
import dev.agentauth.registration.RegistrationKind;
import dev.agentauth.spi.RegistrationStore;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;

/** The plainest registration store that is right, in steps that a defect can replace one by one. */
class PlainRegistrationStore implements RegistrationStore {
    final Map<String, Registration> byId = new ConcurrentHashMap<>();
    final Map<Object, String> holders = new ConcurrentHashMap<>();
    final Switch backend = new Switch();
    final Meeting meeting = new Meeting();

    @Override
    public boolean insert(Registration registration, Instant now) {
        backend.check();
        synchronized (this) {
            if (isTaken(registration, now)) {
                return false;
            }
            add(registration);
            return true;
        }
    }

    boolean isTaken(Registration registration, Instant now) {
        return occupies(registration)
                && holder(registration).filter(holder -> holds(holder, now)).isPresent();
    }

    boolean holds(Registration holder, Instant now) {
        return holder.isLive(now);
    }

    final synchronized void add(Registration registration) {
        if (occupies(registration)) {
            holder(registration).ifPresent(this::giveAway);
            holders.put(identityKey(registration), registration.id());
        }
        write(registration.withVersion(0));
    }

    void giveAway(Registration expired) {
        write(expired.withVersion(expired.version() + 1));
    }

    /** Whether the identity that it carries can be had by one registration only. */
    boolean occupies(Registration registration) {
        return registration.kind() == RegistrationKind.PROVIDER && registration.provider() != null;
    }

    /** What identities are compared by. */
    Object identityKey(Registration registration) {
        return registration.provider() == null ? "none" : identity(registration);
    }

    final Optional<Registration> holder(Registration other) {
        return Optional.ofNullable(holders.get(identityKey(other)))
                .map(byId::get)
                .filter(holder -> holder.revokedAt() == null);
    }

    @Override
    public Optional<Registration> replace(Registration current, Registration next) {
        backend.check();
        synchronized (this) {
            if (!isCurrent(current) || isRefused(next)) {
                return Optional.empty();
            }
            return Optional.of(write(next.withVersion(current.version() + 1)));
        }
    }

    boolean isCurrent(Registration current) {
        Registration stored = byId.get(current.id());
        return stored != null && stored.version() == current.version();
    }

    /** Whether it would take back an identity that has gone to another. */
    boolean isRefused(Registration next) {
        return occupies(next)
                && next.claimedAt() != null
                && next.revokedAt() == null
                && holder(next).filter(holder -> !holder.id().equals(next.id())).isPresent();
    }

    Registration write(Registration registration) {
        byId.put(registration.id(), registration);
        return registration;
    }

    @Override
    public Optional<Registration> findById(String id) {
        backend.check();
        return Optional.ofNullable(byId.get(id));
    }

    @Override
    public Optional<Registration> findByClaimToken(SecretHash tokenHash) {
        backend.check();
        return all(registration -> tokenHash.equals(claimToken(registration))).stream()
                .findFirst();
    }

    @Override
    public Optional<Registration> findByAttemptToken(SecretHash tokenHash) {
        backend.check();
        return all(registration -> tokenHash.equals(attemptToken(registration))).stream()
                .findFirst();
    }

    @Override
    public List<Registration> findByUser(String userId) {
        backend.check();
        return all(registration -> userId.equals(registration.userId()) || userId.equals(registration.stepUpUserId()));
    }

    @Override
    public List<Registration> findByProvider(ProviderSubject subject) {
        backend.check();
        return all(registration -> registration.provider() != null && covers(subject, identity(registration)));
    }

    boolean covers(ProviderSubject subject, ProviderIdentity identity) {
        return subject.covers(identity);
    }

    @Override
    public int revokeAll(Instant now) {
        backend.check();
        synchronized (this) {
            List<Registration> live = all(registration -> registration.revokedAt() == null);
            live.forEach(registration -> write(registration.revoke(now).withVersion(registration.version() + 1)));
            return live.size();
        }
    }

    @Override
    public List<Registration> purge(Instant unclaimedBefore, Instant settledBefore, int limit) {
        backend.check();
        synchronized (this) {
            List<Registration> purged =
                    all(registration -> mayGo(registration, unclaimedBefore, settledBefore)).stream()
                            .limit(limit)
                            .toList();
            purged.forEach(registration -> byId.remove(registration.id()));
            return purged;
        }
    }

    boolean mayGo(Registration registration, Instant unclaimedBefore, Instant settledBefore) {
        return !registration.restingSince().isAfter(registration.isSettled() ? settledBefore : unclaimedBefore);
    }

    final List<Registration> all(Predicate<Registration> wanted) {
        List<Registration> found = new ArrayList<>(byId.values());
        found.removeIf(wanted.negate());
        found.sort(order());
        return found;
    }

    Comparator<Registration> order() {
        return Comparator.comparing(Registration::createdAt);
    }

    static SecretHash claimToken(Registration registration) {
        Claim claim = registration.claim();
        return claim == null ? null : claim.tokenHash();
    }

    static SecretHash attemptToken(Registration registration) {
        Claim claim = registration.claim();
        Attempt attempt = claim == null ? null : claim.attempt();
        return attempt == null ? null : attempt.tokenHash();
    }

    static ProviderIdentity identity(Registration registration) {
        return registration.provider().identity();
    }
}
