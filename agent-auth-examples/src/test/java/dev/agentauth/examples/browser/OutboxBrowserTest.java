package dev.agentauth.examples.browser;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.agentauth.client.http.Http;
import dev.agentauth.client.http.Json;
import dev.agentauth.client.http.Reply;
import dev.agentauth.examples.QuietLogs;
import dev.agentauth.examples.RunningDemo;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.openqa.selenium.By;
import org.openqa.selenium.WebElement;

@ExtendWith(QuietLogs.class)
class OutboxBrowserTest {
    private static final String POPUPS = "allow-popups allow-popups-to-escape-sandbox";

    private final Http http = new Http();
    private RunningDemo demo;

    @BeforeEach
    void startDemo() throws IOException {
        demo = RunningDemo.start("/below", Map.of());
    }

    @AfterEach
    void stopDemo() {
        demo.close();
    }

    @Test
    void whatWasChosenStaysChosenWhenMailComes() {
        try (Browser browser = open(Browser.start())) {
            browser.await(
                    "an empty outbox", () -> browser.find("#mails").getText().equals("There is no mail yet."));

            ask("ada@example.com");
            awaitMails(browser, 1);
            assertThat(browser.find(".mail-open").getText()).contains("ada@example.com", "agent-auth@localhost");
            assertThat(browser.driver().findElements(By.cssSelector(".unread"))).isEmpty();

            ask("grace@example.com");
            awaitMails(browser, 2);
            List<WebElement> mails = browser.driver().findElements(By.cssSelector(".mail-list button"));
            assertThat(mails.get(0).getText()).contains("To grace@example.com", "New");
            assertThat(mails.get(1).getDomAttribute("aria-current")).isEqualTo("true");
            assertThat(browser.find(".mail-open").getText()).contains("ada@example.com");
            browser.assertGoodEverywhere("outbox-two");
            browser.assertGoodForcedAndZoomed("outbox-two");

            mails.get(0).click();
            assertThat(browser.find(".mail-open").getText()).contains("grace@example.com");
            assertThat(mails.get(0).getText()).doesNotContain("New");
            browser.assertNoComplaints();
        }
    }

    @Test
    void textIsShownWithItsLinkAndStaysTheChoice() {
        ask("ada@example.com");
        ask("grace@example.com");
        try (Browser browser = open(Browser.start())) {
            awaitMails(browser, 2);
            button(browser, "As text").click();
            String link = http.get(demo.issuer() + "/outbox.json")
                    .json()
                    .items()
                    .get(0)
                    .get("link")
                    .text();
            assertThat(browser.find(".mail-content pre a").getDomAttribute("href"))
                    .isEqualTo(link);

            browser.driver()
                    .findElements(By.cssSelector(".mail-list button"))
                    .get(1)
                    .click();
            assertThat(browser.find(".mail-content pre").getText()).contains("An AI agent asks");
            assertThat(button(browser, "As text").getDomAttribute("aria-pressed"))
                    .isEqualTo("true");
            browser.look(320, false).screenshot("outbox-text-320").assertNoSidewaysScrolling();
            browser.assertAccessible().assertNoComplaints();
        }
    }

    @Test
    void linkOfTheMailOpensThePageInANewTabAndNothingElseGetsOut() {
        ask("ada@example.com");
        try (Browser browser = open(Browser.start())) {
            awaitMails(browser, 1);
            WebElement frame = browser.find(".mail-content iframe");
            assertThat(frame.getDomAttribute("sandbox")).isEqualTo(POPUPS);
            browser.driver().switchTo().frame(frame);
            assertThat(browser.text()).contains("An AI agent asks");
            browser.find("a[href*='token=']").click();
            browser.driver().switchTo().defaultContent();
            browser.await(
                    "a second tab", () -> browser.driver().getWindowHandles().size() == 2);
            String here = browser.driver().getWindowHandle();
            browser.driver().getWindowHandles().stream()
                    .filter(tab -> !tab.equals(here))
                    .forEach(browser.driver().switchTo()::window);
            assertThat(browser.find("button").getText()).isNotEmpty();
            browser.driver().switchTo().window(here);
            assertThat(browser.driver().getCurrentUrl()).isEqualTo(demo.issuer() + "/outbox");
            browser.assertNoComplaints();
        }
    }

    @Test
    void consoleShowsItInItsPanel() {
        try (Browser browser = Browser.start()) {
            browser.open(demo.issuer() + "/#email");
            browser.await("a console that is ready", () -> browser.find("#next").isDisplayed());
            browser.find("#next").click();
            awaitMails(browser, 1);
            assertThat(browser.find("#mails").getText())
                    .contains("An agent asks to act for you", "agent-auth@localhost");
            for (int width : List.of(320, 1280)) {
                browser.look(width, width == 320);
                browser.driver().executeScript("document.querySelector('.mail-content').scrollIntoView()");
                browser.screenshot("outbox-console-" + width);
                browser.assertNoSidewaysScrolling().assertAccessible();
            }
            browser.driver().switchTo().frame(browser.find(".mail-content iframe"));
            assertThat(browser.text()).contains("An AI agent asks");
            browser.driver().switchTo().defaultContent();
            // It asks the API without a token.
            assertThat(browser.complaints()).allMatch(complaint -> complaint.contains("/api/resource"));
        }
    }

    @Test
    void mailHasAPolicyOfItsOwnUnderWhichNothingRuns() {
        ask("ada@example.com");
        Json mail = http.get(demo.issuer() + "/outbox.json").json().items().get(0);
        String path = mail.get("html_path").text();
        assertThat(path).isEqualTo("/below/outbox/mail/1");

        String origin = demo.issuer().replace("/below", "");
        Reply html = http.get(origin + path);
        assertThat(html.header("Content-Security-Policy").orElseThrow())
                .startsWith("default-src 'none'; style-src 'unsafe-inline';")
                .contains("frame-ancestors 'self'")
                .endsWith("sandbox " + POPUPS);
        assertThat(html.header("X-Frame-Options")).contains("SAMEORIGIN");
        assertThat(html.header("Cache-Control")).contains("no-store");
        assertThat(html.body()).contains(mail.get("link").text()).contains("<base target=\"_blank\">");
        assertThat(http.get(demo.issuer() + "/outbox/mail/2").status()).isEqualTo(404);
        assertThat(http.get(demo.issuer() + "/outbox/mail/").status()).isEqualTo(404);
        assertThat(http.get(demo.issuer() + "/outbox/mail").status()).isEqualTo(404);
    }

    @Test
    void mailByItselfIsGood() throws IOException {
        ask("ada@example.com");
        String mail = demo.issuer() + "/outbox/mail/1";
        // Axe is a script, and the mail's policy lets none run: it looks at the same page without the policy.
        byte[] html = http.get(mail).body().getBytes(StandardCharsets.UTF_8);
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            exchange.getResponseHeaders().set("Content-Type", "text/html; charset=utf-8");
            exchange.sendResponseHeaders(200, html.length);
            exchange.getResponseBody().write(html);
            exchange.close();
        });
        server.start();
        try (Browser browser = Browser.start()) {
            browser.open("http://127.0.0.1:" + server.getAddress().getPort() + "/");
            for (int width : Browser.WIDTHS) {
                for (boolean dark : new boolean[] {false, true}) {
                    browser.look(width, dark).screenshot("mail-" + width + (dark ? "-dark" : "-light"));
                    browser.assertNoSidewaysScrolling().assertMailIsAccessible();
                }
            }
            browser.forcedColors(true).screenshot("mail-forced").assertMailIsAccessible();
            assertThat(browser.find("a").getCssValue("border-top-style"))
                    .as("what is left of the button")
                    .isEqualTo("solid");
            browser.zoom400().screenshot("mail-zoom-400").assertNoSidewaysScrolling();
            browser.assertMailIsAccessible().assertNoComplaints();
        } finally {
            server.stop(0);
        }
    }

    @Test
    void withoutScriptsItIsText() {
        ask("ada@example.com");
        try (Browser browser = open(Browser.withoutScripts())) {
            assertThat(browser.text())
                    .contains("JavaScript is off", "To ada@example.com", "An agent asks to act for you");
            browser.look(320, true).screenshot("outbox-without-scripts").assertNoSidewaysScrolling();
        }
    }

    private Browser open(Browser browser) {
        return browser.open(demo.issuer() + "/outbox");
    }

    private void ask(String address) {
        http.postJson(
                demo.issuer() + "/agent/identity",
                Map.of("type", "identity_assertion", "assertion_type", "verified_email", "assertion", address));
    }

    private static void awaitMails(Browser browser, int count) {
        browser.await(
                count + " mails",
                () -> browser.driver()
                                .findElements(By.cssSelector(".mail-list button"))
                                .size()
                        == count);
    }

    private static WebElement button(Browser browser, String label) {
        return browser.driver().findElements(By.cssSelector(".mail-open button")).stream()
                .filter(button -> button.getText().equals(label))
                .findFirst()
                .orElseThrow();
    }
}
