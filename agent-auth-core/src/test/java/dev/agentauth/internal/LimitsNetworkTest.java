package dev.agentauth.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** T02: one key for all addresses that one client can easily have. */
class LimitsNetworkTest {

    @ParameterizedTest
    @CsvSource({
        "203.0.113.7, 203.0.113.7",
        "::ffff:203.0.113.7, 203.0.113.7",
        "::ffff:cb00:7107, 203.0.113.7",
        "2001:db8:1:2::, 20010db800010002/64",
        "2001:db8:1:2::1, 20010db800010002/64",
        "2001:DB8:1:2:ffff:ffff:ffff:ffff, 20010db800010002/64",
        "2001:0db8:0001:0002:0:0:0:1, 20010db800010002/64",
        "2001:db8:1:3::, 20010db800010003/64",
        "::1, 0000000000000000/64",
        "fe80::1, fe80000000000000/64"
    })
    void addressesAreFolded(String address, String key) throws UnknownHostException {
        assertThat(Limits.client(InetAddress.getByName(address))).isEqualTo(key);
    }

    @Test
    void tenThousandHopsInsideOneNetworkAreOneKey() throws UnknownHostException {
        Random random = new Random(7);
        byte[] address = InetAddress.getByName("2001:db8:1:2::1").getAddress();
        Set<String> keys = new HashSet<>();
        for (int i = 0; i < 10_000; i++) {
            for (int octet = 8; octet < 16; octet++) {
                address[octet] = (byte) random.nextInt(256);
            }
            keys.add(Limits.client(InetAddress.getByAddress(address)));
        }

        assertThat(keys).containsExactly("20010db800010002/64");
    }

    @Test
    void scopeOfALinkLocalAddressDoesNotCount() throws UnknownHostException {
        InetAddress plain = InetAddress.getByName("fe80::1");
        InetAddress scoped = java.net.Inet6Address.getByAddress(null, plain.getAddress(), 1);

        assertThat(Limits.client(scoped)).isEqualTo(Limits.client(plain));
    }
}
