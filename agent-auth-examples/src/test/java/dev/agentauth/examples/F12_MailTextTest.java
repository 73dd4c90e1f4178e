package dev.agentauth.examples;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import dev.agentauth.Secret;
import dev.agentauth.registration.RegistrationKind;
import dev.agentauth.spi.ClaimMail;
import dev.agentauth.spi.LinkedNotice;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class F12_MailTextTest {
    private static final Instant NOW = Instant.parse("2026-05-04T13:00:00Z");
    private static final String LINK = "https://example.com/agent/identity/claim/view?token=cvt_" + "x".repeat(43);

    @Test
    void whatAnObviousMailerConcatenatesIsTheLink() {
        assertThat("Please open " + mail("Shop", "").link()).isEqualTo("Please open " + LINK);
    }

    @Test
    void mailAsAWholeShowsNeitherAddressNorLinkAndAJsonMapperWritesNothing() throws Exception {
        ObjectMapper mapper = new ObjectMapper().disable(SerializationFeature.FAIL_ON_EMPTY_BEANS);

        assertThat(mail("Shop", "")).hasToString("ClaimMail[reg_1]");
        assertThat(mapper.writeValueAsString(mail("Shop", ""))).isEqualTo("{}");
    }

    @Test
    void germanIsAsCompleteAsEnglish() {
        ClaimMail mail = mail("Laden", "Beispiel");

        assertThat(mail.subject(Locale.GERMAN)).isEqualTo("Ein Agent m\u00f6chte bei Laden f\u00fcr Sie handeln");
        assertThat(mail.text(Locale.GERMAN))
                .startsWith(
                        "Ein KI-Agent von Beispiel m\u00f6chte bei Laden f\u00fcr Sie handeln. Noch kann\ner das nicht.\n")
                .contains("Registrierung: ", "reg_1", "4. Mai 2026, 12:59 UTC", "\n- api.read\n- api.write\n")
                .contains("\n" + LINK + "\n")
                .contains("Der Link gilt 10 Minuten, bis 4. Mai 2026, 13:09 UTC.");
        assertThat(mail.html(Locale.GERMAN)).contains("<html lang=\"de\">", ">Seite \u00f6ffnen</a>", LINK);
        LinkedNotice notice = new LinkedNotice("alice@example.com", "Laden", "reg_1", "", NOW);
        assertThat(notice.subject(Locale.GERMAN)).isEqualTo("Ein Agent kann jetzt bei Laden f\u00fcr Sie handeln");
        assertThat(notice.text(Locale.GERMAN)).contains("Ein KI-Agent kann", "sagen Sie es Laden sofort", "reg_1");
        assertThat(notice.html(Locale.GERMAN)).contains("<html lang=\"de\">");
    }

    @Test
    void scopesAreSaidInTheServicesWordsWhereThereAreSome() {
        ClaimMail mail = new ClaimMail(
                "alice@example.com",
                Secret.of(LINK),
                "Laden",
                "reg_1",
                RegistrationKind.ANONYMOUS,
                "",
                List.of("orders.read", "orders.write"),
                Map.of(
                        Locale.ENGLISH,
                        Map.of("orders.read", "See your orders", "orders.write", "Change & cancel your orders"),
                        Locale.GERMAN,
                        Map.of("orders.read", "Ihre Bestellungen sehen")),
                NOW,
                NOW.plusSeconds(600));

        assertThat(mail.text(Locale.UK))
                .contains("\n- See your orders (orders.read)\n- Change & cancel your orders (orders.write)\n");
        assertThat(mail.html(Locale.ENGLISH)).contains(">Change &amp; cancel your orders (orders.write)</li>");
        assertThat(mail.text(Locale.GERMAN)).contains("\n- Ihre Bestellungen sehen (orders.read)\n- orders.write\n");
        assertThat(mail.scopeText("orders.read", Locale.forLanguageTag("de-AT")))
                .contains("Ihre Bestellungen sehen");
        assertThat(mail.scopeText("orders.read", Locale.FRENCH)).isEmpty();
    }

    @Test
    void agentThatNobodyVouchesForIsSaidToBeOne() {
        assertThat(mail("Shop", "").text(Locale.ENGLISH)).contains("Nobody vouches");
        assertThat(mail("Shop", "Sample provider").text(Locale.ENGLISH)).doesNotContain("Nobody vouches");
        assertThat(mail("Shop", "").text(Locale.GERMAN)).contains("Niemand b\u00fcrgt");
    }

    @Test
    void noticeLeadsToWhereAgentsAreEnded() {
        LinkedNotice notice =
                new LinkedNotice("alice@example.com", "Shop", "reg_1", "", NOW, "https://shop.example.com/agent/yours");

        for (Locale language : List.of(Locale.ENGLISH, Locale.GERMAN)) {
            assertThat(notice.text(language)).contains("\nhttps://shop.example.com/agent/yours\n");
            assertThat(notice.html(language)).contains("<a href=\"https://shop.example.com/agent/yours\"");
        }
        assertThat(notice.text(Locale.ENGLISH)).contains("end it there at once");
    }

    @Test
    void everyVariantOfGermanIsGermanAndAllElseIsEnglish() {
        ClaimMail mail = mail("Shop", "");

        assertThat(mail.subject(Locale.forLanguageTag("de-AT"))).startsWith("Ein Agent");
        for (String tag : List.of("en", "en-GB", "fr", "und", "den")) {
            assertThat(mail.subject(Locale.forLanguageTag(tag)))
                    .as(tag)
                    .isEqualTo("An agent asks to act for you at Shop");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\r\n", "\n", "\r", "\u000b", "\f", "\u0085", "\u2028", "\u2029", "\u0000", "\t", "\u202e", "\u2066"
            })
    void namesAndScopesBreakNoLine(String bad) {
        String name = "Shop" + bad + "Bcc: eve@example.com";
        for (Locale language : List.of(Locale.ENGLISH, Locale.GERMAN)) {
            ClaimMail mail = mail(name, name, "api" + bad + "Evil");
            LinkedNotice notice = new LinkedNotice("alice@example.com", name, "reg_1", name, NOW);
            String clean = mail("Shop Bcc: eve@example.com", "Shop Bcc: eve@example.com", "api Evil")
                    .text(language);

            assertThat(mail.subject(language)).doesNotContain(bad).contains("Shop Bcc: eve@example.com");
            assertThat(mail.text(language)).isEqualTo(clean);
            assertThat(notice.subject(language)).doesNotContain(bad);
            assertThat(notice.text(language))
                    .isEqualTo(new LinkedNotice(
                                    "alice@example.com",
                                    "Shop Bcc: eve@example.com",
                                    "reg_1",
                                    "Shop Bcc: eve@example.com",
                                    NOW)
                            .text(language));
        }
    }

    @Test
    void markupInNamesAndScopesIsText() {
        String evil = "<img src=x>\"'&";
        for (Locale language : List.of(Locale.ENGLISH, Locale.GERMAN)) {
            assertThat(mail(evil, evil, evil).html(language))
                    .contains(">&lt;img src=x&gt;&quot;&#39;&amp;</li>")
                    .doesNotContain("<img", evil);
            assertThat(new LinkedNotice("alice@example.com", evil, "reg_1", evil, NOW).html(language))
                    .doesNotContain("<img", evil);
        }
    }

    @Test
    void percentSignsInNamesAreText() {
        assertThat(mail("100% %s Shop", "%d").text(Locale.ENGLISH))
                .contains("from %d asks")
                .contains("100% %s Shop");
    }

    private static ClaimMail mail(String serviceName, String agentName, String... scopes) {
        return new ClaimMail(
                "alice@example.com",
                Secret.of(LINK),
                serviceName,
                "reg_1",
                RegistrationKind.ANONYMOUS,
                agentName,
                scopes.length == 0 ? List.of("api.read", "api.write") : List.of(scopes),
                NOW.minusSeconds(60),
                NOW.plusSeconds(540));
    }
}
