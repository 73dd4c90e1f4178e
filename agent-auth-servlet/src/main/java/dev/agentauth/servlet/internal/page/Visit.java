package dev.agentauth.servlet.internal.page;

import dev.agentauth.AgentAuth;
import dev.agentauth.Caller;
import dev.agentauth.ClaimView;
import dev.agentauth.RevealedCode;
import dev.agentauth.Secret;
import dev.agentauth.servlet.ClaimPageView.Account;
import dev.agentauth.servlet.SignIn.SignedIn;
import java.util.Optional;

/** Somebody before the page: what the ceremony can be asked in that person's name. */
interface Visit {

    /** As whom the page shows the person; empty if it knows nobody. */
    Optional<Account> account();

    /** What the forms of the page carry beside the attempt token, and nobody but this session can know. */
    Optional<Secret> bond(String token);

    ClaimView view(String token);

    RevealedCode reveal(Caller caller, String token);

    void type(Caller caller, String token, String code);

    void reject(Caller caller, String token);

    /** Whoever has the link that was mailed: the link is all there is to know. */
    record LinkHolder(AgentAuth auth) implements Visit {
        @Override
        public Optional<Account> account() {
            return Optional.empty();
        }

        @Override
        public Optional<Secret> bond(String token) {
            return Optional.empty();
        }

        @Override
        public ClaimView view(String token) {
            return auth.viewClaim(token);
        }

        @Override
        public RevealedCode reveal(Caller caller, String token) {
            return auth.revealCode(caller, token);
        }

        @Override
        public void type(Caller caller, String token, String code) {
            auth.typeCode(caller, token, code);
        }

        @Override
        public void reject(Caller caller, String token) {
            auth.rejectClaim(caller, token);
        }
    }

    /** A user who is signed in. */
    record User(AgentAuth auth, SignedIn signedIn, String changeAccountUrl) implements Visit {
        @Override
        public Optional<Account> account() {
            return Optional.of(new Account(signedIn.account(), changeAccountUrl));
        }

        @Override
        public Optional<Secret> bond(String token) {
            return Optional.of(Bond.of(signedIn, token));
        }

        @Override
        public ClaimView view(String token) {
            return auth.viewClaim(token, signedIn.userId());
        }

        @Override
        public RevealedCode reveal(Caller caller, String token) {
            return auth.revealCode(caller, token, signedIn.userId());
        }

        @Override
        public void type(Caller caller, String token, String code) {
            auth.typeCode(caller, token, code, signedIn.userId());
        }

        @Override
        public void reject(Caller caller, String token) {
            auth.rejectClaim(caller, token, signedIn.userId());
        }
    }
}
