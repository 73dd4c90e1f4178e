package dev.agentauth.internal;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** T05: one plain address and nothing else. */
class EmailAddressTest {

    @ParameterizedTest
    @CsvSource({
        "alice@example.com, alice@example.com",
        "Alice.B@Example.COM, alice.b@example.com",
        "a@b, a@b",
        "a+tag@example.com, a+tag@example.com",
        "!#$%&'*+-/=?^_`{|}~@example.com, !#$%&'*+-/=?^_`{|}~@example.com",
        "a@1.2.3.4, a@1.2.3.4",
        "a@x-y.example.com, a@x-y.example.com",
        "a@xn--bcher-kva.example, a@xn--bcher-kva.example"
    })
    void plainAddressIsTakenInLowerCase(String text, String normalized) {
        assertThat(EmailAddress.normalize(text.replace("''", "'"))).contains(normalized.replace("''", "'"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "@",
                "a",
                "a@",
                "@example.com",
                "a@@example.com",
                "a@b@example.com",
                ".a@example.com",
                "a.@example.com",
                "a..b@example.com",
                "\"a\"@example.com",
                "\"a b\"@example.com",
                "a b@example.com",
                "a@example.com ",
                " a@example.com",
                "a@example.com\r\nBcc: b@example.com",
                "a\r\n@example.com",
                "a@example.com,b@example.com",
                "a@example.com;b@example.com",
                "Alice <a@example.com>",
                "<a@example.com>",
                "a@example.com>",
                "a(comment)@example.com",
                "a@[127.0.0.1]",
                "a@example..com",
                "a@.example.com",
                "a@example.com.",
                "a@-example.com",
                "a@example-.com",
                "a@exa_mple.com",
                "a@example.com:25",
                "mailto:a@example.com",
                "\u00e4@example.com",
                "a@\u00e4.example",
                "\u0430lice@example.com",
                "a@example.com\u0000",
                "a\u0000@example.com",
                "a@ex\u00adample.com",
                "\uff41@example.com",
                "a@example\u3002com",
                "\u212a@example.com",
                "\ufeffa@example.com",
                "a\t@example.com",
                "a,b@example.com",
                "a:b@example.com",
                "a\\b@example.com"
            })
    void anythingElseIsRefused(String text) {
        assertThat(EmailAddress.normalize(text)).isEmpty();
    }

    @Test
    void lengthsAreLimitedExactly() {
        String label = "b".repeat(63);
        String longest = "a".repeat(62) + "@" + label + "." + label + "." + "c".repeat(63);

        assertThat(longest).hasSize(254);
        assertThat(EmailAddress.normalize(longest)).contains(longest);
        assertThat(EmailAddress.normalize("a" + longest)).isEmpty();
        assertThat(EmailAddress.normalize("a".repeat(64) + "@example.com")).isPresent();
        assertThat(EmailAddress.normalize("a".repeat(65) + "@example.com")).isEmpty();
        assertThat(EmailAddress.normalize("a@" + label + ".com")).isPresent();
        assertThat(EmailAddress.normalize("a@b" + label + ".com")).isEmpty();
        assertThat(EmailAddress.normalize("a".repeat(1_000_000))).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "alice@example.com, alice@example.com",
        "alice+tag@example.com, alice@example.com",
        "alice+a+b@example.com, alice@example.com",
        "alice+@example.com, alice@example.com",
        "+alice@example.com, +alice@example.com",
        "alice@exa+mple.com, alice@exa+mple.com",
        "a.l.ice@example.com, a.l.ice@example.com",
        "Alice@Example.com, alice@example.com",
        "a.l.ice@gmail.com, alice@gmail.com",
        "Al.ice+x.y@GoogleMail.com, alice@gmail.com",
        "a.lice@gmail.com.example, a.lice@gmail.com.example",
        "no address, no address",
        "@gmail.com, @gmail.com"
    })
    void f14_limitKeyIsOneMailboxHoweverItIsSpelled(String address, String key) {
        assertThat(EmailAddress.limitKey(address)).isEqualTo(key);
    }

    @Test
    void maskedShowsTheFirstCharacterAndTheDomain() {
        assertThat(EmailAddress.masked("alice@example.com")).isEqualTo("a***@example.com");
        assertThat(EmailAddress.masked("a@example.com")).isEqualTo("a***@example.com");
    }
}
