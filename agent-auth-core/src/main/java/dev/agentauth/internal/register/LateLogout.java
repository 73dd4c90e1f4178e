package dev.agentauth.internal.register;

import dev.agentauth.AgentAuthException;
import dev.agentauth.Problem;
import dev.agentauth.internal.Ports;
import dev.agentauth.internal.RegistrationWriter;
import dev.agentauth.internal.Surroundings;
import dev.agentauth.internal.provider.ProviderAssertions;
import dev.agentauth.registration.Registration;

/** The logout that overtakes a presentation: whatever is written on a provider's word is written before this is asked. */
final class LateLogout {
    private final Ports ports;
    private final RegistrationWriter writer;
    private final ProviderAssertions providerAssertions;

    LateLogout(Surroundings around, ProviderAssertions providerAssertions) {
        this.ports = around.ports();
        this.writer = around.writer();
        this.providerAssertions = providerAssertions;
    }

    /** After a write: if a logout has come meanwhile, it applies to what was written. */
    void endIfLoggedOut(Presentation presentation, Registration written) {
        providerAssertions.logoutThatCovers(presentation.idJag()).ifPresent(mark -> {
            writer.logOut(presentation.caller(), written, mark, ports.now());
            throw new AgentAuthException(Problem.LOGGED_OUT);
        });
    }
}
