package dev.agentauth.spring;

import dev.agentauth.AgentAuth;
import dev.agentauth.BearerTokens;
import dev.agentauth.servlet.AgentAuthServlet;
import io.micrometer.observation.ObservationRegistry;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Primary;

/** The two operations that a service pays for all day, as observations: timers, and spans where the service traces. */
@AutoConfiguration(
        after = AgentAuthAutoConfiguration.class,
        afterName = "org.springframework.boot.micrometer.observation.autoconfigure.ObservationAutoConfiguration")
@ConditionalOnClass(ObservationRegistry.class)
@ConditionalOnBean({ObservationRegistry.class, AgentAuth.class})
@ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.SERVLET)
class AgentAuthObservationAutoConfiguration {

    /** Takes the place of the {@link AgentAuth} wherever only tokens are looked up. */
    @Bean
    @Primary
    @ConditionalOnMissingBean(name = "agentAuthBearerTokens")
    BearerTokens agentAuthBearerTokens(AgentAuth auth, ObservationRegistry registry) {
        return new ObservedBearerTokens(auth, registry);
    }

    /** Right before the servlet: it has no order. */
    @Bean
    @ConditionalOnMissingBean(name = "agentAuthExchangeObservation")
    FilterRegistrationBean<ExchangeObservationFilter> agentAuthExchangeObservation(ObservationRegistry registry) {
        FilterRegistrationBean<ExchangeObservationFilter> filter =
                new FilterRegistrationBean<>(new ExchangeObservationFilter(registry));
        filter.addUrlPatterns(AgentAuthServlet.TOKEN_PATH);
        return filter;
    }
}
