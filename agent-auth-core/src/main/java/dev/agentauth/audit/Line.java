package dev.agentauth.audit;

import dev.agentauth.internal.json.Timestamps;
import dev.agentauth.spi.AuditEvent;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.Map;

/**
 * An event as a line of JSON in UTF-8, written by hand: a mapper and a formatter of dates take three times as long.
 * Whatever could end a line for anybody, or steer a terminal, is escaped.
 */
final class Line {
    private static final int USUAL_LENGTH = 256;
    private static final int LONGEST_ESCAPE = 6;
    private static final int SECONDS_OF_DAY = 86_400;
    private static final long YEAR_0 = -62_167_219_200L;
    private static final long YEAR_10000 = 253_402_300_800L;
    private static final int NANOS_OF_MILLI = 1_000_000;
    private static final byte[] HEX = "0123456789ABCDEF".getBytes(StandardCharsets.US_ASCII);

    private byte[] bytes = new byte[USUAL_LENGTH];
    private int length;

    private Line() {}

    /** The fields come last, sorted by name; one that is named like what comes first is left out. */
    static Line of(AuditEvent event) {
        Line line = new Line();
        line.put('{');
        line.quoted("id");
        line.put(':');
        line.quoted(event.id());
        line.name("time");
        line.time(event.time());
        line.member("event", event.type().wireName());
        if (event.clientAddress() != null) {
            line.member("client_address", event.clientAddress());
        }
        if (event.registrationId() != null) {
            line.member("registration_id", event.registrationId());
        }
        line.fields(event.fields());
        line.put('}');
        line.put('\n');
        return line;
    }

    byte[] bytes() {
        return bytes;
    }

    int length() {
        return length;
    }

    /** Without the end of the line. */
    String text() {
        return new String(bytes, 0, length - 1, StandardCharsets.UTF_8);
    }

    private void fields(Map<String, String> fields) {
        if (fields.isEmpty()) {
            return;
        }
        String[] names = fields.keySet().toArray(new String[0]);
        Arrays.sort(names);
        for (String name : names) {
            switch (name) {
                case "id", "time", "event", "client_address", "registration_id" -> {}
                default -> member(name, fields.getOrDefault(name, ""));
            }
        }
    }

    private void name(String name) {
        put(',');
        quoted(name);
        put(':');
    }

    private void member(String name, String value) {
        name(name);
        quoted(value);
    }

    private void quoted(String text) {
        put('"');
        text(text);
        put('"');
    }

    private void text(String text) {
        reserve(text.length());
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (!isPlain(c)) {
                escaped(text, i);
                return;
            }
            bytes[length++] = (byte) c;
        }
    }

    private static boolean isPlain(char c) {
        return c >= ' ' && c < 0x7F && c != '"' && c != '\\';
    }

    private void escaped(String text, int from) {
        reserve(LONGEST_ESCAPE * (text.length() - from));
        for (int i = from; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '"', '\\' -> escape(c);
                case '\b' -> escape('b');
                case '\t' -> escape('t');
                case '\n' -> escape('n');
                case '\f' -> escape('f');
                case '\r' -> escape('r');
                default -> {
                    if (isPlain(c)) {
                        bytes[length++] = (byte) c;
                    } else if (c < 0xA0 || c == 0x2028 || c == 0x2029 || Character.isSurrogate(c)) {
                        // C0, DEL and C1; the separators of lines and paragraphs; surrogates, like the mapper.
                        unicode(c);
                    } else {
                        utf8(c);
                    }
                }
            }
        }
    }

    private void escape(char c) {
        bytes[length++] = '\\';
        bytes[length++] = (byte) c;
    }

    private void unicode(char c) {
        escape('u');
        for (int shift = 12; shift >= 0; shift -= 4) {
            bytes[length++] = HEX[(c >> shift) & 0xF];
        }
    }

    /** Two bytes or three. */
    private void utf8(char c) {
        if (c < 0x800) {
            bytes[length++] = (byte) (0xC0 | (c >> 6));
        } else {
            bytes[length++] = (byte) (0xE0 | (c >> 12));
            continuation(c >> 6);
        }
        continuation(c);
    }

    private void continuation(int bits) {
        bytes[length++] = (byte) (0x80 | (bits & 0x3F));
    }

    /** In the form of {@link Timestamps}. */
    private void time(Instant time) {
        if (time.getEpochSecond() < YEAR_0 || time.getEpochSecond() >= YEAR_10000) {
            quoted(Timestamps.format(time));
            return;
        }
        LocalDate day = LocalDate.ofEpochDay(Math.floorDiv(time.getEpochSecond(), SECONDS_OF_DAY));
        int second = Math.floorMod(time.getEpochSecond(), SECONDS_OF_DAY);
        put('"');
        digits(day.getYear() / 100);
        digits(day.getYear() % 100);
        put('-');
        digits(day.getMonthValue());
        put('-');
        digits(day.getDayOfMonth());
        put('T');
        digits(second / 3600);
        put(':');
        digits(second / 60 % 60);
        put(':');
        digits(second % 60);
        put('.');
        int millis = time.getNano() / NANOS_OF_MILLI;
        put((char) ('0' + millis / 100));
        digits(millis % 100);
        put('Z');
        put('"');
    }

    private void digits(int number) {
        put((char) ('0' + number / 10));
        put((char) ('0' + number % 10));
    }

    private void put(char c) {
        reserve(1);
        bytes[length++] = (byte) c;
    }

    private void reserve(int more) {
        if (length + more > bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.max(2 * bytes.length, length + more));
        }
    }
}
