package dev.agentauth.examples.browser;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.agentauth.Caller;
import dev.agentauth.examples.browser.ClaimService.Invited;
import dev.agentauth.servlet.ClaimPage;
import java.io.IOException;
import java.io.StringReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.PropertyResourceBundle;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.openqa.selenium.By;
import org.openqa.selenium.Keys;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.WindowType;

/** The claim page as people meet it. */
class ClaimPageBrowserTest {
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
        browser.look(390, false).languages("en");
        browser.complaints();
    }

    @AfterEach
    void stop() {
        // A page that shows a code looks again now and then, and would complain that the service is gone.
        browser.driver().get("about:blank");
        service.close();
    }

    /** Every state that a person can meet, and the first word of its title. */
    enum State {
        OPEN("An agent asks to act for you"),
        OPEN_UNKNOWN_AGENT("An agent asks to act for you"),
        MISTYPED("An agent asks to act for you"),
        TYPED("Done: your agent can go on"),
        CODE("Your code"),
        CODE_OF_A_PROVIDERS_AGENT("Your code"),
        CODE_MISTYPED("Your code"),
        SHOWN_BEFORE("An agent asks to act for you"),
        MANY_SCOPES("An agent asks to act for you"),
        CODE_LAPSED("This code has expired"),
        UNKNOWN("This link does not work"),
        SUPERSEDED("This link does not work"),
        LAPSED("This link has expired"),
        REVOKED("Request ended"),
        LOCKED("Too many wrong codes"),
        COMPLETED("Already confirmed"),
        REJECTED("Request ended"),
        INCOMPLETE("This link is not complete"),
        LOST("There is nothing to see here"),
        FOREIGN("This did not come from our page"),
        UNAVAILABLE("Not available right now");

        final String title;

        State(String title) {
            this.title = title;
        }
    }

    private static final List<String> MANY = List.of(
            "notes.read",
            "notes.write",
            "notes.delete",
            "folders.read",
            "folders.write",
            "tags.read",
            "tags.write",
            "share.read",
            "share.write",
            "profile.read",
            "exports.create",
            "exports.read");

    private void bringTo(State state) throws IOException {
        if (state == State.MANY_SCOPES) {
            service.close();
            service = ClaimService.withScopes(MANY);
        }
        Invited invited = switch (state) {
            case OPEN, COMPLETED, CODE_OF_A_PROVIDERS_AGENT, MANY_SCOPES -> service.vouchedFor();
            default -> service.anonymous();
        };
        switch (state) {
            case OPEN, OPEN_UNKNOWN_AGENT -> service.clock.advance(Duration.ofSeconds(125));
            case MISTYPED -> {
                browser.open(invited.link());
                type(browser, "12345");
                browser.await(
                        "what was wrong",
                        () -> !browser.driver().findElements(By.id("mistyped")).isEmpty());
                return;
            }
            case TYPED -> {
                browser.open(invited.link());
                type(browser, invited.userCode());
                awaitTitle(state.title);
                return;
            }
            case CODE -> {
                browser.open(invited.link());
                press("Show the code", State.CODE.title);
                return;
            }
            case CODE_OF_A_PROVIDERS_AGENT -> {
                browser.open(invited.link());
                press("Show the code", State.CODE.title);
                service.clock.advance(Duration.ofMinutes(3));
            }
            case CODE_MISTYPED -> {
                browser.open(invited.link());
                press("Show the code", State.CODE.title);
                browser.find("summary").click();
                type(browser, "12345");
                browser.find("#mistyped");
                return;
            }
            case SHOWN_BEFORE -> {
                service.guessVoid(invited);
                service.clock.advance(Duration.ofMinutes(2));
            }
            case MANY_SCOPES -> service.clock.advance(Duration.ofSeconds(125));
            case LOST -> {
                browser.open(service.origin + ClaimService.VIEW + "/reveal");
                return;
            }
            case CODE_LAPSED -> {
                openShortLivedCode(1);
                awaitTitle(state.title);
                return;
            }
            case UNKNOWN -> {
                browser.open(service.origin + ClaimService.VIEW + "?token=cvt_unknown");
                return;
            }
            case SUPERSEDED -> {
                service.clock.advance(Duration.ofMinutes(10));
                service.invite(invited.claimToken());
            }
            case LAPSED -> service.clock.advance(Duration.ofMinutes(10));
            case REVOKED -> service.auth.revokeAllRegistrations();
            case LOCKED -> service.guessOut(invited);
            case COMPLETED -> {
                browser.open(invited.link());
                press("Show the code", State.CODE.title);
                service.complete(invited, digits());
            }
            case REJECTED -> {
                browser.open(invited.link());
                press("This wasn’t me", State.REJECTED.title);
                return;
            }
            case INCOMPLETE -> {
                browser.open(service.origin + ClaimService.VIEW);
                return;
            }
            case FOREIGN -> {
                try (Site other = Site.start(selfSubmittingForm(invited))) {
                    browser.open(other.url);
                    awaitTitle(state.title);
                }
                return;
            }
            case UNAVAILABLE -> service.storeIsDown.set(true);
        }
        browser.open(invited.link());
    }

    @ParameterizedTest
    @EnumSource(State.class)
    void everyStateIsAPageThatEverybodyCanUse(State state) throws Exception {
        bringTo(state);
        browser.assertGoodEverywhere(
                "claim-" + state.name().toLowerCase(Locale.ROOT).replace('_', '-'));

        assertThat(browser.driver().getTitle()).isEqualTo(state.title + " – Northwind Notes");
        assertThat(browser.find("h1").getText()).isEqualTo(state.title);
        for (WebElement button : browser.driver().findElements(By.tagName("button"))) {
            if (button.isDisplayed() && !button.getText().isEmpty()) {
                assertThat(button.getSize().height).isGreaterThanOrEqualTo(44);
            }
        }
        assertNoComplaintsButTheStatus();
    }

    @Test
    void germanPageIsGermanThroughout() throws Exception {
        browser.languages("de-AT,de,en");
        browser.open(service.vouchedFor().link()).assertGoodEverywhere("claim-german-open");
        assertThat(browser.driver().getTitle()).isEqualTo("Ein Agent möchte für Sie handeln – Northwind Notes");

        press("Code anzeigen", "Ihr Code");
        browser.assertGoodEverywhere("claim-german-code");
        assertThat(browser.find("#left").getText()).isEqualTo("Noch 10 Minuten");
    }

    @ParameterizedTest
    @ValueSource(strings = {"#ffd400", "#ffffff", "#000000", "#e4002b", "#7f7f7f"})
    void anyColourOfAServiceCanBeReadAndSeen(String accent) throws Exception {
        service.close();
        service = ClaimService.start(
                "Northwind Notes",
                "Sample Provider",
                ClaimPage.builder()
                        .accent(accent)
                        .logo("""
                                <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 40 40"><circle cx="20" cy="20" r="18" \
                                fill="#808890"/><path d="M12 28V12l16 16V12" fill="none" stroke="#fff" stroke-width="4"/></svg>""".getBytes(StandardCharsets.UTF_8), "image/svg+xml", "")
                        .texts(
                                Locale.ENGLISH,
                                new PropertyResourceBundle(
                                        new StringReader(
                                                "scope.notes.read = Read your notes\nscope.notes.write = Change and delete your notes")))
                        .build());
        browser.open(service.vouchedFor().link()).assertGoodEverywhere("claim-accent-" + accent.substring(1));

        assertThat((Long) browser.driver().executeScript("return document.querySelector('header img').naturalWidth"))
                .isPositive();
        assertThat(browser.text()).contains("Read your notes", "notes.read");
        browser.assertNoComplaints();
    }

    @Test
    void aCodeThatTheAgentShowsIsTypedWithoutScripts() {
        try (Browser plain = Browser.withoutScripts()) {
            Invited invited = service.vouchedFor();
            plain.look(390, false).open(invited.link());
            String userCode = invited.userCode();
            type(plain, userCode.equals("000000") ? "111111" : "000000");
            plain.await("what was wrong", () -> plain.text().contains("This code is not right"));
            plain.screenshot("claim-mistyped-without-scripts");
            WebElement field = plain.find("#user_code");
            assertThat(field.getDomAttribute("aria-describedby")).isEqualTo("mistyped");
            assertThat(field.getAccessibleName()).isEqualTo("Code that your agent shows");

            type(plain, " " + userCode.substring(0, 3) + "-" + userCode.substring(3) + " ");
            plain.await("confirmation", () -> plain.text().contains(State.TYPED.title));

            assertThat(service.auth.authenticate(service.collect(invited))).isPresent();
            plain.open(invited.link());
            assertThat(plain.find("h1").getText()).isEqualTo(State.COMPLETED.title);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"MISTYPED", "CODE_MISTYPED"})
    void whatWasWrongWithACodeIsOnTheScreenThatTheFieldIsOn(State state) throws Exception {
        browser.phone();
        bringTo(state);

        browser.await(
                "the focus",
                () -> "user_code"
                        .equals(browser.driver().switchTo().activeElement().getDomAttribute("id")));
        assertThat((Boolean) browser.driver().executeScript("""
                return ['mistyped', 'user_code'].every(id => {
                  const box = document.getElementById(id).getBoundingClientRect();
                  return box.top >= 0 && box.bottom <= innerHeight;
                })""")).isTrue();
        browser.screenshotOfTheScreen("claim-" + state.name().toLowerCase(Locale.ROOT) + "-phone");
    }

    @Test
    void aCodeIsTypedWithTheKeyboardAlone() {
        Invited invited = service.anonymous();
        browser.open(invited.link());
        browser.find("#user_code").sendKeys(invited.userCode(), Keys.ENTER);

        awaitTitle(State.TYPED.title);
        assertThat(service.auth.authenticate(service.collect(invited))).isPresent();
        browser.assertNoComplaints();
    }

    private static void type(Browser in, String code) {
        in.find("#user_code").sendKeys(code);
        button(in, "Confirm").click();
    }

    @Test
    void wholeFlowWorksWithoutScripts() {
        try (Browser plain = Browser.withoutScripts()) {
            Invited invited = service.vouchedFor();
            plain.look(390, false).open(invited.link());
            button(plain, "Show the code").click();
            plain.find("#digits");
            plain.screenshot("claim-code-without-scripts");
            assertThat(plain.find("#copy").isDisplayed()).isFalse();
            assertThat(plain.find("#left").getText()).isEqualTo("10 minutes left");
            WebElement first = plain.find("#digits");
            button(plain, "Show a new code").click();
            plain.await("the next page", () -> !plain.find("#digits").equals(first));
            String code = plain.find("#digits").getText();
            assertThat(code).matches("[0-9]{6}");

            service.complete(invited, code);
            plain.open(invited.link());
            assertThat(plain.find("h1").getText()).isEqualTo(State.COMPLETED.title);

            plain.open(service.anonymous().link());
            button(plain, "This wasn’t me").click();
            plain.await("confirmation", () -> plain.text().contains(State.REJECTED.title));
        }
    }

    @Test
    void reloadBackForwardAndARestoredTabShowTheSameCode() {
        showsTheSameCode(browser);
        assertNoComplaintsButTheStatus();
    }

    @Test
    void reloadBackForwardAndARestoredTabShowTheSameCodeWithoutScripts() {
        try (Browser plain = Browser.withoutScripts()) {
            showsTheSameCode(plain.look(390, false));
        }
    }

    private void showsTheSameCode(Browser in) {
        Invited invited = service.anonymous();
        in.open(service.origin + ClaimService.VIEW).open(invited.link());
        button(in, "Show the code").click();
        String code = in.find("#digits").getText();
        assertThat(in.driver().getCurrentUrl()).isEqualTo(invited.link()).doesNotContain(code);

        in.driver().navigate().refresh();
        assertThat(in.find("#digits").getText()).as("reloaded").isEqualTo(code);
        in.driver().navigate().back();
        assertThat(in.find("#digits").getText()).as("back").isEqualTo(code);
        in.driver().navigate().forward();
        assertThat(in.find("#digits").getText()).as("forward").isEqualTo(code);
        String first = in.driver().getWindowHandle();
        in.driver().switchTo().newWindow(WindowType.TAB);
        in.open(invited.link());
        assertThat(in.find("#digits").getText()).as("in another tab").isEqualTo(code);
        in.driver().close();
        in.driver().switchTo().window(first);
        in.open("about:blank");
        in.driver().navigate().back();
        assertThat(in.find("#digits").getText())
                .as("after having been elsewhere")
                .isEqualTo(code);

        service.complete(invited, code);
        in.driver().navigate().refresh();
        assertThat(in.find("h1").getText()).isEqualTo(State.COMPLETED.title);
    }

    @Test
    void openCodePageSaysByItselfThatTheAgentHasCompleted() {
        service.close();
        service = ClaimService.managed("/account/agents", "mailto:help@example.com");
        Invited invited = service.vouchedFor();
        browser.open(invited.link());
        press("Show the code", State.CODE.title);
        browser.assertAccessible();
        service.complete(invited, digits());

        awaitTitle("Done: your agent can go on");
        assertThat(browser.driver().getTitle()).isEqualTo("Done: your agent can go on – Northwind Notes");
        assertThat(browser.driver().switchTo().activeElement().getText()).isEqualTo("Done: your agent can go on");
        assertThat(browser.text())
                .contains("The agent from Sample Provider has used the code", "notes.write")
                .contains("Your agents", "Contact Northwind Notes");
        assertThat(browser.find(".links a").getDomAttribute("href")).isEqualTo("/account/agents");
        assertThat(browser.driver().findElements(By.id("digits"))).isEmpty();
        browser.assertGoodEverywhere("claim-done-by-itself").assertNoComplaints();

        browser.driver().navigate().refresh();
        awaitTitle(State.COMPLETED.title);
        browser.assertGoodEverywhere("claim-completed-with-links");
    }

    @Test
    void openCodePageFollowsWhatHappensToItsCode() {
        Invited invited = service.anonymous();
        browser.open(invited.link());
        press("Show the code", State.CODE.title);
        service.guessVoid(invited, digits());
        awaitTitle(State.SHOWN_BEFORE.title);
        assertThat(browser.text()).contains("A code was already shown here");

        press("Show the code", State.CODE.title);
        service.auth.rejectClaim(Caller.unknown(), invited.attemptToken());
        awaitTitle(State.REJECTED.title);
        assertThat(browser.text()).contains("You said that this wasn’t you");
    }

    @Test
    void withoutScriptsTheNextPressSaysThatTheAgentHasCompleted() {
        try (Browser plain = Browser.withoutScripts()) {
            Invited invited = service.vouchedFor();
            plain.look(390, false).open(invited.link());
            button(plain, "Show the code").click();
            service.complete(invited, plain.find("#digits").getText());
            button(plain, "Show a new code").click();

            plain.await("the end", () -> plain.find("h1").getText().equals(State.COMPLETED.title));
        }
    }

    @Test
    void timesAreTheReadersOwnByScriptAndUtcWithout() {
        browser.driver().executeCdpCommand("Emulation.setTimezoneOverride", Map.of("timezoneId", "America/New_York"));
        try (Browser plain = Browser.withoutScripts()) {
            Invited invited = service.anonymous();
            browser.open(invited.link());
            assertThat(browser.find("dd time").getText()).isEqualTo("May 4, 2026 at 09:00 AM EDT");
            assertThat(browser.find("dd time").getDomAttribute("title")).isEqualTo("4 May 2026, 13:00 UTC");
            assertThat(browser.text()).contains("10 minutes left");
            press("Show the code", State.CODE.title);
            assertThat(browser.text()).contains("Good until May 4, 2026 at 09:10 AM EDT");

            plain.open(invited.link());
            assertThat(plain.text())
                    .contains("Good until 4 May 2026, 13:10 UTC")
                    .doesNotContain("EDT");
        } finally {
            browser.driver().executeCdpCommand("Emulation.setTimezoneOverride", Map.of("timezoneId", ""));
        }
    }

    @Test
    void manyScopesFoldAndAllOfThemCanBeReadBeforeDeciding() throws Exception {
        bringTo(State.MANY_SCOPES);
        browser.look(390, false);
        assertThat(browser.find("button.primary").getRect().getY())
                .as("on the second screen")
                .isLessThan(1600);
        WebElement summary = browser.find("summary");
        assertThat(summary.getText()).isEqualTo("Show 8 more");
        assertThat(browser.text()).contains("folders.read").doesNotContain("exports.read");

        summary.sendKeys(Keys.ENTER);
        assertThat(browser.text()).contains(MANY);
        browser.assertGoodEverywhere("claim-many-scopes-unfolded");
    }

    @ParameterizedTest
    @EnumSource(State.class)
    void pageIsGoodAtAZoomOf400PercentAndInForcedColours(State state) throws Exception {
        bringTo(state);
        String name = "claim-" + state.name().toLowerCase(Locale.ROOT).replace('_', '-');
        browser.zoom400().assertNoSidewaysScrolling().assertAccessible().screenshot(name + "-zoom-400");
        browser.look(390, false).forcedColors(false).assertAccessible().screenshot(name + "-forced-colours");
        browser.forcedColors(true).assertNoSidewaysScrolling().screenshot(name + "-forced-colours-dark");
    }

    @Test
    void agentThatNobodyVouchesForIsAWarningAndNoRowOfATable() {
        browser.open(service.anonymous().link());
        assertThat(browser.find(".alarm strong").getText()).isEqualTo("Nobody vouches for this agent.");
        assertThat(browser.find("dl").getText()).doesNotContain("Who asks");

        browser.open(service.vouchedFor().link());
        assertThat(browser.driver().findElements(By.cssSelector(".alarm"))).isEmpty();
        assertThat(browser.find("dl").getText()).contains("Who asks", "Sample Provider");
    }

    @Test
    void keyboardAloneReachesEverythingInReadingOrder() {
        browser.open(service.anonymous().link());
        assertThat(tabThrough())
                .containsExactly(
                        "Your agents", "Code that your agent shows", "Confirm", "Show the code", "This wasn’t me");

        browser.open(service.anonymous().link());
        type(Keys.TAB);
        type(Keys.TAB);
        type(Keys.TAB);
        type(Keys.TAB);
        assertThat((String)
                        browser.driver().executeScript("return getComputedStyle(document.activeElement).outlineStyle"))
                .isEqualTo("solid");
        browser.screenshot("claim-open-focus");
        type(Keys.ENTER);
        awaitTitle(State.CODE.title);
        assertThat(tabThrough())
                .containsExactly(
                        "Copy the code",
                        "Show a new code",
                        "Your agents",
                        "If your agent shows you a code",
                        "This wasn’t me");

        type(Keys.chord(Keys.SHIFT, Keys.TAB));
        type(Keys.ENTER);
        awaitTitle(State.REJECTED.title);
    }

    @Test
    void copyButtonCopiesTheSixDigitsAndSaysSo() {
        browser.driver()
                .executeCdpCommand(
                        "Browser.grantPermissions",
                        Map.of("permissions", List.of("clipboardReadWrite", "clipboardSanitizedWrite")));
        browser.open(service.anonymous().link());
        press("Show the code", State.CODE.title);
        button(browser, "Copy the code").click();
        browser.await(
                "word that it is copied", () -> browser.find("#said").getText().equals("Code copied."));
        browser.screenshot("claim-code-copied");

        assertThat((String) browser.driver()
                        .executeAsyncScript("navigator.clipboard.readText().then(arguments[0], arguments[0])"))
                .isEqualTo(digits())
                .matches("[0-9]{6}");
        browser.assertNoComplaints();
    }

    @Test
    void copyingThatIsNotAllowedSelectsTheDigits() {
        browser.driver().executeCdpCommand("Browser.resetPermissions", Map.of());
        browser.open(service.anonymous().link());
        press("Show the code", State.CODE.title);
        browser.driver().executeScript("navigator.clipboard.writeText = () => Promise.reject(new Error('no'))");
        button(browser, "Copy the code").click();
        browser.await(
                "word that it failed", () -> browser.find("#said").getText().startsWith("Copying did not work"));

        assertThat((String) browser.driver().executeScript("return getSelection().toString()"))
                .isEqualTo(digits());
    }

    @Test
    void selectionOfTheCodeHasNoGapAndScreenReadersGetSingleDigits() {
        browser.open(service.anonymous().link());
        press("Show the code", State.CODE.title);
        String code = digits();
        browser.find("#digits span").click();

        assertThat((String) browser.driver().executeScript("return getSelection().toString()"))
                .isEqualTo(code);
        assertThat(browser.find(".code .unseen").getDomProperty("textContent"))
                .isEqualTo(String.join(" ", code.split("")));
    }

    @Test
    void timeThatIsLeftCountsDownQuietlyAndEndsWithAWord() {
        openShortLivedCode(8);
        assertThat(browser.find("#left").getText()).matches("[1-8] seconds? left");
        assertThat(browser.find("#left").getDomAttribute("aria-live")).isNull();
        assertThat(browser.find("#said").getText()).isEmpty();
        browser.find("#copy").sendKeys("");
        awaitTitle(State.CODE_LAPSED.title);

        assertThat(browser.driver().findElements(By.id("digits"))).isEmpty();
        assertThat(browser.find("#said").getDomProperty("textContent")).isEqualTo(State.CODE_LAPSED.title);
        assertThat(browser.find("#renew button").getDomAttribute("class")).isEqualTo("primary");
        assertThat(browser.driver().switchTo().activeElement().getText()).isEqualTo("Show a new code");
    }

    @Test
    void pageReadsWellInForcedColours() {
        browser.emulate(Map.of("forced-colors", "active"));
        browser.open(service.anonymous().link())
                .screenshot("claim-open-forced-colours")
                .assertAccessible();
        press("Show the code", State.CODE.title);
        browser.assertAccessible();
        browser.screenshot("claim-code-forced-colours").assertNoSidewaysScrolling();
        press("This wasn’t me", State.REJECTED.title);
        browser.screenshot("claim-rejected-forced-colours");
    }

    @Test
    @DisplayName("T20: markup in names and texts is text, and nothing of it runs")
    void markupInNamesAndTextsDoesNotRun() throws Exception {
        List<String> payloads = List.of(
                "<script>window.ran=1</script>",
                "\"><img src=x onerror=window.ran=1>",
                "'><svg onload=window.ran=1>",
                "</title><script>window.ran=1</script>",
                "</textarea></style><iframe srcdoc='<script>parent.ran=1</script>'>",
                "<a href=javascript:window.ran=1>x</a>",
                "<base href=//evil.example>",
                "<meta http-equiv=refresh content='0;url=//evil.example'>",
                "&lt;script&gt;window.ran=1&lt;/script&gt;",
                "{{constructor.constructor('window.ran=1')()}} ${window.ran=1}",
                "<b>x");
        for (String payload : payloads) {
            service.close();
            PropertyResourceBundle texts = new PropertyResourceBundle(new StringReader("scope.notes.read = "
                    + payload.replace("\\", "\\\\") + "\ncode.copied = <b onclick=x>\ncode.left = <i>{0}"));
            service = ClaimService.start(
                    payload,
                    payload,
                    ClaimPage.builder().texts(Locale.ENGLISH, texts).build());
            Invited invited = service.vouchedFor();
            browser.open(invited.link());
            assertThat(browser.find("header").getText()).isEqualTo(payload);
            assertThat(browser.find("dd").getText()).isEqualTo(payload);
            assertNothingRan();
            press("Show the code", State.CODE.title);
            assertThat(browser.find("#left").getText()).isEqualTo("<i>10 minutes");
            assertNothingRan();
            press("This wasn’t me", State.REJECTED.title);
            assertNothingRan();
        }
    }

    private static void assertNothingRan() {
        assertThat(browser.driver().executeScript("return window.ran === undefined"))
                .isEqualTo(true);
        assertThat(browser.driver()
                        .findElements(By.cssSelector(
                                "header img, iframe, base, a:not([href$='/agent/yours']), header svg, b")))
                .isEmpty();
        browser.assertNoComplaints();
    }

    @Test
    @DisplayName("T21: a frame of another site stays empty")
    void frameOfAnotherSiteStaysEmpty() throws Exception {
        Invited invited = service.anonymous();
        try (Site other = Site.start("<iframe width=400 height=600 src=\"" + invited.link() + "\"></iframe>")) {
            browser.open(other.url);
            browser.await("refusal", () -> !browser.complaints().isEmpty());
            browser.screenshot("claim-framed");
            browser.driver().switchTo().frame(0);
            assertThat(browser.driver().findElements(By.tagName("form"))).isEmpty();
            assertThat(browser.text()).doesNotContain("agent asks");
            browser.driver().switchTo().defaultContent();
        }
    }

    @Test
    @DisplayName("T22: the token leaves by no Referer")
    void tokenLeavesByNoReferer() throws Exception {
        Invited invited = service.anonymous();
        try (Site other = Site.start("<p>Elsewhere</p>")) {
            browser.open(invited.link());
            press("Show the code", State.CODE.title);
            browser.driver().executeScript("location.href = arguments[0]", other.url);
            browser.await("the other site", () -> browser.text().contains("Elsewhere"));
            browser.open(invited.link());
            browser.driver().executeScript("location.href = arguments[0]", other.url + "again");
            browser.await("the other site", () -> other.referers.size() >= 2);

            assertThat(other.referers).containsOnly("none");
            assertThat(service.referers).isEmpty();
        }
    }

    @Test
    @DisplayName("T24: a form of another site is refused, our own is not")
    void formOfAnotherSiteIsRefused() throws Exception {
        Invited invited = service.anonymous();
        try (Site other = Site.start(selfSubmittingForm(invited))) {
            browser.open(other.url);
            awaitTitle(State.FOREIGN.title);
            assertThat(service.codeWasShown(invited)).isFalse();

            browser.open(invited.link());
            press("Show the code", State.CODE.title);
            service.complete(invited, digits());
        }
    }

    private String selfSubmittingForm(Invited invited) {
        return "<form method=post action=\"" + service.origin + ClaimService.VIEW + "/reveal\">"
                + "<input type=hidden name=token value=\"" + invited.attemptToken() + "\"></form>"
                + "<script>document.forms[0].submit()</script>";
    }

    /** A code never outlives the claim, so a claim that ends soon has a code that does. */
    private void openShortLivedCode(int seconds) {
        Invited invited = service.anonymous();
        service.clock.advance(Duration.ofHours(24).minusSeconds(seconds));
        browser.open(service.invite(invited.claimToken()).link());
        button(browser, "Show the code").click();
        browser.find("#renew");
    }

    private static String digits() {
        return browser.find("#digits").getText();
    }

    /** Presses a button, and waits for the page that it leads to. */
    private static void press(String label, String title) {
        button(browser, label).click();
        awaitTitle(title);
    }

    private static void type(CharSequence keys) {
        browser.driver().switchTo().activeElement().sendKeys(keys);
    }

    private static WebElement button(Browser in, String label) {
        return in.driver().findElements(By.tagName("button")).stream()
                .filter(button -> button.getText().equals(label))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no button " + label + " in " + in.text()));
    }

    /** The labels of what has the focus, one Tab after the other, until the page is left. */
    private static List<String> tabThrough() {
        List<String> labels = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            type(Keys.TAB);
            WebElement element = browser.driver().switchTo().activeElement();
            if (!List.of("button", "input", "summary", "a").contains(element.getTagName())) {
                break;
            }
            labels.add(element.getTagName().equals("summary") ? element.getText() : element.getAccessibleName());
        }
        return labels;
    }

    private static void awaitTitle(String title) {
        browser.await(
                "page: " + title,
                () -> String.valueOf(browser.driver().getTitle()).startsWith(title));
    }

    /** Browsers note each answer of 400 and above; that it is one is what the test wants. */
    private static void assertNoComplaintsButTheStatus() {
        assertThat(browser.complaints())
                .filteredOn(complaint ->
                        !complaint.contains("Failed to load resource: the server responded with a status of"))
                .isEmpty();
    }

    /** Another site: the same machine under another name. */
    private record Site(HttpServer server, String url, List<String> referers) implements AutoCloseable {
        static Site start(String body) throws IOException {
            HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
            List<String> referers = Collections.synchronizedList(new ArrayList<>());
            byte[] page =
                    ("<!DOCTYPE html><html lang=en><title>Other site</title>" + body).getBytes(StandardCharsets.UTF_8);
            server.createContext("/", exchange -> {
                String referer = exchange.getRequestHeaders().getFirst("Referer");
                if (!exchange.getRequestURI().getPath().endsWith(".ico")) {
                    referers.add(referer == null ? "none" : referer);
                }
                exchange.getResponseHeaders().set("Content-Type", "text/html; charset=utf-8");
                exchange.sendResponseHeaders(200, page.length);
                exchange.getResponseBody().write(page);
                exchange.close();
            });
            server.start();
            return new Site(server, "http://127.0.0.1:" + server.getAddress().getPort() + "/", referers);
        }

        @Override
        public void close() {
            server.stop(0);
        }
    }
}
