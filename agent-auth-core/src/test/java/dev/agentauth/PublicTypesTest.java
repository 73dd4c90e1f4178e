package dev.agentauth;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** What the Javadoc of everything that is published has to say, beside what doclint asks for. */
class PublicTypesTest {
    private static final List<Path> PUBLISHED = List.of(
            Path.of("src/main/java/dev/agentauth"),
            Path.of("../agent-auth-servlet/src/main/java/dev/agentauth"),
            Path.of("../agent-auth-jdbc/src/main/java/dev/agentauth"),
            Path.of("../agent-auth-client/src/main/java/dev/agentauth"),
            Path.of("../agent-auth-micrometer/src/main/java/dev/agentauth"),
            Path.of("../agent-auth-spring-boot-starter-test/src/main/java/dev/agentauth"),
            Path.of("../agent-auth-spring-boot-starter/src/main/java/dev/agentauth"),
            Path.of("../agent-auth-testkit/src/main/java/dev/agentauth"));

    private static final Pattern PUBLIC_TYPE =
            Pattern.compile("(?m)^public (?:\\w+[ -])*(?:class|interface|record|enum|@interface) ");
    private static final Pattern SINCE = Pattern.compile("(?m)^ \\* @since \\d+\\.\\d+\\.\\d+$");
    private static final Pattern SEE_LINK = Pattern.compile("@see\\s+<a\\s+href=\"([^\"]*)\"\\s*>([^<]*)</a>");
    private static final Pattern RFC =
            Pattern.compile("https://www\\.rfc-editor\\.org/rfc/rfc(\\d+)#section-([\\d.]*\\d)");

    @Test
    void everyPublicTypeSaysSinceWhen() {
        List<String> silent = new ArrayList<>();
        int checked = 0;
        for (Path file : sources()) {
            String text = Sources.text(file);
            Matcher type = PUBLIC_TYPE.matcher(text);
            if (file.toString().contains("internal") || !type.find()) {
                continue;
            }
            checked++;
            if (!SINCE.matcher(text.substring(0, type.start())).find()) {
                silent.add(file.getFileName().toString());
            }
        }

        assertThat(checked).isGreaterThan(100);
        assertThat(silent).isEmpty();
    }

    @Test
    void everyLinkToAnRfcLeadsWhereItsTextSays() {
        List<String> wrong = new ArrayList<>();
        int checked = 0;
        for (Path file : sources()) {
            Matcher link = SEE_LINK.matcher(Sources.text(file));
            while (link.find()) {
                Matcher rfc = RFC.matcher(link.group(1));
                boolean isRight =
                        rfc.matches() && link.group(2).startsWith("RFC " + rfc.group(1) + ", section " + rfc.group(2));
                checked++;
                if (!isRight) {
                    wrong.add(file.getFileName() + ": " + link.group());
                }
            }
        }

        assertThat(checked).isGreaterThan(10);
        assertThat(wrong).isEmpty();
    }

    private static List<Path> sources() {
        return Sources.below(PUBLISHED).stream()
                .filter(file -> !file.endsWith("package-info.java"))
                .toList();
    }
}
