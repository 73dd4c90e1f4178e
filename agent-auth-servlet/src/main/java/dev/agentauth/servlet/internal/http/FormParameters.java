package dev.agentauth.servlet.internal.http;

import dev.agentauth.AgentAuthException;
import dev.agentauth.Problem;
import dev.agentauth.internal.wire.Parameters;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The parameters of a form or a query, read strictly: whole percent escapes, valid UTF-8, no U+0000. Parameters that
 * nobody asks for are checked like the others and not kept.
 */
public final class FormParameters implements Parameters {
    private final List<String> names = new ArrayList<>(4);
    private final List<String> values = new ArrayList<>(4);

    private FormParameters() {}

    /**
     * Reads what a client has encoded. The array is overwritten: decoding never makes anything longer, so it is done in
     * place.
     */
    public static FormParameters parse(byte[] encoded, String... known) {
        FormParameters parameters = new FormParameters();
        boolean ascii = true;
        int length = 0;
        int start = 0;
        int equals = -1;
        for (int i = 0; i <= encoded.length; i++) {
            if (i == encoded.length || encoded[i] == '&') {
                parameters.keep(encoded, start, equals, length, known);
                if (i < encoded.length) {
                    // Kept, like the equals signs, so that the whole is valid UTF-8 only if each part is.
                    encoded[length++] = '&';
                }
                start = length;
                equals = -1;
                continue;
            }
            byte b = encoded[i];
            if (b == '=' && equals < 0) {
                equals = length;
            } else if (b == '+') {
                b = ' ';
            } else if (b == '%') {
                b = escaped(encoded, i);
                i += 2;
            }
            if (b == 0) {
                throw malformed();
            }
            ascii &= b > 0;
            encoded[length++] = b;
        }
        if (!ascii) {
            requireUtf8(encoded, length);
        }
        return parameters;
    }

    @Override
    public @Nullable String one(String name) {
        String found = null;
        for (int i = 0; i < names.size(); i++) {
            if (names.get(i).equals(name)) {
                if (found != null) {
                    throw invalid("The parameter " + name + " is given more than once.");
                }
                found = values.get(i);
            }
        }
        return found == null || found.isEmpty() ? null : found;
    }

    @Override
    public String required(String name) {
        String value = one(name);
        if (value == null) {
            throw missing(name);
        }
        return value;
    }

    @Override
    public List<String> all(String name) {
        List<String> found = new ArrayList<>(1);
        for (int i = 0; i < names.size(); i++) {
            if (names.get(i).equals(name) && !values.get(i).isEmpty()) {
                found.add(values.get(i));
            }
        }
        return found;
    }

    private static AgentAuthException missing(String name) {
        return invalid("The parameter " + name + " is missing.");
    }

    private void keep(byte[] decoded, int start, int equals, int end, String[] known) {
        int nameEnd = equals < 0 ? end : equals;
        for (String name : known) {
            if (isAscii(name, decoded, start, nameEnd)) {
                int valueStart = equals < 0 ? end : equals + 1;
                names.add(name);
                values.add(new String(decoded, valueStart, end - valueStart, StandardCharsets.UTF_8));
                return;
            }
        }
    }

    private static boolean isAscii(String text, byte[] bytes, int start, int end) {
        if (text.length() != end - start) {
            return false;
        }
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) != bytes[start + i]) {
                return false;
            }
        }
        return true;
    }

    private static byte escaped(byte[] encoded, int percent) {
        int high = percent + 2 < encoded.length ? Character.digit(encoded[percent + 1], 16) : -1;
        int low = high < 0 ? -1 : Character.digit(encoded[percent + 2], 16);
        if (low < 0) {
            throw malformed();
        }
        return (byte) (high << 4 | low);
    }

    private static void requireUtf8(byte[] bytes, int length) {
        try {
            // A new decoder reports what is malformed instead of replacing it.
            StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes, 0, length));
        } catch (CharacterCodingException e) {
            throw malformed();
        }
    }

    private static AgentAuthException malformed() {
        return invalid("The parameters are not percent-encoded UTF-8 without U+0000.");
    }

    private static AgentAuthException invalid(String text) {
        return new AgentAuthException(Problem.MALFORMED, text);
    }
}
