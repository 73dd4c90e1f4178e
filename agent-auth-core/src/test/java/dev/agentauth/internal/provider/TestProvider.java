package dev.agentauth.internal.provider;

import dev.agentauth.internal.jose.JwkSets;
import dev.agentauth.internal.jose.TestKey;
import dev.agentauth.internal.json.Json;
import dev.agentauth.internal.json.JsonFormatException;
import dev.agentauth.internal.wire.Urns;
import dev.agentauth.spi.PortUnavailableException;
import dev.agentauth.spi.ProviderKey;
import dev.agentauth.spi.ProviderKeys;
import dev.agentauth.spi.TrustedProvider;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;

/** A provider with real keys. Hands out valid tokens to vary. */
final class TestProvider implements ProviderKeys {
    static final Instant NOW = Instant.parse("2026-05-04T13:00:00Z");
    static final String SERVICE = "https://service.example";
    static final String RESOURCE = "https://service.example/api";
    static final String ISSUER = "https://provider.example";

    final TestKey key = TestKey.p256();
    final List<String> askedFor = new CopyOnWriteArrayList<>();
    private final List<Map<String, Object>> published = new ArrayList<>();
    private boolean isDown;

    TestProvider() {
        publish("k1", key);
    }

    static TrustedProvider trusted() {
        return TrustedProvider.of(ISSUER);
    }

    void publish(String keyId, TestKey another) {
        Map<String, Object> jwk = another.jwk();
        jwk.put("kid", keyId);
        published.add(jwk);
    }

    void goDown() {
        isDown = true;
    }

    Token idJag() {
        Token token = new Token("oauth-id-jag+jwt");
        token.claims.put("exp", NOW.getEpochSecond() + 300);
        token.claims.put("client_id", ISSUER);
        token.claims.put("email", "user@example.com");
        token.claims.put("email_verified", true);
        return token;
    }

    Token logout() {
        Token token = new Token("logout+jwt");
        token.claims.put("events", Map.of(Urns.ASSERTION_REVOKED, Map.of()));
        return token;
    }

    @Override
    public Answer find(TrustedProvider provider, String keyId) {
        askedFor.add(keyId);
        if (isDown) {
            throw new PortUnavailableException("down");
        }
        try {
            JwkSets.Published all = JwkSets.parse(Json.write(Map.of("keys", published)));
            List<ProviderKey> named = all.usable().stream()
                    .filter(candidate -> candidate.keyId().equals(keyId))
                    .toList();
            if (!named.isEmpty()) {
                return new Found(named);
            }
            return all.unusable().contains(keyId) ? new Unusable() : new Unknown();
        } catch (JsonFormatException e) {
            throw new AssertionError(e);
        }
    }

    @Override
    public Optional<Duration> age(TrustedProvider provider) {
        return Optional.empty();
    }

    /** A token in the making; right in everything until it is changed. */
    final class Token {
        final Map<String, Object> header = new LinkedHashMap<>();
        final Map<String, Object> claims = new LinkedHashMap<>();
        private TestKey signer = key;
        private String algorithm = "ES256";

        private Token(String type) {
            header.put("typ", type);
            header.put("alg", "ES256");
            header.put("kid", "k1");
            claims.put("iss", ISSUER);
            claims.put("sub", "user-1");
            claims.put("aud", SERVICE);
            claims.put("jti", "jti-1");
            claims.put("iat", NOW.getEpochSecond());
        }

        Token header(String name, Object value) {
            header.put(name, value);
            return this;
        }

        Token claim(String name, Object value) {
            claims.put(name, value);
            return this;
        }

        Token time(String name, Instant instant) {
            return claim(name, instant.getEpochSecond());
        }

        Token without(String claim) {
            claims.remove(claim);
            return this;
        }

        Token signedBy(TestKey another, String withAlgorithm) {
            signer = another;
            algorithm = withAlgorithm;
            return this;
        }

        String compact() {
            return signer.sign(algorithm, Json.write(header), Json.write(claims));
        }

        /** With one member in the claims that is not plain data, spelled out. */
        String compactWith(String member) {
            String json = new String(Json.write(claims), StandardCharsets.UTF_8);
            byte[] changed =
                    (json.substring(0, json.length() - 1) + "," + member + "}").getBytes(StandardCharsets.UTF_8);
            return signer.sign(algorithm, Json.write(header), changed);
        }
    }
}
