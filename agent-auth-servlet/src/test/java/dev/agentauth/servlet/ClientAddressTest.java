package dev.agentauth.servlet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.net.InetAddress;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ClientAddressTest {
    private final ClientAddress xForwardedFor = ClientAddress.fromXForwardedFor("10.0.0.0/8", "fd00::/8");
    private final ClientAddress forwarded = ClientAddress.fromForwarded("10.0.0.0/8", "fd00::/8");

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "203.0.113.9                       | 203.0.113.9",
                "198.51.100.1, 203.0.113.9         | 203.0.113.9",
                "198.51.100.1, 203.0.113.9, 10.9.9.9 | 203.0.113.9",
                "203.0.113.9,10.9.9.9 , fd00::7    | 203.0.113.9",
                "203.0.113.9:4711                  | 203.0.113.9",
                "::ffff:203.0.113.9                | 203.0.113.9",
                "2001:db8::1                       | 2001:db8:0:0:0:0:0:1",
                "[2001:db8::1]                     | 2001:db8:0:0:0:0:0:1",
                "[2001:db8::1]:4711                | 2001:db8:0:0:0:0:0:1"
            })
    void rightmostUntrustedHopIsTheClient(String header, String client) {
        assertThat(clientOf(xForwardedFor, header)).isEqualTo(client);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "unknown",
                "example.com",
                "203.0.113.9,",
                "203.0.113.9, unknown",
                "203.0.113.9, 1.2.3.4:99999999",
                "203.0.113.9, 1.2.3.4:",
                "[203.0.113.9]:1",
                "[2001:db8::1",
                "[2001:db8::1]x",
                "[1.2.3.4]:1:2"
            })
    void unreadableHopLeavesTheProxyThatVouchedForIt(String header) {
        assertThat(clientOf(xForwardedFor, header)).isEqualTo("10.0.0.1");
    }

    @Test
    void chainOfTrustedProxiesAloneEndsAtTheFarthest() {
        assertThat(clientOf(xForwardedFor, "10.3.3.3, 10.2.2.2")).isEqualTo("10.3.3.3");
        assertThat(clientOf(xForwardedFor)).isEqualTo("10.0.0.1");
    }

    @Test
    void severalLinesAreOneChain() {
        assertThat(clientOf(xForwardedFor, "198.51.100.1", "203.0.113.9, 10.3.3.3", "10.2.2.2"))
                .isEqualTo("203.0.113.9");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\'',
            value = {
                "for=203.0.113.9                                        | 203.0.113.9",
                "For=203.0.113.9;proto=https;by=10.0.0.1                | 203.0.113.9",
                "for=198.51.100.1, for=203.0.113.9;host=a.example, for=10.1.1.1 | 203.0.113.9",
                "proto=https;for=\"203.0.113.9:4711\"                   | 203.0.113.9",
                "for=203.0.113.9:4711                                   | 203.0.113.9",
                "for=\"[2001:db8::1]\"                                  | 2001:db8:0:0:0:0:0:1",
                "for=\"[2001:db8::1]:4711\" ; by=_hidden                | 2001:db8:0:0:0:0:0:1",
                "for=198.51.100.1;x=\", for=1.1.1.1\", for=203.0.113.9  | 203.0.113.9"
            })
    void forwardedElementsAreHops(String header, String client) {
        assertThat(clientOf(forwarded, header)).isEqualTo(client);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "for=unknown",
                "for=_secret",
                "proto=https",
                "for=",
                "for=\"\"",
                "for",
                "for=203.0.113.9,",
                "for=203.0.113.9;",
                "for=203.0.113.9; for=198.51.100.1",
                "for=203.0.113.9 x",
                "for =203.0.113.9",
                "for=[2001:db8::1]",
                "for=6.6.6.6;x=\", for=203.0.113.9",
                "for=6.6.6.6;x=\", for=\"203.0.113.9:1\"",
                "for=6.6.6.6;x=\"\\\", for=203.0.113.9\""
            })
    void forwardedThatIsNotWellFormedLeavesTheProxy(String header) {
        assertThat(clientOf(forwarded, header)).isEqualTo("10.0.0.1");
    }

    @ParameterizedTest
    @CsvSource({
        "203.0.113.9, 203.0.113.9",
        "[0:0:0:0:0:0:0:1], 0:0:0:0:0:0:0:1",
        "fe80::1%eth0, fe80:0:0:0:0:0:0:1",
        "::ffff:203.0.113.9, 203.0.113.9"
    })
    void connectionIsReadAsContainersWriteIt(String text, String expected) {
        assertThat(Objects.requireNonNull(ForwardedHops.connection(text)).getHostAddress())
                .isEqualTo(expected);
    }

    @Test
    void connectionWithoutAnIpAddressIsUnknown() {
        assertThat(ForwardedHops.connection(null)).isNull();
        assertThat(ForwardedHops.connection("")).isNull();
        assertThat(ForwardedHops.connection("/run/service.sock")).isNull();
    }

    @Test
    void proxiesHaveToBeNamed() {
        assertThatIllegalArgumentException().isThrownBy(ClientAddress::fromForwarded);
        assertThatIllegalArgumentException().isThrownBy(() -> ClientAddress.fromXForwardedFor("proxy.example"));
    }

    private static String clientOf(ClientAddress finder, String... lines) {
        InetAddress connected = Objects.requireNonNull(IpAddress.parse("10.0.0.1"));
        return finder.client(connected, List.of(lines)).getHostAddress();
    }
}
