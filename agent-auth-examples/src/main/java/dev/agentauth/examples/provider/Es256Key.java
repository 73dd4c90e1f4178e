package dev.agentauth.examples.provider;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSObject;
import com.nimbusds.jose.Payload;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import dev.agentauth.examples.http.Json;
import java.util.Map;

/** A P-256 key that signs JWTs with ES256. */
final class Es256Key {
    private final ECKey key;

    private Es256Key(ECKey key) {
        this.key = key;
    }

    static Es256Key generate() {
        try {
            return new Es256Key(new ECKeyGenerator(Curve.P_256)
                    .algorithm(JWSAlgorithm.ES256)
                    .keyUse(KeyUse.SIGNATURE)
                    .keyIDFromThumbprint(true)
                    .generate());
        } catch (JOSEException e) {
            throw new IllegalStateException("every JDK makes P-256 keys", e);
        }
    }

    /** The public half (RFC 7517). */
    Map<String, Object> publicJwk() {
        return key.toPublicJWK().toJSONObject();
    }

    /** A compact JWT (RFC 7519, RFC 7515). */
    String sign(String type, Map<String, ?> claims) {
        JWSHeader header = new JWSHeader.Builder(JWSAlgorithm.ES256)
                .type(new JOSEObjectType(type))
                .keyID(key.getKeyID())
                .build();
        JWSObject jwt = new JWSObject(header, new Payload(Json.write(claims)));
        try {
            jwt.sign(new ECDSASigner(key));
        } catch (JOSEException e) {
            throw new IllegalStateException("every JDK signs with P-256 keys", e);
        }
        return jwt.serialize();
    }
}
