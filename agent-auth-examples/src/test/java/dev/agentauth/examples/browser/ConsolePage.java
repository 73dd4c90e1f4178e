package dev.agentauth.examples.browser;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentauth.examples.RunningDemo;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Supplier;
import org.openqa.selenium.By;
import org.openqa.selenium.WebElement;

/** The console in a browser, as whoever tries it uses it. */
final class ConsolePage {
    private final Browser browser;

    ConsolePage(Browser browser) {
        this.browser = browser;
    }

    /**
     * Opens a flow from its beginning, on a desk, in the light, and without motion, so that nothing moves away from under a
     * click.
     */
    ConsolePage open(RunningDemo demo, String flow) {
        browser.look(1280, false);
        browser.emulate(Map.of("prefers-reduced-motion", "reduce"));
        return begin(demo, flow);
    }

    /** Opens a flow from its beginning, for whoever the browser was last set up for. */
    ConsolePage begin(RunningDemo demo, String flow) {
        browser.open(demo.issuer() + "/console/icon.svg");
        browser.driver().executeScript("sessionStorage.clear()");
        browser.open(demo.issuer() + "/#" + flow);
        awaitShown();
        return this;
    }

    void reload() {
        browser.driver().navigate().refresh();
        awaitShown();
    }

    private void awaitShown() {
        browser.await("the console", () -> browser.find("#console").isDisplayed());
    }

    /** Takes steps by the one button that goes on. */
    ConsolePage steps(int count) {
        for (int i = 0; i < count; i++) {
            int before = stepCount();
            WebElement next = find("#next");
            (next.isDisplayed() ? next : find("#do")).click();
            awaitSteps(before + 1);
        }
        return this;
    }

    void awaitSteps(int count) {
        browser.await(count + " steps", () -> stepCount() == count && isIdle());
    }

    int stepCount() {
        return all("#steps > li").size();
    }

    private boolean isIdle() {
        return all("#controls [aria-disabled=true]").isEmpty();
    }

    void click(String css) {
        find(css).click();
    }

    void type(String css, String text) {
        WebElement field = find(css);
        field.clear();
        field.sendKeys(text);
    }

    WebElement find(String css) {
        return browser.find(css);
    }

    List<WebElement> all(String css) {
        return browser.driver().findElements(By.cssSelector(css));
    }

    List<String> texts(String css) {
        return all(css).stream().map(WebElement::getText).toList();
    }

    /** What a reader sees there. */
    String text(String css) {
        return find(css).getText();
    }

    void awaitText(String css, String part) {
        browser.await(part, () -> text(css).contains(part));
    }

    String state() {
        return Objects.requireNonNull(find(".state.now").getDomAttribute("id")).replace("state-", "");
    }

    String focused() {
        return String.valueOf(browser.driver().switchTo().activeElement().getDomAttribute("id"));
    }

    /** The browser notes every refusal that the flows provoke. Everything else that it complains about is a fault. */
    void assertNothingWentWrong() {
        assertThat(browser.complaints())
                .filteredOn(complaint -> !complaint.contains("the server responded with a status of 4"))
                .isEmpty();
    }

    /** What the person does on the real page, in the tab that the link opens. */
    String onTheClaimPage(Supplier<String> visit) {
        String console = browser.driver().getWindowHandle();
        Set<String> before = browser.driver().getWindowHandles();
        click("#person-link a");
        browser.await("a new tab", () -> browser.driver().getWindowHandles().size() > before.size());
        browser.driver().getWindowHandles().stream()
                .filter(window -> !before.contains(window))
                .forEach(browser.driver().switchTo()::window);
        try {
            return visit.get();
        } finally {
            browser.driver().close();
            browser.driver().switchTo().window(console);
        }
    }

    /** The person has the page show the code; its six digits. */
    String codeOnThePage() {
        return onTheClaimPage(() -> {
            browser.find("form[action$='/reveal'] button").click();
            return browser.find(".code").getText().replaceAll("[^0-9]", "").substring(0, 6);
        });
    }

    /** Everything that {@link Browser} can find fault with, from the page's top. */
    void assertGood(String name) {
        browser.driver().executeScript("window.scrollTo(0, 0)");
        browser.assertGoodAtEachWidth(name).look(1280, false);
    }
}
