package dev.agentauth.spring;

import dev.agentauth.keys.RotatingSigningKeys;
import dev.agentauth.spi.SigningKeys;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Objects;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Keys that outlast a restart, and follow each other. */
@AutoConfiguration(before = AgentAuthAutoConfiguration.class)
@EnableConfigurationProperties(AgentAuthProperties.class)
class AgentAuthSigningKeysAutoConfiguration {

    @Configuration(proxyBeanMethods = false)
    @ConditionalOnMissingBean(SigningKeys.class)
    @ConditionalOnProperty("agent-auth.signing-keys.file")
    static class InFile {

        @Bean
        RotatingSigningKeys agentAuthSigningKeys(AgentAuthProperties properties, ObjectProvider<InstantSource> clock) {
            return RotatingSigningKeys.file(file(properties), clock.getIfUnique(InstantSource::system));
        }

        @Bean
        SigningKeysRotation agentAuthSigningKeysRotation(
                RotatingSigningKeys agentAuthSigningKeys,
                AgentAuthProperties properties,
                ObjectProvider<InstantSource> clock) {
            Duration age = properties.signingKeys().rotateEvery();
            if (age.isNegative()) {
                throw new RefusedSettingException("agent-auth.signing-keys.rotate-every must not be negative");
            }
            return new SigningKeysRotation(
                    agentAuthSigningKeys,
                    file(properties),
                    age,
                    properties.lifetimes().assertion(),
                    clock.getIfUnique(InstantSource::system));
        }

        private static Path file(AgentAuthProperties properties) {
            return Objects.requireNonNull(properties.signingKeys().file());
        }
    }
}
