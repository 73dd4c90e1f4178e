package dev.agentauth.internal.wire;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentauth.Sources;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** One room for spelling: what this package says on the wire, no other class of the product says. */
class SpellingTest {
    private static final Path ROOM = Path.of("src/main/java/dev/agentauth/internal/wire");
    private static final List<Path> HOUSE = List.of(
            Path.of("src/main/java"),
            Path.of("../agent-auth-servlet/src/main/java"),
            Path.of("../agent-auth-remote/src/main/java"));

    private static final Pattern COMMENT = Pattern.compile("/\\*.*?\\*/|(?m)^\\s*//.*$", Pattern.DOTALL);
    private static final Pattern LITERAL = Pattern.compile("\"((?:[^\"\\\\]|\\\\.)*)\"");

    /** Members, codes, URNs and paths; words without an underscore mean too many other things. */
    private static final Pattern NAME = Pattern.compile("[a-z]+(_[a-z]+)+|urn:.+|https?://.+|/[a-z.].+");

    /** What only looks the same: a field of the audit's lines, where providers publish their keys, and a claim of theirs. */
    private static final Set<String> ALIKE = Set.of(
            "Line.java: registration_id", "TrustedProvider.java: /.well-known/jwks.json", "IdJagRules.java: client_id");

    @Test
    void namesOfTheWireStandInThisPackageAlone() {
        Set<String> names = new TreeSet<>();
        Sources.below(List.of(ROOM)).forEach(file -> names.addAll(namesIn(file)));
        for (ErrorCode code : ErrorCode.values()) {
            names.add(code.code());
        }
        Set<String> elsewhere = new TreeSet<>();
        for (Path file : Sources.below(HOUSE)) {
            if (!file.startsWith(ROOM)) {
                Set<String> found = namesIn(file);
                found.retainAll(names);
                found.forEach(name -> elsewhere.add(file.getFileName() + ": " + name));
            }
        }

        assertThat(names)
                .contains("claim_token", "otp_invalid", "/agent/identity", "/oauth2/token")
                .hasSizeGreaterThan(50);
        assertThat(elsewhere).isEqualTo(ALIKE);
    }

    private static Set<String> namesIn(Path file) {
        Set<String> names = new TreeSet<>();
        Matcher literals = LITERAL.matcher(COMMENT.matcher(Sources.text(file)).replaceAll(""));
        while (literals.find()) {
            if (NAME.matcher(literals.group(1)).matches()) {
                names.add(literals.group(1));
            }
        }
        return names;
    }
}
