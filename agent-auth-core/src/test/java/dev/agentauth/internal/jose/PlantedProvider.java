package dev.agentauth.internal.jose;

import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.security.Key;
import java.security.KeyFactorySpi;
import java.security.PrivateKey;
import java.security.Provider;
import java.security.PublicKey;
import java.security.Signature;
import java.security.SignatureException;
import java.security.SignatureSpi;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.KeySpec;
import java.util.List;
import java.util.function.Supplier;

/** A JCA provider that does ECDSA by the platform's, but for what a test has planted in it. */
public class PlantedProvider extends Provider {
    private static final long serialVersionUID = 1L;

    public PlantedProvider(String name) {
        this(name, Keys::new, Signing::new);
    }

    public PlantedProvider(String name, Supplier<Keys> keys, Supplier<Signing> signing) {
        super(name, "1.0", "planted");
        putService(new Planted(this, "KeyFactory", "EC", keys));
        putService(new Planted(this, "Signature", "SHA256withECDSA", signing));
        putService(new Planted(
                this, "Signature", "SHA384withECDSA", () -> signing.get().with("SHA384withECDSA")));
    }

    void removeSha384() {
        removeService(getService("Signature", "SHA384withECDSA"));
    }

    private static final class Planted extends Service {
        private final Supplier<?> maker;

        Planted(Provider provider, String type, String algorithm, Supplier<?> maker) {
            super(provider, type, algorithm, PlantedProvider.class.getName(), List.of(), null);
            this.maker = maker;
        }

        @Override
        public Object newInstance(Object parameter) {
            return maker.get();
        }
    }

    /** Takes every key as it is. */
    public static class Keys extends KeyFactorySpi {
        @Override
        protected PublicKey engineGeneratePublic(KeySpec spec) throws InvalidKeySpecException {
            throw new InvalidKeySpecException();
        }

        @Override
        protected PrivateKey engineGeneratePrivate(KeySpec spec) throws InvalidKeySpecException {
            throw new InvalidKeySpecException();
        }

        @Override
        protected <T extends KeySpec> T engineGetKeySpec(Key key, Class<T> type) throws InvalidKeySpecException {
            throw new InvalidKeySpecException();
        }

        @Override
        protected Key engineTranslateKey(Key key) throws InvalidKeyException {
            return key;
        }
    }

    /** Signs and verifies as it should. */
    public static class Signing extends SignatureSpi {
        private Signature delegate = signature("SHA256withECDSA");

        final Signing with(String algorithm) {
            delegate = signature(algorithm);
            return this;
        }

        private static Signature signature(String algorithm) {
            try {
                return Signature.getInstance(algorithm, "SunEC");
            } catch (GeneralSecurityException e) {
                throw new AssertionError(e);
            }
        }

        @Override
        protected void engineInitVerify(PublicKey key) throws InvalidKeyException {
            delegate.initVerify(key);
        }

        @Override
        protected void engineInitSign(PrivateKey key) throws InvalidKeyException {
            delegate.initSign(key);
        }

        @Override
        protected void engineUpdate(byte octet) throws SignatureException {
            delegate.update(octet);
        }

        @Override
        protected void engineUpdate(byte[] octets, int from, int length) throws SignatureException {
            delegate.update(octets, from, length);
        }

        @Override
        protected byte[] engineSign() throws SignatureException {
            return delegate.sign();
        }

        @Override
        protected boolean engineVerify(byte[] signature) throws SignatureException {
            return delegate.verify(signature);
        }

        @Override
        @Deprecated
        protected void engineSetParameter(String name, Object value) {
            throw new UnsupportedOperationException();
        }

        @Override
        @Deprecated
        protected Object engineGetParameter(String name) {
            throw new UnsupportedOperationException();
        }
    }
}
