package dev.agentauth.benchmarks.sas;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.context.annotation.Bean;
import org.springframework.security.crypto.password.PasswordEncoder;

/**
 * One client that has a secret and is given opaque access tokens: of what this server does, the work that is most like an
 * exchange. All of it stands in {@code application.properties}.
 */
@SpringBootApplication(proxyBeanMethods = false)
public class AuthorizationServer {

    /** For Spring. */
    public AuthorizationServer() {}

    /**
     * Compares secrets as they are. The default hashes slowly, and hashes anew what was configured without: 0.1 s of processor
     * time a request, which is a choice that has nothing to do with the rest.
     */
    @Bean
    PasswordEncoder plainSecrets() {
        return new PasswordEncoder() {
            @Override
            public String encode(@Nullable CharSequence secret) {
                return String.valueOf(secret);
            }

            @Override
            public boolean matches(@Nullable CharSequence secret, @Nullable String kept) {
                return MessageDigest.isEqual(bytes(String.valueOf(secret)), bytes(String.valueOf(kept)));
            }
        };
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** Runs until it is stopped. */
    public static void main(String[] args) {
        SpringApplication.run(AuthorizationServer.class, args);
    }
}
