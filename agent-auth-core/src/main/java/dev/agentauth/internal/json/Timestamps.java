package dev.agentauth.internal.json;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** Instants as text: ISO 8601, UTC, always with milliseconds. */
public final class Timestamps {
    private static final DateTimeFormatter FORMAT = DateTimeFormatter.ofPattern(
                    "uuuu-MM-dd'T'HH:mm:ss.SSS'Z'", Locale.ROOT)
            .withZone(ZoneOffset.UTC);

    private Timestamps() {}

    /** For example {@code 2026-05-04T13:00:00.000Z}. */
    public static String format(Instant instant) {
        return FORMAT.format(instant);
    }
}
