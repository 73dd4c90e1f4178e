package dev.agentauth.servlet.protocol;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSObject;
import com.nimbusds.jose.Payload;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.jwk.Curve;
import dev.agentauth.spi.SigningKey;
import java.security.PrivateKey;
import java.util.LinkedHashMap;
import java.util.Map;

/** Identity assertions signed with the service's real key, but not as the service would ever make them. */
final class OwnAssertion {
    private final SigningKey key;
    private final Map<String, Object> claims = new LinkedHashMap<>();
    private String type = "oauth-id-jag+jwt";
    private String keyId;
    private PrivateKey privateKey;

    private OwnAssertion(ProtocolService service, String registrationId) {
        this.key = service.signingKeys.current();
        this.keyId = key.verificationKey().keyId();
        this.privateKey = key.privateKey();
        long now = service.clock.instant().getEpochSecond();
        claims.put("iss", service.issuer());
        claims.put("aud", service.issuer());
        claims.put("sub", registrationId);
        claims.put("jti", "made-by-hand");
        claims.put("iat", now);
        claims.put("exp", now + 3600);
        claims.put("epoch", 0);
    }

    /** A good one, to vary. */
    static OwnAssertion of(ProtocolService service, String registrationId) {
        return new OwnAssertion(service, registrationId);
    }

    OwnAssertion claim(String name, Object value) {
        claims.put(name, value);
        return this;
    }

    OwnAssertion without(String name) {
        claims.remove(name);
        return this;
    }

    OwnAssertion type(String value) {
        type = value;
        return this;
    }

    OwnAssertion keyId(String value) {
        keyId = value;
        return this;
    }

    OwnAssertion signedBy(PrivateKey other) {
        privateKey = other;
        return this;
    }

    String compact() {
        try {
            JWSObject jws = new JWSObject(
                    new JWSHeader.Builder(JWSAlgorithm.ES256)
                            .type(new JOSEObjectType(type))
                            .keyID(keyId)
                            .build(),
                    new Payload(claims));
            jws.sign(new ECDSASigner(privateKey, Curve.P_256));
            return jws.serialize();
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
    }
}
