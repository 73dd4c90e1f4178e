package dev.agentauth.examples.browser;

import static org.assertj.core.api.Assertions.assertThat;

import com.deque.html.axecore.results.Rule;
import com.deque.html.axecore.selenium.AxeBuilder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.logging.Level;
import org.junit.jupiter.api.Assumptions;
import org.openqa.selenium.By;
import org.openqa.selenium.OutputType;
import org.openqa.selenium.StaleElementReferenceException;
import org.openqa.selenium.WebDriver;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.logging.LogEntry;
import org.openqa.selenium.logging.LogType;
import org.openqa.selenium.logging.LoggingPreferences;
import org.openqa.selenium.support.ui.FluentWait;
import org.openqa.selenium.support.ui.WebDriverWait;

/**
 * A headless Chromium. Where there is none, the test that asks for it is skipped and says so. Nothing of it outlives
 * {@link #close}, its profile included.
 */
final class Browser implements AutoCloseable {
    private static final Path CHROMIUM = Path.of("/usr/bin/chromium");
    private static final Path DRIVER = Path.of("/usr/bin/chromedriver");
    private static final Path SCREENSHOTS = Path.of("target", "screenshots");
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    /** The widths that everything is looked at: a small phone, a phone, a tablet, a desk. */
    static final List<Integer> WIDTHS = List.of(320, 390, 768, 1280);

    private final ChromeDriver driver;

    private Browser(ChromeDriver driver) {
        this.driver = driver;
    }

    /** A browser that runs scripts. */
    static Browser start() {
        return start(true);
    }

    /** A browser that finds this machine under another name, too. */
    static Browser whereLoopbackIsCalled(String name) {
        return start(true, "--host-resolver-rules=MAP " + name + " 127.0.0.1");
    }

    /** A browser of somebody who has switched scripts off. */
    static Browser withoutScripts() {
        return start(false);
    }

    private static Browser start(boolean scripts, String... more) {
        Assumptions.assumeTrue(
                Files.isExecutable(CHROMIUM) && Files.isExecutable(DRIVER),
                "SKIPPED, NOT PASSED: no " + CHROMIUM + " with " + DRIVER + " (packages chromium, chromium-driver)");
        ChromeOptions options = new ChromeOptions();
        options.setBinary(CHROMIUM.toFile());
        options.addArguments(
                "--headless=new",
                "--no-sandbox",
                "--disable-gpu",
                "--disable-dev-shm-usage",
                "--disable-quic",
                "--no-first-run",
                "--disable-background-networking",
                "--disable-component-update",
                "--disable-sync");
        options.addArguments(more);
        if (!scripts) {
            options.setExperimentalOption("prefs", Map.of("profile.managed_default_content_settings.javascript", 2));
        }
        LoggingPreferences logs = new LoggingPreferences();
        logs.enable(LogType.BROWSER, Level.ALL);
        options.setCapability("goog:loggingPrefs", logs);
        ChromeDriverService service = new ChromeDriverService.Builder()
                .usingDriverExecutable(DRIVER.toFile())
                .usingAnyFreePort()
                .build();
        return new Browser(new ChromeDriver(service, options));
    }

    /** The driver itself, for what is not here. */
    ChromeDriver driver() {
        return driver;
    }

    Browser open(String url) {
        driver.get(url);
        return this;
    }

    /** Shows what follows on a screen of a width, in the light or in the dark. */
    Browser look(int width, boolean dark) {
        driver.executeCdpCommand(
                "Emulation.setDeviceMetricsOverride",
                Map.of("width", width, "height", 900, "deviceScaleFactor", 1, "mobile", width < 800));
        return emulate(Map.of("prefers-color-scheme", scheme(dark)));
    }

    /** Shows what follows to somebody who prefers that, by media feature, and nothing else. */
    Browser emulate(Map<String, String> features) {
        driver.executeCdpCommand(
                "Emulation.setEmulatedMedia",
                Map.of(
                        "features",
                        features.entrySet().stream()
                                .map(feature -> Map.of("name", feature.getKey(), "value", feature.getValue()))
                                .toList()));
        return this;
    }

    private static String scheme(boolean dark) {
        return dark ? "dark" : "light";
    }

    /** Shows what follows on a phone of 390 by 800 pixels. */
    Browser phone() {
        driver.executeCdpCommand(
                "Emulation.setDeviceMetricsOverride",
                Map.of("width", 390, "height", 800, "deviceScaleFactor", 1, "mobile", true));
        return this;
    }

    /** Shows what follows in the few colours that somebody has chosen for all pages. */
    Browser forcedColors(boolean dark) {
        return emulate(Map.of("forced-colors", "active", "prefers-color-scheme", scheme(dark)));
    }

    /** Shows what follows as a desk of 1280 pixels does that is zoomed to 400 % (WCAG 2.2, 1.4.10). */
    Browser zoom400() {
        driver.executeCdpCommand(
                "Emulation.setDeviceMetricsOverride",
                Map.of("width", 320, "height", 256, "deviceScaleFactor", 4, "mobile", false));
        return this;
    }

    /** What the browser tells servers about the reader's languages from now on. */
    Browser languages(String acceptLanguage) {
        driver.executeCdpCommand(
                "Network.setUserAgentOverride",
                Map.of(
                        "userAgent",
                        Objects.requireNonNull(driver.executeScript("return navigator.userAgent")),
                        "acceptLanguage",
                        acceptLanguage));
        return this;
    }

    /** The first element that a CSS selector finds, waited for. */
    WebElement find(String css) {
        return patiently()
                .until(browser -> browser.findElements(By.cssSelector(css)).stream()
                        .findFirst()
                        .orElse(null));
    }

    /** Between two pages an element may be gone as soon as it is found: then it is looked for again. */
    private FluentWait<WebDriver> patiently() {
        return new WebDriverWait(driver, PATIENCE).ignoring(StaleElementReferenceException.class);
    }

    /** Waits until something holds. */
    void await(String what, java.util.function.BooleanSupplier condition) {
        patiently().withMessage(what).until(browser -> condition.getAsBoolean());
    }

    /** The text that a reader sees. */
    String text() {
        return patiently()
                .until(browser -> browser.findElement(By.tagName("body")).getText());
    }

    /** Leaves a picture of the whole page under a name. */
    Browser screenshot(String name) {
        return screenshot(name, true);
    }

    /** Leaves a picture of what is on the screen under a name. */
    Browser screenshotOfTheScreen(String name) {
        return screenshot(name, false);
    }

    private Browser screenshot(String name, boolean beyondTheScreen) {
        try {
            Files.createDirectories(SCREENSHOTS);
            Map<String, Object> picture = driver.executeCdpCommand(
                    "Page.captureScreenshot", Map.of("format", "png", "captureBeyondViewport", beyondTheScreen));
            Files.write(SCREENSHOTS.resolve(name + ".png"), OutputType.BYTES.convertFromBase64Png((String)
                    Objects.requireNonNull(picture.get("data"))));
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Fails on any violation of WCAG 2.0 to 2.2, levels A and AA, that axe can see. It does not look into frames: the only
     * ones are in a sandbox that lets no script in, and axe would wait for each until its time is up.
     */
    Browser assertAccessible() {
        return assertNothingFound(everything());
    }

    /** The same of a mail: its landmarks, and the heading above it, are those of the program that shows it. */
    Browser assertMailIsAccessible() {
        return assertNothingFound(
                everything().disableRules(List.of("landmark-one-main", "page-has-heading-one", "region")));
    }

    private static AxeBuilder everything() {
        return new AxeBuilder()
                .withTags(List.of("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"));
    }

    /** Fails where colours are too much alike: all that can differ between the light and the dark of one page. */
    private Browser assertReadable() {
        return assertNothingFound(new AxeBuilder().withRules(List.of("color-contrast", "link-in-text-block")));
    }

    private Browser assertNothingFound(AxeBuilder axe) {
        List<Rule> violations = axe.disableIframeTesting().analyze(driver).getViolations();
        assertThat(violations)
                .extracting(rule -> rule.getId() + ": " + rule.getNodes())
                .isEmpty();
        return this;
    }

    /** Fails if a reader has to scroll sideways. */
    Browser assertNoSidewaysScrolling() {
        assertThat((Long) driver.executeScript(
                        "return document.documentElement.scrollWidth - document.documentElement.clientWidth"))
                .as("pixels to scroll sideways")
                .isLessThanOrEqualTo(0);
        return this;
    }

    /** Fails on anything that the browser complained about since the last call: errors of scripts, refusals by policy. */
    Browser assertNoComplaints() {
        assertThat(complaints()).isEmpty();
        return this;
    }

    /** What the browser complained about since the last call. */
    List<String> complaints() {
        List<String> complaints = new ArrayList<>();
        for (LogEntry entry : driver.manage().logs().get(LogType.BROWSER)) {
            if (entry.getLevel().intValue() >= Level.WARNING.intValue()) {
                complaints.add(entry.getMessage());
            }
        }
        return complaints;
    }

    /** All of it, at every width, in the light and in the dark, with a picture of each. */
    Browser assertGoodEverywhere(String name) {
        for (int width : WIDTHS) {
            for (boolean dark : new boolean[] {false, true}) {
                look(width, dark);
                screenshot(name + "-" + width + (dark ? "-dark" : "-light"));
                assertNoSidewaysScrolling();
                // Between two widths that are checked in both, colours are no others.
                if (width != 768 || !dark) {
                    assertAccessible();
                }
            }
        }
        return this;
    }

    /** All of it at every width in the light, and its colours in the dark: for pages that differ in a detail from others. */
    Browser assertGoodAtEachWidth(String name) {
        for (int width : WIDTHS) {
            look(width, false);
            screenshot(name + "-" + width + "-light");
            assertNoSidewaysScrolling();
            assertAccessible();
            look(width, true);
            screenshot(name + "-" + width + "-dark");
            assertReadable();
        }
        return this;
    }

    /** All of it in the few colours that somebody has chosen, light or dark, and zoomed to 400 %. */
    Browser assertGoodForcedAndZoomed(String name) {
        driver.executeScript("window.scrollTo(0, 0)");
        for (boolean dark : new boolean[] {false, true}) {
            look(1280, dark).forcedColors(dark);
            screenshot(name + "-forced-" + scheme(dark));
            assertAccessible();
        }
        look(1280, false).zoom400();
        screenshot(name + "-zoom-400");
        assertNoSidewaysScrolling();
        assertAccessible();
        return look(1280, false);
    }

    @Override
    public void close() {
        driver.quit();
    }
}
