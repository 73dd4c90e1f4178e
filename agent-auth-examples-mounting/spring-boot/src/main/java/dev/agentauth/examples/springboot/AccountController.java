package dev.agentauth.examples.springboot;

import java.security.Principal;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;

/** What people use, signed in: nothing of it is open to agents. */
@RestController
class AccountController {

    @GetMapping("/account")
    String show(Principal person) {
        return "Hello, " + person.getName();
    }

    @PostMapping("/account")
    String change(Principal person) {
        return "Changed, " + person.getName();
    }
}
