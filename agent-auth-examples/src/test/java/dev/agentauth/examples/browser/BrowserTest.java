package dev.agentauth.examples.browser;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A check that never failed proves nothing: here are pages that each of them has to find fault with. */
class BrowserTest {
    private static final String GOOD =
            "<!DOCTYPE html><html lang=en><title>Good</title><main><h1>Good</h1><p>Words.</p></main></html>";

    private HttpServer server;
    private String page = GOOD;

    @BeforeEach
    void serve() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            byte[] body = page.getBytes(StandardCharsets.UTF_8);
            boolean found = exchange.getRequestURI().getPath().equals("/");
            exchange.getResponseHeaders().set("Content-Type", "text/html; charset=utf-8");
            exchange.getResponseHeaders()
                    .set("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'");
            exchange.sendResponseHeaders(found ? 200 : 204, found ? body.length : -1);
            exchange.getResponseBody().write(found ? body : new byte[0]);
            exchange.close();
        });
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    @Test
    void goodPageHasNothingAgainstIt() {
        try (Browser browser = Browser.start()) {
            open(browser).assertGoodEverywhere("browser-good").assertNoComplaints();
            assertThat(browser.text()).contains("Words.");
        }
    }

    @Test
    void badPagesAreFoundOut() {
        try (Browser browser = Browser.start()) {
            page = GOOD.replace("Words.", "<img src=data:,x><input>");
            open(browser);
            assertThatThrownBy(browser::assertAccessible).isInstanceOf(AssertionError.class);

            page = GOOD.replace("Words.", "<table width=2000><tr><td>wide</table>");
            open(browser).look(320, false);
            assertThatThrownBy(browser::assertNoSidewaysScrolling).isInstanceOf(AssertionError.class);

            page = GOOD.replace("Words.", "<script>alert(1)</script>");
            open(browser);
            assertThatThrownBy(browser::assertNoComplaints).isInstanceOf(AssertionError.class);

            page = GOOD.replace(
                    "<main>",
                    "<style>p {color: #444} @media (prefers-color-scheme: dark) {body {background: #000; color: #fff}}"
                            + "</style><main>");
            open(browser).look(768, false).assertAccessible();
            assertThatThrownBy(() -> browser.assertGoodAtEachWidth("browser-dark"))
                    .isInstanceOf(AssertionError.class);
        }
    }

    private Browser open(Browser browser) {
        return browser.open("http://127.0.0.1:" + server.getAddress().getPort() + "/");
    }
}
