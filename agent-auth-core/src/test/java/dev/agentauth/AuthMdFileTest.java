package dev.agentauth;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentauth.memory.InMemoryUserDirectory;
import dev.agentauth.spi.TrustedProvider;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** {@code AUTH.md} at the top of the repository is what {@code /auth.md} serves for the example hosts. */
class AuthMdFileTest {
    private static final Path FILE = Path.of("..", "AUTH.md");

    @Test
    void fileEqualsWhatTheServiceOfTheExampleHostsServes() throws IOException {
        String served;
        try (AgentAuth auth = AgentAuth.builder("https://auth.example.com", "https://api.example.com/")
                .serviceName("Example")
                .preClaimScopes("api.read")
                .postClaimScopes("api.read", "api.write")
                .users(new InMemoryUserDirectory())
                .mailer(mail -> {})
                .trust(TrustedProvider.of("https://agents.example.net"))
                .withoutRateLimits()
                .purgeByEmbedder()
                .build()) {
            served = auth.discovery().authMd();
        }
        if (Boolean.getBoolean("agentauth.update-docs")) {
            Files.writeString(FILE, served);
        }

        assertThat(FILE).content().isEqualTo(served);
    }
}
