package dev.agentauth.spring;

import dev.agentauth.micrometer.MicrometerAuditSink;
import io.micrometer.core.instrument.MeterRegistry;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;

/**
 * Every audit event is counted where the service counts. It comes after {@link AgentAuthAutoConfiguration}, so that this sink
 * stands beside the one that writes events down, and not in its place.
 */
@AutoConfiguration(
        after = AgentAuthAutoConfiguration.class,
        afterName = "org.springframework.boot.micrometer.metrics.autoconfigure.CompositeMeterRegistryAutoConfiguration")
@ConditionalOnClass(MeterRegistry.class)
class AgentAuthMetricsAutoConfiguration {

    @Bean
    @ConditionalOnBean(MeterRegistry.class)
    @ConditionalOnMissingBean
    MicrometerAuditSink agentAuthMeters(MeterRegistry registry, AgentAuthProperties properties) {
        return new MicrometerAuditSink(
                registry,
                properties.providers().stream()
                        .map(AgentAuthProperties.Provider::issuer)
                        .toList());
    }
}
