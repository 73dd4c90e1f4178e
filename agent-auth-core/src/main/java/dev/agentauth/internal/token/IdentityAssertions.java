package dev.agentauth.internal.token;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.agentauth.Caller;
import dev.agentauth.IssuedAssertion;
import dev.agentauth.Secret;
import dev.agentauth.SecretHash;
import dev.agentauth.internal.Limits;
import dev.agentauth.internal.Secrets;
import dev.agentauth.internal.Settings;
import dev.agentauth.internal.Surroundings;
import dev.agentauth.internal.jose.CompactJws;
import dev.agentauth.internal.jose.OwnJwts;
import dev.agentauth.internal.jose.Signatures;
import dev.agentauth.internal.json.JsonFormatException;
import dev.agentauth.internal.json.JsonObject;
import dev.agentauth.registration.Registration;
import dev.agentauth.spi.SigningKeys;
import dev.agentauth.spi.VerificationKey;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Mints and verifies the service's own identity assertions.
 *
 * <p>An agent sends the same assertion at every refresh, so what has been verified once is kept, by the hash of its one
 * spelling. Expiry and the presence of its key are checked at every use.
 */
public final class IdentityAssertions {
    /** The {@code typ} of our assertions, in lower case. */
    private static final String TYPE = "oauth-id-jag+jwt";

    private static final int CACHED = 20_000;

    private final Settings settings;
    private final SigningKeys keys;
    private final Secrets secrets;
    private final Limits limits;
    private final Signatures signatures;
    private final OwnJwts ownJwts;

    /** Looked after by whoever puts something in: to wake another thread for it costs more than the work. */
    private final Cache<SecretHash, VerifiedAssertion> verified =
            Caffeine.newBuilder().maximumSize(CACHED).executor(Runnable::run).build();

    public IdentityAssertions(Surroundings around) {
        this.settings = around.settings();
        this.keys = around.ports().signingKeys();
        this.secrets = around.secrets();
        this.limits = around.limits();
        this.signatures = around.signatures();
        this.ownJwts = around.ownJwts();
    }

    /**
     * Mints an assertion for the registration's present epoch.
     *
     * @param ceiling the scopes that nothing issued for it may go beyond, or null
     */
    public IssuedAssertion mint(Registration registration, @Nullable Set<String> ceiling, Instant now) {
        long issuedAt = now.getEpochSecond();
        long expiresAt = issuedAt + settings.lifetimes().assertion().toSeconds();
        Map<String, Object> claims = new LinkedHashMap<>();
        claims.put("iss", settings.issuer());
        claims.put("aud", settings.issuer());
        claims.put("sub", registration.id());
        claims.put("jti", secrets.id(""));
        claims.put("iat", issuedAt);
        claims.put("exp", expiresAt);
        claims.put("epoch", registration.epoch());
        if (ceiling != null) {
            claims.put("scope", String.join(" ", ceiling));
        }
        String jwt = ownJwts.sign(claims, keys.current());
        return new IssuedAssertion(Secret.of(jwt), Instant.ofEpochSecond(expiresAt));
    }

    /**
     * Verifies that an assertion is ours and in time; empty if it is not.
     *
     * @throws dev.agentauth.AgentAuthException if its signature would have to be checked, and too many of this caller's were wrong
     */
    public Optional<VerifiedAssertion> verify(Caller caller, String assertion, Instant now) {
        SecretHash hash = SecretHash.of(assertion);
        VerifiedAssertion known = verified.getIfPresent(hash);
        if (known == null) {
            known = verifyFully(caller, assertion);
            if (known == null) {
                return Optional.empty();
            }
            verified.put(hash, known);
        }
        if (!now.isBefore(known.expiresAt()) || publishedKey(known.keyId()) == null) {
            verified.invalidate(hash);
            return Optional.empty();
        }
        return Optional.of(known);
    }

    private @Nullable VerifiedAssertion verifyFully(Caller caller, String assertion) {
        CompactJws jws = CompactJws.parse(assertion).orElse(null);
        if (jws == null) {
            return null;
        }
        try {
            JsonObject header = jws.header();
            String keyId = header.string("kid").orElse("");
            VerificationKey key = publishedKey(keyId);
            boolean ours = TYPE.equals(header.string("typ").orElse(""))
                    && "ES256".equals(header.string("alg").orElse(""))
                    && !header.has("crit")
                    && key != null
                    && limits.verifies(caller, () -> signatures.verify(jws, key.publicKey()));
            return ours ? read(jws.claims(), keyId) : null;
        } catch (JsonFormatException e) {
            return null;
        }
    }

    private @Nullable VerifiedAssertion read(JsonObject claims, String keyId) throws JsonFormatException {
        String issuer = settings.issuer();
        Instant expiresAt = claims.time("exp").orElse(null);
        if (expiresAt == null
                || !claims.requiredString("iss").equals(issuer)
                || !claims.requiredString("aud").equals(issuer)) {
            return null;
        }
        Optional<String> scope = claims.string("scope");
        Set<String> ceiling = scope.isEmpty() ? null : Scopes.parse(scope.get()).orElse(Set.of());
        return new VerifiedAssertion(
                claims.requiredString("sub"), claims.requiredLong("epoch"), ceiling, keyId, expiresAt);
    }

    private @Nullable VerificationKey publishedKey(String keyId) {
        for (VerificationKey key : keys.published()) {
            if (key.keyId().equals(keyId)) {
                return key;
            }
        }
        return null;
    }
}
