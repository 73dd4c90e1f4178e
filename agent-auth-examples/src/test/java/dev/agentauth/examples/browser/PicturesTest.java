package dev.agentauth.examples.browser;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentauth.examples.QuietLogs;
import dev.agentauth.examples.RunningDemo;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.openqa.selenium.OutputType;

/**
 * The pictures of the documentation are what the console draws. With {@code -Dagentauth.update-docs=true} they are written
 * anew, and so are the screenshots, of which no byte is compared.
 */
@ExtendWith(QuietLogs.class)
class PicturesTest {
    private static final Path DOCS = Path.of("..", "docs");
    private static final Path PICTURES = DOCS.resolve("pictures");
    private static final Path PALETTE = Path.of("src/main/resources/dev/agentauth/examples/console/palette.css");
    private static final boolean UPDATE = Boolean.getBoolean("agentauth.update-docs");

    /** Draws every flow of a service of the example hosts, by the modules that the page has loaded. */
    private static final String DRAW = """
            const done = arguments[arguments.length - 1];
            (async () => {
              const {flowsOf, sampleMemory} = await import('/console/flows.js');
              const {participantsOf, pictureOf, rowsOf, standalone, wordsOf} = await import('/console/sequence.js');
              const text = async name => (await fetch(`/console/${name}`)).text();
              const styles = await text('palette.css') + await text('sequence.css');
              const demo = {issuer: 'https://example.com', resource: 'https://example.com/api/',
                provider: 'https://agents.example.net'};
              return flowsOf(demo).map(flow => {
                const rows = rowsOf(flow, sampleMemory(demo));
                const picture = pictureOf({title: flow.title, rows, participants: participantsOf(rows), width: 720});
                return {id: flow.id, title: flow.title, goal: flow.goal, svg: standalone(picture, styles), words: wordsOf(rows)};
              });
            })().then(done, error => done(String(error)));
            """;

    /** The link in the newest mail, or nothing. */
    private static final String LINK = """
            const done = arguments[arguments.length - 1];
            fetch('/outbox.json').then(answer => answer.json())
              .then(mails => done(mails.find(mail => mail.link)?.link ?? ''), () => done(''));
            """;

    private static RunningDemo demo;
    private static Browser browser;

    @BeforeAll
    static void start() throws IOException {
        browser = Browser.start();
        demo = RunningDemo.start("", Map.of());
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

    @Test
    void pictureAndWordsOfEachFlowAreDrawnFromItsSteps() throws IOException {
        List<Flow> flows = flows();
        for (Flow flow : flows) {
            same(PICTURES.resolve("flow-" + flow.id() + ".svg"), flow.svg());
        }
        same(DOCS.resolve("flows.md"), page(flows));

        try (Stream<Path> files = Files.list(PICTURES)) {
            assertThat(files.map(file -> file.getFileName().toString()).filter(name -> name.startsWith("flow-")))
                    .as("pictures of flows")
                    .containsExactlyInAnyOrderElementsOf(flows.stream()
                            .map(flow -> "flow-" + flow.id() + ".svg")
                            .toList());
        }
    }

    @Test
    void pictureStandsAloneInTheLightAndInTheDark() {
        for (String name : List.of(
                "flow-vouched-known",
                "flow-anonymous",
                "flow-logout",
                "flow-late",
                "surfaces-light",
                "surfaces-dark")) {
            browser.open(PICTURES.resolve(name + ".svg")
                    .toAbsolutePath()
                    .normalize()
                    .toUri()
                    .toString());
            for (boolean dark : new boolean[] {false, true}) {
                browser.look(768, dark).screenshot("picture-" + name + (dark ? "-dark" : ""));
            }
        }
        assertThat(browser.complaints())
                .filteredOn(complaint -> !complaint.contains("the server responded with a status of 4"))
                .isEmpty();
    }

    @Test
    void surfacesAreDrawnInTheColoursOfThePage() throws IOException {
        String palette = Files.readString(PALETTE);
        String light = Files.readString(PICTURES.resolve("surfaces-light.svg"));
        String dark = Files.readString(PICTURES.resolve("surfaces-dark.svg"));
        for (String name : List.of(
                "text",
                "soft",
                "card",
                "line",
                "edge",
                "identity",
                "identity-soft",
                "credential",
                "credential-soft",
                "person")) {
            Matcher colours = Pattern.compile("--" + name + ": (#[0-9a-f]{6});").matcher(palette);
            assertThat(colours.find()).as(name).isTrue();
            assertThat(light).as(name).contains("--" + name + ": " + colours.group(1) + ";");
            assertThat(colours.find()).as(name).isTrue();
            assertThat(dark).as(name).contains("--" + name + ": " + colours.group(1) + ";");
        }
        assertThat(withoutColours(dark)).isEqualTo(withoutColours(light));
    }

    @Test
    void readmeShowsPicturesThatAreThere() throws IOException {
        for (Path page : List.of(Path.of("..", "README.md"), DOCS.resolve("flows.md"))) {
            Matcher shown = Pattern.compile("(?:src|srcset)=\"([^\"]+)\"|!\\[[^]]*]\\(([^)]+)\\)")
                    .matcher(Files.readString(page));
            int count = 0;
            while (shown.find()) {
                String name = shown.group(1) != null ? shown.group(1) : shown.group(2);
                assertThat(Objects.requireNonNull(page.getParent()).resolve(name))
                        .exists();
                count++;
            }
            assertThat(count).as("pictures of " + page).isGreaterThan(2);
        }
    }

    @Test
    void readmeShowsEveryFlowAndBothPages() throws IOException {
        String readme = Files.readString(Path.of("..", "README.md"));
        try (Stream<Path> pictures = Files.list(PICTURES)) {
            assertThat(pictures.map(Path::getFileName).map(Path::toString))
                    .contains("claim-page.png", "console.png", "surfaces-light.svg", "surfaces-dark.svg")
                    .filteredOn(name -> name.startsWith("flow-"))
                    .hasSizeGreaterThan(10)
                    .allSatisfy(name -> assertThat(readme).contains("](docs/pictures/" + name + ")"));
        }
        assertThat(readme)
                .contains("docs/pictures/claim-page.png", "docs/pictures/console.png")
                .contains("docs/pictures/surfaces-light.svg", "docs/pictures/surfaces-dark.svg");
    }

    @Test
    void screenshotsAreTakenOfTheDemoItself() throws IOException {
        browser.driver().executeCdpCommand("Emulation.setScrollbarsHidden", Map.of("hidden", true));
        browser.look(640, false).open("about:blank").open(demo.issuer() + "/#email");
        browser.find("#next").click();
        browser.await("the mail", () -> !"".equals(browser.driver().executeAsyncScript(LINK)));
        browser.open(String.valueOf(browser.driver().executeAsyncScript(LINK)));
        assertThat(browser.find("form[action$='/reveal'] button").isDisplayed()).isTrue();
        Long height = (Long) browser.driver().executeScript("return document.documentElement.scrollHeight");
        browser.driver()
                .executeCdpCommand(
                        "Emulation.setDeviceMetricsOverride",
                        Map.of("width", 640, "height", height, "deviceScaleFactor", 1, "mobile", false));
        photograph("claim-page.png");

        browser.look(1280, false).open("about:blank").open(demo.issuer() + "/#anonymous");
        browser.find("#all").click();
        browser.await("the end", () -> browser.find("#next-words").getText().startsWith("Done."));
        browser.driver().executeScript("""
                document.activeElement.blur();
                document.querySelector('#picture').scrollTop = 0;
                scrollTo({top: 0, behavior: 'instant'});
                """);
        photograph("console.png");
    }

    private static void photograph(String name) throws IOException {
        byte[] picture = browser.driver().getScreenshotAs(OutputType.BYTES);
        assertThat(picture).hasSizeLessThan(400_000);
        Path screenshots = Files.createDirectories(Path.of("target", "screenshots"));
        Files.write(screenshots.resolve(name), picture);
        if (UPDATE) {
            Files.write(PICTURES.resolve(name), picture);
        }
    }

    private static void same(Path file, String drawn) throws IOException {
        if (UPDATE) {
            Files.createDirectories(PICTURES);
            Files.writeString(file, drawn);
        }
        assertThat(file).content().isEqualTo(drawn);
    }

    private static String withoutColours(String svg) {
        return svg.replaceAll("#[0-9a-f]{6}", "colour");
    }

    private static List<Flow> flows() {
        browser.look(1280, false).open(demo.issuer() + "/");
        Object drawn = browser.driver().executeAsyncScript(DRAW);
        assertThat(drawn).isInstanceOf(List.class);
        return ((List<?>) drawn).stream().map(one -> Flow.of((Map<?, ?>) one)).toList();
    }

    private static String page(List<Flow> flows) {
        StringBuilder page = new StringBuilder("""
                # The flows, in pictures

                What agents, the service, people and providers say to each other, a picture for each flow. The demo's console walks every one of
                them with real requests ([README](../README.md#run-the-demo)), and draws the same picture as it goes: both come from the same
                steps, and a test fails where they differ.

                A full bar is the **identity surface** (who is this agent, and whose?), a broken one the **credential surface** (what may it do
                now?). A solid arrow asks, a dashed one answers, a thin one is what happens beside it.

                """);
        for (Flow flow : flows) {
            page.append("* [")
                    .append(flow.title())
                    .append("](#")
                    .append(flow.anchor())
                    .append(")\n");
        }
        for (Flow flow : flows) {
            page.append("\n## ")
                    .append(flow.title())
                    .append("\n\n")
                    .append(flow.goal())
                    .append("\n\n");
            page.append("![").append(flow.title()).append(": the steps below, as a sequence picture](pictures/flow-");
            page.append(flow.id()).append(".svg)\n\n<details>\n<summary>The same in words</summary>\n\n");
            flow.words().forEach(line -> page.append(line).append('\n'));
            page.append("\n</details>\n");
        }
        return page.toString();
    }

    /** A flow as the page has drawn it. */
    private record Flow(String id, String title, String goal, String svg, List<String> words) {
        static Flow of(Map<?, ?> members) {
            return new Flow(
                    text(members, "id"),
                    text(members, "title"),
                    text(members, "goal"),
                    text(members, "svg"),
                    ((List<?>) Objects.requireNonNull(members.get("words")))
                            .stream().map(String::valueOf).toList());
        }

        private static String text(Map<?, ?> members, String name) {
            return (String) Objects.requireNonNull(members.get(name));
        }

        /** As GitHub makes it from a heading. */
        String anchor() {
            return title.toLowerCase(Locale.ROOT)
                    .replaceAll("[^\\p{L}\\p{N} -]", "")
                    .replace(' ', '-');
        }
    }
}
