package dev.agentauth.spring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentauth.AgentAuth;
import dev.agentauth.Caller;
import dev.agentauth.jdbc.JdbcStores;
import dev.agentauth.memory.InMemoryStores;
import dev.agentauth.memory.InMemoryUserDirectory;
import dev.agentauth.spi.Stores;
import dev.agentauth.spi.UserDirectory;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import javax.sql.DataSource;
import org.h2.jdbcx.JdbcDataSource;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.flyway.autoconfigure.FlywayAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.DataSourceInitializationAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.JdbcClientAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.JdbcTemplateAutoConfiguration;
import org.springframework.boot.liquibase.autoconfigure.LiquibaseAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Our tables beside those of the service, whoever makes those. */
class StoresTest {
    private final ApplicationContextRunner runner = new ApplicationContextRunner()
            .withConfiguration(
                    AutoConfigurations.of(AgentAuthAutoConfiguration.class, AgentAuthStoresAutoConfiguration.class))
            .withBean(UserDirectory.class, InMemoryUserDirectory::new)
            .withPropertyValues(
                    "agent-auth.issuer=https://example.com",
                    "agent-auth.ceremony=sign-in",
                    "agent-auth.scopes.pre-claim=api.read",
                    "agent-auth.scopes.post-claim=api.read");

    private ApplicationContextRunner onDatabase() {
        return runner.withConfiguration(AutoConfigurations.of(
                        DataSourceAutoConfiguration.class,
                        DataSourceInitializationAutoConfiguration.class,
                        JdbcTemplateAutoConfiguration.class,
                        JdbcClientAutoConfiguration.class,
                        FlywayAutoConfiguration.class,
                        LiquibaseAutoConfiguration.class))
                .withPropertyValues(
                        "spring.datasource.url=jdbc:h2:mem:" + UUID.randomUUID() + ";DB_CLOSE_DELAY=-1",
                        "spring.flyway.enabled=false",
                        "spring.liquibase.enabled=false");
    }

    @Test
    void withoutADataSourceEverythingIsInMemoryWithAWarning() {
        List<String> warnings = new ArrayList<>();
        Handler handler = new Handler() {
            @Override
            public void publish(LogRecord line) {
                warnings.add(line.getMessage());
            }

            @Override
            public void flush() {}

            @Override
            public void close() {}
        };
        Logger logger = Logger.getLogger(AgentAuthStoresAutoConfiguration.class.getName());
        logger.addHandler(handler);
        try {
            runner.run(context -> assertThat(context).hasSingleBean(InMemoryStores.class));
        } finally {
            logger.removeHandler(handler);
        }
        assertThat(warnings).singleElement().asString().contains("are in memory only");
    }

    @Test
    void dataSourceOfTheServiceIsUsedWithoutAnyTool() {
        onDatabase().run(context -> {
            assertThat(context).hasSingleBean(JdbcStores.class);
            context.getBean(AgentAuth.class).registerAnonymous(Caller.unknown());
            assertThat(tables(context.getBean(JdbcClient.class))).contains("agent_auth_schema");
        });
    }

    @Test
    void dataSourceIsUsedHoweverTheServiceSaysYes() {
        onDatabase()
                .withPropertyValues("agent-auth.jdbc.enabled=on")
                .run(context -> assertThat(context).hasSingleBean(JdbcStores.class));
    }

    @Test
    void dataSourceCanBeLeftAlone() {
        onDatabase()
                .withPropertyValues("agent-auth.jdbc.enabled=false")
                .run(context -> assertThat(context).hasSingleBean(InMemoryStores.class));
    }

    @Test
    void tablesThatOthersHaveToMakeAreMissedAtTheStart() {
        onDatabase()
                .withPropertyValues("agent-auth.jdbc.migrate=false")
                .run(context -> assertThat(context.getStartupFailure()).hasRootCauseInstanceOf(SQLException.class));
    }

    @Test
    void besideFlywayItsHistoryIsItsOwn() {
        onDatabase()
                .withPropertyValues(
                        "spring.flyway.enabled=true", "spring.flyway.locations=classpath:flyway-of-a-service")
                .run(context -> {
                    assertThat(context).hasSingleBean(JdbcStores.class);
                    JdbcClient db = context.getBean(JdbcClient.class);
                    assertThat(tables(db)).contains("orders", "flyway_schema_history", "agent_auth_schema");
                    assertThat(db.sql("SELECT \"script\" FROM \"flyway_schema_history\" WHERE \"version\" IS NOT NULL")
                                    .query(String.class)
                                    .list())
                            .containsExactly("V1__orders.sql");
                });
    }

    @Test
    void besideLiquibaseItsHistoryIsItsOwn() {
        onDatabase()
                .withPropertyValues(
                        "spring.liquibase.enabled=true",
                        "spring.liquibase.change-log=classpath:liquibase-of-a-service/changelog.sql")
                .run(context -> {
                    assertThat(context).hasSingleBean(JdbcStores.class);
                    JdbcClient db = context.getBean(JdbcClient.class);
                    assertThat(tables(db)).contains("orders", "databasechangelog", "agent_auth_schema");
                    assertThat(db.sql("SELECT count(*) FROM databasechangelog")
                                    .query(Integer.class)
                                    .single())
                            .isEqualTo(1);
                });
    }

    @Test
    void severalDataSourcesWantAnAnswerOfTheService() {
        ApplicationContextRunner several = runner.withBean("one", DataSource.class, JdbcDataSource::new)
                .withBean("two", DataSource.class, JdbcDataSource::new);
        Stores own = InMemoryStores.of("https://example.com");

        several.run(context -> {
            FailureAnalysis analysis = new RefusedSettingAnalyzer().analyze(context.getStartupFailure());
            assertThat(analysis).isNotNull();
            assertThat(analysis.getDescription()).contains("several data sources");
            assertThat(analysis.getAction()).contains("bean of type Stores").contains("agent-auth.jdbc.enabled=false");
        });
        several.withPropertyValues("agent-auth.jdbc.enabled=off")
                .run(context -> assertThat(context).hasSingleBean(InMemoryStores.class));
        several.withBean(Stores.class, () -> own)
                .run(context -> assertThat(context.getBean(Stores.class)).isSameAs(own));
    }

    private static List<String> tables(JdbcClient db) {
        return db.sql("SELECT table_name FROM information_schema.tables").query(String.class).list().stream()
                .map(name -> name.toLowerCase(Locale.ROOT))
                .toList();
    }
}
