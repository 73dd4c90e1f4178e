package dev.agentauth.examples.provider.kit;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSObject;
import com.nimbusds.jose.Payload;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jose.util.Base64URL;
import dev.agentauth.client.http.Json;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.text.ParseException;
import java.time.Instant;
import java.util.Date;
import java.util.LinkedHashMap;
import java.util.Map;

/** A P-256 key that signs JWTs with ES256, from an instant on. */
final class Es256Key {
    private final ECKey key;
    private final Instant signsFrom;

    private Es256Key(ECKey key, Instant signsFrom) {
        this.key = key;
        this.signsFrom = signsFrom;
    }

    static Es256Key generate(Instant signsFrom) {
        try {
            ECKey key = new ECKeyGenerator(Curve.P_256)
                    .algorithm(JWSAlgorithm.ES256)
                    .keyUse(KeyUse.SIGNATURE)
                    .generate();
            return new Es256Key(new ECKey.Builder(key).keyID(thumbprint(key)).build(), signsFrom);
        } catch (JOSEException e) {
            throw new IllegalStateException("every JDK makes P-256 keys", e);
        }
    }

    /** RFC 7638, section 3. Nimbus would load a JSON library of its own for it, while the demo starts. */
    private static String thumbprint(ECKey key) {
        String required =
                "{\"crv\":\"P-256\",\"kty\":\"EC\",\"x\":\"" + key.getX() + "\",\"y\":\"" + key.getY() + "\"}";
        try {
            return Base64URL.encode(
                            MessageDigest.getInstance("SHA-256").digest(required.getBytes(StandardCharsets.US_ASCII)))
                    .toString();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    /** A key that {@link #privateJwk} has written. */
    static Es256Key of(JWK jwk) throws ParseException {
        Date signsFrom = jwk.getNotBeforeTime();
        if (!(jwk instanceof ECKey key)
                || !key.isPrivate()
                || !key.getCurve().equals(Curve.P_256)
                || key.getKeyID() == null
                || signsFrom == null) {
            throw new ParseException("not a private P-256 key with kid and nbf", 0);
        }
        return new Es256Key(key, signsFrom.toInstant());
    }

    Instant signsFrom() {
        return signsFrom;
    }

    /** The public half (RFC 7517). */
    Map<String, Object> publicJwk() {
        Map<String, Object> jwk = new LinkedHashMap<>(key.toPublicJWK().toJSONObject());
        jwk.remove("nbf");
        return jwk;
    }

    /** All of it, a secret. */
    Map<String, Object> privateJwk() {
        return new ECKey.Builder(key)
                .notBeforeTime(Date.from(signsFrom))
                .build()
                .toJSONObject();
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
