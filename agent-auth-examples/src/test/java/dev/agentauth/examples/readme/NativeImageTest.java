package dev.agentauth.examples.readme;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is read by name at run time is named to a native image. Whether one then works has not been tried. */
class NativeImageTest {
    private static final Pattern UNPUBLISHED = Pattern.compile("examples|benchmarks");
    private static final Pattern PATTERN = Pattern.compile("\"pattern\": \"([^\"]+)\"");

    @Test
    void noOtherModuleReadsResourcesByName() throws IOException {
        List<String> reading = new ArrayList<>();
        try (DirectoryStream<Path> modules = Files.newDirectoryStream(Path.of(".."), "agent-auth-*")) {
            for (Path module : modules) {
                Path sources = module.resolve(Path.of("src", "main", "java"));
                String name = module.getFileName().toString();
                if (!UNPUBLISHED.matcher(name).find() && Files.isDirectory(sources) && readsResources(sources)) {
                    reading.add(name);
                }
            }
        }

        assertThat(reading).containsExactlyInAnyOrder("agent-auth-servlet", "agent-auth-jdbc");
    }

    private static boolean readsResources(Path sources) throws IOException {
        try (Stream<Path> files = Files.walk(sources)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                if (Files.readString(file).contains(".getResource")) {
                    return true;
                }
            }
        }
        return false;
    }

    @ParameterizedTest
    @ValueSource(strings = {"agent-auth-servlet", "agent-auth-jdbc"})
    void everyResourceIsIncluded(String module) throws IOException {
        Path resources = Path.of("..", module, "src", "main", "resources");
        Path configuration =
                resources.resolve(Path.of("META-INF", "native-image", "dev.agentauth", module, "resource-config.json"));
        Matcher pattern = PATTERN.matcher(Files.readString(configuration));
        assertThat(pattern.find()).isTrue();
        Pattern included = Pattern.compile(pattern.group(1).replace("\\\\", "\\"));

        try (Stream<Path> files = Files.walk(resources)) {
            List<String> names = files.filter(Files::isRegularFile)
                    .map(file -> resources.relativize(file).toString().replace('\\', '/'))
                    .filter(name -> !name.startsWith("META-INF/"))
                    .toList();
            assertThat(names)
                    .isNotEmpty()
                    .allMatch(name -> included.matcher(name).matches());
        }
    }
}
