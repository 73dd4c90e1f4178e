package dev.agentauth.spring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentauth.AgentAuth;
import dev.agentauth.Caller;
import dev.agentauth.audit.JsonLines;
import dev.agentauth.keys.RotatingSigningKeys;
import dev.agentauth.memory.InMemoryStores;
import dev.agentauth.memory.InMemoryUserDirectory;
import dev.agentauth.micrometer.MicrometerAuditSink;
import dev.agentauth.servlet.Bucket4jRateLimiter;
import dev.agentauth.servlet.ClientAddress;
import dev.agentauth.servlet.SignIn;
import dev.agentauth.spi.AuditEvent;
import dev.agentauth.spi.AuditSink;
import dev.agentauth.spi.ClaimMailer;
import dev.agentauth.spi.RateLimiter;
import dev.agentauth.spi.SigningKeys;
import dev.agentauth.spi.Stores;
import dev.agentauth.spi.UserDirectory;
import dev.agentauth.spring.security.SpringSecuritySignIn;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import jakarta.servlet.http.HttpServletRequest;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.assertj.AssertableWebApplicationContext;
import org.springframework.boot.test.context.runner.WebApplicationContextRunner;
import org.springframework.mail.javamail.JavaMailSender;
import org.springframework.mail.javamail.JavaMailSenderImpl;

/** Whatever the service has itself takes the place of ours. */
class BeansTest {
    private final WebApplicationContextRunner runner = new WebApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(
                    AgentAuthAutoConfiguration.class,
                    AgentAuthStoresAutoConfiguration.class,
                    AgentAuthUsersAutoConfiguration.class,
                    AgentAuthMailAutoConfiguration.class,
                    AgentAuthSigningKeysAutoConfiguration.class,
                    AgentAuthSecurityAutoConfiguration.class,
                    AgentAuthServletAutoConfiguration.class))
            .withPropertyValues(
                    "agent-auth.issuer=https://example.com",
                    "agent-auth.scopes.post-claim=api.read",
                    "agent-auth.scopes.pre-claim=api.read")
            .withBean(UserDirectory.class, InMemoryUserDirectory::new);

    @Test
    void wholeAgentAuthCanBeTheServices() {
        AgentAuth own = AgentAuth.builder("https://own.example.com", "https://own.example.com/")
                .postClaimScopes("own")
                .users(new InMemoryUserDirectory())
                .mailer(mail -> {})
                .withoutRateLimits()
                .build();

        runner.withBean(AgentAuth.class, () -> own)
                .run(context -> assertThat(context.getBean(AgentAuth.class)).isSameAs(own));
    }

    @Test
    void portsCanBeTheServices() {
        List<AuditEvent> events = new ArrayList<>();
        Stores stores = InMemoryStores.of("https://example.com");
        runner.withBean(Stores.class, () -> stores)
                .withBean(ClaimMailer.class, () -> mail -> {})
                .withBean(AuditSink.class, () -> events::add)
                .withBean(RateLimiter.class, Bucket4jRateLimiter::create)
                .withBean(SigningKeys.class, () -> RotatingSigningKeys.ephemeral(InstantSource.system()))
                .withBean(ClientAddress.class, ClientAddress::ofConnection)
                .run(context -> {
                    assertThat(context).hasSingleBean(Stores.class).doesNotHaveBean(JsonLines.class);
                    assertThat(context).hasSingleBean(RateLimiter.class).hasSingleBean(SigningKeys.class);
                    assertThat(context).hasSingleBean(ClientAddress.class);
                    context.getBean(AgentAuth.class).registerAnonymous(Caller.unknown());
                    assertThat(events).isNotEmpty();
                });
    }

    @Test
    void metersOfTheServiceDoNotSilenceTheAuditLog() {
        runner.withBean(ClaimMailer.class, () -> mail -> {})
                .withBean(
                        MicrometerAuditSink.class, () -> new MicrometerAuditSink(new SimpleMeterRegistry(), List.of()))
                .run(context -> assertThat(context).hasSingleBean(JsonLines.class));
    }

    @Test
    void limitsAreOffHoweverTheServiceSaysSo() {
        runner.withBean(ClaimMailer.class, () -> mail -> {})
                .withPropertyValues("agent-auth.limits.enabled=off")
                .run(context -> assertThat(context).hasNotFailed().doesNotHaveBean(RateLimiter.class));
    }

    @Test
    void customizersHaveTheLastWord() {
        runner.withBean(ClaimMailer.class, () -> mail -> {})
                .withBean(
                        AgentAuthBuilderCustomizer.class, () -> builder -> builder.baseUrl("https://example.com/other"))
                .run(context -> assertThat(
                                context.getBean(AgentAuth.class).discovery().base())
                        .isEqualTo("https://example.com/other"));
    }

    @Test
    void clockOfTheServiceIsOurs() {
        Instant then = Instant.parse("2031-05-05T05:05:05Z");
        runner.withBean(ClaimMailer.class, () -> mail -> {})
                .withBean(Clock.class, () -> Clock.fixed(then, ZoneOffset.UTC))
                .run(context -> assertThat(context.getBean(AgentAuth.class)
                                .registerAnonymous(Caller.unknown())
                                .assertion()
                                .expiresAt())
                        .isEqualTo(then.plusSeconds(3600)));
    }

    @Test
    void mailIsTheServicesWhereItSendsAny() {
        runner.withBean(JavaMailSender.class, JavaMailSenderImpl::new)
                .run(context -> assertThat(context).hasSingleBean(JavaMailClaimMailer.class));
        runner.withBean(JavaMailSender.class, JavaMailSenderImpl::new)
                .withBean(ClaimMailer.class, () -> mail -> {})
                .run(context -> assertThat(context).doesNotHaveBean(JavaMailClaimMailer.class));
    }

    @Test
    void signInIsSpringSecuritysUnlessTheServiceHasItsOwn() {
        WebApplicationContextRunner signingIn = runner.withPropertyValues("agent-auth.ceremony=sign-in");
        signingIn.run(context -> assertThat(context).hasSingleBean(SpringSecuritySignIn.class));
        signingIn
                .withBean(SignIn.class, NobodySignsIn::new)
                .run(context -> assertThat(context).doesNotHaveBean(SpringSecuritySignIn.class));
    }

    @Test
    void pageOfPeoplesAgentsIsThereIfWanted() {
        WebApplicationContextRunner mailing = runner.withBean(ClaimMailer.class, () -> mail -> {});
        mailing.withPropertyValues("agent-auth.your-agents=true")
                .run(context -> assertThat(manageUrl(context)).contains("https://example.com/agent/yours"));
        mailing.withPropertyValues("agent-auth.your-agents=true", "agent-auth.manage-url=https://example.com/account")
                .run(context -> assertThat(manageUrl(context)).contains("https://example.com/account"));
        mailing.run(context -> assertThat(manageUrl(context)).isEmpty());
        mailing.withPropertyValues("agent-auth.your-agents=true")
                .withClassLoader(new FilteredClassLoader("org.springframework.security"))
                .run(context -> assertThat(context)
                        .getFailure()
                        .rootCause()
                        .hasMessageContaining("a sign-in is missing for yourAgents"));
    }

    private static Optional<String> manageUrl(AssertableWebApplicationContext context) {
        return context.getBean(AgentAuth.class).manageUrl();
    }

    @Test
    void keysAreInTheFileAndFollowEachOther(@TempDir Path folder) {
        runner.withBean(ClaimMailer.class, () -> mail -> {})
                .withPropertyValues("agent-auth.signing-keys.file=" + folder.resolve("keys.json"))
                .run(context -> {
                    assertThat(folder.resolve("keys.json")).exists();
                    assertThat(context.getBean(SigningKeysRotation.class).isRunning())
                            .isTrue();
                });
        runner.withBean(ClaimMailer.class, () -> mail -> {})
                .withPropertyValues(
                        "agent-auth.signing-keys.file=" + folder.resolve("keys.json"),
                        "agent-auth.signing-keys.rotate-every=0s")
                .run(context -> assertThat(
                                context.getBean(SigningKeysRotation.class).isRunning())
                        .isFalse());
    }

    @Test
    void withoutSpringSecurityThereIsTheServletAlone() {
        runner.withClassLoader(new FilteredClassLoader("org.springframework.security"))
                .withBean(ClaimMailer.class, () -> mail -> {})
                .run(context -> assertThat(context)
                        .hasNotFailed()
                        .hasBean("agentAuthServlet")
                        .doesNotHaveBean("agentAuthProtocolChain"));
    }

    private static final class NobodySignsIn implements SignIn {
        @Override
        public Optional<SignedIn> signedIn(HttpServletRequest request) {
            return Optional.empty();
        }

        @Override
        public String signInUrl(String returnTo) {
            return "/";
        }

        @Override
        public String changeAccountUrl(String returnTo) {
            return "/";
        }
    }
}
