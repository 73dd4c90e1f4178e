package dev.agentauth.spring;

import dev.agentauth.jdbc.JdbcStores;
import dev.agentauth.memory.InMemoryStores;
import dev.agentauth.spi.Stores;
import java.lang.System.Logger.Level;
import javax.sql.DataSource;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnSingleCandidate;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.sql.init.dependency.DependsOnDatabaseInitialization;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.Configuration;

/** Where registrations and tokens are kept: beside the service's own tables, if it has any. */
@AutoConfiguration(
        before = AgentAuthAutoConfiguration.class,
        afterName = "org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration")
@EnableConfigurationProperties(AgentAuthProperties.class)
class AgentAuthStoresAutoConfiguration {
    private static final System.Logger LOG = System.getLogger(AgentAuthStoresAutoConfiguration.class.getName());

    @Configuration(proxyBeanMethods = false)
    @ConditionalOnSingleCandidate(DataSource.class)
    @Conditional(SwitchedOn.Jdbc.class)
    static class InDatabase {

        /** After Flyway, which insists on an empty schema at its first run, and after everything else that makes tables. */
        @Bean
        @ConditionalOnMissingBean(Stores.class)
        @DependsOnDatabaseInitialization
        JdbcStores agentAuthStores(DataSource dataSource, AgentAuthProperties properties) {
            String issuer = AgentAuthAutoConfiguration.issuer(properties);
            if (properties.jdbc().migrate()) {
                JdbcStores.migrate(dataSource);
            }
            return JdbcStores.of(dataSource, issuer);
        }
    }

    @Bean
    @ConditionalOnMissingBean(Stores.class)
    InMemoryStores agentAuthInMemoryStores(AgentAuthProperties properties, ListableBeanFactory beans) {
        if (properties.jdbc().enabled() && beans.getBeanNamesForType(DataSource.class, true, false).length > 1) {
            throw new RefusedSettingException("several data sources, and none of them is the primary one");
        }
        LOG.log(
                Level.WARNING,
                "Registrations and access tokens are in memory only: agents register again after every restart, and there can be "
                        + "one replica. Give the service a DataSource, or a bean of type Stores.");
        return InMemoryStores.of(AgentAuthAutoConfiguration.issuer(properties));
    }
}
