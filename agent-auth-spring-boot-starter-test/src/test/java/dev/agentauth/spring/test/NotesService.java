package dev.agentauth.spring.test;

import static dev.agentauth.spring.security.AgentAuthConfigurer.agentAuth;
import static org.springframework.security.config.Customizer.withDefaults;

import dev.agentauth.memory.InMemoryUserDirectory;
import dev.agentauth.servlet.AgentPrincipal;
import dev.agentauth.spi.User;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.http.HttpMethod;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;

/** The service that is tested: people by form, agents by token, notes that agents may read, and write once they are claimed. */
@SpringBootConfiguration(proxyBeanMethods = false)
@EnableAutoConfiguration
class NotesService {

    @Bean
    InMemoryUserDirectory users() {
        return new InMemoryUserDirectory().add(User.of("ada", "ada@example.com"));
    }

    @Bean
    SecurityFilterChain chain(HttpSecurity http) throws Exception {
        return http.with(agentAuth(), withDefaults())
                .authorizeHttpRequests(requests -> requests.requestMatchers(HttpMethod.GET, "/api/**")
                        .hasAuthority("SCOPE_notes.read")
                        .anyRequest()
                        .hasAuthority("SCOPE_notes.write"))
                .formLogin(withDefaults())
                .build();
    }

    @RestController
    static class Notes {
        @GetMapping("/api/notes")
        String read(@AuthenticationPrincipal AgentPrincipal agent) {
            return "notes of " + agent.agent().userId().orElse("nobody");
        }

        @PostMapping("/api/notes")
        String write(@AuthenticationPrincipal AgentPrincipal agent) {
            return "noted for " + agent.agent().userId().orElse("nobody");
        }
    }
}
