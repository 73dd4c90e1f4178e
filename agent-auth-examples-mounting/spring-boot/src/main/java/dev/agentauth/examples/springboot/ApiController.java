package dev.agentauth.examples.springboot;

import dev.agentauth.servlet.AgentPrincipal;
import java.util.Map;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;

/** The API that agents use. */
@RestController
class ApiController {

    // begin: SpringController
    @GetMapping("/api/resource")
    Map<String, Object> read(AgentPrincipal agent) {
        return Map.of(
                "registration_id", agent.agent().registrationId(),
                "user_id", agent.agent().userId().orElse(""));
    }
    // end: SpringController

    @PostMapping("/api/resource")
    Map<String, Object> write(AgentPrincipal agent) {
        return read(agent);
    }
}
