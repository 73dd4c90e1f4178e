package dev.agentauth.testkit;

import java.util.Collection;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Writes plain data as JSON, and lets raw text through for what is no JSON at all. */
final class JsonText {
    private JsonText() {}

    /** Text that stands in the output as it is. */
    record Raw(String text) {}

    static String write(@Nullable Object value) {
        StringBuilder out = new StringBuilder();
        append(out, value);
        return out.toString();
    }

    private static void append(StringBuilder out, @Nullable Object value) {
        if (value instanceof Raw raw) {
            out.append(raw.text());
        } else if (value == null || value instanceof Number || value instanceof Boolean) {
            out.append(value);
        } else if (value instanceof Map<?, ?> map) {
            char separator = '{';
            for (Map.Entry<?, ?> member : map.entrySet()) {
                out.append(separator);
                quote(out, String.valueOf(member.getKey()));
                out.append(':');
                append(out, member.getValue());
                separator = ',';
            }
            out.append(map.isEmpty() ? "{}" : "}");
        } else if (value instanceof Collection<?> elements) {
            char separator = '[';
            for (Object element : elements) {
                out.append(separator);
                append(out, element);
                separator = ',';
            }
            out.append(elements.isEmpty() ? "[]" : "]");
        } else {
            quote(out, value.toString());
        }
    }

    private static void quote(StringBuilder out, String text) {
        out.append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"' || c == '\\') {
                out.append('\\').append(c);
            } else if (c < 0x20 || Character.isSurrogate(c)) {
                out.append(String.format("\\u%04x", (int) c));
            } else {
                out.append(c);
            }
        }
        out.append('"');
    }
}
