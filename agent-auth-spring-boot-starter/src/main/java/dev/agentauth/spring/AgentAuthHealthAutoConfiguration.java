package dev.agentauth.spring;

import dev.agentauth.AgentAuth;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.health.autoconfigure.contributor.ConditionalOnEnabledHealthIndicator;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.context.annotation.Bean;

/** What Actuator's {@code health} says about agents; {@code management.health.agent-auth.enabled=false} turns it off. */
@AutoConfiguration(after = AgentAuthAutoConfiguration.class)
@ConditionalOnClass({HealthIndicator.class, ConditionalOnEnabledHealthIndicator.class})
@ConditionalOnEnabledHealthIndicator("agent-auth")
class AgentAuthHealthAutoConfiguration {

    @Bean
    @ConditionalOnBean(AgentAuth.class)
    @ConditionalOnMissingBean(name = "agentAuthHealthIndicator")
    AgentAuthHealthIndicator agentAuthHealthIndicator(AgentAuth auth) {
        return new AgentAuthHealthIndicator(auth::health, System::nanoTime);
    }
}
