// begin: TodoService
package todo;

import static dev.agentauth.spring.security.AgentAuthConfigurer.agentAuth;
import static org.springframework.security.config.Customizer.withDefaults;

import dev.agentauth.spring.security.UserIds;
import java.util.List;
import javax.sql.DataSource;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.context.annotation.Bean;
import org.springframework.http.HttpMethod;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.userdetails.UserDetailsService;
import org.springframework.security.provisioning.JdbcUserDetailsManager;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;

@SpringBootApplication
public class TodoService {
    public static void main(String[] args) {
        SpringApplication.run(TodoService.class, args);
    }

    @Bean
    SecurityFilterChain security(HttpSecurity http) throws Exception {
        return http.authorizeHttpRequests(requests -> requests.requestMatchers(HttpMethod.GET, "/api/**")
                        .hasAnyAuthority("ROLE_USER", "SCOPE_todo.read")
                        .requestMatchers("/api/**")
                        .hasAnyAuthority("ROLE_USER", "SCOPE_todo.write")
                        .anyRequest()
                        .authenticated())
                .formLogin(withDefaults())
                .with(agentAuth(), withDefaults())
                .build();
    }

    @Bean
    UserDetailsService people(DataSource db) {
        return new JdbcUserDetailsManager(db);
    }

    @RestController
    record Todos(JdbcTemplate db, UserIds userIds) {
        @GetMapping("/api/todos")
        List<String> list(Authentication who) {
            return db.queryForList("SELECT text FROM todo WHERE owner = ?", String.class, owner(who));
        }

        @PostMapping("/api/todos")
        void add(@RequestBody String text, Authentication who) {
            db.update("INSERT INTO todo (owner, text) VALUES (?, ?)", owner(who), text);
        }

        private long owner(Authentication who) {
            return userIds.of(who).map(Long::valueOf).orElse(0L); // nobody's yet
        }
    }
}
// end: TodoService
