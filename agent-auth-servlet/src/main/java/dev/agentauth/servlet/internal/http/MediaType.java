package dev.agentauth.servlet.internal.http;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Media types as requests declare them (RFC 9110, section 8.3.1). */
public final class MediaType {
    public static final String JSON = "application/json";
    public static final String FORM = "application/x-www-form-urlencoded";

    private MediaType() {}

    /**
     * Whether a {@code Content-Type} is of a type, in any case, and with no other charset than UTF-8. Other parameters
     * mean nothing to us.
     */
    public static boolean matches(@Nullable String contentType, String type) {
        if (contentType == null) {
            return false;
        }
        if (contentType.equals(type)) {
            return true;
        }
        int end = contentType.indexOf(';');
        String declared = end < 0 ? contentType : contentType.substring(0, end);
        return declared.strip().equalsIgnoreCase(type) && (end < 0 || onlyUtf8(contentType.substring(end + 1)));
    }

    private static boolean onlyUtf8(String parameters) {
        for (String parameter : parameters.split(";", -1)) {
            String text = parameter.strip().toLowerCase(Locale.ROOT);
            if (text.startsWith("charset") && !text.equals("charset=utf-8") && !text.equals("charset=\"utf-8\"")) {
                return false;
            }
        }
        return true;
    }
}
