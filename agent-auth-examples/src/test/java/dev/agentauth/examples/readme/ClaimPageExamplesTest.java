package dev.agentauth.examples.readme;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentauth.AgentAuth;
import dev.agentauth.AgentAuthBuilder;
import dev.agentauth.Caller;
import dev.agentauth.ClaimView;
import dev.agentauth.Secret;
import dev.agentauth.examples.signin.SessionSignIn;
import dev.agentauth.memory.InMemoryUserDirectory;
import dev.agentauth.registration.RegistrationKind;
import dev.agentauth.servlet.ClaimPageView;
import dev.agentauth.servlet.ClaimPageView.Action;
import dev.agentauth.servlet.ClaimPageView.Decision.Mistyped;
import dev.agentauth.servlet.ClaimPageView.Setting;
import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.PropertyResourceBundle;
import java.util.ResourceBundle;
import org.junit.jupiter.api.Test;

/** The examples of docs/claim-page.md do what it says. */
class ClaimPageExamplesTest {
    private static final Instant NOW = Instant.parse("2026-05-04T13:00:00Z");

    @Test
    void servletWithThePageOfAServiceIsBuilt() throws IOException {
        try (AgentAuth auth = AgentAuth.builder("http://localhost:8000", "http://localhost:8000/api/")
                .serviceName("Notes")
                .postClaimScopes("notes.write")
                .users(new InMemoryUserDirectory())
                .mailer(mail -> {})
                .withoutRateLimits()
                .purgeByEmbedder()
                .build()) {
            byte[] logo = "<svg xmlns=\"http://www.w3.org/2000/svg\"/>".getBytes(StandardCharsets.UTF_8);

            assertThat(ClaimPageExamples.configured(
                            auth,
                            logo,
                            texts("scope.notes.write = Change and delete your notes"),
                            texts("scope.notes.write = Ihre Notizen ändern und löschen")))
                    .isNotNull();
            assertThat(auth.registerAnonymous(Caller.unknown()).postClaimScopes())
                    .containsExactly("notes.write");
        }
    }

    @Test
    void servletOnWhichPeopleSeeTheirAgentsIsBuilt() {
        AgentAuthBuilder builder = AgentAuth.builder("http://localhost:8000", "http://localhost:8000/api/")
                .postClaimScopes("notes.write")
                .users(new InMemoryUserDirectory())
                .mailer(mail -> {})
                .withoutRateLimits()
                .purgeByEmbedder();

        assertThat(ClaimPageExamples.yourAgents(builder, new SessionSignIn(new InMemoryUserDirectory(), "/sign-in")))
                .isNotNull();
    }

    @Test
    void ownPageHasATemplateForEveryKindOfView() {
        var page = new ClaimPageExamples.OwnPage((template, language, values) -> language + " " + template);
        Setting setting = new Setting(Locale.FRENCH, "Notes", NOW, Map.of());
        Action action = new Action("/somewhere", Map.of("token", Secret.of("cvt_x")));
        ClaimView.Open claim = new ClaimView.Open(
                "reg_1",
                RegistrationKind.EMAIL,
                "a***@example.com",
                "",
                List.of("notes.write"),
                true,
                false,
                NOW,
                NOW.plusSeconds(9),
                true,
                Optional.empty());

        assertThat(page.render(new ClaimPageView.Decision(
                        setting, claim, Optional.of(action), Optional.of(Mistyped.WRONG), action, action)))
                .isEqualTo("fr decide");
        assertThat(page.render(new ClaimPageView.Code(
                        setting,
                        claim,
                        Secret.of("123456"),
                        NOW,
                        NOW.plusSeconds(9),
                        Optional.empty(),
                        Optional.empty(),
                        action,
                        action)))
                .isEqualTo("fr code");
        assertThat(page.render(new ClaimPageView.Closed(setting, ClaimView.Reason.LAPSED, Optional.empty())))
                .isEqualTo("fr closed");
        assertThat(page.render(new ClaimPageView.Problem(setting, ClaimPageView.Problem.Kind.UNAVAILABLE)))
                .isEqualTo("fr problem");
    }

    private static ResourceBundle texts(String lines) throws IOException {
        return new PropertyResourceBundle(new StringReader(lines));
    }
}
