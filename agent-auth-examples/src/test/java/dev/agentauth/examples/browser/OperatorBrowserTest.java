package dev.agentauth.examples.browser;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentauth.client.http.Http;
import dev.agentauth.client.http.Json;
import dev.agentauth.examples.FreePorts;
import dev.agentauth.examples.QuietLogs;
import dev.agentauth.examples.RunningDemo;
import dev.agentauth.examples.console.AuditTrail;
import dev.agentauth.examples.console.Console;
import dev.agentauth.examples.console.ConsoleSettings;
import dev.agentauth.examples.web.WebServer;
import dev.agentauth.memory.InMemoryStores;
import dev.agentauth.spi.AuditEvent;
import java.io.IOException;
import java.net.InetAddress;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.eclipse.jetty.ee10.servlet.ServletContextHandler;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.openqa.selenium.By;

@SuppressWarnings("try") // the server only has to run
@ExtendWith(QuietLogs.class)
class OperatorBrowserTest {
    private static final String SCRIPTLESS = "which takes JavaScript";

    private final Http http = new Http();

    @Test
    void whatAgentsAndPeopleDoIsSeenAsItHappens() throws IOException {
        try (RunningDemo demo = RunningDemo.start("", Map.of());
                Browser browser = Browser.start()) {
            browser.open(demo.issuer() + "/operator");
            awaitText(browser, "#recorded", "Nothing has happened yet.");
            browser.look(390, false).screenshot("operator-empty").assertAccessible();

            Json asked = ask(demo, "ada@example.com");
            String id = asked.get("registration_id").text();
            demo.code("ada@example.com", id);
            Json other = ask(demo, "grace@example.com");
            demo.sayNo("grace@example.com", other.get("registration_id").text());
            awaitText(browser, "#events li", "registration.revoked");
            assertThat(browser.find("#stages").getText())
                    .contains("Registered 2 (100 %)", "A person was asked 2 (100 %)")
                    .contains("The code was shown 1 (50 %)", "Completed 0 (0 %)");
            assertThat(browser.find("#refusals").getText()).contains("the person said no 1");
            assertThat(browser.find("#events").getText()).contains("claim.rejected", "otp.generated");

            browser.driver()
                    .findElement(By.cssSelector("#events a[href='#" + id + "']"))
                    .click();
            awaitText(browser, "#one", "pending claim");
            assertThat(browser.find("#one").getText()).contains("nobody yet", "registration.created", "otp.generated");
            browser.look(320, false);
            assertThat(browser.find("#stages th").getSize().getHeight())
                    .as("height of a stage's name, one line")
                    .isLessThan(40);
            browser.assertGoodEverywhere("operator");
            browser.assertGoodForcedAndZoomed("operator");

            demo.sayNo("ada@example.com", id);
            awaitText(browser, "#one", "revoked");
            browser.assertNoComplaints();
        }
    }

    @Test
    void tenThousandEventsAreCountedAndTheNewestShown() throws Exception {
        AuditTrail trail = new AuditTrail();
        int port = FreePorts.two()[0];
        try (WebServer server = start(trail, port);
                Browser browser = Browser.start()) {
            browser.open("http://localhost:" + port + "/operator");
            for (int i = 0; i < 10_000; i++) {
                record(
                        trail,
                        i,
                        i % 2 == 0 ? AuditEvent.Type.REGISTRATION_CREATED : AuditEvent.Type.CLAIM_REQUESTED,
                        "reg_" + i / 2);
            }
            awaitText(browser, "#recorded", "10,000 since the demo was started; the newest 200 are below");
            awaitText(browser, "#stages", "A person was asked 5,000 (100 %)");
            assertThat(browser.driver().findElements(By.cssSelector("#events li")))
                    .hasSize(200);
            assertThat(browser.find("#events li").getText()).contains("reg_4999");

            browser.find("#id").sendKeys("reg_7\n");
            awaitText(browser, "#one", "claim.requested");
            assertThat(browser.driver().getCurrentUrl()).endsWith("#reg_7");
            assertThat(browser.find("#one").getText()).contains("purged: only its events are left");

            browser.find("#pause").click();
            record(trail, 10_000, AuditEvent.Type.OTP_FAILED, "reg_7");
            awaitText(browser, "#status", "Paused");
            browser.find("#pause").click();
            awaitText(browser, "#one", "otp.failed");
            awaitText(browser, "#refusals", "wrong code 1");

            browser.driver().executeScript("location.hash = 'reg_nobody'");
            awaitText(browser, "#one", "Nothing is known of this id");
            browser.look(320, false).screenshot("operator-many").assertNoSidewaysScrolling();
        }
    }

    @Test
    void fragmentThatIsNotEncodedIsTakenAsItIs() throws Exception {
        int port = FreePorts.two()[0];
        try (WebServer server = start(new AuditTrail(), port);
                Browser browser = Browser.start()) {
            browser.open("http://localhost:" + port + "/operator#%");
            awaitText(browser, "#recorded", "Nothing has happened yet.");
            awaitText(browser, "#one", "Nothing is known of this id");
            assertThat(browser.find("#id").getDomProperty("value")).isEqualTo("%");

            browser.find("#id").sendKeys("41\n");
            browser.await("the fragment", () -> browser.driver().getCurrentUrl().endsWith("#%2541"));
            awaitText(browser, "#one", "Nothing is known of this id");
            assertThat(browser.find("#id").getDomProperty("value")).isEqualTo("%41");
        }
    }

    @Test
    void demoThatIsGoneIsSaidToBeGone() throws Exception {
        int port = FreePorts.two()[0];
        try (Browser browser = Browser.start()) {
            try (WebServer server = start(new AuditTrail(), port)) {
                browser.open("http://localhost:" + port + "/operator").find("#recorded");
                awaitText(browser, "#recorded", "Nothing has happened yet.");
            }
            awaitText(browser, "#status", "The demo does not answer. Trying again.");
        }
    }

    @Test
    void withoutScriptsItSaysWhatItNeeds() throws Exception {
        int port = FreePorts.two()[0];
        try (WebServer server = start(new AuditTrail(), port);
                Browser browser = Browser.withoutScripts()) {
            assertThat(browser.open("http://localhost:" + port + "/operator").text())
                    .contains(SCRIPTLESS);
            browser.look(320, true).screenshot("operator-without-scripts").assertNoSidewaysScrolling();
        }
    }

    private static WebServer start(AuditTrail trail, int port) throws IOException {
        String issuer = "http://localhost:" + port;
        ServletContextHandler context = new ServletContextHandler("/");
        new Console(
                        new ConsoleSettings(
                                "demo",
                                issuer,
                                issuer + "/api/",
                                Optional.empty(),
                                ConsoleSettings.Mail.NOWHERE,
                                true,
                                false,
                                Map.of()),
                        trail,
                        InMemoryStores.of(issuer).registrations(),
                        InstantSource.system(),
                        Optional.empty(),
                        "localhost"::equals)
                .mountIn(context);
        return WebServer.start(InetAddress.getLoopbackAddress(), port, List.of(context));
    }

    private static void record(AuditTrail trail, int number, AuditEvent.Type type, String registration) {
        trail.record(new AuditEvent(
                "evt_" + number, Instant.EPOCH.plusSeconds(number), type, "127.0.0.1", registration, Map.of()));
    }

    private Json ask(RunningDemo demo, String address) {
        return http.postJson(
                        demo.issuer() + "/agent/identity",
                        Map.of("type", "identity_assertion", "assertion_type", "verified_email", "assertion", address))
                .json();
    }

    private static void awaitText(Browser browser, String css, String text) {
        browser.await(
                text + " in " + css,
                () -> browser.find(css).getText().replace('\n', ' ').contains(text));
    }
}
