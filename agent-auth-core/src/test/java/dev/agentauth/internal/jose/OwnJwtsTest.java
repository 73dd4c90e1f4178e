package dev.agentauth.internal.jose;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jwt.SignedJWT;
import dev.agentauth.internal.json.Json;
import dev.agentauth.spi.PortUnavailableException;
import dev.agentauth.spi.SigningKey;
import dev.agentauth.spi.VerificationKey;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.KeyFactory;
import java.security.MessageDigest;
import java.security.PrivateKey;
import java.security.interfaces.ECPublicKey;
import java.security.spec.ECPoint;
import java.security.spec.ECPublicKeySpec;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

@ParameterizedClass
@EnumSource(JcaProvider.class)
class OwnJwtsTest {
    private final SigningKey key = OwnKeySets.generate();
    private final OwnJwts ownJwts;
    private final Signatures signatures;

    OwnJwtsTest(JcaProvider provider) {
        this.ownJwts = provider.ownJwts();
        this.signatures = provider.signatures();
    }

    @Test
    void signMakesAJwtThatAnotherLibraryVerifies() throws Exception {
        String token = ownJwts.sign(Map.of("sub", "reg_1"), key);

        SignedJWT parsed = SignedJWT.parse(token);
        assertThat(parsed.verify(new ECDSAVerifier(key.verificationKey().publicKey())))
                .isTrue();
        assertThat(parsed.getHeader().toJSONObject())
                .isEqualTo(Map.of(
                        "typ",
                        "oauth-id-jag+jwt",
                        "alg",
                        "ES256",
                        "kid",
                        key.verificationKey().keyId()));
        assertThat(parsed.getJWTClaimsSet().getSubject()).isEqualTo("reg_1");
    }

    @Test
    void signMakesTheStrictFormEveryTime() {
        for (int i = 0; i < 200; i++) {
            CompactJws jws = CompactJws.parse(ownJwts.sign(Map.of("i", i), key)).orElseThrow();

            assertThat(signatures.verify(jws, key.verificationKey().publicKey()))
                    .isTrue();
        }
    }

    @Test
    void keyIdFromElsewhereIsEscaped() {
        SigningKey odd = new SigningKey(
                new VerificationKey("a\"b\\c", key.verificationKey().publicKey()), key.privateKey());

        assertThat(CompactJws.parse(ownJwts.sign(Map.of(), odd)).flatMap(CompactJws::kid))
                .hasValue("a\"b\\c");
    }

    @Test
    void signWithAHandleThatNoProviderKnowsIsUnavailableAndNotAnError() {
        PrivateKey lostHandle = new PrivateKey() {
            private static final long serialVersionUID = 1L;

            @Override
            public String getAlgorithm() {
                return "EC";
            }

            @Override
            public String getFormat() {
                return "none";
            }

            @Override
            public byte[] getEncoded() {
                return new byte[0];
            }
        };

        assertThatExceptionOfType(PortUnavailableException.class)
                .isThrownBy(() -> ownJwts.sign(Map.of(), new SigningKey(key.verificationKey(), lostHandle)));
    }

    @Test
    void publicJwkHoldsThePublicMembersAlone() throws Exception {
        Map<String, Object> jwk = OwnJwts.publicJwk(key.verificationKey());

        assertThat(jwk.keySet()).containsExactly("kty", "crv", "x", "y", "alg", "use", "kid");
        ECKey parsed = ECKey.parse(new String(Json.write(jwk), StandardCharsets.UTF_8));
        assertThat(parsed.isPrivate()).isFalse();
        assertThat(parsed.toECPublicKey()).isEqualTo(key.verificationKey().publicKey());
        assertThat(parsed.computeThumbprint().toString()).isEqualTo(parsed.getKeyID());
        assertThat(JwkSets.parse(Json.write(Map.of("keys", List.of(jwk)))).usable())
                .hasSize(1);
    }

    @Test
    void publicJwkPadsShortCoordinates() throws Exception {
        // A point of P-256 with a small x.
        ECPublicKey model = key.verificationKey().publicKey();
        BigInteger y = new BigInteger("459243b9aa581806fe913bce99817ade11ca503c64d9a3c533415c083248fbcc", 16);
        ECPublicKey point = (ECPublicKey) KeyFactory.getInstance("EC")
                .generatePublic(new ECPublicKeySpec(new ECPoint(BigInteger.valueOf(5), y), model.getParams()));

        assertThat(OwnJwts.publicJwk(OwnJwts.verificationKey(point)).get("x")).isEqualTo("A".repeat(42) + "U");
    }

    @Test
    void verificationKeyIsNamedByTheThumbprintOfRfc7638() throws Exception {
        Map<String, Object> jwk = OwnJwts.publicJwk(key.verificationKey());
        String canonical =
                "{\"crv\":\"P-256\",\"kty\":\"EC\",\"x\":\"" + jwk.get("x") + "\",\"y\":\"" + jwk.get("y") + "\"}";
        byte[] digest = MessageDigest.getInstance("SHA-256").digest(canonical.getBytes(StandardCharsets.UTF_8));

        assertThat(key.verificationKey().keyId()).isEqualTo(Base64Url.encode(digest));
    }

    @Test
    void verificationKeyOnAnotherCurveIsRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() ->
                        OwnJwts.verificationKey((ECPublicKey) TestKey.p384().publicKey()));
    }
}
