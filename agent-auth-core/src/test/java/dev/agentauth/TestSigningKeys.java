package dev.agentauth;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import dev.agentauth.spi.SigningKey;
import dev.agentauth.spi.SigningKeys;
import dev.agentauth.spi.VerificationKey;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Signing keys that a test rotates and withdraws by hand. */
final class TestSigningKeys implements SigningKeys {
    private final List<VerificationKey> published = new CopyOnWriteArrayList<>();
    private volatile SigningKey current;

    TestSigningKeys() {
        rotate();
    }

    /** Publishes a new key and signs with it; the old ones stay published. */
    void rotate() {
        try {
            ECKey key = new ECKeyGenerator(Curve.P_256).generate();
            VerificationKey verificationKey =
                    new VerificationKey(key.computeThumbprint().toString(), key.toECPublicKey());
            current = new SigningKey(verificationKey, key.toECPrivateKey());
            published.add(verificationKey);
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Publishes no key but the one that signs. */
    void withdrawOldKeys() {
        published.removeIf(key -> !key.equals(current.verificationKey()));
    }

    @Override
    public SigningKey current() {
        return current;
    }

    @Override
    public List<VerificationKey> published() {
        return List.copyOf(published);
    }
}
