package dev.agentauth.memory;

import dev.agentauth.SecretHash;
import dev.agentauth.registration.Registration;
import dev.agentauth.spi.Stores;
import java.util.Objects;
import java.util.Optional;

/**
 * All stores of one service, in the memory of one process. Two bundles have nothing in common.
 *
 * @since 0.2.0
 */
public final class InMemoryStores implements Stores {
    private final String issuer;
    private final InMemoryRegistrationStore registrations = new InMemoryRegistrationStore();
    private final InMemoryTokenStore tokens = new InMemoryTokenStore(registrations);
    private final InMemoryReplayStore replay = new InMemoryReplayStore();
    private final InMemoryLogoutMarks logoutMarks = new InMemoryLogoutMarks();
    private final InMemoryUserOrigins userOrigins = new InMemoryUserOrigins();

    private InMemoryStores(String issuer) {
        this.issuer = Objects.requireNonNull(issuer);
    }

    /**
     * Empty stores.
     *
     * @param issuer the service that they are for
     * @return new ones
     */
    public static InMemoryStores of(String issuer) {
        return new InMemoryStores(issuer);
    }

    @Override
    public String issuer() {
        return issuer;
    }

    @Override
    public InMemoryRegistrationStore registrations() {
        return registrations;
    }

    @Override
    public InMemoryTokenStore tokens() {
        return tokens;
    }

    @Override
    public InMemoryReplayStore replay() {
        return replay;
    }

    @Override
    public InMemoryLogoutMarks logoutMarks() {
        return logoutMarks;
    }

    @Override
    public Optional<TokenWithRegistration> findTokenWithRegistration(SecretHash hash) {
        return Optional.ofNullable(tokens.find(hash, (token, ofRegistration, place) -> {
            Registration registration = registrations.look(token.registrationId(), place);
            return registration == null ? null : new TokenWithRegistration(token, registration);
        }));
    }

    /** Always. */
    @Override
    public void checkWritable() {}

    @Override
    public InMemoryUserOrigins userOrigins() {
        return userOrigins;
    }
}
