package dev.agentauth.examples.browser;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Locale;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.openqa.selenium.By;
import org.openqa.selenium.Keys;
import org.openqa.selenium.WebElement;

/** The page on which people see which agents act for them, as they meet it. */
class YourAgentsBrowserTest {
    private static Browser browser;

    private ClaimService service;

    @BeforeAll
    static void startBrowser() {
        browser = Browser.start();
    }

    @AfterAll
    static void closeBrowser() {
        if (browser != null) {
            browser.close();
        }
    }

    @BeforeEach
    void start() {
        service = ClaimService.start();
        service.ada();
        browser.look(390, false).languages("en");
        browser.complaints();
    }

    @AfterEach
    void stop() {
        service.close();
    }

    /** Every state that a person can meet, and its title. */
    enum State {
        NONE("Your agents"),
        SEVERAL("Your agents"),
        NAMING("Your agents"),
        QUESTION("End this agent’s access?"),
        ENDED("Your agents"),
        GONE("This agent does not act for you"),
        SWITCHED_OFF("This account cannot be used"),
        FOREIGN("This did not come from this page"),
        UNAVAILABLE("Not available right now");

        final String title;

        State(String title) {
            this.title = title;
        }
    }

    private void bringTo(State state) {
        switch (state) {
            case NONE -> {}
            case SEVERAL -> several();
            case NAMING -> {
                several();
                browser.open(service.agentsPage());
                browser.find("summary").click();
                assertThat(browser.find("input[name=name]").isDisplayed()).isTrue();
                return;
            }
            case QUESTION -> {
                service.ownedAgent();
                browser.open(service.agentsPage());
                follow(browser, "End access");
                return;
            }
            case ENDED -> {
                several();
                browser.open(service.agentsPage());
                follow(browser, "End access");
                press(browser, "End access");
                browser.find("[role=status]");
                return;
            }
            case GONE -> {
                String agent = service.ownedAgent();
                service.auth.revokeRegistration(agent);
                browser.open(service.agentsPage() + "/end?agent=" + agent);
                return;
            }
            case SWITCHED_OFF -> {
                service.ownedAgent();
                service.switchAdaOff();
            }
            case FOREIGN -> {
                service.ownedAgent();
                browser.open(service.agentsPage());
                follow(browser, "End access");
                service.people.secret.set("another session has another secret");
                press(browser, "End access");
                browser.await("refusal", () -> browser.find("h1").getText().equals(State.FOREIGN.title));
                return;
            }
            case UNAVAILABLE -> service.storeIsDown.set(true);
        }
        browser.open(service.agentsPage());
    }

    private void several() {
        service.auth.revokeRegistration(service.ownedAgent());
        service.clock.advance(Duration.ofHours(30));
        service.providersAgent();
        service.clock.advance(Duration.ofDays(2));
        String named = service.ownedAgent();
        service.auth.nameRegistration(named, "ada", "Laptop’s helper");
        service.clock.advance(Duration.ofMinutes(7));
    }

    @ParameterizedTest
    @EnumSource(State.class)
    void everyStateIsAPageThatEverybodyCanUse(State state) {
        bringTo(state);
        browser.assertGoodEverywhere("agents-" + state.name().toLowerCase(Locale.ROOT));

        assertThat(browser.driver().getTitle()).isEqualTo(state.title + " – Northwind Notes");
        assertThat(browser.find("h1").getText()).isEqualTo(state.title);
        // Nobody is known where nobody can be asked.
        assertThat(browser.text().contains("Signed in as ada@example.com.")).isEqualTo(state != State.UNAVAILABLE);
        for (WebElement target : browser.driver().findElements(By.cssSelector("button, a.button"))) {
            if (target.isDisplayed() && !target.getText().isEmpty()) {
                assertThat(target.getSize().height).isGreaterThanOrEqualTo(44);
            }
        }
        assertThat(browser.complaints())
                .filteredOn(complaint -> !complaint.contains("the server responded with a status of"))
                .isEmpty();
    }

    @ParameterizedTest
    @EnumSource(State.class)
    void pageIsGoodAtAZoomOf400PercentAndInForcedColours(State state) {
        bringTo(state);
        String name = "agents-" + state.name().toLowerCase(Locale.ROOT);
        browser.zoom400().assertNoSidewaysScrolling().assertAccessible().screenshot(name + "-zoom-400");
        browser.look(390, false).forcedColors(false).assertAccessible().screenshot(name + "-forced-colours");
        browser.forcedColors(true).assertNoSidewaysScrolling().screenshot(name + "-forced-colours-dark");
    }

    @Test
    void personGivesANameAndEndsAnAgentWithoutScripts() {
        try (Browser plain = Browser.withoutScripts()) {
            String agent = service.ownedAgent();
            plain.look(390, false).open(service.agentsPage());
            assertThat(plain.text()).contains("Agent that nobody vouches for", "notes.write", "30 days left");
            plain.find("summary").click();
            WebElement field = plain.find("input[name=name]");
            assertThat(field.getAccessibleName()).isEqualTo("What you call it");
            field.sendKeys("Laptop <b>helper</b>");
            press(plain, "Save the name");
            plain.await("the name", () -> plain.find("h2").getText().equals("Laptop <b>helper</b>"));
            plain.screenshot("agents-named-without-scripts");

            follow(plain, "End access");
            assertThat(plain.find("h1").getText()).isEqualTo(State.QUESTION.title);
            follow(plain, "Keep it");
            assertThat(plain.find("h1").getText()).isEqualTo("Your agents");
            follow(plain, "End access");
            press(plain, "End access");
            plain.await("the end", () -> plain.text().contains("Access ended: Laptop <b>helper</b>"));
            assertThat(plain.text()).contains("No agent acts on your behalf", "Ended by you just now");
            assertThat(service.auth.registration(agent).orElseThrow().endedAt()).isNotNull();

            plain.driver().navigate().refresh();
            assertThat(plain.find("h1").getText())
                    .as("reloading presses nothing")
                    .isEqualTo("Your agents");
        }
    }

    @Test
    void keyboardAloneDoesAllOfIt() {
        service.ownedAgent();
        browser.open(service.agentsPage()).assertAccessible();
        WebElement summary = browser.find("summary");
        summary.sendKeys(Keys.ENTER);
        browser.assertAccessible();
        browser.find("input[name=name]").sendKeys("Helper", Keys.ENTER);
        browser.await("the name", () -> browser.find("h2").getText().equals("Helper"));
        WebElement end = browser.find("a.button");
        assertThat(end.getAccessibleName()).isEqualTo("End access: Helper");
        end.sendKeys(Keys.ENTER);
        browser.await("the question", () -> browser.find("h1").getText().equals(State.QUESTION.title));
        browser.assertAccessible();
        browser.find("button.primary").sendKeys(Keys.ENTER);
        browser.await("the end", () -> browser.text().contains("Access ended: Helper"));
        browser.assertAccessible().assertNoComplaints();
    }

    @Test
    void germanPageIsGermanThroughout() {
        several();
        browser.languages("de-AT,de,en");
        browser.open(service.agentsPage()).assertGoodEverywhere("agents-german");
        assertThat(browser.text())
                .contains("Ihre Agenten", "Laptop’s helper", "Agent von Sample Provider", "Zuletzt Zugang erhalten")
                .contains("Von Northwind Notes beendet vor 3 Tagen");
    }

    private static void press(Browser in, String label) {
        in.driver().findElements(By.tagName("button")).stream()
                .filter(button -> button.getText().equals(label))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no button " + label + " in " + in.text()))
                .click();
    }

    private static void follow(Browser in, String label) {
        in.driver().findElements(By.linkText(label)).stream()
                .findFirst()
                .orElseThrow(() -> new AssertionError("no link " + label + " in " + in.text()))
                .click();
    }
}
