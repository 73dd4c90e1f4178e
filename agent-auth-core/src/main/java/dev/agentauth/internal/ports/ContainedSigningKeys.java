package dev.agentauth.internal.ports;

import dev.agentauth.spi.SigningKey;
import dev.agentauth.spi.SigningKeys;
import dev.agentauth.spi.VerificationKey;
import java.util.List;

/** {@link SigningKeys}: whatever is thrown or null is {@code PortUnavailableException}. */
final class ContainedSigningKeys implements SigningKeys {
    private final SigningKeys kept;

    ContainedSigningKeys(SigningKeys kept) {
        this.kept = kept;
    }

    @Override
    public SigningKey current() {
        try {
            return Foreign.answer(kept.current(), "signingKeys.current");
        } catch (Throwable e) {
            throw Foreign.outOfReach("signingKeys.current", e);
        }
    }

    @Override
    public List<VerificationKey> published() {
        try {
            return Foreign.all(kept.published(), "signingKeys.published");
        } catch (Throwable e) {
            throw Foreign.outOfReach("signingKeys.published", e);
        }
    }
}
