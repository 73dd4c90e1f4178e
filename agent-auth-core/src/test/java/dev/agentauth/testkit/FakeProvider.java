package dev.agentauth.testkit;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSObject;
import com.nimbusds.jose.Payload;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.jwk.Curve;
import dev.agentauth.spi.ProviderKey;
import dev.agentauth.spi.ProviderKeys;
import dev.agentauth.spi.TrustedProvider;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;

/** An agent provider that signs, with a real ES256 key, whatever it is told to. Its keys are had without any network. */
public final class FakeProvider {
    private static final String KEY_ID = "key-1";
    private static final Duration LIFETIME = Duration.ofMinutes(5);
    private static final AtomicLong IDS = new AtomicLong();

    private final String issuer;
    private final String audience;
    private final InstantSource clock;
    private final KeyPair keys;

    /**
     * A provider with a new key.
     *
     * @param issuer its issuer URL
     * @param audience the issuer of the service that its JWTs are for
     * @param clock its clock
     */
    public FakeProvider(String issuer, String audience, InstantSource clock) {
        this.issuer = Objects.requireNonNull(issuer);
        this.audience = Objects.requireNonNull(audience);
        this.clock = Objects.requireNonNull(clock);
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"));
            this.keys = generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /**
     * Its issuer URL.
     *
     * @return the value of {@code iss}
     */
    public String issuer() {
        return issuer;
    }

    /**
     * How a service trusts it.
     *
     * @return with a display name of its own
     */
    public TrustedProvider trusted() {
        return TrustedProvider.of(issuer).withDisplayName("Agents of " + issuer);
    }

    /**
     * The published keys of some of them.
     *
     * @param providers whose keys
     * @return never obtained from anywhere
     */
    public static ProviderKeys keysOf(FakeProvider... providers) {
        Map<String, ProviderKey> byIssuer = new LinkedHashMap<>();
        for (FakeProvider provider : providers) {
            byIssuer.put(provider.issuer, new ProviderKey(KEY_ID, provider.keys.getPublic(), Set.of("ES256")));
        }
        return new ProviderKeys() {
            @Override
            public List<ProviderKey> find(TrustedProvider provider, String keyId) {
                ProviderKey key = byIssuer.get(provider.issuer());
                return key != null && keyId.equals(KEY_ID) ? List.of(key) : List.of();
            }

            @Override
            public Optional<Instant> obtainedAt(TrustedProvider provider) {
                return Optional.empty();
            }
        };
    }

    /**
     * An ID-JAG with all that it needs but the contact: issued now, good for five minutes.
     *
     * @param subject its name for the person
     * @return to be completed and signed
     */
    public Jwt idJag(String subject) {
        return new Jwt("oauth-id-jag+jwt")
                .claim("sub", subject)
                .claim("client_id", issuer)
                .issuedAt(clock.instant())
                .claim("exp", clock.instant().plus(LIFETIME).getEpochSecond());
    }

    /**
     * A logout token with all that it needs: issued now.
     *
     * @param subject whose
     * @return to be signed
     */
    public Jwt logout(String subject) {
        return new Jwt("logout+jwt")
                .claim("sub", subject)
                .issuedAt(clock.instant())
                .claim("events", Map.of("http://schemas.openid.net/event/backchannel-logout", Map.of()));
    }

    /** A JWT that is being put together. */
    public final class Jwt {
        private final String type;
        private final Map<String, Object> claims = new LinkedHashMap<>();

        private Jwt(String type) {
            this.type = type;
            claim("iss", issuer);
            claim("aud", audience);
            claim("jti", "jti-" + IDS.incrementAndGet());
        }

        /**
         * Sets a claim.
         *
         * @param name its name
         * @param value plain data; null removes it
         * @return this
         */
        public Jwt claim(String name, Object value) {
            if (value == null) {
                claims.remove(name);
            } else {
                claims.put(name, value);
            }
            return this;
        }

        /**
         * Sets a verified address.
         *
         * @param address any text
         * @return this
         */
        public Jwt email(String address) {
            return claim("email", address).claim("email_verified", true);
        }

        /**
         * Sets a verified number.
         *
         * @param number any text
         * @return this
         */
        public Jwt phone(String number) {
            return claim("phone_number", number).claim("phone_number_verified", true);
        }

        /**
         * Sets the time of issue.
         *
         * @param instant its {@code iat}
         * @return this
         */
        public Jwt issuedAt(Instant instant) {
            return claim("iat", instant.getEpochSecond());
        }

        /**
         * Signs.
         *
         * @return the compact form
         */
        public String sign() {
            JWSHeader header = new JWSHeader.Builder(JWSAlgorithm.ES256)
                    .type(new JOSEObjectType(type))
                    .keyID(KEY_ID)
                    .build();
            JWSObject jws = new JWSObject(header, new Payload(claims));
            try {
                jws.sign(new ECDSASigner(keys.getPrivate(), Curve.P_256));
            } catch (JOSEException e) {
                throw new IllegalStateException(e);
            }
            return jws.serialize();
        }
    }
}
