package dev.agentauth.examples.springboot;

import dev.agentauth.memory.InMemoryUserDirectory;
import dev.agentauth.spi.ClaimMailer;
import dev.agentauth.spi.UserDirectory;
import jakarta.servlet.DispatcherType;
import java.lang.System.Logger.Level;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.annotation.Order;
import org.springframework.security.config.Customizer;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.core.userdetails.User;
import org.springframework.security.core.userdetails.UserDetails;
import org.springframework.security.core.userdetails.UserDetailsService;
import org.springframework.security.provisioning.InMemoryUserDetailsManager;
import org.springframework.security.web.SecurityFilterChain;

/** What the service has already: people who sign in, and mail. Keep yours. */
@Configuration(proxyBeanMethods = false)
class ServiceConfiguration {
    static final String ADA = "ada@example.com";
    static final String BOB = "bob@example.com";
    static final String PASSWORD = "secret";

    @Bean
    @Order(2)
    SecurityFilterChain people(HttpSecurity http) throws Exception {
        return http.authorizeHttpRequests(requests -> requests
                        // Or the 404 of an API would reach an agent as a 401 of this chain.
                        .dispatcherTypeMatchers(DispatcherType.ERROR)
                        .permitAll()
                        .anyRequest()
                        .authenticated())
                .formLogin(Customizer.withDefaults())
                .httpBasic(Customizer.withDefaults())
                .build();
    }

    @Bean
    UserDetailsService signIn() {
        return new InMemoryUserDetailsManager(person(ADA), person(BOB));
    }

    private static UserDetails person(String name) {
        return User.withUsername(name)
                .password("{noop}" + PASSWORD)
                .roles("USER")
                .build();
    }

    @Bean
    UserDirectory users() {
        return new InMemoryUserDirectory()
                .add(dev.agentauth.spi.User.of("ada", ADA))
                .add(dev.agentauth.spi.User.of("bob", BOB));
    }

    /** In place of a mail server: shows the link in the log. */
    @Bean
    ClaimMailer mailer() {
        System.Logger log = System.getLogger("mail");
        return mail -> log.log(Level.INFO, "To {0}: {1}", mail.recipient(), mail.link());
    }
}
