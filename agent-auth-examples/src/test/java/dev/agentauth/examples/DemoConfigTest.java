package dev.agentauth.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.agentauth.config.Lifetimes;
import dev.agentauth.spi.TrustedProvider;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DemoConfigTest {

    @Test
    void emptyEnvironmentGivesTheDefaults() throws Exception {
        DemoConfig config = DemoConfig.of(Map.of());

        assertThat(config.port()).isEqualTo(8000);
        assertThat(config.bind().getHostAddress()).isEqualTo("127.0.0.1");
        assertThat(config.issuer()).isEqualTo("http://localhost:8000");
        assertThat(config.resource()).isEqualTo("http://localhost:8000/api/");
        assertThat(config.contextPath()).isEmpty();
        assertThat(config.providers())
                .containsExactly(TrustedProvider.of("http://localhost:4000").withDisplayName("Sample provider"));
        assertThat(config.sampleProviderPort()).hasValue(4000);
        assertThat(config.smtp()).isEmpty();
        assertThat(config.rateLimits()).isEqualTo(RateLimits.ON);
        assertThat(config.rateLimits().factor()).isEqualTo(50);
        assertThat(config.signingKeys()).isEmpty();
        assertThat(config.lifetimes()).isEqualTo(Lifetimes.standard());
        assertThat(config.showsOutbox()).isTrue();
        assertThat(config.anyOrigin()).isFalse();
        assertThat(config.typedCode()).isTrue();
        assertThat(config.ceremony()).isEqualTo(DemoConfig.Ceremony.MAILED_LINK);
        assertThat(config.requireLoginHint()).isFalse();
    }

    @Test
    void auditGoesToStandardOutputTheLogOrAFile() throws Exception {
        for (DemoConfig standard : List.of(DemoConfig.of(Map.of()), with("AGENT_AUTH_AUDIT", "-"))) {
            assertThat(standard.auditToLog()).isFalse();
            assertThat(standard.auditFile()).isEmpty();
        }
        assertThat(with("AGENT_AUTH_AUDIT", "log").auditToLog()).isTrue();
        assertThat(with("AGENT_AUTH_AUDIT", "log").auditFile()).isEmpty();
        assertThat(with("AGENT_AUTH_AUDIT", "logs/audit.jsonl").auditToLog()).isFalse();
        assertThat(with("AGENT_AUTH_AUDIT", "logs/audit.jsonl").auditFile()).hasValue(Path.of("logs", "audit.jsonl"));
        assertThat(refusal("AGENT_AUTH_AUDIT", "a\0b")).contains("- for standard output, log for the log");
    }

    @Test
    void ceremonyIsOneOfTwo() throws Exception {
        assertThat(with("AGENT_AUTH_CEREMONY", "mailed-link").ceremony()).isEqualTo(DemoConfig.Ceremony.MAILED_LINK);
        assertThat(with("AGENT_AUTH_CEREMONY", "sign-in").ceremony()).isEqualTo(DemoConfig.Ceremony.SIGN_IN);
        assertThat(with("AGENT_AUTH_REQUIRE_LOGIN_HINT", "on").requireLoginHint())
                .isTrue();
        assertThat(refusal("AGENT_AUTH_CEREMONY", "both"))
                .isEqualTo("AGENT_AUTH_CEREMONY=both cannot be used: expected mailed-link or sign-in");
    }

    /** Its sign-in believes everybody. */
    @Test
    void signInIsForThisMachineAlone() {
        for (Map<String, String> open : List.of(
                Map.of("AGENT_AUTH_CEREMONY", "sign-in", "AGENT_AUTH_BIND", "0.0.0.0"),
                Map.of("AGENT_AUTH_CEREMONY", "sign-in", "AGENT_AUTH_ISSUER", "https://demo.example"))) {
            assertThatThrownBy(() -> DemoConfig.of(open)).hasMessageContaining("lets everybody be anybody");
        }
    }

    @Test
    void switchesAreOnOrOff() throws Exception {
        assertThat(with("AGENT_AUTH_CORS", "on").anyOrigin()).isTrue();
        assertThat(with("AGENT_AUTH_CORS", "off").anyOrigin()).isFalse();
        assertThat(with("AGENT_AUTH_TYPED_CODE", "on").typedCode()).isTrue();
        assertThat(with("AGENT_AUTH_TYPED_CODE", "off").typedCode()).isFalse();
        assertThat(with("AGENT_AUTH_REQUIRE_AUTH_TIME", "on").providers())
                .singleElement()
                .matches(TrustedProvider::loginTimeRequired);
        assertThat(with("AGENT_AUTH_REQUIRE_AUTH_TIME", "off").providers())
                .singleElement()
                .matches(provider -> !provider.loginTimeRequired());
        assertThat(refusal("AGENT_AUTH_CORS", "true"))
                .isEqualTo("AGENT_AUTH_CORS=true cannot be used: expected on or off");
    }

    @Test
    void emptyVariablesCountAsUnset() throws Exception {
        Map<String, String> empty = new HashMap<>();
        for (String name : new String[] {
            "PORT",
            "BIND",
            "ISSUER",
            "PROVIDERS",
            "DEMO_PROVIDER",
            "SMTP",
            "RATE_LIMITS",
            "SIGNING_KEYS",
            "ASSERTION_TTL",
            "ACCESS_TOKEN_TTL",
            "REGISTRATION_TTL",
            "ATTEMPT_TTL",
            "CODE_TTL",
            "CORS",
            "TYPED_CODE",
            "CEREMONY",
            "REQUIRE_LOGIN_HINT",
            "REQUIRE_AUTH_TIME",
            "AUDIT",
            "REFRESH_TTL"
        }) {
            empty.put("AGENT_AUTH_" + name, "");
        }

        assertThat(DemoConfig.of(empty)).isEqualTo(DemoConfig.of(Map.of()));
    }

    @Test
    void portIsPartOfTheDefaultIssuer() throws Exception {
        assertThat(with("AGENT_AUTH_PORT", "9000").issuer()).isEqualTo("http://localhost:9000");
    }

    @Test
    void issuerMayHaveAPath() throws Exception {
        DemoConfig config = with("AGENT_AUTH_ISSUER", "https://demo.example/agents/v1");

        assertThat(config.contextPath()).isEqualTo("/agents/v1");
        assertThat(config.resource()).isEqualTo("https://demo.example/agents/v1/api/");
    }

    @Test
    void outboxIsForLoopbackWithoutSmtpAlone() throws Exception {
        assertThat(with("AGENT_AUTH_BIND", "::1").showsOutbox()).isTrue();
        assertThat(with("AGENT_AUTH_BIND", "0.0.0.0").showsOutbox()).isFalse();
        assertThat(with("AGENT_AUTH_BIND", "::").showsOutbox()).isFalse();
        assertThat(with("AGENT_AUTH_SMTP", "smtp://localhost:25").showsOutbox()).isFalse();
    }

    @Test
    void providersReplaceTheSampleProvider() throws Exception {
        DemoConfig config =
                with("AGENT_AUTH_PROVIDERS", "https://a.example, https://b.example/x=one,http://127.0.0.1:7/=u|v=w");

        assertThat(config.providers())
                .extracting(TrustedProvider::issuer)
                .containsExactly("https://a.example", "https://b.example/x", "http://127.0.0.1:7/");
        assertThat(config.providers().get(0).clientIds()).containsExactly("https://a.example");
        assertThat(config.providers().get(1).clientIds()).containsExactly("one");
        assertThat(config.providers().get(2).clientIds()).containsExactlyInAnyOrder("u", "v=w");
        assertThat(config.sampleProviderPort()).hasValue(4000);
    }

    @Test
    void sampleProviderCanBeOffOrElsewhere() throws Exception {
        assertThat(with("AGENT_AUTH_DEMO_PROVIDER", "off").sampleProviderPort()).isEmpty();
        assertThat(with("AGENT_AUTH_DEMO_PROVIDER", "off").providers()).isEmpty();
        assertThat(with("AGENT_AUTH_DEMO_PROVIDER", "on").sampleProviderPort()).hasValue(4000);
        assertThat(with("AGENT_AUTH_DEMO_PROVIDER", "5000").sampleProviderPort())
                .hasValue(5000);
        assertThat(with("AGENT_AUTH_DEMO_PROVIDER", "5000").providers().get(0).issuer())
                .isEqualTo("http://localhost:5000");
    }

    @Test
    void theRestIsTakenAsItIs() throws Exception {
        assertThat(with("AGENT_AUTH_SMTP", "smtp://mail.example:2525").smtp())
                .contains(new DemoConfig.SmtpServer("mail.example", 2525));
        assertThat(with("AGENT_AUTH_RATE_LIMITS", "strict").rateLimits().factor())
                .isEqualTo(1);
        assertThat(with("AGENT_AUTH_RATE_LIMITS", "off").rateLimits()).isEqualTo(RateLimits.OFF);
        assertThat(with("AGENT_AUTH_RATE_LIMITS", "on").rateLimits()).isEqualTo(RateLimits.ON);
        assertThat(with("AGENT_AUTH_SIGNING_KEYS", "keys/own.json").signingKeys())
                .contains(Path.of("keys/own.json"));
    }

    @Test
    void databaseIsNamedByThreeVariablesAndNeverShownInFull() throws Exception {
        DemoConfig.Jdbc database = DemoConfig.of(Map.of(
                        "AGENT_AUTH_JDBC_URL", "jdbc:mariadb://db:3306/agents?password=hush",
                        "AGENT_AUTH_JDBC_USER", "u",
                        "AGENT_AUTH_JDBC_PASSWORD", "secret"))
                .database()
                .orElseThrow();

        assertThat(database.kind()).isEqualTo("mariadb");
        assertThat(database.url()).isEqualTo("jdbc:mariadb://db:3306/agents?password=hush");
        assertThat(database.user()).isEqualTo("u");
        assertThat(database.password()).isEqualTo("secret");
        assertThat(database).hasToString("jdbc:mariadb:...");
        assertThat(with("AGENT_AUTH_JDBC_USER", "u").database()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"postgresql://db/x", "jdbc:oracle:thin:hush@db", "jdbc:mysql://db/x", "jdbc:h2:", "jdbc:", "x"})
    void databaseOfAnotherKindIsRefusedWithoutShowingTheUrl(String url) {
        assertThat(refusal("AGENT_AUTH_JDBC_URL", url))
                .startsWith("AGENT_AUTH_JDBC_URL=(not shown) cannot be used: expected ")
                .contains("jdbc:postgresql:", "jdbc:mariadb:", "jdbc:h2:")
                .doesNotContain("hush")
                .hasLineCount(1);
    }

    @Test
    void lifetimesAreSeconds() throws Exception {
        Lifetimes lifetimes = DemoConfig.of(Map.of(
                        "AGENT_AUTH_ASSERTION_TTL", "1",
                        "AGENT_AUTH_ACCESS_TOKEN_TTL", "2",
                        "AGENT_AUTH_REGISTRATION_TTL", "3",
                        "AGENT_AUTH_ATTEMPT_TTL", "4",
                        "AGENT_AUTH_CODE_TTL", "315360000",
                        "AGENT_AUTH_REFRESH_TTL", "5"))
                .lifetimes();

        assertThat(lifetimes.assertion()).isEqualTo(Duration.ofSeconds(1));
        assertThat(lifetimes.accessToken()).isEqualTo(Duration.ofSeconds(2));
        assertThat(lifetimes.registration()).isEqualTo(Duration.ofSeconds(3));
        assertThat(lifetimes.attempt()).isEqualTo(Duration.ofSeconds(4));
        assertThat(lifetimes.code()).isEqualTo(Duration.ofDays(3650));
        assertThat(lifetimes.refresh()).isEqualTo(Duration.ofSeconds(5));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ' ',
            value = {
                "PORT 0",
                "PORT 65536",
                "PORT -1",
                "PORT 80a",
                "PORT 99999999999999999999",
                "PORT \u0668\u0660",
                "BIND not..a..host",
                "BIND 300.1.1.1",
                "ISSUER localhost:8000",
                "ISSUER http://demo.example",
                "ISSUER http://localhost:8000/",
                "ISSUER http://localhost:8000?x=1",
                "ISSUER http://localhost:8000?",
                "ISSUER http://localhost:8000#x",
                "ISSUER http://user@localhost:8000",
                "ISSUER http://LOCALHOST:8000",
                "ISSUER http://localhost:70000",
                "ISSUER http://localhost:8000/a//b",
                "ISSUER http://localhost:8000/a/../b",
                "ISSUER http://localhost:8000/%61",
                "ISSUER http://localhost:8000/a;b",
                "ISSUER ftp://localhost",
                "ISSUER https://",
                "PROVIDERS not-a-url",
                "PROVIDERS http://provider.example",
                "PROVIDERS file:///etc/keys",
                "PROVIDERS https://a.example,",
                "PROVIDERS ,",
                "PROVIDERS https://a.example,https://a.example=x",
                "PROVIDERS https://a.example=",
                "PROVIDERS https://a.example=x|",
                "PROVIDERS https://a.example?x",
                "PROVIDERS http://localhost:8000",
                "DEMO_PROVIDER yes",
                "DEMO_PROVIDER OFF",
                "DEMO_PROVIDER 0",
                "DEMO_PROVIDER 8000",
                "DEMO_PROVIDER 65536",
                "SMTP localhost:25",
                "SMTP smtp://localhost",
                "SMTP smtp://localhost:0",
                "SMTP smtp://localhost:25/",
                "SMTP smtps://localhost:25",
                "SMTP smtp://u:p@localhost:25",
                "RATE_LIMITS true",
                "RATE_LIMITS Strict",
                "ASSERTION_TTL 0",
                "ASSERTION_TTL 1h",
                "ACCESS_TOKEN_TTL -5",
                "REGISTRATION_TTL 1.5",
                "ATTEMPT_TTL 315360001",
                "CODE_TTL ten"
            })
    void wrongValueIsRefusedInOneLineThatNamesIt(String name, String value) {
        String variable = "AGENT_AUTH_" + name;

        assertThat(refusal(variable, value))
                .startsWith(variable + "=" + value + " cannot be used: expected ")
                .hasLineCount(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {" ", "80\n80", "80\r\nAGENT_AUTH_PORT=81", "\u0000"})
    void valueWithControlCharactersStaysOnItsLine(String value) {
        assertThat(refusal("AGENT_AUTH_PORT", value)).hasLineCount(1).startsWith("AGENT_AUTH_PORT=");
    }

    @Test
    void pathThatIsNoneIsRefused() {
        assertThat(refusal("AGENT_AUTH_SIGNING_KEYS", "a\u0000b")).startsWith("AGENT_AUTH_SIGNING_KEYS=a?b ");
    }

    @Test
    void longValueIsCut() {
        assertThat(refusal("AGENT_AUTH_PORT", "9".repeat(10_000))).hasSizeLessThan(400);
    }

    @Test
    void sampleProviderOnTheServicesOwnPortIsRefused() {
        assertThat(catchThrowableOfType(
                        WrongSettingException.class, () -> DemoConfig.of(Map.of("AGENT_AUTH_PORT", "4000"))))
                .hasMessageStartingWith("AGENT_AUTH_DEMO_PROVIDER=on ");
    }

    private static DemoConfig with(String variable, String value) throws WrongSettingException {
        return DemoConfig.of(Map.of(variable, value));
    }

    private static String refusal(String variable, String value) {
        return catchThrowableOfType(WrongSettingException.class, () -> with(variable, value))
                .getMessage();
    }
}
