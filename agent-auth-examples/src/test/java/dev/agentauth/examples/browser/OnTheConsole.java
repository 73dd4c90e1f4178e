package dev.agentauth.examples.browser;

import dev.agentauth.examples.QuietLogs;
import dev.agentauth.examples.RunningDemo;
import java.io.IOException;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.extension.ExtendWith;

/** Tests of the console in one browser, on one demo of their own. */
@ExtendWith(QuietLogs.class)
abstract class OnTheConsole {
    static RunningDemo demo;
    static Browser browser;
    static ConsolePage console;

    @BeforeAll
    static void start() throws IOException {
        browser = Browser.start();
        demo = RunningDemo.start("", Map.of());
        console = new ConsolePage(browser);
    }

    @AfterAll
    static void stop() {
        if (browser != null) {
            browser.close();
        }
        if (demo != null) {
            demo.close();
        }
    }
}
