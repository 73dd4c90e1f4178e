package dev.agentauth.examples.console;

import dev.agentauth.spi.AuditEvent;
import dev.agentauth.spi.AuditSink;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Keeps the newest 20,000 events for the console and the operator, and counts all of them. */
public final class AuditTrail implements AuditSink {
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSX").withZone(ZoneOffset.UTC);
    private static final int CAPACITY = 20_000;

    private final Deque<AuditEvent> events = new ArrayDeque<>();
    private final Tally tally = new Tally();
    private long recorded;

    @Override
    public synchronized void record(AuditEvent event) {
        recorded++;
        tally.count(event);
        events.addLast(event);
        if (events.size() > CAPACITY) {
            events.removeFirst();
        }
    }

    /**
     * What an operator has not seen yet.
     *
     * @param recorded how many events there have been
     * @param events the newest of them that the operator has not seen, the oldest first
     * @param stages how many registrations have come how far
     * @param refusals how often something was refused, by its cause
     */
    record News(long recorded, List<AuditEvent> events, Map<Tally.Stage, Long> stages, Map<String, Long> refusals) {}

    /** What has happened since so many events had been recorded; if that is more than a limit, the newest alone. */
    synchronized News since(long seen, int limit) {
        Deque<AuditEvent> news = new ArrayDeque<>();
        // A number from before a restart may be beyond what there is.
        long wanted = seen > recorded ? limit : Math.min(limit, recorded - seen);
        Iterator<AuditEvent> newestFirst = events.descendingIterator();
        while (news.size() < wanted && newestFirst.hasNext()) {
            news.addFirst(newestFirst.next());
        }
        return new News(recorded, List.copyOf(news), tally.stages(), tally.refusals());
    }

    /** What happened to a registration, the oldest first. */
    synchronized List<AuditEvent> of(String registrationId) {
        return events.stream()
                .filter(event -> registrationId.equals(event.registrationId()))
                .toList();
    }

    /** An event as the members of a JSON object. */
    static Map<String, Object> members(AuditEvent event) {
        Map<String, Object> members = new LinkedHashMap<>();
        members.put("id", event.id());
        members.put("time", TIME.format(event.time()));
        members.put("event", event.type().wireName());
        if (event.clientAddress() != null) {
            members.put("client_address", event.clientAddress());
        }
        if (event.registrationId() != null) {
            members.put("registration_id", event.registrationId());
        }
        members.putAll(new TreeMap<>(event.fields()));
        return members;
    }
}
