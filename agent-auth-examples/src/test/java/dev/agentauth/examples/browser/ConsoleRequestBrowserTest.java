package dev.agentauth.examples.browser;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.openqa.selenium.Keys;
import org.openqa.selenium.support.ui.Select;

/** A request can be read, and changed, before it is sent. */
class ConsoleRequestBrowserTest extends OnTheConsole {
    @Test
    void requestIsShownBeforeItIsSent() {
        console.open(demo, "anonymous");

        assertThat(console.text("#upcoming"))
                .contains("Next request: 1. Register without naming anybody", "What has to come back: 200")
                .contains("POST " + demo.issuer() + "/agent/identity", "\"type\": \"anonymous\"");
        console.steps(3);
        assertThat(console.text("#upcoming")).contains("4. Try to write", "403 insufficient_scope");
        console.assertGood("console-next-request");
    }

    @Test
    void headersOfAnswersAreSpelledAsTheirRfcsSpellThem() {
        console.open(demo, "discovery").steps(1);
        assertThat(console.text("#steps")).contains("WWW-Authenticate: Bearer", "Content-Type: application/json");
    }

    @Test
    void whatComesBackToAnEditedRequestIsNotSaidToBeExpected() {
        console.open(demo, "anonymous");
        console.click("#edit");
        console.type("#edit-body", "{\"type\": \"unknown\"}");
        assertThat(console.text("#edited")).startsWith("Edited.");
        assertThat(console.text("#upcoming-request")).contains("\"unknown\"");
        console.assertGood("console-editing");
        console.click("#next");
        console.awaitSteps(1);

        assertThat(console.text("#steps"))
                .contains("400 Bad Request", "\"unknown\"", "edited", "the flow expected nothing", "invalid_request")
                .doesNotContain("What was decided", "not what this flow expects");
        assertThat(console.find("#picture svg").getAccessibleName())
                .contains("The request was edited.")
                .doesNotContain("not what the flow expects");
        assertThat(console.text("#next-words")).contains("edited request", "its own request");
        assertThat(console.find("#edited").isDisplayed()).isFalse();
        assertThat(console.text("#upcoming")).contains("Once more: 1. Register");

        console.click("#next");
        console.awaitSteps(2);
        assertThat(console.state()).isEqualTo("unclaimed");
        console.click("#all");
        console.awaitSteps(9);
        assertThat(console.state()).isEqualTo("claimed");
    }

    @Test
    void editedRequestThatBringsWhatIsNeededIsGoneOnFrom() {
        console.open(demo, "revoke").steps(1);
        console.click("#edit");
        console.find("#edit-headers").sendKeys(Keys.END, "\nX-Mine: yes");
        console.click("#next");
        console.awaitSteps(2);

        assertThat(console.text("#steps")).contains("X-Mine: yes", "the flow expected nothing");
        console.click("#all");
        console.awaitSteps(5);
        assertThat(console.text("#next-words")).startsWith("Done.");
    }

    @Test
    void putBackBringsTheRequestOfTheFlow() {
        console.open(demo, "anonymous");
        console.click("#edit");
        new Select(console.find("#edit-method")).selectByVisibleText("DELETE");
        console.click("#put-back");

        assertThat(console.find("#edited").isDisplayed()).isFalse();
        assertThat(console.focused()).isEqualTo("edit");
        console.steps(1);
        assertThat(console.text("#steps")).contains("200 OK", "What was decided");
    }

    @ParameterizedTest
    @CsvSource({
        "url,     https://example.com/agent/identity, speak to",
        "url,     http://,                            speak to",
        "headers, no colon,                           a colon",
        "headers, Host: other.example,                cannot send Host",
        "headers, Cookie: a=b,                        cannot send Cookie"
    })
    void whatAPageCannotSendIsSaidAndNotSent(String field, String text, String words) {
        console.open(demo, "anonymous");
        console.click("#edit");
        console.type("#edit-" + field, text);

        assertThat(console.text("#edit-problem")).contains(words);
        console.click("#next");
        assertThat(console.focused()).isEqualTo("edit-" + field);
        assertThat(console.find("#edit-" + field).getDomAttribute("aria-invalid"))
                .isEqualTo("true");
        assertThat(console.stepCount()).isZero();
    }

    @Test
    void getHasNoBody() {
        console.open(demo, "anonymous");
        console.click("#edit");
        new Select(console.find("#edit-method")).selectByVisibleText("GET");

        assertThat(console.text("#edit-problem")).contains("no body with GET");
    }

    @Test
    void editIsNotLostByAReload() {
        console.open(demo, "revoke").steps(1);
        console.click("#edit");
        console.find("#edit-headers").sendKeys(Keys.END, "\nX-Mine: yes");
        console.reload();

        assertThat(console.text("#edited")).startsWith("Edited.");
        assertThat(console.text("#upcoming-request")).contains("X-Mine: yes");
    }

    @Test
    void tabsAreWalkedByArrows() {
        console.open(demo, "anonymous");
        console.find("#upcoming [role=tab]").sendKeys(Keys.ARROW_RIGHT);
        assertThat(console.text("#upcoming [aria-selected=true]")).isEqualTo("curl");
        assertThat(console.text("#upcoming [role=tabpanel]:not([hidden])")).contains("curl -i -X POST '");
        browser.driver().switchTo().activeElement().sendKeys(Keys.END);
        assertThat(console.text("#upcoming [aria-selected=true]")).isEqualTo("Java");
        console.assertGood("console-java");
        browser.driver().switchTo().activeElement().sendKeys(Keys.ARROW_RIGHT);
        assertThat(console.text("#upcoming [aria-selected=true]")).isEqualTo("HTTP");
        browser.driver().switchTo().activeElement().sendKeys(Keys.ARROW_LEFT);
        console.steps(1);

        assertThat(console.text("#upcoming [aria-selected=true]")).isEqualTo("Java");
    }

    @Test
    void sourcesAreLinksAndTermsAreExplainedWhereTheyAreFirstUsed() {
        console.open(demo, "anonymous").steps(2);
        assertThat(console.find("#steps li:nth-child(2) .source a").getDomAttribute("href"))
                .isEqualTo("https://www.rfc-editor.org/rfc/rfc7523#section-2.1");
        assertThat(console.all("#steps button.term").stream().map(term -> term.getDomAttribute("aria-controls")))
                .isNotEmpty()
                .doesNotHaveDuplicates();
        console.click("#steps li:nth-child(1) summary");
        var term = console.find("#steps li:nth-child(1) button.term");
        term.sendKeys(Keys.ENTER);
        assertThat(console.text("#steps li:nth-child(1) .meaning:not([hidden])"))
                .isNotEmpty();
        assertThat(console.text("#steps li:nth-child(1) .why"))
                .contains("identity assertion,\n", "\nwhich says who it is");
        console.assertGood("console-term");
        term.sendKeys(Keys.ESCAPE);
        assertThat(console.all("#steps .meaning:not([hidden])")).isEmpty();

        browser.open(console.find("#steps li:nth-child(2) .source a[href^='console/']")
                .getDomProperty("href"));
        assertThat(browser.driver().getCurrentUrl()).endsWith("/console/protocol#a5");
        assertThat(console.text("#a5")).contains("POST /oauth2/token");
        console.assertGood("console-protocol");
        browser.assertGoodForcedAndZoomed("console-protocol");
        browser.look(320, false);
        assertThat(browser.driver().executeScript("""
                const text = document.createRange();
                text.selectNodeContents([...document.querySelectorAll('td')].find(cell => cell.textContent === 'credential'));
                return text.getClientRects().length;"""))
                .as("lines of a word in a table")
                .isEqualTo(1L);
        console.assertNothingWentWrong();
    }
}
