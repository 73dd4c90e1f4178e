package dev.agentauth.examples.browser;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** In the person's turn the console says what the registration says, and leaves room for the rest. */
class ConsolePersonBrowserTest extends OnTheConsole {
    @Test
    void whoSaysThatTheySaidNoAndDidNotIsTold() {
        console.open(demo, "no").steps(1);
        console.click("#did");
        console.awaitText("#status", "says otherwise: it is still pending claim");

        assertThat(console.stepCount()).isOne();
        assertThat(console.state()).isEqualTo("pending_claim");
        console.assertGood("console-said-no");
    }

    @Test
    void noThatWasSaidOnThePageIsSeen() {
        console.open(demo, "no").steps(1);
        console.onTheClaimPage(() -> {
            browser.find("form[action$='/reject'] button").click();
            return browser.text();
        });
        console.awaitSteps(2);

        assertThat(console.text("#steps")).contains("done on the page; the registration says: revoked");
        assertThat(console.state()).isEqualTo("revoked");
        console.steps(1);
        assertThat(console.text("#next-words")).startsWith("Done.");
    }

    @Test
    void noInsteadOfACodeEndsTheWalk() {
        console.open(demo, "email").steps(1);
        console.onTheClaimPage(() -> {
            browser.find("form[action$='/reject'] button").click();
            return browser.text();
        });
        console.awaitText("#next-words", "The person has said no");

        assertThat(console.state()).isEqualTo("revoked");
        assertThat(console.find("#next").isDisplayed()).isFalse();
        assertThat(console.find("#again").isDisplayed()).isTrue();
    }

    @Test
    void codeThatIsShownOnThePageIsSeen() {
        console.open(demo, "email").steps(1);
        assertThat(console.text("#status")).doesNotContain("has shown a code");
        console.codeOnThePage();

        console.awaitText("#status", "the page has shown a code");
    }

    @ParameterizedTest
    @CsvSource({"anonymous, 5", "email, 1", "typed, 2", "no, 1", "vouched-known, 6"})
    void boxOfThePersonsTurnTakesAtMostTwoFifthsOfAPhone(String flow, int before) {
        console.open(demo, flow).steps(before);
        browser.phone();
        assertThat(console.find("#person").isDisplayed()).isTrue();
        browser.driver().executeScript("document.getElementById('walk').scrollIntoView()");
        browser.screenshotOfTheScreen("console-phone-" + flow);

        assertThat((Double) Objects.requireNonNull(browser.driver().executeScript("""
                const {height} = document.getElementById('controls').getBoundingClientRect();
                return height / innerHeight + 0.000001;""")))
                .isLessThanOrEqualTo(0.4 + 0.00001);
        assertThat((Long) browser.driver().executeScript("""
                const box = document.getElementById('controls');
                return box.scrollHeight - box.clientHeight;"""))
                .as("pixels that do not fit")
                .isLessThanOrEqualTo(0);
        browser.assertNoSidewaysScrolling();
    }

    @Test
    void listOfFlowsLeavesRoomOnAPhone() {
        console.open(demo, "email");
        browser.phone();

        assertThat(console.find("#flows").getSize().getHeight()).isLessThan(640);
    }

    @Test
    void personsTurnIsGoodInForcedColors() {
        console.open(demo, "email").steps(1);
        for (boolean dark : new boolean[] {false, true}) {
            browser.look(390, dark)
                    .forcedColors(dark)
                    .screenshot("console-forced-" + (dark ? "dark" : "light"))
                    .assertAccessible();
        }
    }

    @Test
    void everythingThatOpensIsGoodInForcedColoursAndZoomed() {
        console.open(demo, "email").steps(1);
        console.click("#steps button.token");
        console.click("#edit");
        browser.await("the mail", () -> console.find("#person-link a").isDisplayed());
        browser.assertGoodForcedAndZoomed("console-person-open");
    }

    @Test
    void endOfAFlowIsGoodInForcedColoursAndZoomed() {
        console.open(demo, "production").steps(8);
        assertThat(console.text("#next-words")).startsWith("Done.");
        browser.assertGoodForcedAndZoomed("console-done");
    }
}
