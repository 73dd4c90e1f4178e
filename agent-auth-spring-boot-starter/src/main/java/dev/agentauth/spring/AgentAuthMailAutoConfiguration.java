package dev.agentauth.spring;

import dev.agentauth.spi.ClaimMailer;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnSingleCandidate;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.mail.javamail.JavaMailSender;

/** The mail that the service sends already. */
@AutoConfiguration(
        before = AgentAuthAutoConfiguration.class,
        afterName = "org.springframework.boot.mail.autoconfigure.MailSenderAutoConfiguration")
@ConditionalOnClass(JavaMailSender.class)
@EnableConfigurationProperties(AgentAuthProperties.class)
class AgentAuthMailAutoConfiguration {

    @Bean
    @ConditionalOnMissingBean(ClaimMailer.class)
    @ConditionalOnSingleCandidate(JavaMailSender.class)
    ClaimMailer agentAuthMailer(JavaMailSender sender, AgentAuthProperties properties) {
        return new JavaMailClaimMailer(
                sender, properties.mail().from(), properties.mail().language());
    }
}
