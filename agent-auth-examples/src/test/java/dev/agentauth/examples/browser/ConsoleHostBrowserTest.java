package dev.agentauth.examples.browser;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentauth.examples.QuietLogs;
import dev.agentauth.examples.RunningDemo;
import java.io.IOException;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What browsers keep from pages that came in the clear from a host that is not loopback, the console does without. */
@ExtendWith(QuietLogs.class)
class ConsoleHostBrowserTest {
    private static final String HOST = "demo.example";

    @Test
    void pageOfAPlainHostNameSaysWhereItWorks() throws IOException {
        try (RunningDemo demo = RunningDemo.start("", Map.of());
                Browser browser = Browser.whereLoopbackIsCalled(HOST)) {
            browser.open(demo.issuer().replace("localhost", HOST) + "/");

            assertThat((Boolean) browser.driver().executeScript("return isSecureContext || 'randomUUID' in crypto"))
                    .isFalse();
            assertThat(browser.find("#flow-note a").getDomAttribute("href")).isEqualTo(demo.issuer() + "/");
            browser.assertGoodAtEachWidth("console-other-host").assertNoComplaints();
        }
    }

    @Test
    void flowIsWalkedWithoutRandomUuidAndClipboard() throws IOException {
        try (RunningDemo demo = RunningDemo.start("", Map.of());
                Browser browser = Browser.start()) {
            browser.driver()
                    .executeCdpCommand(
                            "Page.addScriptToEvaluateOnNewDocument",
                            Map.of(
                                    "source",
                                    "delete Crypto.prototype.randomUUID; delete Navigator.prototype.clipboard;"
                                            + " delete Window.prototype.sessionStorage; delete window.sessionStorage;"));
            ConsolePage console = new ConsolePage(browser);
            browser.emulate(Map.of("prefers-reduced-motion", "reduce"));
            browser.open(demo.issuer() + "/#anonymous");
            console.steps(8);

            assertThat(console.state()).isEqualTo("claimed");
            console.all("#steps li:last-child [role=tab]").get(1).click();
            console.click("#steps li:last-child button.copy");
            console.awaitText("#steps li:last-child button.copy", "Selected: copy it");
            assertThat((String) browser.driver().executeScript("return String(getSelection())"))
                    .startsWith("curl ");
            console.assertNothingWentWrong();
        }
    }
}
