package dev.agentauth.spring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentauth.memory.InMemoryUserDirectory;
import dev.agentauth.spi.UserDirectory;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

/** A start that fails says which property it was, in the words of the file in which it stands. */
class RefusedSettingTest {
    private static final List<String> GOOD = List.of(
            "agent-auth.issuer=https://example.com",
            "agent-auth.ceremony=sign-in",
            "agent-auth.scopes.post-claim=api.read");

    private final ApplicationContextRunner runner = new ApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(
                    AgentAuthAutoConfiguration.class,
                    AgentAuthStoresAutoConfiguration.class,
                    AgentAuthServletAutoConfiguration.class));

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            agent-auth.issuer=https://example.com/              | agent-auth.issuer must not end in a slash
            agent-auth.issuer=http://example.com                | agent-auth.issuer must be https
            agent-auth.issuer=                                  | agent-auth.issuer is missing
            agent-auth.resource=ftp://example.com/              | agent-auth.resource must be https
            agent-auth.base-url=https://example.com?a           | agent-auth.base-url must have no query
            agent-auth.name=' '                                 | agent-auth.name must be one line of text
            agent-auth.resource-logo=logo.svg                   | agent-auth.resource-logo must be an absolute URL
            agent-auth.scopes.post-claim=                       | agent-auth.scopes.post-claim is missing
            agent-auth.scopes.pre-claim=other                   | agent-auth.scopes.post-claim must include agent-auth.scopes.pre-claim
            agent-auth.scopes.texts.en.other=Other               | agent-auth.scopes.texts has a text for no scope of agent-auth.scopes.post-claim: other
            agent-auth.lifetimes.access-token=0s                | agent-auth.lifetimes.access-token must be a positive number
            agent-auth.lifetimes.code=10ms                      | agent-auth.lifetimes.code must be a positive number
            agent-auth.manage-url=ftp://example.com             | agent-auth.manage-url must be an absolute URL
            agent-auth.live-tokens=0                            | agent-auth.live-tokens must be at least 1
            agent-auth.purge-every=0s                           | agent-auth.purge-every must be more than zero
            agent-auth.limits.times=0                           | agent-auth.limits.times must be 1 to
            agent-auth.providers[0].issuer=https://example.com  | agent-auth.providers must not list this service's own issuer
            agent-auth.ceremony=mailed-link                     | mailer is missing
            """)
    void refusalNamesTheProperty(String property, String expected) {
        String[] parts = property.split("=", 2);
        List<String> properties = new ArrayList<>(GOOD);
        properties.add(parts[0] + "=" + parts[1].replace("'", ""));
        runner.withBean(UserDirectory.class, InMemoryUserDirectory::new)
                .withPropertyValues(properties.toArray(String[]::new))
                .run(context -> assertThat(analysis(context.getStartupFailure()).getDescription())
                        .startsWith("agent-auth cannot be set up: ")
                        .contains(expected));
    }

    @Test
    void whatIsMissingIsAskedForInSpringsWords() {
        runner.withPropertyValues(GOOD.toArray(String[]::new)).run(context -> {
            FailureAnalysis analysis = analysis(context.getStartupFailure());
            assertThat(analysis.getDescription()).contains("users is missing");
            assertThat(analysis.getAction())
                    .contains("agent-auth.users.find-by-id")
                    .contains("UserDirectory");
        });
    }

    private static FailureAnalysis analysis(Throwable failure) {
        assertThat(failure).isNotNull();
        FailureAnalysis analysis = new RefusedSettingAnalyzer().analyze(failure);
        assertThat(analysis).as(failure.toString()).isNotNull();
        return analysis;
    }
}
