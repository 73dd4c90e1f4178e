package dev.agentauth.examples.browser;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.openqa.selenium.By;
import org.openqa.selenium.WebElement;

/** Who speaks to whom, drawn as a flow is walked; the colours of the two surfaces; the epoch in the state machine. */
class SequencePictureBrowserTest extends OnTheConsole {
    @BeforeEach
    void lookFromADesk() {
        browser.look(1280, false);
    }

    @Test
    void pictureGrowsWithEachStepAndIsGoodToLookAtMeanwhile() {
        console.begin(demo, "anonymous");
        assertThat(rows()).isZero();
        for (int done = 1; done <= 5; done++) {
            step(done);
            assertThat(rows()).isEqualTo(done);
        }
        assertThat(browser.find("#picture .row:last-child").getText()).contains("mail with a link");
        assertThat(browser.find("#picture svg").getAccessibleName())
                .startsWith("Anonymous, then claimed: 5 of 8 steps")
                .contains(
                        "2. Exchange the assertion for an access token (credential surface)."
                                + " Agent to Service: POST /oauth2/token; Service to Agent: 200 access token.",
                        "Service to Person: mail with a link");
        browser.assertGoodEverywhere("sequence-anonymous");
        assertNoOverflow();
    }

    @Test
    void whatTheServiceAndTheProviderDoBesideTheAnswerIsDrawn() {
        runAll("logout", 7);
        assertThat(console.texts("#picture .name")).containsExactly("Provider", "Agent", "Service", "Person");
        assertThat(browser.find("#picture .row:nth-of-type(9)").getText())
                .contains("signs out", "POST /agent/auth/revoke: logout token");
        browser.look(320, true).screenshot("sequence-logout-320-dark").assertAccessible();
        assertNoOverflow();
    }

    @Test
    void answerThatWasNotExpectedIsDrawnAsWhatItIs() {
        console.begin(demo, "revoke");
        step(1);
        browser.driver().executeScript("window.fetch = () => Promise.reject(new TypeError('gone'))");
        browser.find("#next").click();
        browser.await("the failure", () -> !console.texts("#picture .failed").isEmpty());

        assertThat(browser.find("#picture .failed").getText()).contains("no answer", "not as expected");
        assertThat(console.texts("#picture .failed .label")).containsExactly("POST /oauth2/token", "no answer");
        browser.screenshot("sequence-failed");
        assertNoOverflow();
        browser.look(320, true).screenshot("sequence-failed-320-dark");
    }

    @Test
    void raisedEpochIsShownInTheStateMachine() {
        console.begin(demo, "production");
        for (int done = 1; done <= 4; done++) {
            step(done);
        }
        assertThat(browser.driver().findElements(By.cssSelector("#edge-epoch.taken")))
                .isEmpty();
        assertThat(browser.find("#epoch").isDisplayed()).isFalse();
        step(5);
        assertThat(browser.find("#epoch").getText()).isEqualTo("epoch 1");
        assertThat(colour("#epoch rect", "fill")).isEqualTo(colour(".state:not(.now) rect", "fill"));
        assertThat(browser.driver().findElements(By.cssSelector("#edge-epoch.taken")))
                .hasSize(1);
        assertThat(console.texts("#history li")).contains("epoch 1 by: Complete the claim with the code, as user_code");
        browser.look(768, true).screenshot("sequence-epoch-768-dark").assertAccessible();

        browser.find("#again").click();
        assertThat(browser.find("#epoch").isDisplayed()).isFalse();
    }

    @Test
    void surfacesHaveTheSameTwoColoursEverywhereAndNoneOfThemAlone() {
        runAll("revoke", 5);
        for (boolean dark : new boolean[] {false, true}) {
            browser.look(1280, dark);
            String identity = colour(".step .tag.identity", "color");
            String credential = colour(".step .tag.credential", "color");
            assertThat(identity).isNotEqualTo(credential);
            assertThat(colour("#picture .on-identity .badge", "fill")).isEqualTo(identity);
            assertThat(colour("#picture .on-credential .badge", "fill")).isEqualTo(credential);
            assertThat(colour(".strip .identity", "fill")).isEqualTo(identity);
            assertThat(colour(".strip .credential", "fill")).isEqualTo(credential);
            assertThat(colour(".state.now rect", "stroke")).isEqualTo(identity);
            assertThat(colour(".step.on-identity > details", "border-left-color"))
                    .isEqualTo(identity);
            assertThat(colour(".step.on-credential > details", "border-left-color"))
                    .isEqualTo(credential);
        }
        assertThat(colour(".step.on-credential > details", "border-left-style")).isEqualTo("dashed");
        assertThat(console.texts("#picture .word")).contains("identity surface", "credential surface", "API");
    }

    @Test
    void pictureStaysReadableWhereColoursAreForced() {
        runAll("email", 5);
        for (String scheme : List.of("light", "dark")) {
            browser.forcedColors(scheme.equals("dark"));
            browser.screenshot("sequence-forced-" + scheme);
            assertThat(colour("#picture .title", "fill")).isNotEqualTo(colour("#picture .band", "fill"));
            assertThat(colour("#picture .number", "fill")).isNotEqualTo(colour("#picture .badge", "fill"));
        }
    }

    @Test
    void nothingMovesForThoseWhoPreferThat() {
        browser.emulate(Map.of("prefers-reduced-motion", "no-preference"));
        console.begin(demo, "discovery");
        step(1);
        assertThat(colour("#picture .new", "animation-name")).isEqualTo("arrive");
        browser.emulate(Map.of("prefers-reduced-motion", "reduce"));
        assertThat(colour("#picture .new", "animation-name")).isEqualTo("none");
    }

    private static void runAll(String flow, int steps) {
        console.begin(demo, flow);
        browser.find("#all").click();
        console.awaitSteps(steps);
        assertThat(rows()).isEqualTo(steps);
    }

    /** Presses the one button that goes on, by script: the page may be scrolling. */
    private static void step(int number) {
        WebElement next = browser.find("#next");
        browser.driver().executeScript("arguments[0].click()", next.isDisplayed() ? next : browser.find("#do"));
        console.awaitSteps(number);
    }

    private static int rows() {
        return browser.driver().findElements(By.cssSelector("#picture .row")).size();
    }

    private static String colour(String css, String property) {
        return Objects.requireNonNull((String) browser.driver()
                .executeScript(
                        "return getComputedStyle(document.querySelector(arguments[0]))[arguments[1]]", css, property));
    }

    /** The picture is drawn as wide as its box, and no text leaves it. */
    private static void assertNoOverflow() {
        for (int width : Browser.WIDTHS) {
            browser.look(width, false);
            browser.await("the picture as wide as its box", () -> overflow().isEmpty());
        }
    }

    private static List<?> overflow() {
        return Objects.requireNonNull((List<?>) browser.driver().executeScript("""
                const box = document.querySelector('#picture');
                const right = box.getBoundingClientRect().left + box.clientWidth;
                return [...box.querySelectorAll('svg, text')].filter(one => {
                  const {left, right: end} = one.getBoundingClientRect();
                  return end > right + 1 || left < box.getBoundingClientRect().left - 1;
                }).map(one => one.textContent);
                """));
    }
}
