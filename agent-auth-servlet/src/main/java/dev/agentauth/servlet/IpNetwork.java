package dev.agentauth.servlet;

import java.net.Inet4Address;
import java.net.InetAddress;

/** A block of addresses in CIDR notation (RFC 4632; RFC 4291, section 2.3). */
final class IpNetwork {
    private final byte[] prefix;
    private final int bits;

    private IpNetwork(byte[] prefix, int bits) {
        this.prefix = prefix;
        this.bits = bits;
    }

    /** Reads {@code 10.0.0.0/8}, {@code fd00::/8}, or one address. */
    static IpNetwork parse(String text) {
        int slash = text.indexOf('/');
        InetAddress address = IpAddress.parse(slash < 0 ? text : text.substring(0, slash));
        if (address == null) {
            throw new IllegalArgumentException("not an IP address or a block in CIDR notation: " + text);
        }
        if (address instanceof Inet4Address && text.indexOf(':') >= 0) {
            throw new IllegalArgumentException("an IPv4-mapped block has to be written as IPv4: " + text);
        }
        byte[] prefix = address.getAddress();
        int bits = slash < 0 ? prefix.length * 8 : length(text.substring(slash + 1));
        if (bits < 0 || bits > prefix.length * 8) {
            throw new IllegalArgumentException("not a prefix length for that address: " + text);
        }
        return new IpNetwork(prefix, bits);
    }

    boolean contains(InetAddress address) {
        byte[] other = address.getAddress();
        if (other.length != prefix.length) {
            return false;
        }
        int whole = bits / 8;
        for (int i = 0; i < whole; i++) {
            if (other[i] != prefix[i]) {
                return false;
            }
        }
        int rest = bits % 8;
        return rest == 0 || (other[whole] ^ prefix[whole]) >> (8 - rest) == 0;
    }

    private static int length(String digits) {
        boolean plain =
                !digits.isEmpty() && digits.length() <= 3 && digits.chars().allMatch(Ascii::isDigit);
        return plain ? Integer.parseInt(digits) : -1;
    }
}
