package dev.agentauth.examples.browser;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentauth.examples.RunningDemo;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.openqa.selenium.WebElement;

/** A walk survives what browsers do to pages, and servers to walks. */
class ConsoleReloadBrowserTest extends OnTheConsole {
    @Test
    void walkGoesOnAfterAReload() {
        console.open(demo, "anonymous").steps(5);
        String history = console.text("#history");
        String steps = shownSteps();
        console.reload();
        browser.await("the mail", () -> console.find("#person-link a").isDisplayed());

        assertThat(shownSteps()).isEqualTo(steps);
        assertThat(console.text("#history")).isEqualTo(history);
        assertThat(console.state()).isEqualTo("pending_claim");
        assertThat(console.text("#next-words")).startsWith("Now the person.");
        assertThat(console.find("#again").isDisplayed()).isTrue();
        console.reload();
        assertThat(shownSteps()).isEqualTo(steps);
        browser.await("the mail", () -> console.find("#person-link a").isDisplayed());
        console.assertGood("console-reloaded");

        console.steps(3);
        assertThat(console.text("#next-words")).startsWith("Done.");
        assertThat(console.state()).isEqualTo("claimed");
        assertThat(console.all("#steps .bad")).isEmpty();
        console.assertNothingWentWrong();
    }

    @Test
    void backAndForwardGoBetweenFlowsAndFindThemWhereTheyWere() {
        console.open(demo, "anonymous").steps(2);
        console.click("#flows a[href='#revoke']");
        console.awaitText("#flow-title", "Revoke a token");
        console.steps(1);

        browser.driver().navigate().back();
        console.awaitText("#flow-title", "Anonymous, then claimed");
        assertThat(console.stepCount()).isEqualTo(2);
        browser.driver().navigate().forward();
        console.awaitText("#flow-title", "Revoke a token");
        assertThat(console.stepCount()).isEqualTo(1);
        console.steps(4);

        assertThat(console.text("#next-words")).startsWith("Done.");
        assertThat(console.all("#steps .bad")).isEmpty();
    }

    @Test
    void walkOfAnotherVersionOfTheFlowIsNotGoneOnWith() {
        console.open(demo, "revoke").steps(2);
        browser.driver().executeScript("""
                for (const name of Object.keys(sessionStorage)) {
                  sessionStorage[name] = sessionStorage[name].replace(/"version":-?/, '$&1');
                }""");
        console.reload();

        assertThat(console.stepCount()).isZero();
        assertThat(console.text("#walk-empty")).contains("Nothing has been sent");
    }

    @Test
    void startingAgainIsForgottenByAReloadToo() {
        console.open(demo, "revoke").steps(2);
        console.click("#again");
        console.reload();

        assertThat(console.stepCount()).isZero();
    }

    @Test
    void whatIsKeptIsThisTabsAlone() {
        console.open(demo, "revoke").steps(1);

        assertThat((Long) browser.driver().executeScript("return localStorage.length + document.cookie.length"))
                .isZero();
        assertThat((Long) browser.driver().executeScript("return sessionStorage.length"))
                .isOne();
    }

    @Test
    void serverThatIsGoneIsSaidToBeGoneAndFoundAgain() throws IOException {
        try (RunningDemo dying = RunningDemo.start("", Map.of())) {
            console.open(dying, "anonymous").steps(2);
            dying.stop();
            console.click("#next");
            console.awaitSteps(3);
            console.awaitText("#gone", "does not answer");

            assertThat(console.text("#next-words")).contains("no answer", "Try again");
            console.assertGood("console-gone");
            browser.look(1280, false);

            dying.startAgain();
            browser.await("the demo to be found", () -> !console.find("#gone").isDisplayed());
            console.awaitText("#next-words", "does not know this registration");
            assertThat(console.find("#next").isDisplayed()).isFalse();
            console.assertGood("console-back");
            browser.look(1280, false);

            console.click("#again");
            console.click("#all");
            console.awaitSteps(8);
            assertThat(console.state()).isEqualTo("claimed");
        }
    }

    @Test
    void walkGoesOnWithAServerThatHasKeptEverything() throws IOException {
        try (RunningDemo lasting =
                RunningDemo.start("", Map.of("AGENT_AUTH_JDBC_URL", "jdbc:h2:mem:console-reload;DB_CLOSE_DELAY=-1"))) {
            console.open(lasting, "anonymous").steps(2);
            lasting.stop();
            console.click("#next");
            console.awaitText("#gone", "does not answer");
            lasting.startAgain();
            browser.await("the demo to be found", () -> !console.find("#gone").isDisplayed());
            assertThat(console.text("#next")).isEqualTo("Try again");
            console.steps(1);

            assertThat(console.all("#steps .bad")).hasSize(1);
            console.click("#all");
            console.awaitSteps(9);
            assertThat(console.state()).isEqualTo("claimed");
        }
    }

    private static String shownSteps() {
        List<String> texts =
                console.all("#steps > li").stream().map(WebElement::getText).toList();
        return String.join("\n", texts);
    }
}
