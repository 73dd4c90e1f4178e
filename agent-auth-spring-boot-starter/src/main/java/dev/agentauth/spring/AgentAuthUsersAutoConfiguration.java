package dev.agentauth.spring;

import dev.agentauth.spi.UserDirectory;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnSingleCandidate;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.sql.init.dependency.DependsOnDatabaseInitialization;
import org.springframework.context.annotation.Bean;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The service's users, where three statements are all that there is to say about them. */
@AutoConfiguration(
        before = AgentAuthAutoConfiguration.class,
        afterName = "org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration")
@ConditionalOnClass(JdbcClient.class)
@EnableConfigurationProperties(AgentAuthProperties.class)
class AgentAuthUsersAutoConfiguration {

    @Bean
    @ConditionalOnMissingBean(UserDirectory.class)
    @ConditionalOnSingleCandidate(DataSource.class)
    @ConditionalOnProperty("agent-auth.users.find-by-id")
    @DependsOnDatabaseInitialization
    JdbcClientUserDirectory agentAuthUsers(DataSource dataSource, AgentAuthProperties properties) {
        AgentAuthProperties.Users users = properties.users();
        try {
            return JdbcClientUserDirectory.of(
                    dataSource,
                    given("find-by-id", users.findById()),
                    given("find-by-email", users.findByEmail()),
                    given("create", users.create()));
        } catch (IllegalArgumentException e) {
            throw new RefusedSettingException(e);
        }
    }

    private static String given(String property, @Nullable String sql) {
        if (sql == null) {
            throw new RefusedSettingException("agent-auth.users." + property + " is missing");
        }
        return sql;
    }
}
