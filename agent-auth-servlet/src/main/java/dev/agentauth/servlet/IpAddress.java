package dev.agentauth.servlet;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Reads IP addresses in their literal forms. Never asks a name service, whatever the text is. */
final class IpAddress {
    private static final int V4_BYTES = 4;
    private static final int V6_BYTES = 16;

    private IpAddress() {}

    /**
     * Reads dotted IPv4, or IPv6 (RFC 4291, section 2.2) without a zone; an IPv4-mapped address becomes the IPv4 address
     * that it stands for.
     *
     * @return null if it is something else
     */
    static @Nullable InetAddress parse(String text) {
        byte[] bytes = text.indexOf(':') < 0 ? v4(text, 0) : v6(text);
        if (bytes == null) {
            return null;
        }
        try {
            return InetAddress.getByAddress(bytes);
        } catch (UnknownHostException e) {
            throw new IllegalStateException("an address has 4 or 16 bytes", e);
        }
    }

    private static byte @Nullable [] v4(String text, int from) {
        byte[] bytes = new byte[V4_BYTES];
        int position = from;
        for (int i = 0; i < V4_BYTES; i++) {
            int end = i < V4_BYTES - 1 ? text.indexOf('.', position) : text.length();
            int octet = octet(text, position, end);
            if (octet < 0) {
                return null;
            }
            bytes[i] = (byte) octet;
            position = end + 1;
        }
        return bytes;
    }

    /** One to three digits without a leading zero, which some would read as octal. */
    private static int octet(String text, int from, int to) {
        if (to <= from || to - from > 3 || (to - from > 1 && text.charAt(from) == '0')) {
            return -1;
        }
        int value = 0;
        for (int i = from; i < to; i++) {
            char c = text.charAt(i);
            if (!Ascii.isDigit(c)) {
                return -1;
            }
            value = value * 10 + c - '0';
        }
        return value > 255 ? -1 : value;
    }

    private static byte @Nullable [] v6(String text) {
        int gap = text.indexOf("::");
        if (gap < 0) {
            byte[] bytes = groups(text, true);
            return bytes != null && bytes.length == V6_BYTES ? bytes : null;
        }
        byte[] head = groups(text.substring(0, gap), false);
        byte[] tail = groups(text.substring(gap + 2), true);
        if (head == null || tail == null || head.length + tail.length > V6_BYTES - 2) {
            return null;
        }
        byte[] bytes = Arrays.copyOf(head, V6_BYTES);
        System.arraycopy(tail, 0, bytes, V6_BYTES - tail.length, tail.length);
        return bytes;
    }

    /** Groups of one to four hex digits between colons; at the end of an address the last may be dotted IPv4. */
    private static byte @Nullable [] groups(String text, boolean atEnd) {
        if (text.isEmpty()) {
            return new byte[0];
        }
        byte[] bytes = new byte[V6_BYTES];
        int length = 0;
        int position = 0;
        while (position <= text.length()) {
            int colon = text.indexOf(':', position);
            int end = colon < 0 ? text.length() : colon;
            boolean dotted = atEnd && colon < 0 && text.indexOf('.', position) >= 0;
            byte[] group = dotted ? v4(text, position) : hex(text, position, end);
            if (group == null || length + group.length > V6_BYTES) {
                return null;
            }
            System.arraycopy(group, 0, bytes, length, group.length);
            length += group.length;
            position = end + 1;
        }
        return Arrays.copyOf(bytes, length);
    }

    private static byte @Nullable [] hex(String text, int from, int to) {
        if (to <= from || to - from > 4) {
            return null;
        }
        int value = 0;
        for (int i = from; i < to; i++) {
            char c = text.charAt(i);
            int digit = c < 128 ? Character.digit(c, 16) : -1;
            if (digit < 0) {
                return null;
            }
            value = value << 4 | digit;
        }
        return new byte[] {(byte) (value >> 8), (byte) value};
    }
}
