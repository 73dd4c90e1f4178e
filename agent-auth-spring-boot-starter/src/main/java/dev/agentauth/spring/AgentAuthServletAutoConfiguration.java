package dev.agentauth.spring;

import dev.agentauth.AgentAuth;
import dev.agentauth.servlet.AgentAuthServlet;
import dev.agentauth.servlet.ClaimPageRenderer;
import dev.agentauth.servlet.ClientAddress;
import dev.agentauth.servlet.SignIn;
import dev.agentauth.spring.AgentAuthProperties.ProxyHeader;
import java.time.InstantSource;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.web.servlet.ServletRegistrationBean;
import org.springframework.context.annotation.Bean;

/** The protocol on the wire, beside the {@code DispatcherServlet}. */
@AutoConfiguration(after = AgentAuthAutoConfiguration.class)
@ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.SERVLET)
class AgentAuthServletAutoConfiguration {

    @Bean
    @ConditionalOnMissingBean(name = "agentAuthServlet")
    ServletRegistrationBean<AgentAuthServlet> agentAuthServlet(
            AgentAuth auth,
            AgentAuthProperties properties,
            ClientAddress clients,
            ObjectProvider<ClaimPageRenderer> page,
            ObjectProvider<SignIn> signIn,
            ObjectProvider<InstantSource> clock) {
        AgentAuthServlet.Builder servlet =
                AgentAuthServlet.builder(auth).clientAddress(clients).allowAnyOrigin(properties.allowAnyOrigin());
        page.ifAvailable(servlet::claimPage);
        clock.ifUnique(servlet::clock);
        if (auth.signsIn()) {
            signIn.ifAvailable(servlet::signIn);
        }
        if (properties.yourAgents()) {
            servlet = servlet.yourAgents(signIn.getIfAvailable(() -> {
                throw new RefusedSettingException("a sign-in is missing for yourAgents");
            }));
        }
        try {
            return new ServletRegistrationBean<>(servlet.build(), AgentAuthServlet.mappings());
        } catch (IllegalArgumentException e) {
            throw new RefusedSettingException(e);
        }
    }

    @Bean
    @ConditionalOnMissingBean
    ClientAddress agentAuthClientAddress(AgentAuthProperties properties) {
        AgentAuthProperties.Proxies proxies = properties.proxies();
        String[] trusted = proxies.trusted().toArray(String[]::new);
        if (trusted.length == 0) {
            return ClientAddress.ofConnection();
        }
        try {
            return proxies.header() == ProxyHeader.FORWARDED
                    ? ClientAddress.fromForwarded(trusted)
                    : ClientAddress.fromXForwardedFor(trusted);
        } catch (IllegalArgumentException e) {
            throw new RefusedSettingException(e);
        }
    }
}
