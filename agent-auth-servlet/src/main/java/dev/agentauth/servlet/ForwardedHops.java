package dev.agentauth.servlet;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads the addresses that proxies write. A hop that cannot be read is null. */
final class ForwardedHops {
    private ForwardedHops() {}

    /** The other end of a connection, as containers write it: IPv6 perhaps in brackets or with a zone. */
    static @Nullable InetAddress connection(@Nullable String text) {
        if (text == null) {
            return null;
        }
        String address = text.startsWith("[") && text.endsWith("]") ? text.substring(1, text.length() - 1) : text;
        int zone = address.indexOf('%');
        return IpAddress.parse(zone < 0 ? address : address.substring(0, zone));
    }

    /** No header, no hops. */
    static List<@Nullable InetAddress> none(String line) {
        return List.of();
    }

    /** Addresses between commas, perhaps with a port. */
    static List<@Nullable InetAddress> xForwardedFor(String line) {
        List<@Nullable InetAddress> hops = new ArrayList<>();
        for (String hop : line.split(",", -1)) {
            hops.add(node(hop.strip()));
        }
        return hops;
    }

    /**
     * The {@code for} of each element (RFC 7239, section 4). A line that is not well-formed is one hop that cannot be
     * read: with an open quote, a client could otherwise swallow what the proxy appended.
     */
    static List<@Nullable InetAddress> forwarded(String line) {
        List<@Nullable InetAddress> hops = new ArrayList<>();
        Pairs pairs = new Pairs(line);
        InetAddress hop = null;
        boolean found = false;
        do {
            if (!pairs.next()) {
                hops.clear();
                hops.add(null);
                return hops;
            }
            if (pairs.name.equalsIgnoreCase("for")) {
                hop = found ? null : node(pairs.value);
                found = true;
            }
            if (pairs.endsElement) {
                hops.add(hop);
                hop = null;
                found = false;
            }
        } while (!pairs.endsLine);
        return hops;
    }

    /** An address with an optional port; IPv6 with a port has to be in brackets. */
    private static @Nullable InetAddress node(String text) {
        int colon = text.indexOf(':');
        if (text.startsWith("[")) {
            int end = text.indexOf(']');
            boolean plain = end > 0 && (end == text.length() - 1 || isPort(text, end + 1));
            return plain && colon > 0 && colon < end ? IpAddress.parse(text.substring(1, end)) : null;
        }
        boolean v4WithPort = colon >= 0 && colon == text.lastIndexOf(':') && isPort(text, colon);
        return IpAddress.parse(v4WithPort ? text.substring(0, colon) : text);
    }

    private static boolean isPort(String text, int colon) {
        int digits = text.length() - colon - 1;
        return text.charAt(colon) == ':'
                && digits >= 1
                && digits <= 5
                && text.chars().skip(colon + 1L).allMatch(Ascii::isDigit);
    }

    /** Steps through {@code name=value} pairs, separated by semicolons within an element and commas between them. */
    private static final class Pairs {
        private final String line;
        private int position;
        private boolean endsElement;
        private boolean endsLine;
        private String name = "";
        private String value = "";

        Pairs(String line) {
            this.line = line;
        }

        /** Reads the next pair and the separator behind it; false if the line is not well-formed. */
        boolean next() {
            skipBlanks();
            name = token();
            if (name.isEmpty() || !take('=')) {
                return false;
            }
            String read = take('"') ? quoted() : token();
            if (read == null || read.isEmpty()) {
                return false;
            }
            value = read;
            skipBlanks();
            endsLine = position == line.length();
            endsElement = endsLine || take(',');
            return endsElement || take(';');
        }

        private boolean take(char c) {
            if (position < line.length() && line.charAt(position) == c) {
                position++;
                return true;
            }
            return false;
        }

        private void skipBlanks() {
            while (position < line.length() && (line.charAt(position) == ' ' || line.charAt(position) == '\t')) {
                position++;
            }
        }

        private String token() {
            int start = position;
            while (position < line.length() && isValueCharacter(line.charAt(position))) {
                position++;
            }
            return line.substring(start, position);
        }

        /** What stands up to the closing quote; null if there is none. Escapes cannot be part of an address. */
        private @Nullable String quoted() {
            int end = line.indexOf('"', position);
            int escape = line.indexOf('\\', position);
            if (end < 0 || (escape >= 0 && escape < end)) {
                return null;
            }
            String text = line.substring(position, end);
            position = end + 1;
            return text;
        }

        /** The colon too, since some proxies write ports without quotes. */
        private static boolean isValueCharacter(char c) {
            return c == ':' || Ascii.isTokenCharacter(c);
        }
    }
}
