package dev.agentauth.examples.browser;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentauth.examples.QuietLogs;
import dev.agentauth.examples.RunningDemo;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.openqa.selenium.By;
import org.openqa.selenium.Keys;
import org.openqa.selenium.WebElement;

@ExtendWith(QuietLogs.class)
class ConsoleBrowserTest {
    private static final String YES = "✓ yes: 200";
    private static final String NO_TOKEN = "✗ no: 401 (no token in hand)";
    private static final String DEAD = "✗ no: 401 invalid_token";
    private static final String NOT_ENOUGH = "✗ no: 403 insufficient_scope";

    private static RunningDemo demo;
    private Browser browser;
    private ConsolePage console;

    @BeforeAll
    static void startDemo() throws IOException {
        demo = RunningDemo.start("", Map.of());
    }

    @AfterAll
    static void stopDemo() {
        demo.close();
    }

    @BeforeEach
    void startBrowser() {
        browser = Browser.start();
        console = new ConsolePage(browser);
    }

    @AfterEach
    void stopBrowser() {
        if (browser != null) {
            browser.close();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "discovery, 5, , not asked yet, not asked yet",
        "anonymous, 8, claimed, " + YES + ", " + YES,
        "production, 8, claimed, " + YES + ", " + YES,
        "email, 5, claimed, " + YES + ", " + YES,
        "typed, 5, claimed, " + YES + ", " + YES,
        "refresh, 9, claimed, " + DEAD + ", " + DEAD,
        "vouched-new, 7, claimed, " + YES + ", " + YES,
        "vouched-known, 12, claimed, " + YES + ", " + YES,
        "revoke, 5, unclaimed, " + YES + ", " + NOT_ENOUGH,
        "logout, 7, revoked, " + DEAD + ", " + DEAD,
        "event, 6, revoked, " + DEAD + ", " + DEAD,
        "no, 3, revoked, " + NO_TOKEN + ", " + NO_TOKEN,
        "mistakes, 14, claimed, " + NO_TOKEN + ", " + NO_TOKEN
    })
    void everyFlowIsWalkedByItsButtonsToItsEnd(String flow, int steps, String state, String mayRead, String mayWrite) {
        open(demo, flow);
        for (int done = 0; done < steps; done++) {
            step();
            console.awaitSteps(done + 1);
        }

        assertThat(browser.find("#next-words").getText()).startsWith("Done.");
        assertEnd(state, mayRead, mayWrite);
        assertNoSecretIsShownInFull();
        lookEverywhere("console-" + flow);
        console.assertNothingWentWrong();
    }

    @Test
    void stateIsDrawnAsItMoves() {
        open(demo, "anonymous");
        List<String> states = List.of(
                "unclaimed", "unclaimed", "unclaimed", "unclaimed", "pending_claim", "pending_claim", "claimed");
        for (int i = 0; i < states.size(); i++) {
            step();
            console.awaitSteps(i + 1);
            assertThat(browser.find(".state.now").getDomAttribute("id")).isEqualTo("state-" + states.get(i));
        }
        assertThat(browser.find(".edge.taken").getDomAttribute("id")).isEqualTo("edge-pending_claim-claimed");
        assertThat(console.texts("#history li"))
                .containsExactly(
                        "unclaimed by: Register without naming anybody",
                        "pending claim by: Ask a person to claim it",
                        "claimed by: Complete the claim with the code");
        assertThat(browser.find("#mails").getText()).contains("An agent asks to act for you", "anna-");
    }

    @Test
    void stepShowsRequestAnswerReasonAndAudit() {
        open(demo, "anonymous");
        step();
        console.awaitSteps(1);

        WebElement shown = browser.find("#steps li details");
        assertThat(shown.getText())
                .contains("POST " + demo.issuer() + "/agent/identity", "\"type\": \"anonymous\"")
                .contains("200 OK", "Cache-Control: no-store", "\"registration_type\": \"anonymous\"")
                .contains("(protocol A3")
                .contains("registration.created", "assertion.issued");
    }

    @Test
    void tokensAreDecodedOnDemand() {
        open(demo, "anonymous");
        step();
        console.awaitSteps(1);
        List<WebElement> tokens = browser.driver().findElements(By.cssSelector("#steps button.token"));

        tokens.get(0).sendKeys(Keys.ENTER);
        assertThat(browser.find(".decoded:not([hidden])").getText())
                .contains("oauth-id-jag+jwt", "ES256", demo.issuer(), "epoch", "in 60 minutes");
        assertThat(browser.find(".decoded:not([hidden]) a").getDomAttribute("href"))
                .isEqualTo("https://www.rfc-editor.org/rfc/rfc8725#section-3.11");
        lookEverywhere("console-decoded");

        tokens.get(2).click();
        assertThat(browser.find(".decoded:not([hidden])").getText()).contains("A claim token", "clm_");
        tokens.get(2).click();
        assertThat(browser.driver().findElements(By.cssSelector(".decoded:not([hidden])")))
                .isEmpty();
    }

    @Test
    void personCanDoTheirPartOnTheRealPage() {
        open(demo, "email");
        step();
        console.awaitSteps(1);
        lookEverywhere("console-person");
        String own = browser.driver().getWindowHandle();
        browser.find("#person-link a").click();
        Set<String> windows = browser.driver().getWindowHandles();
        assertThat(windows).hasSize(2);
        windows.stream()
                .filter(window -> !window.equals(own))
                .forEach(browser.driver().switchTo()::window);
        browser.find("form[action$='/reveal'] button").click();
        String code = browser.find(".code").getText(); // as it is copied, with the digits for screen readers behind it
        browser.driver().close();
        browser.driver().switchTo().window(own);

        browser.find("#code").sendKeys(code, Keys.ENTER);
        console.awaitSteps(2);
        browser.find("#all").click();
        console.awaitSteps(5);

        assertEnd("claimed", YES, YES);
        console.assertNothingWentWrong();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "/agents/v1"})
    void wholeFlowRunsAtOnceWhateverThePathOfTheIssuer(String path) throws IOException {
        try (RunningDemo other = RunningDemo.start(path, Map.of())) {
            open(other, "vouched-known");
            browser.find("#all").click();
            console.awaitSteps(12);
            assertEnd("claimed", YES, YES);

            open(other, "discovery");
            browser.find("#all").click();
            console.awaitSteps(5);
            console.assertNothingWentWrong();
        }
    }

    @Test
    void everythingWorksByKeyboard() {
        open(demo, "revoke");
        browser.find("#next").sendKeys(Keys.ENTER);
        console.awaitSteps(1);
        assertThat(console.focused()).isEqualTo("next");
        browser.find("#all").sendKeys(Keys.SPACE);
        console.awaitSteps(5);
        assertThat(console.focused()).isEqualTo("next");
        browser.find("#next").sendKeys(Keys.ENTER);
        browser.await(
                "the next flow", () -> browser.find("#flow-title").getText().equals("The provider’s logout"));
        assertThat(console.focused()).isEqualTo("flow-title");
    }

    @Test
    void startingAgainForgetsWhatWasShown() {
        open(demo, "email");
        browser.find("#all").click();
        console.awaitSteps(5);
        browser.find("#again").click();

        assertThat(browser.driver().findElements(By.cssSelector("#steps > li"))).isEmpty();
        assertThat(browser.driver().findElements(By.cssSelector(".state.now"))).isEmpty();
        assertThat(console.focused()).isEqualTo("next");
    }

    @Test
    void answerThatIsNotExpectedStopsTheFlowAndSaysSo() throws IOException {
        try (RunningDemo strict = RunningDemo.start("", Map.of("AGENT_AUTH_RATE_LIMITS", "strict"))) {
            open(strict, "revoke");
            for (int i = 0; i < 5; i++) {
                browser.find("#all").click();
                console.awaitSteps(5);
                browser.find("#again").click();
            }
            browser.find("#all").click();
            console.awaitSteps(1);

            assertThat(browser.find("#steps").getText())
                    .contains("429 Too Many Requests", "not what this flow expects", "rate_limited");
            assertThat(browser.find("#next-words").getText())
                    .contains("429 Too Many Requests, rate_limited: “")
                    .containsPattern("Try again in [0-9]+ seconds")
                    .contains("Start again");
            assertThat(browser.find("#all").isDisplayed()).isFalse();
            assertThat(browser.find("#next").getText()).isEqualTo("Try again");
            browser.find("#next").click();
            console.awaitSteps(2);
            assertThat(browser.find("#next").getText()).isEqualTo("Try again");
        }
    }

    @Test
    void flowsOfAProviderSayThatItIsOff() throws IOException {
        try (RunningDemo alone = RunningDemo.start("", Map.of("AGENT_AUTH_DEMO_PROVIDER", "off"))) {
            open(alone, "logout");
            assertThat(browser.find("#flow-note").getText()).contains("AGENT_AUTH_DEMO_PROVIDER");
            assertThat(browser.find("#controls").isDisplayed()).isFalse();
            lookEverywhere("console-without-provider");

            open(alone, "mistakes");
            browser.find("#all").click();
            console.awaitSteps(10);
            assertEnd("claimed", NO_TOKEN, NO_TOKEN);
            console.assertNothingWentWrong();
        }
    }

    @Test
    void personsStepsAreLeftToThePersonWhereTheOutboxIsNotShown() throws IOException {
        try (RunningDemo open = RunningDemo.start("", Map.of("AGENT_AUTH_BIND", "0.0.0.0"))) {
            open(open, "email");
            assertThat(browser.find("#state-words").getText()).contains("does not tell");
            WebElement recipient = browser.find("#recipient");
            recipient.clear();
            recipient.sendKeys("me@example.com");
            browser.find("#all").click();
            console.awaitSteps(1);

            assertThat(browser.find("#steps").getText()).contains("me@example.com");
            assertThat(browser.find("#person-words").getText()).contains("the outbox is not shown");
            assertThat(browser.find("#do").isDisplayed()).isFalse();
            assertThat(browser.find("#mails").getText()).contains("AGENT_AUTH_SMTP");
            lookEverywhere("console-without-outbox");
            console.assertNothingWentWrong();
        }
    }

    @Test
    void underAnotherNameThePageSaysWhereItWorks() {
        browser.open(demo.issuer().replace("localhost", "127.0.0.1") + "/");
        assertThat(browser.find("#flow-note a").getDomAttribute("href")).isEqualTo(demo.issuer() + "/");
        assertThat(browser.find("#controls").isDisplayed()).isFalse();
    }

    @Test
    void withoutScriptsThePageSaysWhatItIsAndLinks() {
        browser.close();
        browser = Browser.withoutScripts();
        browser.open(demo.issuer() + "/");

        assertThat(browser.text()).contains("takes JavaScript", "What an agent reads first", "Identity", "Credential");
        assertThat(browser.find("#console").isDisplayed()).isFalse();
        browser.screenshot("console-without-scripts");
        browser.find("a[href$='/auth.md']").click();
        assertThat(browser.text()).contains("# auth.md");
    }

    /** Without motion, so that nothing moves away from under a click. */
    private void open(RunningDemo which, String flow) {
        browser.emulate(Map.of("prefers-reduced-motion", "reduce"));
        browser.open("about:blank").open(which.issuer() + "/#" + flow);
        browser.await("the console", () -> browser.find("#console").isDisplayed());
    }

    /** Presses the one button that goes on. */
    private void step() {
        WebElement next = browser.find("#next");
        (next.isDisplayed() ? next : browser.find("#do")).click();
    }

    private void assertEnd(String state, String mayRead, String mayWrite) {
        assertThat(console.texts("#steps .bad")).isEmpty();
        if (state != null) {
            assertThat(browser.find(".state.now").getDomAttribute("id")).isEqualTo("state-" + state);
            assertThat(browser.find("#state-words").getText()).startsWith("Now " + state + ":");
        }
        assertThat(console.texts("#rights td")).containsExactly(mayRead, mayWrite);
    }

    /** Secrets are shown short, with what they are on demand; the person's code is six digits, which are read out. */
    private void assertNoSecretIsShownInFull() {
        assertThat(String.valueOf(browser.driver().executeScript("""
                return [...document.querySelectorAll('#steps .panel-http pre, #steps pre[aria-label="Answer"]')]
                  .map(pre => pre.textContent).join('\\n');""")))
                .contains("200 OK")
                .doesNotContainPattern("\\b(?:at|clm|cvt|rt|ses|svt)_[\\w-]{16,}")
                .doesNotContainPattern("\\beyJ[\\w-]{16,}");
    }

    private void lookEverywhere(String name) {
        browser.driver().executeScript("window.scrollTo(0, 0)");
        browser.assertGoodEverywhere(name);
    }
}
