package dev.agentauth.internal.operate;

import dev.agentauth.AgentPage;
import dev.agentauth.AgentQuery;
import dev.agentauth.AgentSummary;
import dev.agentauth.Caller;
import dev.agentauth.internal.Audit;
import dev.agentauth.internal.EmailAddress;
import dev.agentauth.internal.Ports;
import dev.agentauth.internal.RegistrationWriter;
import dev.agentauth.internal.RegistrationWriter.Written;
import dev.agentauth.internal.Surroundings;
import dev.agentauth.internal.token.Gate;
import dev.agentauth.registration.Attempt;
import dev.agentauth.registration.End;
import dev.agentauth.registration.EndReason;
import dev.agentauth.registration.Ownership;
import dev.agentauth.registration.ProviderLink;
import dev.agentauth.registration.Registration;
import dev.agentauth.spi.AuditEvent;
import dev.agentauth.spi.TrustedProvider;
import dev.agentauth.spi.User;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What a service's own operators do to registrations. */
public final class Operator {
    private static final int BATCH = 500;

    private final Ports ports;
    private final Gate gate;
    private final RegistrationWriter writer;
    private final Audit audit;

    public Operator(Surroundings around, Gate gate) {
        this.gate = gate;
        this.ports = around.ports();
        this.writer = around.writer();
        this.audit = around.audit();
    }

    /** See {@code AgentAuth.registration}. */
    public Optional<AgentSummary> find(String registrationId) {
        Instant now = ports.now();
        return ports.registrations().findById(registrationId).map(registration -> summary(registration, now));
    }

    /** See {@code AgentAuth.list}. */
    public AgentPage list(AgentQuery query) {
        Instant now = ports.now();
        Place place = query.after() == null ? Place.START : Place.parse(query.after());
        List<Registration> looked = query.userId() == null
                ? ports.registrations().findMadeBefore(place.createdAt(), place.id(), BATCH)
                : ofUser(query.userId(), place);
        List<AgentSummary> found = new ArrayList<>();
        for (Registration registration : looked) {
            if (found.size() == query.limit()) {
                return new AgentPage(found, place.text());
            }
            place = Place.of(registration);
            if (query.statuses().contains(registration.status(now))) {
                found.add(summary(registration, now));
            }
        }
        return new AgentPage(found, looked.size() < BATCH ? null : place.text());
    }

    private List<Registration> ofUser(String userId, Place before) {
        return ports.registrations().findByUser(userId).stream()
                .filter(registration -> Place.of(registration).compareTo(before) < 0)
                .sorted(Comparator.comparing(Place::of).reversed())
                .limit(BATCH)
                .toList();
    }

    private AgentSummary summary(Registration registration, Instant now) {
        ProviderLink link = registration.provider();
        Attempt attempt = registration.attempt();
        End end = registration.end();
        Ownership ownership = registration.ownership();
        return new AgentSummary(
                registration.id(),
                registration.kind(),
                link == null ? null : nameOf(link.identity().issuer()),
                registration.userId(),
                attempt == null || attempt.asked().address().isEmpty()
                        ? null
                        : EmailAddress.masked(attempt.asked().address()),
                gate.scopes(registration, registration.epoch(), now).orElse(List.of()),
                registration.status(now),
                registration.createdAt(),
                registration.claimedAt(),
                registration.lastIssuedAt(),
                registration.refreshableUntil(now),
                ownership == null ? null : ownership.label(),
                end == null ? null : end.at(),
                end == null ? null : end.reason());
    }

    private String nameOf(String issuer) {
        return ports.trust().find(issuer).map(TrustedProvider::displayName).orElse(issuer);
    }

    /** See {@code AgentAuth.isActiveUser}. */
    public boolean isActive(String userId) {
        return gate.isActive(userId);
    }

    /** See {@code AgentAuth.revokeRegistration} of an owner. */
    public boolean revoke(String registrationId, String ownerId) {
        // Nobody but its first owner ever owns a registration, so this cannot change before it is written.
        return ports.registrations()
                .findById(registrationId)
                .filter(registration -> ownerId.equals(registration.userId()))
                .filter(owned -> writer.revoke(Caller.unknown(), owned, EndReason.PERSON, ports.now()))
                .isPresent();
    }

    /** See {@code AgentAuth.nameRegistration}. */
    public boolean name(String registrationId, String ownerId, String label) {
        String clean = label(label);
        return ports.registrations()
                .findById(registrationId)
                .filter(registration -> ownerId.equals(registration.userId()) && registration.end() == null)
                .flatMap(owned -> writer.update(
                        Caller.unknown(), owned, current -> current.named(clean.isEmpty() ? null : clean)))
                .isPresent();
    }

    /** One line that no store and no page has trouble with. */
    private static String label(String text) {
        String line = text.codePoints()
                .map(c -> isPartOfALine(c) ? c : ' ')
                .limit(10L * AgentSummary.MAX_LABEL)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString()
                .strip()
                .replaceAll(" {2,}", " ");
        int length = Math.min(
                line.length(),
                line.offsetByCodePoints(0, Math.min(AgentSummary.MAX_LABEL, line.codePointCount(0, line.length()))));
        return line.substring(0, length).strip();
    }

    private static boolean isPartOfALine(int c) {
        return switch (Character.getType(c)) {
            case Character.CONTROL, Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR, Character.SURROGATE ->
                false;
            // Of those that cannot be seen, the joiners make one picture of several; the others turn what follows.
            case Character.FORMAT -> c == 0x200c || c == 0x200d;
            default -> true;
        };
    }

    /** See {@code AgentAuth.revokeRegistration}. */
    public boolean revoke(String registrationId) {
        Optional<Registration> known = ports.registrations().findById(registrationId);
        return known.isPresent() && writer.revoke(Caller.unknown(), known.get(), EndReason.OPERATOR, ports.now());
    }

    /** See {@code AgentAuth.revokeAllRegistrations}. */
    public int revokeAll() {
        int revoked = ports.registrations().revokeAll(ports.now());
        // It has taken effect, whatever becomes of the rest, which takes as long as there are registrations.
        audit.record(
                AuditEvent.Type.REGISTRATION_REVOKED, Caller.unknown(), Map.of("reason", EndReason.OPERATOR.label()));
        if (forgetAllKeys()) {
            // Whoever has come back by such a key meanwhile.
            revoked += ports.registrations().revokeAll(ports.now());
            boolean unused = forgetAllKeys();
        }
        int written;
        do {
            written = ports.registrations().writeRevocations(BATCH);
            revoked += written;
        } while (written > 0);
        audit.record(
                AuditEvent.Type.REGISTRATION_REVOKED,
                Caller.unknown(),
                Map.of("count", Integer.toString(revoked), "reason", EndReason.OPERATOR.label()));
        return revoked;
    }

    /** Whether there were any. */
    private boolean forgetAllKeys() {
        boolean any = false;
        int forgotten;
        do {
            forgotten = ports.userOrigins().forgetAllKeys(BATCH);
            any |= forgotten > 0;
        } while (forgotten >= BATCH);
        return any;
    }

    /** See {@code AgentAuth.eraseUser}. */
    public int erase(String userId) {
        // Else an identity whose registration is erased would still find the user that was made for it.
        ports.userOrigins().forgetKeys(userId);
        int erased = 0;
        Instant now = ports.now();
        for (Registration registration : ports.registrations().findByUser(userId)) {
            erased += erase(registration, now);
        }
        Optional<String> address =
                ports.users().findById(userId).flatMap(User::email).flatMap(EmailAddress::normalize);
        if (address.isPresent()) {
            for (Registration waiting : ports.registrations().findUnclaimedByRecipient(address.get())) {
                erased += erase(waiting, now);
            }
        }
        ports.userOrigins().forget(userId);
        return erased;
    }

    private int erase(Registration registration, Instant now) {
        return writer.update(Caller.unknown(), registration, current -> current.erase(now))
                        .filter(Written::changed)
                        .isPresent()
                ? 1
                : 0;
    }

    /** A place in the list of all registrations, which is in the order in which they were made. */
    private record Place(Instant createdAt, String id) implements Comparable<Place> {
        /** After everything that can be stored. */
        static final Place START = new Place(Instant.parse("9999-01-01T00:00:00Z"), "");

        static Place of(Registration registration) {
            return new Place(registration.createdAt(), registration.id());
        }

        static Place parse(String text) {
            try {
                int slash = text.indexOf('/');
                return new Place(Instant.parse(text.substring(0, slash)), text.substring(slash + 1));
            } catch (DateTimeParseException | IndexOutOfBoundsException e) {
                throw new IllegalArgumentException("after must be what AgentPage.next() gave", e);
            }
        }

        String text() {
            return createdAt + "/" + id;
        }

        @Override
        public int compareTo(Place other) {
            int order = createdAt.compareTo(other.createdAt);
            return order == 0 ? id.compareTo(other.id) : order;
        }
    }
}
