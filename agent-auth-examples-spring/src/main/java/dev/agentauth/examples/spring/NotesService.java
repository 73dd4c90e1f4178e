package dev.agentauth.examples.spring;

import static dev.agentauth.spring.security.AgentAuthConfigurer.agentAuth;
import static org.springframework.security.config.Customizer.withDefaults;

import dev.agentauth.spring.security.UserIds;
import java.util.List;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.context.annotation.Bean;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.security.access.prepost.PreAuthorize;
import org.springframework.security.config.annotation.method.configuration.EnableMethodSecurity;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.userdetails.User;
import org.springframework.security.core.userdetails.UserDetailsService;
import org.springframework.security.core.userdetails.UsernameNotFoundException;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;

/** Notes of people, who log in by a form; their agents read and write them by token. */
// begin: NotesService
@SpringBootApplication(proxyBeanMethods = false)
@EnableMethodSecurity
public class NotesService {
    // end: NotesService

    /** Starts it; arguments are Spring's, for example {@code --server.port=8081}. */
    public static void main(String[] args) {
        SpringApplication.run(NotesService.class, args);
    }

    // begin: NotesSecurity
    @Bean
    SecurityFilterChain security(HttpSecurity http) throws Exception {
        return http.authorizeHttpRequests(requests -> requests.anyRequest().authenticated())
                .formLogin(withDefaults())
                .with(agentAuth(), withDefaults())
                .build();
    }
    // end: NotesSecurity

    @Bean
    UserDetailsService people(JdbcClient db) {
        return name -> db.sql("SELECT password FROM person WHERE email = ?")
                .param(name)
                .query(String.class)
                .optional()
                .map(password ->
                        User.withUsername(name).password(password).roles("USER").build())
                .orElseThrow(() -> UsernameNotFoundException.fromUsername(name));
    }

    // begin: NotesController
    /** The same for people and for their agents. */
    @RestController
    static class Notes {
        private final JdbcClient db;
        private final UserIds userIds;

        Notes(JdbcClient db, UserIds userIds) {
            this.db = db;
            this.userIds = userIds;
        }

        @GetMapping("/api/notes")
        @PreAuthorize("hasRole('USER') or hasAuthority('SCOPE_notes.read')")
        List<String> read(Authentication who) {
            return db.sql("SELECT text FROM note WHERE person = ? ORDER BY id")
                    .param(owner(who))
                    .query(String.class)
                    .list();
        }

        @PostMapping("/api/notes")
        @PreAuthorize("hasRole('USER') or hasAuthority('SCOPE_notes.write')")
        void write(@RequestBody String text, Authentication who) {
            db.sql("INSERT INTO note (person, text) VALUES (?, ?)")
                    .params(owner(who), text)
                    .update();
        }

        /** An agent that nobody has claimed yet has no notes. */
        private Long owner(Authentication who) {
            return userIds.of(who).map(Long::valueOf).orElse(0L);
        }
    }
    // end: NotesController
}
