package dev.agentauth.examples.browser;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.StringWriter;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the console shows as Java compiles, and what it shows for a shell is one command with these arguments. */
class ConsoleSnippetsBrowserTest extends OnTheConsole {
    @Test
    void javaOfEveryStepCompilesAndCurlOfEveryStepIsOneCommand(@TempDir Path classes) throws Exception {
        List<String> java = new ArrayList<>();
        List<String> curl = new ArrayList<>();
        console.open(demo, "discovery");
        for (String flow :
                strings("return [...document.querySelectorAll('#flows a')].map(link => link.hash.slice(1))")) {
            console.open(demo, flow);
            console.click("#all");
            browser.await(flow, () -> console.text("#next-words").startsWith("Done."));
            List<String> fromFlow = strings(textsOf("java"));
            assertThat(fromFlow).as(flow).hasSizeGreaterThanOrEqualTo(console.stepCount());
            java.addAll(fromFlow);
            curl.addAll(strings(textsOf("curl")));
        }

        assertThat(java)
                .filteredOn(text -> text.contains("agent."))
                .extracting(ConsoleSnippetsBrowserTest::call)
                .contains(
                        "registerAnonymous",
                        "registerWithEmail",
                        "registerWithIdJag",
                        "startClaim",
                        "completeClaim",
                        "accessToken",
                        "call",
                        "poll",
                        "refresh",
                        "revoke");
        assertThat(java).anyMatch(text -> text.contains("AgentAuthClient.discover("));
        for (String text : java.stream().distinct().toList()) {
            assertThat(complaints(text, classes)).as(text).isEmpty();
        }
        assertThat(arguments(String.join("\n", curl)).stream().filter("curl"::equals))
                .hasSameSizeAs(curl);
    }

    @Test
    void everyCharacterReachesTheShellAndJavaAsItIs(@TempDir Path classes) throws Exception {
        console.open(demo, "anonymous");
        String body = "it's $HOME `id` \\ \\u0041 \"x\" %41 !\n * \u00e9";
        @SuppressWarnings("unchecked")
        List<String> forms =
                (List<String>) Objects.requireNonNull(browser.driver().executeAsyncScript("""
                        const done = arguments[arguments.length - 1];
                        import(document.baseURI.replace(/#.*/, '') + 'console/snippets.js').then(({curlOf, javaOf}) => {
                          const request = {method: 'PATCH', url: arguments[1] + "/?q=[{it's}]&z=%", headers: {'X-A': "b'c", 'X-Empty': ''},
                            body: arguments[0]};
                          done([curlOf(request), javaOf(request)]);
                        });""", body, demo.issuer()));

        assertThat(arguments(forms.get(0)))
                .containsExactly(
                        "curl",
                        "-i",
                        "-X",
                        "PATCH",
                        "--globoff",
                        demo.issuer() + "/?q=[{it's}]&z=%",
                        "-H",
                        "X-A: b'c",
                        "-H",
                        "X-Empty;",
                        "-H",
                        "Content-Type: text/plain;charset=UTF-8",
                        "--data-raw",
                        body);
        assertThat(complaints(forms.get(1), classes)).as(forms.get(1)).isEmpty();
        assertThat(forms.get(1)).contains("/?q=%5B%7Bit's%7D%5D&z=%25");
    }

    private static String textsOf(String kind) {
        return "return [...document.querySelectorAll('#steps .panel-" + kind + " pre')].map(pre => pre.textContent)";
    }

    @SuppressWarnings("unchecked")
    private static List<String> strings(String script) {
        return (List<String>) Objects.requireNonNull(browser.driver().executeScript(script));
    }

    private static String call(String java) {
        return java.substring(java.indexOf("agent.") + 6).replaceFirst("(?s)\\(.*", "");
    }

    /** What javac says. */
    private static List<String> complaints(String java, Path classes) {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        DiagnosticCollector<JavaFileObject> found = new DiagnosticCollector<>();
        JavaFileObject source =
                new SimpleJavaFileObject(URI.create("string:///Step.java"), JavaFileObject.Kind.SOURCE) {
                    @Override
                    public CharSequence getCharContent(boolean ignored) {
                        return java;
                    }
                };
        compiler.getTask(
                        new StringWriter(),
                        null,
                        found,
                        List.of(
                                "--release",
                                "17",
                                "-Xlint:all,-options,-path",
                                "-proc:none",
                                "-d",
                                classes.toString(),
                                "-cp",
                                System.getProperty("java.class.path")),
                        null,
                        List.of(source))
                .call();
        return found.getDiagnostics().stream().map(String::valueOf).toList();
    }

    /** What a POSIX shell makes of it: all that curl would be called with, and its name first. */
    private static List<String> arguments(String commands) throws IOException, InterruptedException {
        Process shell = new ProcessBuilder("sh", "-c", "curl() { printf '%s\\0' curl \"$@\"; }\n" + commands)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        String out = new String(shell.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(shell.waitFor()).isZero();
        return Stream.of(out.split("\0", -1))
                .limit(out.chars().filter(letter -> letter == 0).count())
                .toList();
    }
}
