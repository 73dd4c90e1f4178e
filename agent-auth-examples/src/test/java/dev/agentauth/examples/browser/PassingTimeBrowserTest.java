package dev.agentauth.examples.browser;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentauth.examples.QuietLogs;
import dev.agentauth.examples.RunningDemo;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.By;

/** Flows in which time passes: a link lapses, a registration expires, a spent refresh token gives a thief away. */
@ExtendWith(QuietLogs.class)
class PassingTimeBrowserTest {
    private Browser browser;
    private ConsolePage console;

    @BeforeEach
    void startBrowser() {
        browser = Browser.start();
        console = new ConsolePage(browser);
        browser.look(1280, false);
    }

    @AfterEach
    void stopBrowser() {
        browser.close();
    }

    @Test
    void linkLapsesAndThenTheRegistrationExpires() throws IOException {
        try (RunningDemo demo = RunningDemo.start("", Map.of())) {
            console.open(demo, "late");
            steps(1, 4);
            assertThat(state()).isEqualTo("state-pending_claim");
            steps(5, 5);
            assertThat(state()).isEqualTo("state-unclaimed");
            assertThat(taken()).containsExactly("edge-pending_claim-unclaimed");
            browser.assertGoodEverywhere("time-lapsed");
            browser.look(1280, false);
            steps(6, 7);
            assertThat(state()).isEqualTo("state-pending_claim");
            steps(8, 8);
            assertThat(state()).isEqualTo("state-expired");
            assertThat(taken()).containsExactly("edge-pending_claim-expired");
            steps(9, 11);

            assertDone();
            assertThat(browser.find("#state-words").getText()).startsWith("Now expired:");
            assertThat(browser.find("#picture").getText()).contains("A day passes", "410 claim_expired");
            browser.assertGoodEverywhere("time-expired");
        }
    }

    @Test
    void spentRefreshTokenRaisesTheEpoch() throws IOException {
        try (RunningDemo demo = RunningDemo.start("", Map.of())) {
            console.open(demo, "stolen");
            steps(1, 7);
            assertThat(browser.find("#epoch").isDisplayed()).isFalse();
            steps(8, 8);
            assertThat(browser.find("#epoch").getText()).isEqualTo("epoch 1");
            assertThat(taken()).contains("edge-epoch");
            steps(9, 10);

            assertDone();
            assertThat(state()).isEqualTo("state-claimed");
            browser.look(1280, true).screenshot("time-epoch");
        }
    }

    @Test
    void distancesInTokensAreThoseOfTheDemosClock() throws IOException {
        try (RunningDemo demo = RunningDemo.start("", Map.of())) {
            console.open(demo, "late");
            steps(1, 5);
            assertThat(decodedAssertion()).contains("20 minutes ago", "in 40 minutes");
            console.reload();
            browser.await("the demo's clock", () -> decodedAssertion().contains("20 minutes ago"));
            assertThat(decodedAssertion()).contains("in 40 minutes");
            steps(6, 8);
            assertThat(decodedAssertion()).contains("24 hours ago", "23 hours ago");
        }
    }

    @Test
    void flowsInWhichTimePassesSayWhereTheClockCannotBeMoved(@TempDir java.nio.file.Path folder) throws IOException {
        try (RunningDemo stored = RunningDemo.start(
                "",
                Map.of("AGENT_AUTH_JDBC_URL", "jdbc:h2:file:" + folder.resolve("db"), "AGENT_AUTH_JDBC_USER", "sa"))) {
            console.open(stored, "late");
            assertThat(browser.find("#flow-note").getText()).contains("the clock of this demo cannot be moved");
            assertThat(browser.find("#controls").isDisplayed()).isFalse();
            browser.screenshot("time-stands-still");
        }
    }

    private void steps(int first, int last) {
        assertThat(console.stepCount()).isEqualTo(first - 1);
        console.steps(last - first + 1);
    }

    private void assertDone() {
        assertThat(browser.driver().findElements(By.cssSelector("#steps .bad"))).isEmpty();
        assertThat(browser.find("#next-words").getText()).startsWith("Done.");
    }

    private String state() {
        return String.valueOf(browser.find(".state.now").getDomAttribute("id"));
    }

    /** What the assertion of the first step says, decoded now. */
    private String decodedAssertion() {
        browser.driver().executeScript("""
                const step = document.querySelector('#steps li details');
                step.open = true;
                const token = step.querySelector('button.token');
                token.click();
                if (token.getAttribute('aria-expanded') === 'false') {
                  token.click();
                }""");
        return console.text("#steps li .decoded:not([hidden])");
    }

    private List<String> taken() {
        return browser.driver().findElements(By.cssSelector(".edge.taken")).stream()
                .map(edge -> String.valueOf(edge.getDomAttribute("id")))
                .toList();
    }
}
