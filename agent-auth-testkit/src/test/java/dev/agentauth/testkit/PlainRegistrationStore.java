package dev.agentauth.testkit;

import dev.agentauth.SecretHash;
import dev.agentauth.registration.Attempt;
import dev.agentauth.registration.Claim;
import dev.agentauth.registration.EndReason;
import dev.agentauth.registration.ProviderIdentity;
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
        return all(registration -> userId.equals(registration.userBehind()));
    }

    @Override
    public List<Registration> findUnclaimedByRecipient(String recipient) {
        backend.check();
        return all(registration -> isUnclaimed(registration)
                && registration.attempt() != null
                && recipient.equals(registration.attempt().asked().address()));
    }

    boolean isUnclaimed(Registration registration) {
        return registration.claimedAt() == null && registration.revokedAt() == null;
    }

    @Override
    public List<Registration> findByProvider(ProviderIdentity identity) {
        backend.check();
        return all(registration -> isVouchedFor(registration) && is(identity, false, identity(registration)));
    }

    @Override
    public List<Registration> findByProviderInAnyTenant(ProviderIdentity subject) {
        backend.check();
        return all(registration -> isVouchedFor(registration) && is(subject, true, identity(registration)));
    }

    boolean isVouchedFor(Registration registration) {
        return registration.provider() != null && registration.revokedAt() == null;
    }

    /** Whether an identity is the one that was asked for, or of the same subject. */
    boolean is(ProviderIdentity wanted, boolean inAnyTenant, ProviderIdentity identity) {
        return inAnyTenant ? wanted.isSameSubject(identity) : wanted.equals(identity);
    }

    @Override
    public List<Registration> findMadeBefore(Instant createdAt, String id, int limit) {
        backend.check();
        return all(registration -> isBefore(registration, createdAt, id)).stream()
                .sorted(newestFirst())
                .limit(limit)
                .toList();
    }

    boolean isBefore(Registration registration, Instant createdAt, String id) {
        int order = registration.createdAt().compareTo(createdAt);
        return order < 0 || (order == 0 && registration.id().compareTo(id) < 0);
    }

    Comparator<Registration> newestFirst() {
        return Comparator.comparing(Registration::createdAt)
                .thenComparing(Registration::id)
                .reversed();
    }

    @Override
    public int revokeAll(Instant now) {
        backend.check();
        synchronized (this) {
            List<Registration> live = all(registration -> registration.revokedAt() == null);
            live.forEach(registration ->
                    write(registration.revoke(EndReason.OPERATOR, now).withVersion(registration.version() + 1)));
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
