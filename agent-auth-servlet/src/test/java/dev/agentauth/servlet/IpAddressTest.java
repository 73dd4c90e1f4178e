package dev.agentauth.servlet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.net.InetAddress;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class IpAddressTest {

    @ParameterizedTest
    @CsvSource({
        "0.0.0.0, 0.0.0.0",
        "192.0.2.255, 192.0.2.255",
        "::, 0:0:0:0:0:0:0:0",
        "::1, 0:0:0:0:0:0:0:1",
        "1::, 1:0:0:0:0:0:0:0",
        "2001:DB8::a:b, 2001:db8:0:0:0:0:a:b",
        "1:2:3:4:5:6:7:8, 1:2:3:4:5:6:7:8",
        "1:2:3:4:5:6:7::, 1:2:3:4:5:6:7:0",
        "::2:3:4:5:6:7:8, 0:2:3:4:5:6:7:8",
        "64:ff9b::192.0.2.1, 64:ff9b:0:0:0:0:c000:201",
        "1:2:3:4:5:6:192.0.2.1, 1:2:3:4:5:6:c000:201",
        "::ffff:192.0.2.1, 192.0.2.1",
        "::FFFF:c000:201, 192.0.2.1",
        "0:0:0:0:0:ffff:192.0.2.1, 192.0.2.1"
    })
    void parseReadsLiteralsAndFoldsMappedOnes(String text, String expected) {
        assertThat(parsed(text).getHostAddress()).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "localhost",
                "example.com",
                "1",
                "1.2.3",
                "1.2.3.4.5",
                "1.2.3.",
                ".1.2.3",
                "1..2.3",
                "256.1.1.1",
                "01.2.3.4",
                "0x7f.0.0.1",
                "1.2.3.4 ",
                "+1.2.3.4",
                "１.2.3.4",
                ":",
                ":::",
                "1",
                "1:2:3:4:5:6:7",
                "1:2:3:4:5:6:7:8:9",
                "1::2::3",
                "1:2:3:4:5:6:7:8::",
                "1:2:3:4::5:6:7:8",
                "12345::",
                "g::",
                "::1%eth0",
                "[::1]",
                "::1.2.3",
                "::1.2.3.4:5",
                "1.2.3.4::",
                ":1:2:3:4:5:6:7",
                "face:b00c.example.com"
            })
    void parseRefusesEverythingElse(String text) {
        assertThat(IpAddress.parse(text)).isNull();
    }

    @Test
    void networkContainsExactlyItsBlock() {
        IpNetwork network = IpNetwork.parse("10.32.0.0/11");

        assertThat(network.contains(parsed("10.32.0.0"))).isTrue();
        assertThat(network.contains(parsed("10.63.255.255"))).isTrue();
        assertThat(network.contains(parsed("10.64.0.0"))).isFalse();
        assertThat(network.contains(parsed("10.31.255.255"))).isFalse();
        assertThat(network.contains(parsed("::ffff:10.40.0.0"))).isTrue();
    }

    @Test
    void networkOfOneVersionContainsNoAddressOfTheOther() {
        assertThat(IpNetwork.parse("::/0").contains(parsed("192.0.2.1"))).isFalse();
        assertThat(IpNetwork.parse("0.0.0.0/0").contains(parsed("::1"))).isFalse();
        assertThat(IpNetwork.parse("0.0.0.0/0").contains(parsed("192.0.2.1"))).isTrue();
    }

    @Test
    void networkWithoutLengthIsOneAddress() {
        assertThat(IpNetwork.parse("fd00::1").contains(parsed("fd00::1"))).isTrue();
        assertThat(IpNetwork.parse("fd00::1").contains(parsed("fd00::"))).isFalse();
        assertThat(IpNetwork.parse("fd00::/8").contains(parsed("fdff::1"))).isTrue();
        assertThat(IpNetwork.parse("fd00::/8").contains(parsed("fe00::1"))).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "/8",
                "10.0.0.0/",
                "10.0.0.0/33",
                "10.0.0.0/-1",
                "fd00::/129",
                "10.0.0.0/8/8",
                "proxy/8",
                "::ffff:10.0.0.0/104"
            })
    void networkRefusesWhatIsNoBlock(String text) {
        assertThatIllegalArgumentException().isThrownBy(() -> IpNetwork.parse(text));
    }

    private static InetAddress parsed(String text) {
        return Objects.requireNonNull(IpAddress.parse(text));
    }
}
