package dev.agentauth.testkit;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A JWT in the making, starting from a good one of its kind: {@link FakeProvider#idJag} and {@link FakeProvider#logout}
 * hand them out, and the factories here do where no provider is to run. Every part can be changed, left out, or replaced by text that is not even JSON. Not safe for use by many
 * threads; {@link #compact} may be called as often as wanted and repeats the same {@code jti}.
 *
 * @since 0.2.0
 */
public final class ProviderJwt {
    private static final String EVENT = "https://schemas.workos.com/events/agent/auth/identity/assertion/revoked";
    private static final Base64.Encoder BASE64URL = Base64.getUrlEncoder().withoutPadding();

    private final Map<String, @Nullable Object> header = new LinkedHashMap<>();
    private final Map<String, @Nullable Object> claims = new LinkedHashMap<>();
    private ProviderSigner signer;
    private byte @Nullable [] headerBytes;
    private byte @Nullable [] claimsBytes;
    private byte @Nullable [] signature;

    private ProviderJwt(String type, ProviderSigner signer, String issuer, String audience, Instant now) {
        this.signer = Objects.requireNonNull(signer);
        header("typ", type).header("alg", signer.algorithm()).header("kid", signer.keyId());
        claim("iss", issuer).claim("aud", audience).subject("person-1");
        claim("jti", UUID.randomUUID().toString()).issuedAt(now);
    }

    /**
     * An ID-JAG for {@code person-1} that lacks nothing but a verified contact: issued now and good for five minutes, with
     * the issuer as client id.
     *
     * @param signer the provider's key
     * @param issuer the provider's issuer URL
     * @param audience the issuer URL of the service
     * @param now the instant of issue
     * @return a JWT to vary
     */
    public static ProviderJwt idJag(ProviderSigner signer, String issuer, String audience, Instant now) {
        return new ProviderJwt("oauth-id-jag+jwt", signer, issuer, audience, now)
                .claim("client_id", issuer)
                .expiresAt(now.plus(Duration.ofMinutes(5)));
    }

    /**
     * A good logout token for {@code person-1}, issued now.
     *
     * @param signer the provider's key
     * @param issuer the provider's issuer URL
     * @param audience the issuer URL of the service
     * @param now the instant of issue
     * @return a JWT to vary
     */
    public static ProviderJwt logout(ProviderSigner signer, String issuer, String audience, Instant now) {
        return new ProviderJwt("logout+jwt", signer, issuer, audience, now).claim("events", Map.of(EVENT, Map.of()));
    }

    /**
     * A good security event token (RFC 8417) that ends what was vouched for {@code person-1}, issued now.
     *
     * @param signer the provider's key
     * @param issuer the provider's issuer URL
     * @param audience the issuer URL of the service
     * @param now the instant of issue
     * @return a JWT to vary
     */
    public static ProviderJwt securityEvent(ProviderSigner signer, String issuer, String audience, Instant now) {
        return new ProviderJwt("secevent+jwt", signer, issuer, audience, now).claim("events", Map.of(EVENT, Map.of()));
    }

    /**
     * Sets a member of the header.
     *
     * @param name its name
     * @param value plain data: maps, collections, strings, numbers, booleans, null
     * @return this JWT
     */
    public ProviderJwt header(String name, @Nullable Object value) {
        header.put(name, value);
        return this;
    }

    /**
     * Leaves a member of the header out.
     *
     * @param name its name
     * @return this JWT
     */
    public ProviderJwt withoutHeader(String name) {
        header.remove(name);
        return this;
    }

    /**
     * Puts any bytes in the place of the header.
     *
     * @param bytes what is to be encoded
     * @return this JWT
     */
    public ProviderJwt headerBytes(byte[] bytes) {
        headerBytes = bytes.clone();
        return this;
    }

    /**
     * Sets a claim.
     *
     * @param name its name
     * @param value plain data: maps, collections, strings, numbers, booleans, null
     * @return this JWT
     */
    public ProviderJwt claim(String name, @Nullable Object value) {
        claims.put(name, value);
        return this;
    }

    /**
     * Sets a claim to text that goes into the JSON as it is, such as {@code 1e400}.
     *
     * @param name its name
     * @param json the text
     * @return this JWT
     */
    public ProviderJwt claimJson(String name, String json) {
        claims.put(name, new JsonText.Raw(json));
        return this;
    }

    /**
     * Leaves claims out.
     *
     * @param names their names
     * @return this JWT
     */
    public ProviderJwt without(String... names) {
        for (String name : names) {
            claims.remove(name);
        }
        return this;
    }

    /**
     * Puts any bytes in the place of the claims.
     *
     * @param bytes what is to be encoded
     * @return this JWT
     */
    public ProviderJwt claimsBytes(byte[] bytes) {
        claimsBytes = bytes.clone();
        return this;
    }

    /**
     * Sets {@code sub}.
     *
     * @param subject the provider's name for the person
     * @return this JWT
     */
    public ProviderJwt subject(String subject) {
        return claim("sub", subject);
    }

    /**
     * Vouches for an address: {@code email} with {@code email_verified}.
     *
     * @param address the address
     * @return this JWT
     */
    public ProviderJwt email(String address) {
        return claim("email", address).claim("email_verified", true);
    }

    /**
     * Vouches for a number: {@code phone_number} with {@code phone_number_verified}.
     *
     * @param number the number
     * @return this JWT
     */
    public ProviderJwt phone(String number) {
        return claim("phone_number", number).claim("phone_number_verified", true);
    }

    /**
     * Vouches for a number and no address: {@code phone_number} with {@code phone_number_verified}.
     *
     * @param number the number
     * @return this JWT
     */
    public ProviderJwt phoneOnly(String number) {
        return without("email", "email_verified").phone(number);
    }

    /**
     * Sets {@code iat}.
     *
     * @param instant cut to whole seconds
     * @return this JWT
     */
    public ProviderJwt issuedAt(Instant instant) {
        return claim("iat", instant.getEpochSecond());
    }

    /**
     * Sets {@code exp}.
     *
     * @param instant cut to whole seconds
     * @return this JWT
     */
    public ProviderJwt expiresAt(Instant instant) {
        return claim("exp", instant.getEpochSecond());
    }

    /**
     * Signs with another key, and says so in {@code alg} and {@code kid}.
     *
     * @param other the key
     * @return this JWT
     */
    public ProviderJwt signedBy(ProviderSigner other) {
        signer = Objects.requireNonNull(other);
        return header("alg", other.algorithm()).header("kid", other.keyId());
    }

    /**
     * Puts any bytes in the place of the signature.
     *
     * @param bytes the signature, possibly empty
     * @return this JWT
     */
    public ProviderJwt signature(byte[] bytes) {
        signature = bytes.clone();
        return this;
    }

    /**
     * What a signature is made over.
     *
     * @return header, dot and claims in base64url
     */
    public String signingInput() {
        return encoded(headerBytes, header) + "." + encoded(claimsBytes, claims);
    }

    /**
     * The JWT in its compact form.
     *
     * @return three segments in base64url without padding
     */
    public String compact() {
        String input = signingInput();
        return input + "." + BASE64URL.encodeToString(signature == null ? signer.sign(input) : signature);
    }

    private static String encoded(byte @Nullable [] bytes, Map<String, @Nullable Object> members) {
        return BASE64URL.encodeToString(
                bytes == null ? JsonText.write(members).getBytes(StandardCharsets.UTF_8) : bytes);
    }
}
