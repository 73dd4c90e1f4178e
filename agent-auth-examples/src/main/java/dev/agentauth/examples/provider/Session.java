package dev.agentauth.examples.provider;

import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.Set;

/** A person who is signed in, and the services to which the provider has vouched for this. Guarded by its owner. */
final class Session {
    private static final int MAX_AUDIENCES = 10;

    private final Person person;
    private final String contextId;
    private final Instant signedInAt;
    private final Set<String> audiences = new LinkedHashSet<>();

    Session(Person person, String contextId, Instant signedInAt) {
        this.person = person;
        this.contextId = contextId;
        this.signedInAt = signedInAt;
    }

    Person person() {
        return person;
    }

    /** What services are told about the conversation: a name that stands for nothing else. */
    String contextId() {
        return contextId;
    }

    Instant signedInAt() {
        return signedInAt;
    }

    /** Whether a service is known already, or may be added. */
    boolean hasRoomFor(String audience) {
        return audiences.contains(audience) || audiences.size() < MAX_AUDIENCES;
    }

    /** Notes a service. */
    void addAudience(String audience) {
        audiences.add(audience);
    }

    Set<String> audiences() {
        return Set.copyOf(audiences);
    }
}
