package dev.agentauth.spring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentauth.AgentAuth;
import dev.agentauth.config.Lifetimes;
import dev.agentauth.memory.InMemoryStores;
import dev.agentauth.memory.InMemoryUserDirectory;
import dev.agentauth.spi.UserDirectory;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** What stands below {@code agent-auth} reaches the builder. */
class PropertiesTest {
    private final ApplicationContextRunner runner = new ApplicationContextRunner()
            .withConfiguration(
                    AutoConfigurations.of(AgentAuthAutoConfiguration.class, AgentAuthStoresAutoConfiguration.class))
            .withUserConfiguration(Users.class)
            .withPropertyValues(
                    "agent-auth.issuer=https://example.com",
                    "agent-auth.ceremony=sign-in",
                    "agent-auth.scopes.post-claim=api.read,api.write");

    @Test
    void issuerAndScopesWillDo() {
        runner.run(context -> {
            AgentAuth auth = context.getBean(AgentAuth.class);
            assertThat(auth.discovery().issuer()).isEqualTo("https://example.com");
            assertThat(auth.discovery().resource()).isEqualTo("https://example.com/api/");
            assertThat(auth.signsIn()).isTrue();
            assertThat(context).hasSingleBean(InMemoryStores.class);
        });
    }

    @Test
    void defaultsAreThoseOfTheBuilder() {
        runner.run(context -> {
            AgentAuthProperties.Times times =
                    context.getBean(AgentAuthProperties.class).lifetimes();
            assertThat(new Lifetimes(
                            times.assertion(),
                            times.accessToken(),
                            times.registration(),
                            times.attempt(),
                            times.code(),
                            times.retention(),
                            times.refresh()))
                    .isEqualTo(Lifetimes.standard());
        });
    }

    @Test
    void everyPropertyIsBound() {
        runner.withPropertyValues(
                        "agent-auth.resource=https://api.example.com/v1/",
                        "agent-auth.base-url=https://example.com/agents",
                        "agent-auth.name=Example",
                        "agent-auth.resource-logo=https://example.com/logo.svg",
                        "agent-auth.scopes.pre-claim=api.read",
                        "agent-auth.providers[0].issuer=https://agents.example.net",
                        "agent-auth.providers[0].name=Agents",
                        "agent-auth.providers[0].jwks-uri=https://agents.example.net/keys",
                        "agent-auth.providers[0].client-ids=one,two",
                        "agent-auth.providers[0].algorithms=ES256",
                        "agent-auth.providers[0].max-login-age=30m",
                        "agent-auth.providers[0].login-time-required=true",
                        "agent-auth.lifetimes.access-token=5m",
                        "agent-auth.typed-code=false",
                        "agent-auth.anonymous-claim=rotate",
                        "agent-auth.existing-users=refuse",
                        "agent-auth.new-users=refuse",
                        "agent-auth.proxies.trusted=10.0.0.0/8",
                        "agent-auth.proxies.header=forwarded",
                        "agent-auth.limits.times=50",
                        "agent-auth.signing-keys.rotate-every=10d",
                        "agent-auth.purge-every=5m")
                .run(context -> {
                    AgentAuth auth = context.getBean(AgentAuth.class);
                    assertThat(auth.discovery().resource()).isEqualTo("https://api.example.com/v1/");
                    assertThat(auth.discovery().base()).isEqualTo("https://example.com/agents");
                    AgentAuthProperties properties = context.getBean(AgentAuthProperties.class);
                    assertThat(properties.providers().get(0).clientIds()).containsExactlyInAnyOrder("one", "two");
                    assertThat(properties.lifetimes().accessToken()).isEqualTo(Duration.ofMinutes(5));
                    assertThat(properties.proxies().header()).isEqualTo(AgentAuthProperties.ProxyHeader.FORWARDED);
                });
    }

    @Test
    void scopesHaveTextsByLanguage() {
        runner.withPropertyValues(
                        "agent-auth.scopes.post-claim=api.read,Api_Write",
                        "agent-auth.scopes.texts.en.api.read=Read your notes",
                        "agent-auth.scopes.texts.de.api.read=Deine Notizen lesen",
                        "agent-auth.scopes.texts.de.[Api_Write]=Notizen schreiben")
                .run(context -> assertThat(context.getBean(AgentAuth.class).scopeTexts())
                        .isEqualTo(Map.of(
                                Locale.ENGLISH,
                                Map.of("api.read", "Read your notes"),
                                Locale.GERMAN,
                                Map.of("api.read", "Deine Notizen lesen", "Api_Write", "Notizen schreiben"))));
    }

    @Configuration(proxyBeanMethods = false)
    static class Users {
        @Bean
        UserDirectory users() {
            return new InMemoryUserDirectory();
        }
    }
}
