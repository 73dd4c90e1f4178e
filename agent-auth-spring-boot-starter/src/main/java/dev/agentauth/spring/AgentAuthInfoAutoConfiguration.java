package dev.agentauth.spring;

import dev.agentauth.AgentAuth;
import dev.agentauth.Discovery;
import java.util.LinkedHashMap;
import java.util.Map;
import org.springframework.boot.actuate.autoconfigure.info.ConditionalOnEnabledInfoContributor;
import org.springframework.boot.actuate.info.InfoContributor;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;

/** What Actuator's {@code info} says about agents: nothing that the metadata does not. */
@AutoConfiguration(after = AgentAuthAutoConfiguration.class)
@ConditionalOnClass({InfoContributor.class, ConditionalOnEnabledInfoContributor.class})
@ConditionalOnEnabledInfoContributor("agent-auth")
class AgentAuthInfoAutoConfiguration {

    @Bean
    @ConditionalOnBean(AgentAuth.class)
    @ConditionalOnMissingBean(name = "agentAuthInfoContributor")
    InfoContributor agentAuthInfoContributor(AgentAuth auth, AgentAuthProperties properties) {
        Discovery discovery = auth.discovery();
        Map<String, Object> info = new LinkedHashMap<>();
        info.put("name", discovery.serviceName());
        info.put("issuer", discovery.issuer());
        info.put("resource", discovery.resource());
        info.put("resourceMetadata", discovery.resourceMetadataUrl());
        info.put("ceremony", auth.signsIn() ? "sign-in" : "mailed-link");
        info.put(
                "scopes",
                Map.of(
                        "preClaim", properties.scopes().preClaim(),
                        "postClaim", properties.scopes().postClaim()));
        return builder -> builder.withDetail("agentAuth", info);
    }
}
