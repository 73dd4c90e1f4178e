package dev.agentauth.examples.console;

import dev.agentauth.spi.AuditEvent;
import java.util.Collections;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Counts how far registrations have come, each once a stage, and what was refused for which cause. Exact for the newest
 * 100,000 registrations: an older one that goes on is counted again. Not safe for use by many threads.
 */
final class Tally {
    private static final int REGISTRATIONS = 100_000;
    private static final int CAUSES = 64;
    private static final String OTHERS = "others";

    private final Map<Stage, Long> stages = new EnumMap<>(Stage.class);
    private final Map<String, Long> refusals = new TreeMap<>();
    private final Map<String, Set<Stage>> reached = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Set<Stage>> eldest) {
            return size() > REGISTRATIONS;
        }
    };

    Tally() {
        for (Stage stage : Stage.values()) {
            stages.put(stage, 0L);
        }
    }

    /** How far a registration has come on its way to a person. */
    enum Stage {
        REGISTERED,
        ASKED,
        CODE_SHOWN,
        COMPLETED
    }

    void count(AuditEvent event) {
        Stage stage = stage(event.type());
        String registration = event.registrationId();
        if (stage != null
                && registration != null
                && reached.computeIfAbsent(registration, id -> EnumSet.noneOf(Stage.class))
                        .add(stage)) {
            stages.merge(stage, 1L, Long::sum);
        }
        String cause = cause(event);
        if (cause != null) {
            boolean fits = refusals.containsKey(cause) || refusals.size() < CAUSES;
            refusals.merge(fits ? cause : OTHERS, 1L, Long::sum);
        }
    }

    /** How many registrations have reached each stage. */
    Map<Stage, Long> stages() {
        return Collections.unmodifiableMap(new EnumMap<>(stages));
    }

    /** How often something was refused, by its cause. */
    Map<String, Long> refusals() {
        return Collections.unmodifiableMap(new TreeMap<>(refusals));
    }

    private static @Nullable Stage stage(AuditEvent.Type type) {
        return switch (type) {
            case REGISTRATION_CREATED -> Stage.REGISTERED;
            case CLAIM_REQUESTED -> Stage.ASKED;
            case OTP_GENERATED -> Stage.CODE_SHOWN;
            case CLAIM_CONFIRMED -> Stage.COMPLETED;
            default -> null;
        };
    }

    private static @Nullable String cause(AuditEvent event) {
        return switch (event.type()) {
            case OTP_FAILED -> "wrong code";
            case CLAIM_REJECTED -> "the person said no";
            case REFRESH_REUSED -> "refresh token used twice";
            case INTROSPECTION_REFUSED -> "unknown resource server";
            case PROVIDER_REJECTED -> "provider: " + words(event, "problem");
            case RATE_LIMIT_EXCEEDED -> "limit: " + words(event, "limit");
            default -> null;
        };
    }

    private static String words(AuditEvent event, String field) {
        return event.fields().getOrDefault(field, "unknown").replace('_', ' ');
    }
}
