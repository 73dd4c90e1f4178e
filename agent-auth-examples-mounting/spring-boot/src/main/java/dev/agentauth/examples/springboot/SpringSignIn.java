package dev.agentauth.examples.springboot;

import dev.agentauth.Secret;
import dev.agentauth.servlet.SignIn;
import dev.agentauth.spi.User;
import dev.agentauth.spi.UserDirectory;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpSession;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.security.core.Authentication;
import org.springframework.security.web.authentication.logout.SecurityContextLogoutHandler;
import org.springframework.security.web.context.HttpSessionSecurityContextRepository;
import org.springframework.security.web.context.SecurityContextRepository;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

// begin: SpringSignIn
/** Who is signed in, by Spring Security's login. Its two paths are behind that login, like the rest of the service. */
@RestController
class SpringSignIn implements SignIn {
    private final SecurityContextRepository sessions = new HttpSessionSecurityContextRepository();
    private final UserDirectory users;

    SpringSignIn(UserDirectory users) {
        this.users = users;
    }

    @Override
    public Optional<SignedIn> signedIn(HttpServletRequest request) {
        HttpSession session = request.getSession(false);
        // The claim page is in the chain for agents, which looks at no session. This is the one of the people.
        Authentication person = sessions.loadDeferredContext(request).get().getAuthentication();
        if (session == null || person == null || !person.isAuthenticated()) {
            return Optional.empty();
        }
        Secret secret = Secret.of(session.getId()); // Spring Security makes a new id at each sign-in
        // Who may sign in and is not in the directory is told so by the page.
        String userId =
                users.findByVerifiedEmail(person.getName()).map(User::id).orElse("");
        return Optional.of(new SignedIn(userId, person.getName(), secret));
    }

    @Override
    public String signInUrl(String returnTo) {
        return "/signed-in?return_to=" + URLEncoder.encode(returnTo, StandardCharsets.UTF_8);
    }

    @Override
    public String changeAccountUrl(String returnTo) {
        return "/change-account?return_to=" + URLEncoder.encode(returnTo, StandardCharsets.UTF_8);
    }

    /** Whoever gets here has signed in: Spring Security remembers the way. */
    @GetMapping("/signed-in")
    ResponseEntity<Void> signedIn(@RequestParam("return_to") String target) {
        return to(SignIn.isLocal(target) ? target : "/account");
    }

    @GetMapping("/change-account")
    ResponseEntity<Void> signOut(
            @RequestParam("return_to") String target,
            HttpServletRequest request,
            HttpServletResponse response,
            Authentication person) {
        new SecurityContextLogoutHandler().logout(request, response, person);
        return to(signInUrl(target));
    }

    private static ResponseEntity<Void> to(String target) {
        return ResponseEntity.status(HttpStatus.FOUND)
                .header(HttpHeaders.LOCATION, target)
                .build();
    }
}
// end: SpringSignIn
