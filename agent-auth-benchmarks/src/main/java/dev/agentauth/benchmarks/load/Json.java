package dev.agentauth.benchmarks.load;

import java.nio.charset.StandardCharsets;

/** As much of JSON as answers need that are known to be well-formed. */
final class Json {
    private Json() {}

    /** The text of the first member with a name, which holds no escapes. */
    static String member(byte[] buffer, int from, int to, String name) {
        return member(new String(buffer, from, to - from, StandardCharsets.ISO_8859_1), name);
    }

    /** The text of the first member with a name, which holds no escapes. */
    static String member(String json, String name) {
        String start = "\"" + name + "\":\"";
        int at = json.indexOf(start);
        if (at < 0) {
            throw new IllegalArgumentException("no member " + name);
        }
        int value = at + start.length();
        return json.substring(value, json.indexOf('"', value));
    }
}
