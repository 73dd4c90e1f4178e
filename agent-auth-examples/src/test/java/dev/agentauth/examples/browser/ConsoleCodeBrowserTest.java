package dev.agentauth.examples.browser;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.openqa.selenium.Keys;

/** A person reads a code to the agent as people do. */
class ConsoleCodeBrowserTest extends OnTheConsole {
    @ParameterizedTest
    @CsvSource({"email, 3", "production, 5"})
    void wrongCodeIsNotTheEndTheAgentAsksAgain(String flow, int complete) {
        console.open(demo, flow).steps(complete - 2);
        String code = console.codeOnThePage();
        console.type("#code", code.startsWith("111") ? "222222" : "111111");
        console.click("#tell");
        console.awaitSteps(complete - 1);
        console.click("#next");
        console.awaitSteps(complete);

        assertThat(console.text("#next-words"))
                .contains("The agent asks again")
                .containsAnyOf("otp_invalid", "invalid_user_code")
                .contains("“");
        assertThat(console.find("#code").isDisplayed()).isTrue();
        console.assertGood("console-wrong-code-" + flow);

        console.type("#code", code);
        console.find("#code").sendKeys(Keys.ENTER);
        console.awaitSteps(complete + 1);
        console.click("#all");
        browser.await("the end", () -> console.text("#next-words").startsWith("Done."));
        assertThat(console.state()).isEqualTo("claimed");
    }

    @Test
    void codeIsPastedWithItsSpaceOrInTheMiddleOfASentence() {
        console.open(demo, "email").steps(1);
        String shown = console.codeOnThePage();
        console.type(
                "#code",
                "On 29 November the page (v1.2) said: " + shown.substring(0, 3) + " " + shown.substring(3)
                        + ", good for 10 minutes.");
        console.click("#tell");
        console.awaitSteps(2);
        console.click("#next");
        console.awaitSteps(3);

        assertThat(console.state()).isEqualTo("claimed");
    }

    @Test
    void wordsWithoutACodeAreSaidToHaveNone() {
        console.open(demo, "email").steps(1);
        console.type("#code", "I cannot find it, 12345 or so");
        console.click("#tell");

        assertThat(console.text("#status")).contains("no six digits");
        assertThat(console.find("#code").getDomAttribute("aria-invalid")).isEqualTo("true");
        assertThat(console.focused()).isEqualTo("code");
        assertThat(console.stepCount()).isOne();
    }
}
