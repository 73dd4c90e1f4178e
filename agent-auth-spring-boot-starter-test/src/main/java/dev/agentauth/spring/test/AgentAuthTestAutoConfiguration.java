package dev.agentauth.spring.test;

import dev.agentauth.servlet.AgentAuthServlet;
import dev.agentauth.spi.TrustList;
import dev.agentauth.spring.AgentAuthBuilderCustomizer;
import dev.agentauth.testkit.FakeProvider;
import dev.agentauth.testkit.MovableClock;
import jakarta.servlet.ServletContext;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Objects;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.web.servlet.ServletRegistrationBean;
import org.springframework.boot.webmvc.test.autoconfigure.MockMvcBuilderCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Primary;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;

/** What {@link AutoConfigureAgentAuth} brings. */
@AutoConfiguration
class AgentAuthTestAutoConfiguration {

    @Bean
    @Primary
    @ConditionalOnMissingBean
    MovableClock agentAuthTestClock() {
        return MovableClock.at(InstantSource.system().instant().truncatedTo(ChronoUnit.SECONDS));
    }

    @Bean(destroyMethod = "close")
    @ConditionalOnMissingBean
    FakeProvider agentAuthTestProvider(MovableClock clock) {
        return FakeProvider.start(clock);
    }

    @Bean
    @Primary
    TrustList agentAuthTestTrust(FakeProvider provider) {
        return TrustList.of(List.of(provider.trusted()));
    }

    @Bean
    @Primary
    ClaimMails agentAuthTestMails() {
        return new ClaimMails();
    }

    @Bean
    AgentAuthBuilderCustomizer agentAuthTestWithoutLimits() {
        return builder -> {
            var unused = builder.withoutRateLimits();
        };
    }

    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass(MockMvcBuilderCustomizer.class)
    @ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.SERVLET)
    static class ForMockMvc {

        /** Behind all filters, where a container has it. */
        @Bean
        @Order(Ordered.LOWEST_PRECEDENCE)
        MockMvcBuilderCustomizer agentAuthTestEndpoints(
                ServletRegistrationBean<AgentAuthServlet> registration, ServletContext context) {
            return builder -> builder.addFilter(
                    new ServletAsFilter(Objects.requireNonNull(registration.getServlet()), context),
                    registration.getUrlMappings().toArray(String[]::new));
        }
    }
}
