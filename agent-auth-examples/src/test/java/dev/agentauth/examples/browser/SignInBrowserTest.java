package dev.agentauth.examples.browser;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.agentauth.client.http.Http;
import dev.agentauth.client.http.Json;
import dev.agentauth.examples.RunningDemo;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.openqa.selenium.By;
import org.openqa.selenium.WebElement;

/** The claim page where people sign in, as two of them meet it in one browser. */
class SignInBrowserTest {
    private static final String ADA = "alice@example.com";
    private static final String BOB = "bob@example.com";

    private static Browser browser;

    private RunningDemo demo;

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
    void start() throws IOException {
        demo = RunningDemo.start("", Map.of("AGENT_AUTH_CEREMONY", "sign-in"));
        browser.look(390, false).languages("en");
        browser.driver().manage().deleteAllCookies();
        browser.complaints();
    }

    @AfterEach
    void stop() {
        demo.close();
    }

    private Json register(Map<String, String> request) {
        return new Http().postJson(demo.issuer() + "/agent/identity", request).json();
    }

    private Json registerFor(String address) {
        return register(Map.of("type", "service_auth", "login_hint", address));
    }

    private static String link(Json agent) {
        return agent.get("claim").get("attempt").get("verification_uri").text();
    }

    private static void signIn(String address) {
        WebElement field = browser.find("input[name=email]");
        field.sendKeys(address);
        field.submit();
    }

    private static void press(String label) {
        browser.driver().findElements(By.tagName("button")).stream()
                .filter(button -> button.getText().equals(label))
                .findFirst()
                .orElseThrow()
                .click();
    }

    private static void awaitTitle(String title) {
        browser.await("the page " + title, () -> browser.find("h1").getText().equals(title));
    }

    private String complete(Json agent, String code) {
        Json answer = new Http()
                .postJson(
                        demo.issuer() + "/agent/identity/claim/complete",
                        Map.of("claim_token", agent.get("claim").get("token").text(), "user_code", code))
                .json();
        return answer.get("status").text();
    }

    @Test
    void personSignsInAndReadsTheCodeToTheAgent() {
        Json agent = registerFor(ADA);

        browser.open(link(agent));
        browser.assertGoodEverywhere("sign-in-demo");
        signIn(ADA);
        awaitTitle("An agent asks to act for you");
        assertThat(browser.text()).contains("Signed in as " + ADA, "It signed up and named you");
        browser.assertGoodEverywhere("sign-in-decision");
        press("Show the code");
        awaitTitle("Your code");
        browser.assertGoodEverywhere("sign-in-code");
        String code = browser.find("#digits").getText().replaceAll("\\s", "");

        assertThat(complete(agent, code)).isEqualTo("claimed");
        browser.open(link(agent));
        awaitTitle("Already confirmed");
        browser.assertNoComplaints();
    }

    @Test
    void t78_someoneElseWhoIsSignedInSeesWhoThatIsAndChangesIt() {
        Json agent = registerFor(ADA);
        browser.open(link(agent));
        signIn(BOB);

        awaitTitle("This is not for this account");
        assertThat(browser.text()).contains("Signed in as " + BOB).doesNotContain(ADA);
        browser.assertGoodEverywhere("sign-in-not-asked");
        browser.driver().findElement(By.linkText("That is not me")).click();
        signIn(ADA);

        awaitTitle("An agent asks to act for you");
        assertThat(browser.text()).contains("Signed in as " + ADA);
    }

    @Test
    void t78_pageThatWasOpenWhileTheAccountChangedDoesNothingForTheOther() {
        Json agent = register(Map.of("type", "service_auth"));
        browser.open(link(agent));
        signIn(ADA);
        awaitTitle("An agent asks to act for you");
        String ours = browser.driver().getWindowHandle();
        browser.driver().switchTo().newWindow(org.openqa.selenium.WindowType.TAB);
        String other = browser.driver().getWindowHandle();
        browser.open(demo.issuer() + "/sign-in");
        signIn(BOB);
        browser.await("signed in", () -> !browser.driver().getCurrentUrl().endsWith("/sign-in"));
        browser.driver().switchTo().window(ours);

        press("Show the code");

        awaitTitle("This did not come from our page");
        assertThat(browser.text()).contains("Signed in as " + BOB);
        browser.driver().switchTo().window(other).close();
        browser.driver().switchTo().window(ours);
    }

    @Test
    void personWhoSaysNoEndsIt() {
        Json agent = registerFor(ADA);
        browser.open(link(agent));
        signIn(ADA);
        awaitTitle("An agent asks to act for you");

        press("This wasn\u2019t me");

        awaitTitle("Request ended");
        Json refused = new Http()
                .postJson(
                        demo.issuer() + "/agent/identity/claim/complete",
                        Map.of("claim_token", agent.get("claim").get("token").text(), "otp", "000000"))
                .json();
        assertThat(refused.get("error").text()).isEqualTo("claim_rejected");
    }

    @Test
    void t54_anotherSiteCannotPressTheButtonOfSomebodyWhoIsSignedIn() throws IOException {
        Json agent = register(Map.of("type", "service_auth"));
        browser.open(link(agent));
        signIn(ADA);
        awaitTitle("An agent asks to act for you");
        String token = link(agent).substring(link(agent).indexOf("token=") + "token=".length());
        String page = "<!DOCTYPE html><title>Elsewhere</title><form method=post action='" + demo.issuer()
                + "/agent/identity/claim/view/reveal'><input name=token value='" + token
                + "'><button>Win</button></form>";
        HttpServer elsewhere = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        elsewhere.createContext("/", exchange -> {
            byte[] body = page.getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", "text/html; charset=utf-8");
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        elsewhere.start();
        try {
            browser.open("http://127.0.0.1:" + elsewhere.getAddress().getPort() + "/");
            press("Win");

            awaitTitle("This did not come from our page");
        } finally {
            elsewhere.stop(0);
        }
    }
}
