package dev.agentauth.servlet.protocol;

import static dev.agentauth.servlet.protocol.Client.form;
import static dev.agentauth.servlet.protocol.Client.json;
import static java.nio.charset.StandardCharsets.UTF_16;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.agentauth.keys.RemoteProviderKeys;
import dev.agentauth.spi.TrustedProvider;
import dev.agentauth.spi.User;
import dev.agentauth.testkit.FakeProvider;
import dev.agentauth.testkit.FakeProvider.Trouble;
import dev.agentauth.testkit.ProviderJwt;
import dev.agentauth.testkit.ProviderSigner;
import dev.agentauth.testkit.Race;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("A8. Verifying a provider's JWT")
final class A8ProviderJwtTest extends ProtocolTest {
    private static final String ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    private static final Duration BUDGET_WINDOW = Duration.ofMinutes(5);

    /** The kinds of JWT that a provider sends, each at its endpoint. */
    enum Kind {
        ID_JAG("oauth-id-jag+jwt"),
        LOGOUT("logout+jwt"),
        EVENT("secevent+jwt");

        final String typ;

        Kind(String typ) {
            this.typ = typ;
        }

        ProviderJwt good(FakeProvider provider, ProtocolService service) {
            return switch (this) {
                case ID_JAG -> provider.idJag(service.issuer());
                case LOGOUT -> provider.logout(service.issuer(), "somebody-else");
                case EVENT -> provider.securityEvent(service.issuer(), "somebody-else");
            };
        }

        Answer send(Client client, String jwt) {
            return switch (this) {
                case ID_JAG -> client.registerIdJag(jwt);
                case LOGOUT -> client.logout(jwt);
                case EVENT -> client.notify(jwt);
            };
        }

        Answer isError(Answer answer, int status, String code) {
            return switch (this) {
                case ID_JAG -> answer.isIdentityError(status, code);
                case LOGOUT -> answer.isCredentialError(status, code);
                case EVENT -> answer.isEventError(status, code);
            };
        }

        /** What an error of ID-JAGs and logout tokens can be called here. */
        Stream<String> named(String code) {
            return this == EVENT && List.of("invalid_signature", "expired").contains(code)
                    ? Stream.of("authentication_failed", "invalid_key")
                    : Stream.of(code);
        }
    }

    private ProviderJwt good(Kind kind) {
        return kind.good(provider(), service());
    }

    /** A good ID-JAG for somebody whom nobody has heard of. */
    private ProviderJwt stranger() {
        return idJag().subject("stranger-" + UUID.randomUUID()).email("s" + UUID.randomUUID() + "@example.com");
    }

    private void takes(Kind kind, String name, String jwt) {
        Answer answer = kind.send(client(), jwt);
        assertThat(answer.status()).as("%s, %s: %s", kind, name, answer).isEqualTo(kind == Kind.EVENT ? 202 : 200);
    }

    private void takes(Kind kind, String name, UnaryOperator<ProviderJwt> change) {
        takes(kind, name, change.apply(good(kind)).compact());
    }

    /** Refused with 400 and the code; where the protocol leaves two open, with either. */
    private void refuses(Kind kind, String name, String jwt, String... codes) {
        Answer answer = kind.send(client(), jwt);
        assertThat(answer.status()).as("%s, %s: %s", kind, name, answer).isEqualTo(400);
        String told = answer.string(kind == Kind.EVENT ? "err" : "error");
        assertThat(told)
                .as("%s, %s", kind, name)
                .isIn(Stream.of(codes).flatMap(kind::named).toList());
        kind.isError(answer, 400, told);
    }

    private void refuses(Kind kind, String name, String code, UnaryOperator<ProviderJwt> change) {
        refuses(kind, name, change.apply(good(kind)).compact(), code);
    }

    private void isUnavailable(Kind kind, String jwt) {
        kind.isError(kind.send(client(), jwt), 503, "temporarily_unavailable").isNotStored();
    }

    private static String decoded(String segment) {
        return new String(Base64.getUrlDecoder().decode(segment), UTF_8);
    }

    private static String writeJson(Object value) {
        try {
            return Answer.JSON.writeValueAsString(value);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(e);
        }
    }

    @Nested
    @DisplayName("Trust list")
    final class Trust {

        @ParameterizedTest
        @EnumSource(Kind.class)
        @DisplayName("issuer URL (exact string match); iss on the trust list (invalid_issuer)")
        void issuerIsMatchedExactly(Kind kind) {
            String issuer = provider().issuer();
            for (String other : List.of(
                    issuer + "/",
                    issuer + "/x",
                    issuer + "#",
                    issuer + "?",
                    issuer + " ",
                    " " + issuer,
                    issuer.toUpperCase(java.util.Locale.ROOT),
                    issuer.replace("http", "https"),
                    issuer.replace("127.0.0.1", "localhost"),
                    issuer.substring(0, issuer.length() - 1),
                    "https://other.example")) {
                refuses(kind, other, "invalid_issuer", jwt -> jwt.claim("iss", other));
            }
            refuses(kind, "no iss", "invalid_request", jwt -> jwt.without("iss"));
            for (String illTyped : List.of("1", "null", "true", "[]", "[\"" + issuer + "\"]", "{}")) {
                refuses(kind, "iss " + illTyped, "invalid_request", jwt -> jwt.claimJson("iss", illTyped));
            }
            takes(kind, "the issuer", jwt -> jwt);
        }

        @ParameterizedTest
        @EnumSource(Kind.class)
        void issuerThatJoinsOrLeavesTheListIsTrustedOrNotAtOnce(Kind kind) {
            FakeProvider other = closing(FakeProvider.start(service().clock));
            UnaryOperator<ProviderJwt> named = jwt -> jwt.email(BOB);
            refuses(kind, "not on it", named.apply(kind.good(other, service())).compact(), "invalid_issuer");

            service().trust.add(other.trusted());
            takes(kind, "on it", named.apply(kind.good(other, service())).compact());

            service().trustOnly(provider().trusted());
            refuses(kind, "off it", named.apply(kind.good(other, service())).compact(), "invalid_issuer");
        }

        @ParameterizedTest
        @EnumSource(Kind.class)
        @DisplayName("the service's own issuer can never be on it")
        void ownIssuerIsNeverTrusted(Kind kind) {
            String own = service().issuer();
            service()
                    .trust
                    .add(TrustedProvider.of(own)
                            .withJwksUri(URI.create(provider().issuer() + "/.well-known/jwks.json"))
                            .withClientIds(Set.of(provider().issuer())));

            refuses(kind, "own issuer", "invalid_issuer", jwt -> jwt.claim("iss", own));

            takes(kind, "its provider", jwt -> jwt);
        }

        @Test
        @DisplayName("display name chosen by the service")
        void displayNameIsTheServices() {
            service().users.add(User.of("u1", ADA));
            stepUp(idJag().claim("name", "Your Bank").claim("agent_platform", "Your Bank"));

            assertThat(service().mail.newest().agentName()).isEqualTo("Fake Provider");
            assertThat(client().view(service().mail.newestToken())
                            .hasStatus(200)
                            .text())
                    .contains("Fake Provider")
                    .doesNotContain("Your Bank");
        }

        @ParameterizedTest
        @EnumSource(Kind.class)
        @DisplayName("optional pinned JWKS URI")
        void keysArePinnedElsewhere(Kind kind) {
            FakeProvider keeper = closing(FakeProvider.start(service().clock));
            keeper.publishOnly(List.of(provider().signer().publicJwk()));
            service()
                    .trustOnly(
                            provider().trusted().withJwksUri(URI.create(keeper.issuer() + "/.well-known/jwks.json")));

            takes(kind, "key of the pinned place", jwt -> jwt);

            assertThat(keeper.keyRequests()).isEqualTo(1);
            assertThat(provider().keyRequests()).isZero();
        }

        @ParameterizedTest
        @EnumSource(Kind.class)
        @DisplayName("(default <iss>/.well-known/jwks.json)")
        void keysAreAtTheWellKnownPlaceByDefault(Kind kind) {
            takes(kind, "good", jwt -> jwt);

            assertThat(provider().keyRequests()).isEqualTo(1);
            assertThat(provider().otherRequests()).isZero();
        }

        @Test
        @DisplayName("client ids (default: the issuer)")
        void clientIdsAreTheServicesChoice() {
            Kind kind = Kind.ID_JAG;
            takes(kind, "the issuer", jwt -> jwt.claim("client_id", provider().issuer()));
            refuses(kind, "another", "invalid_client_id", jwt -> jwt.claim("client_id", "client-a"));

            service().trustOnly(provider().trusted().withClientIds(Set.of("client-a", "client-b")));
            takes(kind, "one", jwt -> jwt.claim("client_id", "client-a"));
            takes(kind, "the other", jwt -> jwt.claim("client_id", "client-b"));
            for (String other : List.of(
                    "Client-A", "client-a ", "client-a,client-b", provider().issuer(), "")) {
                refuses(
                        kind,
                        other,
                        idJag().claim("client_id", other).compact(),
                        other.isEmpty()
                                ? new String[] {"invalid_client_id", "invalid_request"}
                                : new String[] {"invalid_client_id"});
            }
            // Missing is a missing claim (A3) and no client id of the provider's (A8).
            refuses(kind, "none", idJag().without("client_id").compact(), "invalid_client_id", "invalid_request");
            refuses(
                    kind,
                    "array",
                    idJag().claim("client_id", List.of("client-a")).compact(),
                    "invalid_client_id",
                    "invalid_request");
        }

        @ParameterizedTest
        @EnumSource(Kind.class)
        @DisplayName("allowed algorithms (default ES256, RS256, PS256, ES384, EdDSA; never none, never HMAC)")
        void allDefaultAlgorithmsAreTaken(Kind kind) {
            List<ProviderSigner> signers = List.of(
                    ProviderSigner.es256(),
                    ProviderSigner.rs256(2048),
                    ProviderSigner.ps256(2048),
                    ProviderSigner.es384(),
                    ProviderSigner.ed25519());
            signers.forEach(signer -> provider().publish(signer.publicJwk()));

            for (ProviderSigner signer : signers) {
                takes(kind, signer.algorithm(), jwt -> jwt.signedBy(signer));
            }
        }

        @ParameterizedTest
        @EnumSource(Kind.class)
        void algorithmThatTheServiceDoesNotAllowIsRefused(Kind kind) {
            ProviderSigner rsa = ProviderSigner.rs256(2048);
            provider().publish(rsa.publicJwk());
            service().trustOnly(provider().trusted().withAlgorithms(Set.of("ES256")));

            refuses(kind, "RS256", "invalid_request", jwt -> jwt.signedBy(rsa));
            takes(kind, "ES256", jwt -> jwt);

            service().trustOnly(provider().trusted().withAlgorithms(Set.of("RS256")));
            refuses(kind, "ES256", "invalid_request", jwt -> jwt);
            takes(kind, "RS256", jwt -> jwt.signedBy(rsa));
        }
    }

    @Nested
    @DisplayName("Size ≤ 16 KiB; the strict compact form, so that a token has one spelling")
    final class CompactForm {

        @ParameterizedTest
        @EnumSource(Kind.class)
        void sizeOf16KibIsTakenAndOneMoreIsNot(Kind kind) {
            takes(kind, "16 KiB", ofLength(kind, 16 * 1024));
            refuses(kind, "one more", ofLength(kind, 16 * 1024 + 1), "invalid_request");
        }

        private String ofLength(Kind kind, int length) {
            int input = length - 1 - 86;
            ProviderJwt jwt = good(kind).header("p", "").claim("pad", "");
            int about = (input - jwt.signingInput().length()) * 3 / 4;
            // No base64url text has 4n + 1 digits, so it takes both segments to come to any sum.
            for (int pad = about - 8; pad < about + 8; pad++) {
                for (int more = 0; more < 4; more++) {
                    jwt.header("p", "x".repeat(more)).claim("pad", "x".repeat(pad));
                    if (jwt.signingInput().length() == input) {
                        return jwt.compact();
                    }
                }
            }
            throw new AssertionError("no JWT of " + length + " characters");
        }

        @ParameterizedTest
        @EnumSource(Kind.class)
        @DisplayName(
                "three segments of the base64url alphabet, canonical (no padding, no other alphabet, no white space, unused bits zero)")
        void everyOtherSpellingIsRefused(Kind kind) {
            String good = withAllDigits(kind);
            String[] parts = good.split("\\.", -1);
            String h = parts[0];
            String p = parts[1];
            String s = parts[2];
            Map<String, String> wrong = new LinkedHashMap<>();
            wrong.put("empty", "");
            wrong.put("no dots", "abc");
            wrong.put("dots alone", "..");
            wrong.put("one segment", h);
            wrong.put("two segments", h + "." + p);
            wrong.put("no signature", h + "." + p + ".");
            wrong.put("no claims", h + ".." + s);
            wrong.put("no header", "." + p + "." + s);
            wrong.put("four segments", good + "." + s);
            wrong.put("empty fourth segment", good + ".");
            wrong.put("leading dot", "." + good);
            wrong.put("five segments", good + "." + s + "." + s);
            wrong.put("many dots", ".".repeat(1000));
            wrong.put("padded header", h + "=." + p + "." + s);
            wrong.put("padded claims", h + "." + p + "=." + s);
            wrong.put("padded signature", good + "==");
            wrong.put(
                    "plus and slash in the claims",
                    h + "." + p.replace('-', '+').replace('_', '/') + "." + s);
            wrong.put(
                    "plus and slash in the signature",
                    h + "." + p + "." + s.replace('-', '+').replace('_', '/'));
            for (String space : List.of(" ", "\n", "\r\n", "\t")) {
                wrong.put("white space " + (int) space.charAt(0) + " before", space + good);
                wrong.put("white space " + (int) space.charAt(0) + " behind", good + space);
                wrong.put("white space " + (int) space.charAt(0) + " within", h + "." + space + p + "." + s);
                wrong.put(
                        "white space " + (int) space.charAt(0) + " in the signature",
                        h + "." + p + "." + s.charAt(0) + space + s.substring(1));
            }
            wrong.put("unused bits of the header", respelled(h) + "." + p + "." + s);
            wrong.put("unused bits of the claims", h + "." + respelled(p) + "." + s);
            wrong.put("unused bits of the signature", h + "." + p + "." + respelled(s));
            wrong.put("a letter that is not ASCII", h + "." + p + "." + s.substring(1) + "\u00e9");
            wrong.put("a percent escape", h + "." + p + "." + s.substring(3) + "%41");
            wrong.put("JSON serialization", json("protected", h, "payload", p, "signature", s));
            wrong.put("a scheme before", "Bearer " + good);

            wrong.forEach((name, text) -> refuses(kind, name, text, "invalid_request"));
            takes(kind, "the one spelling", good);
        }

        @ParameterizedTest
        @EnumSource(Kind.class)
        @DisplayName("an ES256 signature of exactly 86 characters")
        void signatureOfAnotherLengthIsRefused(Kind kind) {
            ProviderJwt jwt = good(kind);
            byte[] signature = provider().signer().sign(jwt.signingInput());
            assertThat(jwt.signature(signature).compact().split("\\.", -1)[2]).hasSize(86);
            for (int length : new int[] {1, 32, 63, 65, 66, 96, 128}) {
                refuses(
                        kind,
                        length + " octets",
                        good(kind).signature(Arrays.copyOf(signature, length)).compact(),
                        "invalid_request");
            }
            refuses(kind, "DER", good(kind).signature(der(signature)).compact(), "invalid_request");
            takes(kind, "86 characters", jwt.compact());
        }

        /** Until each segment has unused bits, and claims and signature have the digits that other alphabets write otherwise. */
        private String withAllDigits(Kind kind) {
            for (int i = 0; ; i++) {
                String text = good(kind)
                        .header("x", "x".repeat(i % 3))
                        .claim("x", "\u00fb\u00ff\u00be>>>???" + "x".repeat(i % 7))
                        .compact();
                String[] parts = text.split("\\.", -1);
                if (parts[0].length() % 4 != 0
                        && parts[1].length() % 4 != 0
                        && parts[1].matches(".*[-_].*")
                        && parts[2].matches(".*[-_].*")) {
                    return text;
                }
            }
        }

        private String respelled(String segment) {
            int last = segment.length() - 1;
            String other = segment.substring(0, last) + ALPHABET.charAt(ALPHABET.indexOf(segment.charAt(last)) + 1);
            assertThat(Base64.getUrlDecoder().decode(other))
                    .isEqualTo(Base64.getUrlDecoder().decode(segment));
            return other;
        }

        private byte[] der(byte[] concatenated) {
            byte[] r = new java.math.BigInteger(1, Arrays.copyOf(concatenated, 32)).toByteArray();
            byte[] s = new java.math.BigInteger(1, Arrays.copyOfRange(concatenated, 32, 64)).toByteArray();
            java.io.ByteArrayOutputStream out = new java.io.ByteArrayOutputStream();
            out.write(0x30);
            out.write(4 + r.length + s.length);
            out.write(2);
            out.write(r.length);
            out.writeBytes(r);
            out.write(2);
            out.write(s.length);
            out.writeBytes(s);
            return out.toByteArray();
        }
    }

    @Nested
    @DisplayName("Header and claims valid UTF-8 JSON objects without duplicate members")
    final class Json {

        private Map<String, byte[]> broken(String good) {
            String inner = good.substring(1);
            String firstMember = good.substring(1, good.indexOf(','));
            Map<String, byte[]> wrong = new LinkedHashMap<>();
            wrong.put("no JSON", Client.utf8("x"));
            wrong.put("empty object cut", Client.utf8("{"));
            wrong.put("array", Client.utf8("[" + good + "]"));
            wrong.put("string", Client.utf8("\"x\""));
            wrong.put("number", Client.utf8("1"));
            wrong.put("null", Client.utf8("null"));
            wrong.put("text behind", Client.utf8(good + "x"));
            wrong.put("another object behind", Client.utf8(good + good));
            wrong.put("comment", Client.utf8(good + "/**/"));
            wrong.put("byte order mark", Client.utf8("\uFEFF" + good));
            wrong.put("UTF-16", good.getBytes(UTF_16));
            wrong.put("invalid UTF-8", insert(good, (byte) 0xC3, (byte) 0x28));
            wrong.put("overlong UTF-8", insert(good, (byte) 0xC0, (byte) 0x80));
            wrong.put("surrogates in UTF-8", insert(good, (byte) 0xED, (byte) 0xA0, (byte) 0x80));
            wrong.put("duplicate", Client.utf8("{" + firstMember + "," + inner));
            wrong.put("duplicate that nobody reads", Client.utf8("{\"x\":1,\"x\":1," + inner));
            wrong.put("duplicate by escape", Client.utf8("{\"x\":1,\"\\u0078\":1," + inner));
            wrong.put("duplicate within", Client.utf8("{\"x\":{\"y\":1,\"y\":2}," + inner));
            wrong.put("single quotes", Client.utf8(good.replace('"', '\'')));
            wrong.put("trailing comma", Client.utf8(good.substring(0, good.length() - 1) + ",}"));
            wrong.put("NaN", Client.utf8("{\"x\":NaN," + inner));
            wrong.put("deep", Client.utf8("{\"x\":" + "[".repeat(3000) + "]".repeat(3000) + "," + inner));
            return wrong;
        }

        private byte[] insert(String good, byte... octets) {
            byte[] start = Client.utf8("{\"x\":\"");
            byte[] end = Client.utf8("\"," + good.substring(1));
            byte[] all = Arrays.copyOf(start, start.length + octets.length + end.length);
            System.arraycopy(octets, 0, all, start.length, octets.length);
            System.arraycopy(end, 0, all, start.length + octets.length, end.length);
            return all;
        }

        @ParameterizedTest
        @EnumSource(Kind.class)
        void brokenHeaderIsRefused(Kind kind) {
            ProviderJwt jwt = good(kind);
            broken(decoded(jwt.compact().split("\\.", -1)[0]))
                    .forEach((name, header) -> refuses(
                            kind, "header " + name, jwt.headerBytes(header).compact(), "invalid_request"));
            takes(kind, "good", good(kind).compact());
        }

        @ParameterizedTest
        @EnumSource(Kind.class)
        void brokenClaimsAreRefused(Kind kind) {
            ProviderJwt jwt = good(kind);
            String good = decoded(jwt.compact().split("\\.", -1)[1]);
            broken(good)
                    .forEach((name, claims) -> refuses(
                            kind, "claims " + name, jwt.claimsBytes(claims).compact(), "invalid_request"));
            takes(
                    kind,
                    "good, with white space",
                    jwt.claimsBytes(Client.utf8(" \n" + good + "\t")).compact());
        }

        @ParameterizedTest
        @EnumSource(Kind.class)
        @DisplayName("T06: JWE, nested")
        void encryptedAndNestedJwtsAreRefused(Kind kind) {
            String inner = good(kind).compact();
            String jwe = Base64.getUrlEncoder()
                    .withoutPadding()
                    .encodeToString(
                            Client.utf8("{\"alg\":\"ECDH-ES\",\"enc\":\"A128GCM\",\"typ\":\"" + kind.typ + "\"}"));
            refuses(kind, "JWE", jwe + "..AAAA.AAAA.AAAA", "invalid_request");
            refuses(
                    kind,
                    "nested",
                    good(kind)
                            .header("cty", "JWT")
                            .claimsBytes(Client.utf8(inner))
                            .compact(),
                    "invalid_request");
            takes(kind, "the inner one", inner);
        }
    }

    @Nested
    @DisplayName("typ exactly the kind's (case-insensitive, application/ prefix allowed)")
    final class Typ {

        @ParameterizedTest
        @EnumSource(Kind.class)
        void typIsTheKinds(Kind kind) {
            for (String typ : List.of(
                    kind.typ,
                    kind.typ.toUpperCase(java.util.Locale.ROOT),
                    "application/" + kind.typ,
                    "Application/" + kind.typ.toUpperCase(java.util.Locale.ROOT))) {
                takes(kind, typ, jwt -> jwt.header("typ", typ));
            }
            String other = (kind == Kind.ID_JAG ? Kind.LOGOUT : Kind.ID_JAG).typ;
            for (Object typ : Arrays.asList(
                    "",
                    "JWT",
                    "jwt",
                    "at+jwt",
                    other,
                    "application/" + other,
                    kind.typ + " ",
                    " " + kind.typ,
                    kind.typ + ";charset=utf-8",
                    "application/application/" + kind.typ,
                    "text/" + kind.typ,
                    "/" + kind.typ,
                    kind.typ.substring(1),
                    kind.typ.replace("+jwt", ""),
                    kind.typ.replace("j", "\u0237"),
                    List.of(kind.typ),
                    1,
                    null)) {
                refuses(kind, "typ " + typ, "invalid_request", jwt -> jwt.header("typ", typ));
            }
            refuses(kind, "no typ", "invalid_request", jwt -> jwt.withoutHeader("typ"));
        }
    }

    @Nested
    @DisplayName("T06: alg allowed and equal to what the key allows; no crit; header jwk, jku, x5u, x5c never followed")
    final class Algorithm {

        @ParameterizedTest
        @EnumSource(Kind.class)
        void algThatIsNotAllowedIsInvalidRequest(Kind kind) {
            for (Object alg : Arrays.asList(
                    "none",
                    "None",
                    "NONE",
                    "",
                    "es256",
                    "ES256 ",
                    "ES256K",
                    "ES512",
                    "RS384",
                    "RS512",
                    "PS512",
                    "HS256",
                    "HS384",
                    "HS512",
                    "Ed25519",
                    "dir",
                    List.of("ES256"),
                    1,
                    null)) {
                refuses(kind, "alg " + alg, "invalid_request", jwt -> jwt.header("alg", alg));
            }
            refuses(kind, "no alg", "invalid_request", jwt -> jwt.withoutHeader("alg"));
            refuses(
                    kind,
                    "none, unsigned",
                    "invalid_request",
                    jwt -> jwt.header("alg", "none").signature(new byte[0]));
            takes(kind, "ES256", jwt -> jwt);
        }

        @ParameterizedTest
        @EnumSource(Kind.class)
        @DisplayName("HMAC with the public key")
        void hmacWithThePublicKeyIsRefused(Kind kind) {
            ProviderSigner rsa = ProviderSigner.rs256(2048);
            provider().publish(rsa.publicJwk());
            byte[] der = rsa.publicKey().getEncoded();
            String pem = "-----BEGIN PUBLIC KEY-----\n"
                    + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der)
                    + "\n-----END PUBLIC KEY-----\n";

            for (byte[] secret :
                    List.of(der, Client.utf8(pem), Client.utf8(writeJson(rsa.publicJwk())), Client.utf8(rsa.keyId()))) {
                ProviderJwt jwt = good(kind).signedBy(rsa).header("alg", "HS256");
                String forged = jwt.signature(ProviderSigner.hmac(secret, jwt.signingInput()))
                        .compact();
                refuses(kind, "HS256", forged, "invalid_request");
            }
            takes(kind, "RS256", jwt -> jwt.signedBy(rsa));
        }

        @ParameterizedTest
        @EnumSource(Kind.class)
        @DisplayName("alg ≠ key")
        void algThatTheKeyIsNotForIsInvalidRequest(Kind kind) {
            ProviderSigner rs256 = ProviderSigner.rs256(2048);
            ProviderSigner anyRsa = ProviderSigner.rs256(2048);
            Map<String, Object> withoutAlg = anyRsa.publicJwk();
            withoutAlg.remove("alg");
            provider().publish(rs256.publicJwk());
            provider().publish(withoutAlg);

            for (String alg : List.of("RS256", "PS256", "ES384", "EdDSA")) {
                refuses(kind, alg + " with a P-256 key", "invalid_request", jwt -> jwt.header("alg", alg));
            }
            refuses(
                    kind,
                    "ES256 with an RSA key",
                    "invalid_request",
                    jwt -> jwt.signedBy(rs256).header("alg", "ES256").signature(new byte[64]));
            refuses(
                    kind,
                    "PS256 with a key for RS256",
                    "invalid_request",
                    jwt -> jwt.signedBy(rs256.withAlgorithm("PS256")));
            takes(kind, "RS256 with a key for RS256", jwt -> jwt.signedBy(rs256));
            takes(kind, "RS256 with a key for any", jwt -> jwt.signedBy(anyRsa));
            takes(kind, "PS256 with a key for any", jwt -> jwt.signedBy(anyRsa.withAlgorithm("PS256")));
        }

        @ParameterizedTest
        @EnumSource(Kind.class)
        void critIsInvalidRequest(Kind kind) {
            for (Object crit : Arrays.asList(List.of("exp"), List.of("b64"), List.of(), "exp", null)) {
                refuses(
                        kind,
                        "crit " + crit,
                        "invalid_request",
                        jwt -> jwt.header("crit", crit).header("b64", true).header("exp", 1));
            }
            takes(kind, "no crit", jwt -> jwt.header("b64", true).header("exp", 1));
        }

        @ParameterizedTest
        @EnumSource(Kind.class)
        void keysInTheHeaderAreNeverFollowed(Kind kind) {
            FakeProvider trap = closing(FakeProvider.start(service().clock));
            ProviderSigner attacker = trap.signer();
            String url = trap.issuer() + "/.well-known/jwks.json";
            Map<String, Object> tricks = new LinkedHashMap<>();
            tricks.put("jwk", attacker.publicJwk());
            tricks.put("jku", url);
            tricks.put("x5u", trap.issuer() + "/cert.pem");
            tricks.put(
                    "x5c",
                    List.of(Base64.getEncoder()
                            .encodeToString(attacker.publicKey().getEncoded())));
            tricks.put("x5t#S256", "AAAA");

            tricks.forEach((name, value) -> {
                service().clock.advance(BUDGET_WINDOW);
                refuses(
                        kind,
                        name + " and its kid",
                        "invalid_signature",
                        jwt -> jwt.signedBy(attacker).header(name, value));
                refuses(
                        kind,
                        name + " and the provider's kid",
                        "invalid_signature",
                        jwt -> jwt.signedBy(attacker)
                                .header("kid", provider().signer().keyId())
                                .header(name, value));
                takes(kind, name + " and a good signature", jwt -> jwt.header(name, value));
            });

            assertThat(trap.keyRequests() + trap.otherRequests()).isZero();
            assertThat(provider().otherRequests()).isZero();
        }
    }

    @Nested
    @DisplayName(
            "Key by kid from that issuer's JWKS only (an unknown kid is invalid_signature); signature (invalid_signature)")
    final class KeyAndSignature {

        @ParameterizedTest
        @EnumSource(Kind.class)
        void unknownKidIsInvalidSignature(Kind kind) {
            refuses(kind, "unknown kid", "invalid_signature", jwt -> jwt.header("kid", "nobody's"));
            refuses(
                    kind,
                    "kid in capitals",
                    "invalid_signature",
                    jwt -> jwt.header("kid", provider().signer().keyId().toUpperCase(java.util.Locale.ROOT)));
            takes(kind, "known kid", jwt -> jwt);
        }

        @ParameterizedTest
        @EnumSource(Kind.class)
        void kidThatIsMissingOrIllTypedIsInvalidRequest(Kind kind) {
            refuses(kind, "no kid", "invalid_request", jwt -> jwt.withoutHeader("kid"));
            for (Object kid : Arrays.asList(
                    1, null, List.of(), List.of(provider().signer().keyId()), Map.of())) {
                refuses(kind, "kid " + kid, "invalid_request", jwt -> jwt.header("kid", kid));
            }
        }

        @ParameterizedTest
        @EnumSource(Kind.class)
        void keyOfAnotherTrustedIssuerIsUnknown(Kind kind) {
            FakeProvider other = closing(service().anotherProvider());
            takes(
                    kind,
                    "the other's own",
                    kind.good(other, service()).email(BOB).compact());

            refuses(kind, "signed by the other", "invalid_signature", jwt -> jwt.signedBy(other.signer()));

            takes(kind, "its own", jwt -> jwt);
        }

        @ParameterizedTest
        @EnumSource(Kind.class)
        void oneKidAtTwoIssuersIsTwoKeys(Kind kind) {
            FakeProvider other = closing(service().anotherProvider());
            ProviderSigner twin =
                    ProviderSigner.es256().withKeyId(provider().signer().keyId());
            other.rotateTo(twin);

            refuses(kind, "the other's key", "invalid_signature", jwt -> jwt.signedBy(twin));
            takes(kind, "own key", jwt -> jwt);
            takes(
                    kind,
                    "the other's own",
                    kind.good(other, service()).email(BOB).compact());
        }

        @ParameterizedTest
        @EnumSource(Kind.class)
        void signatureThatIsNotGoodIsInvalidSignature(Kind kind) {
            byte[] good = provider().signer().sign(good(kind).signingInput());
            byte[] order = new java.math.BigInteger(
                            "ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551", 16)
                    .toByteArray();
            byte[] orderTwice = new byte[64];
            System.arraycopy(order, 1, orderTwice, 0, 32);
            System.arraycopy(order, 1, orderTwice, 32, 32);

            refuses(
                    kind,
                    "of another JWT",
                    "invalid_signature",
                    jwt -> jwt.claim("x", 1).signature(good));
            refuses(kind, "zeros", "invalid_signature", jwt -> jwt.signature(new byte[64]));
            refuses(kind, "the curve's order", "invalid_signature", jwt -> jwt.signature(orderTwice));
            refuses(
                    kind,
                    "by another key",
                    "invalid_signature",
                    jwt -> jwt.signedBy(
                            ProviderSigner.es256().withKeyId(provider().signer().keyId())));
            for (int bit : new int[] {0, 7, 255, 256, 511}) {
                ProviderJwt jwt = good(kind);
                byte[] flipped = provider().signer().sign(jwt.signingInput());
                flipped[bit / 8] ^= (byte) (1 << bit % 8);
                refuses(kind, "bit " + bit, jwt.signature(flipped).compact(), "invalid_signature");
            }
            ProviderJwt changed = good(kind);
            String[] parts = changed.compact().split("\\.", -1);
            String[] others = changed.claim("x", 1).compact().split("\\.", -1);
            refuses(kind, "claims swapped", parts[0] + "." + others[1] + "." + parts[2], "invalid_signature");
            takes(kind, "good", jwt -> jwt);
        }
    }

    @Nested
    @DisplayName(
            "Claims by their raw JSON types (a numeric sub is not a string; times are finite and before the year 9999)")
    final class RawTypes {

        @ParameterizedTest
        @EnumSource(Kind.class)
        void stringsAreStrings(Kind kind) {
            for (String claim : List.of("sub", "jti")) {
                for (String json : List.of("1", "1.5", "true", "null", "[]", "[\"a\"]", "{}", "\"\"")) {
                    refuses(kind, claim + " " + json, "invalid_request", jwt -> jwt.claimJson(claim, json));
                }
                refuses(kind, "no " + claim, "invalid_request", jwt -> jwt.without(claim));
            }
            for (String json : List.of("1", "null", "[]", "{}")) {
                refuses(kind, "tenant " + json, "invalid_request", jwt -> jwt.claimJson("tenant", json));
            }
            takes(kind, "good", jwt -> jwt);
        }

        @ParameterizedTest
        @EnumSource(Kind.class)
        @DisplayName("T08: overflow")
        void timesAreFinite(Kind kind) {
            for (String claim : List.of("iat", "exp", "nbf")) {
                for (String json : List.of(
                        "\"1777899600\"",
                        "1e400",
                        "-1e400",
                        "true",
                        "null",
                        "[]",
                        "{}",
                        "253370764800",
                        "253402300800",
                        "9223372036854775807",
                        "9223372036854775808",
                        "18446744073709551616",
                        "99999999999999999999999999")) {
                    refuses(kind, claim + " " + json, "invalid_request", jwt -> jwt.claimJson(claim, json));
                }
            }
            takes(kind, "good", jwt -> jwt.claim("nbf", 0));
        }

        @Test
        void lastSecondBeforeTheYear9999IsATime() {
            takes(Kind.LOGOUT, "exp", jwt -> jwt.claimJson("exp", "253370764799"));
            refuses(Kind.LOGOUT, "exp", "invalid_request", jwt -> jwt.claimJson("exp", "253370764800"));
        }

        @ParameterizedTest
        @EnumSource(Kind.class)
        @DisplayName("jti a non-empty string of at most 1,024 characters, like sub")
        void lengthOfJtiAndSub(Kind kind) {
            for (String claim : List.of("jti", "sub")) {
                takes(
                        kind,
                        claim + " of 1024",
                        jwt -> jwt.email("b" + claim + "@example.com").claim(claim, "x".repeat(1024)));
                refuses(kind, claim + " of 1025", "invalid_request", jwt -> jwt.claim(claim, "x".repeat(1025)));
                takes(
                        kind,
                        claim + " of 1",
                        jwt -> jwt.email("c" + claim + "@example.com").claim(claim, "x"));
            }
        }

        @ParameterizedTest
        @EnumSource(Kind.class)
        @DisplayName("no string that we keep or compare may hold U+0000 or an unpaired surrogate")
        void charactersThatCannotBeKept(Kind kind) {
            List<String> claims = kind == Kind.ID_JAG
                    ? List.of("jti", "sub", "tenant", "email", "agent_platform", "agent_context_id")
                    : List.of("jti", "sub", "tenant");
            for (String claim : claims) {
                for (String text :
                        List.of("\\u0000", "a\\u0000b", "\\ud800", "\\udc00", "a\\ud800b", "\\udc00\\ud800")) {
                    refuses(
                            kind,
                            claim + " " + text,
                            "invalid_request",
                            jwt -> jwt.claimJson(claim, "\"" + text + "\""));
                }
            }
            takes(kind, "a pair", jwt -> jwt.email(BOB).claimJson("sub", "\"\\ud83d\\ude00\""));
        }
    }

    @Nested
    @DisplayName("T08: nbf, iat not in the future; exp, where present, in the future (expired); skew 60 s")
    final class Times {

        @ParameterizedTest
        @EnumSource(Kind.class)
        void nbfAndIatUpTo60SecondsAheadAreTaken(Kind kind) {
            for (String claim : List.of("nbf", "iat")) {
                service().clock.moveTo(ProtocolService.START);
                long limit = ProtocolService.START.getEpochSecond() + 60;
                takes(kind, claim + " 60 s ahead", jwt -> jwt.claim(claim, limit));
                refuses(kind, claim + " 61 s ahead", "invalid_request", jwt -> jwt.claim(claim, limit + 1));

                service().clock.moveTo(ProtocolService.START.plusSeconds(1).minusMillis(1));
                refuses(kind, claim + " 60.001 s ahead", "invalid_request", jwt -> jwt.claim(claim, limit + 1));
                service().clock.moveTo(ProtocolService.START.plusSeconds(1));
                takes(kind, claim + " exactly 60 s ahead", jwt -> jwt.claim(claim, limit + 1));
            }
        }

        @ParameterizedTest
        @EnumSource(Kind.class)
        void expIsTakenUntil60SecondsLater(Kind kind) {
            Instant exp = ProtocolService.START.plusSeconds(300);
            UnaryOperator<ProviderJwt> change =
                    jwt -> jwt.issuedAt(ProtocolService.START).expiresAt(exp);

            service().clock.moveTo(exp.plusSeconds(60).minusMillis(1));
            takes(kind, "1 ms before", change);
            service().clock.moveTo(exp.plusSeconds(60));
            refuses(kind, "at the instant", "expired", change);
            service().clock.moveTo(exp.plusSeconds(60).plusMillis(1));
            refuses(kind, "1 ms behind", "expired", change);
        }
    }

    @Nested
    @DisplayName("T07: aud is this issuer, a string or an array with exactly that one element (invalid_audience)")
    final class Audience {

        @ParameterizedTest
        @EnumSource(Kind.class)
        void audienceIsThisIssuerAlone(Kind kind) {
            String issuer = service().issuer();
            takes(kind, "a string", jwt -> jwt.claim("aud", issuer));
            takes(kind, "an array of one", jwt -> jwt.claim("aud", List.of(issuer)));
            for (Object other : List.of(
                    "https://other.example",
                    issuer.toUpperCase(java.util.Locale.ROOT),
                    " " + issuer,
                    issuer + "/agent/identity",
                    List.of(issuer, issuer),
                    List.of(issuer, "https://other.example"),
                    List.of("https://other.example", issuer),
                    List.of(issuer, ""),
                    List.of("https://other.example"),
                    List.of())) {
                refuses(kind, "aud " + other, "invalid_audience", jwt -> jwt.claim("aud", other));
            }
            // No string and no array of strings: malformed, and not this issuer either.
            for (String json : List.of("1", "null", "true", "{}", "[1]", "[null]", "[[\"" + issuer + "\"]]", "\"\"")) {
                refuses(
                        kind,
                        "aud " + json,
                        good(kind).claimJson("aud", json).compact(),
                        "invalid_audience",
                        "invalid_request");
            }
            refuses(kind, "no aud", good(kind).without("aud").compact(), "invalid_audience", "invalid_request");
        }
    }

    /** A rule, and how it is broken. */
    private record Step(String name, String code, UnaryOperator<ProviderJwt> change, UnaryOperator<String> respelling) {
        Step(String name, String code, UnaryOperator<ProviderJwt> change) {
            this(name, code, change, text -> text);
        }
    }

    private List<Step> steps(Kind kind) {
        List<Step> steps = new ArrayList<>(List.of(
                new Step("size", "invalid_request", jwt -> jwt.claim("pad", "x".repeat(17_000))),
                new Step("form", "invalid_request", jwt -> jwt, text -> text + "="),
                new Step("duplicates", "invalid_request", jwt -> jwt.claimJson("x", "1,\"x\":1")),
                new Step("iss", "invalid_issuer", jwt -> jwt.claim("iss", "https://other.example")),
                new Step("typ", "invalid_request", jwt -> jwt.header("typ", "JWT")),
                new Step("alg", "invalid_request", jwt -> jwt.header("alg", "ES512")),
                new Step("crit", "invalid_request", jwt -> jwt.header("crit", List.of("x"))),
                new Step("kid", "invalid_signature", jwt -> jwt.header("kid", "unknown")),
                new Step("signature", "invalid_signature", jwt -> jwt.signature(new byte[64])),
                new Step("types", "invalid_request", jwt -> jwt.claim("sub", 1)),
                new Step(
                        "nbf",
                        "invalid_request",
                        jwt -> jwt.claim("nbf", service().clock.instant().getEpochSecond() + 100)),
                new Step(
                        "exp",
                        "expired",
                        jwt -> jwt.expiresAt(service().clock.instant().minusSeconds(60))),
                new Step("aud", "invalid_audience", jwt -> jwt.claim("aud", "https://other.example")),
                new Step("jti", "invalid_request", jwt -> jwt.without("jti"))));
        if (kind == Kind.ID_JAG) {
            steps.addAll(List.of(
                    new Step(
                            "lifetime",
                            "invalid_request",
                            jwt -> jwt.issuedAt(service().clock.instant().minusSeconds(7200))),
                    new Step("client_id", "invalid_client_id", jwt -> jwt.claim("client_id", "other")),
                    new Step("sub", "invalid_request", jwt -> jwt.without("sub")),
                    new Step("verified", "missing_verified_email", jwt -> jwt.claim("email_verified", false)),
                    new Step("cnf", "invalid_request", jwt -> jwt.claim("cnf", Map.of())),
                    new Step("aud_tenant", "invalid_audience", jwt -> jwt.claim("aud_tenant", "x")),
                    new Step("resource", "invalid_target", jwt -> jwt.claim("resource", "https://other.example")),
                    new Step("replay", "replay_detected", this::withSpentJti)));
        }
        return steps;
    }

    private ProviderJwt withSpentJti(ProviderJwt jwt) {
        String jti = UUID.randomUUID().toString();
        registerIdJag(idJag().claim("jti", jti));
        return jwt.claim("jti", jti);
    }

    @Nested
    @DisplayName("All kinds, in order, cheapest first, stopping at the first failure")
    final class Order {

        @ParameterizedTest
        @EnumSource(Kind.class)
        void eachRuleAloneIsToldByItsCode(Kind kind) {
            for (Step step : steps(kind)) {
                service().clock.advance(BUDGET_WINDOW);
                String jwt =
                        step.respelling().apply(step.change().apply(good(kind)).compact());
                refuses(kind, step.name(), jwt, step.code());
                takes(kind, "good after " + step.name(), good(kind).compact());
            }
        }

        @ParameterizedTest
        @EnumSource(Kind.class)
        void ofTwoBrokenRulesTheFirstDecides(Kind kind) {
            List<Step> steps = steps(kind);
            int pairs = 0;
            for (int i = 0; i < steps.size(); i++) {
                for (int j = i + 1; j < steps.size(); j++) {
                    Step first = steps.get(i);
                    Step second = steps.get(j);
                    if (first.code().equals(second.code())) {
                        continue;
                    }
                    service().clock.advance(BUDGET_WINDOW);
                    ProviderJwt jwt = first.change().apply(second.change().apply(good(kind)));
                    String text = first.respelling().apply(second.respelling().apply(jwt.compact()));
                    refuses(kind, first.name() + " before " + second.name(), text, first.code());
                    pairs++;
                }
            }
            assertThat(pairs).isGreaterThan(40);
        }

        @Test
        @DisplayName("cheapest first: what is wrong before the key is needed costs no fetch")
        void nothingIsFetchedForWhatIsRefusedBefore() {
            for (Kind kind : Kind.values()) {
                for (Step step : steps(kind).subList(0, 7)) {
                    String jwt = step.respelling()
                            .apply(step.change().apply(good(kind)).compact());
                    refuses(kind, step.name(), jwt, step.code());
                }
            }
            assertThat(provider().keyRequests()).isZero();

            takes(Kind.ID_JAG, "good", jwt -> jwt);
            assertThat(provider().keyRequests()).isEqualTo(1);
        }

        @Test
        @DisplayName("last, jti is recorded … so that a rejected assertion does not burn its jti")
        void rejectedAssertionDoesNotBurnItsJti() {
            for (Step step : steps(Kind.ID_JAG)) {
                if (List.of("jti", "replay").contains(step.name())) {
                    continue;
                }
                service().clock.advance(BUDGET_WINDOW);
                String jti = UUID.randomUUID().toString();
                ProviderJwt jwt = step.change().apply(idJag().claim("jti", jti));
                refuses(Kind.ID_JAG, step.name(), step.respelling().apply(jwt.compact()), step.code());
                takes(
                        Kind.ID_JAG,
                        "corrected " + step.name(),
                        idJag().claim("jti", jti).compact());
                refuses(Kind.ID_JAG, "spent now", idJag().claim("jti", jti).compact(), "replay_detected");
            }
        }

        @Test
        void rejectionIsAudited() {
            refuses(Kind.ID_JAG, "aud", "invalid_audience", jwt -> jwt.claim("aud", "https://other.example"));

            assertThat(service().audit.newest("provider.rejected").fields()).containsEntry("error", "invalid_audience");
        }
    }

    @Nested
    @DisplayName("ID-JAG")
    final class IdJag {
        private static final Kind KIND = Kind.ID_JAG;

        @Test
        @DisplayName("exp and iat present, lifetime ≤ 1 h")
        void lifetime() {
            Instant now = service().clock.instant();
            refuses(KIND, "no exp", "invalid_request", jwt -> jwt.without("exp"));
            refuses(KIND, "no iat", "invalid_request", jwt -> jwt.without("iat"));
            takes(KIND, "3600 s", jwt -> jwt.expiresAt(now.plusSeconds(3600)));
            refuses(KIND, "3601 s", "invalid_request", jwt -> jwt.expiresAt(now.plusSeconds(3601)));
            refuses(KIND, "far", "invalid_request", jwt -> jwt.claimJson("exp", "253370764799"));
            takes(
                    KIND,
                    "3600 s behind",
                    jwt -> jwt.issuedAt(now.minusSeconds(3600)).expiresAt(now));
            refuses(
                    KIND,
                    "3601 s behind",
                    "invalid_request",
                    jwt -> jwt.issuedAt(now.minusSeconds(3601)).expiresAt(now));
        }

        @Test
        @DisplayName(
                "email_verified exactly true with an email, or phone_number_verified exactly true with a phone_number (missing_verified_email)")
        void somethingVerifiedIsNeeded() {
            for (String json : List.of("false", "\"true\"", "1", "null", "[true]", "{}")) {
                refuses(
                        KIND,
                        "email_verified " + json,
                        "missing_verified_email",
                        jwt -> jwt.claimJson("email_verified", json));
                refuses(
                        KIND,
                        "phone_number_verified " + json,
                        "missing_verified_email",
                        jwt -> jwt.phoneOnly("+15550100").claimJson("phone_number_verified", json));
            }
            refuses(KIND, "nothing", "missing_verified_email", jwt -> jwt.without("email", "email_verified"));
            refuses(KIND, "no email_verified", "missing_verified_email", jwt -> jwt.without("email_verified"));
            refuses(KIND, "no email", "missing_verified_email", jwt -> jwt.without("email"));
            refuses(
                    KIND,
                    "no phone",
                    "missing_verified_email",
                    jwt -> jwt.phoneOnly("1").without("phone_number"));
            refuses(
                    KIND,
                    "crossed",
                    "missing_verified_email",
                    jwt -> jwt.without("email_verified").claim("phone_number_verified", true));
            takes(KIND, "email", jwt -> jwt);
            takes(KIND, "phone", jwt -> jwt.phoneOnly("+15550100"));
            takes(
                    KIND,
                    "email, and a phone that is not",
                    jwt -> jwt.claim("phone_number", "+15550100").claim("phone_number_verified", false));
            takes(
                    KIND,
                    "phone, and an email that is not",
                    jwt -> jwt.phoneOnly("+15550100").claim("email", BOB).claim("email_verified", false));
        }

        @Test
        @DisplayName("… and only verified ones are ever used")
        void whatIsNotVerifiedIsNotUsed() {
            service().users.add(User.of("ada", ADA)).add(User.of("bob", BOB)).addPhone("bob", "+15550111");

            String byPhone = registerIdJag(stranger()
                            .phoneOnly("+15550199")
                            .claim("email", ADA)
                            .claim("email_verified", false))
                    .assertion();
            String user = client().callApi(token(byPhone)).string("user_id");
            assertThat(user).isNotEqualTo("ada");
            assertThat(service().users.findById(user).orElseThrow().email()).isEmpty();

            String byEmail = registerIdJag(
                            stranger().claim("phone_number", "+15550111").claim("phone_number_verified", "true"))
                    .assertion();
            assertThat(client().callApi(token(byEmail)).string("user_id")).isNotEqualTo("bob");
            assertThat(service().mail.links()).isEmpty();

            // The positive twins: verified, they are used.
            stepUp(stranger().email(ADA));
            stepUp(stranger().phoneOnly("+15550111"));
        }

        @Test
        @DisplayName("cnf or authorization_details present → invalid_request")
        void demandsThatWeDoNotMeet() {
            for (String claim : List.of("cnf", "authorization_details")) {
                for (String json : List.of("{}", "{\"jkt\":\"x\"}", "[]", "null", "\"\"", "false")) {
                    refuses(KIND, claim + " " + json, "invalid_request", jwt -> jwt.claimJson(claim, json));
                }
            }
            takes(KIND, "neither", jwt -> jwt.claim("CNF", 1));
        }

        @Test
        @DisplayName("aud_tenant present and not configured → invalid_audience")
        void audienceTenant() {
            refuses(KIND, "none configured", "invalid_audience", jwt -> jwt.claim("aud_tenant", "ours"));

            service().trustOnly(provider().trusted().withAudienceTenants(Set.of("ours", "ours-too")));
            takes(KIND, "configured", jwt -> jwt.claim("aud_tenant", "ours"));
            takes(KIND, "configured", jwt -> jwt.claim("aud_tenant", "ours-too"));
            takes(KIND, "absent", jwt -> jwt);
            refuses(KIND, "another", "invalid_audience", jwt -> jwt.claim("aud_tenant", "Ours"));
            for (String json : List.of("null", "1", "[\"ours\"]", "{}")) {
                refuses(
                        KIND,
                        "aud_tenant " + json,
                        idJag().claimJson("aud_tenant", json).compact(),
                        "invalid_audience",
                        "invalid_request");
            }
        }

        @Test
        @DisplayName("resource (string or array) present without ours → invalid_target")
        void resource() {
            String ours = service().resource();
            takes(KIND, "ours", jwt -> jwt.claim("resource", ours));
            takes(KIND, "array", jwt -> jwt.claim("resource", List.of(ours)));
            takes(KIND, "among others", jwt -> jwt.claim("resource", List.of("https://other.example", ours)));
            takes(KIND, "absent", jwt -> jwt);
            for (Object other :
                    List.of("https://other.example", ours + "/", "", List.of(), List.of("https://other.example"))) {
                refuses(KIND, "resource " + other, "invalid_target", jwt -> jwt.claim("resource", other));
            }
            for (String json : List.of("null", "1", "{}", "[1]", "[[\"" + ours + "\"]]")) {
                refuses(
                        KIND,
                        "resource " + json,
                        idJag().claimJson("resource", json).compact(),
                        "invalid_target",
                        "invalid_request");
            }
        }

        @Test
        @DisplayName(
                "scope narrows the identity assertion minted for this presentation (other presentations are unaffected)")
        void scopeNarrowsThisPresentation() {
            Answer wide = client().registerIdJag(idJag().compact()).hasStatus(200);
            Answer narrow = client().registerIdJag(idJag().claim("scope", ProtocolService.READ + " unknown.scope")
                            .compact())
                    .hasStatus(200);
            Answer again = client().registerIdJag(idJag().compact()).hasStatus(200);
            Answer nothing = client().registerIdJag(
                            idJag().claim("scope", "unknown.scope").compact())
                    .hasStatus(200);

            assertThat(narrow.strings("scopes")).containsExactly(ProtocolService.READ);
            assertThat(nothing.strings("scopes")).isEmpty();
            for (Answer each : List.of(wide, again)) {
                assertThat(each.strings("scopes"))
                        .containsExactly(ProtocolService.READ, ProtocolService.WRITE, ProtocolService.ADMIN);
                client().postJson(
                                "/api/things",
                                "{}",
                                "Authorization",
                                "Bearer " + token(each.string("identity_assertion")))
                        .hasStatus(200);
            }
            String token = token(narrow.string("identity_assertion"));
            client().callApi(token).hasStatus(200);
            client().postJson("/api/things", "{}", "Authorization", "Bearer " + token)
                    .hasStatus(403);
            client().exchange(narrow.string("identity_assertion"), "scope", ProtocolService.WRITE)
                    .isCredentialError(400, "invalid_scope");
            assertThat(List.of(wide, narrow, again, nothing))
                    .extracting(answer -> answer.string("registration_id"))
                    .containsOnly(wide.string("registration_id"));
        }

        @Test
        @DisplayName("jti is recorded, per kind and issuer, until exp + skew (replay_detected)")
        void replayIsDetectedUntilTheIdJagHasExpired() {
            String idJag = idJag().compact();
            takes(KIND, "first", idJag);
            refuses(KIND, "second", idJag, "replay_detected");
            refuses(
                    KIND,
                    "another with its jti",
                    idJag().claim("jti", jti(idJag)).compact(),
                    "replay_detected");
            takes(KIND, "another jti", jwt -> jwt);

            Instant end = ProtocolService.START.plusSeconds(300 + 60);
            service().clock.moveTo(end.minusMillis(1));
            refuses(KIND, "just before its end", idJag, "replay_detected");
            service().clock.moveTo(end);
            refuses(KIND, "at its end", idJag, "expired");
        }

        @Test
        void jtiIsOfItsKindAndIssuer() {
            FakeProvider other = closing(service().anotherProvider());
            takes(KIND, "one", jwt -> jwt.claim("jti", "same"));
            takes(
                    KIND,
                    "another issuer's",
                    other.idJag(service().issuer())
                            .email(BOB)
                            .claim("jti", "same")
                            .compact());
            takes(Kind.LOGOUT, "another kind", jwt -> jwt.claim("jti", "same"));
            takes(Kind.LOGOUT, "a logout first", jwt -> jwt.claim("jti", "same-2"));
            takes(KIND, "then an ID-JAG", jwt -> jwt.claim("jti", "same-2"));
            takes(KIND, "another case", jwt -> jwt.claim("jti", "Same"));
            refuses(KIND, "the same", "replay_detected", jwt -> jwt.claim("jti", "same"));
        }

        @Test
        @DisplayName("T13: … atomically, on every replica")
        void ofManyConcurrentPresentationsOneSucceeds() {
            ProtocolService replica = startReplica();
            for (int round = 0; round < 5; round++) {
                String idJag = idJag().compact();

                List<Answer> answers = Race.run(32, i -> (i % 2 == 0 ? client() : replica.client).registerIdJag(idJag));

                assertThat(answers.stream().filter(answer -> answer.status() == 200))
                        .hasSize(1);
                answers.stream()
                        .filter(answer -> answer.status() != 200)
                        .forEach(answer -> answer.isIdentityError(400, "replay_detected"));
            }
        }

        private ProtocolService startReplica() {
            ProtocolService first = service();
            return startService(options -> options.replicaOf(first));
        }

        private String jti(String jwt) {
            try {
                return Answer.JSON
                        .readTree(decoded(jwt.split("\\.", -1)[1]))
                        .path("jti")
                        .textValue();
            } catch (JsonProcessingException e) {
                throw new IllegalArgumentException(e);
            }
        }
    }

    @Nested
    @DisplayName("Comparison of iss, tenant, sub, aud is exact")
    final class Comparison {

        @Test
        void lookAlikesAreOthers() {
            String id = registerIdJag(idJag().subject("caf\u00e9").claim("tenant", "t"))
                    .id();
            int n = 0;
            for (UnaryOperator<ProviderJwt> other : List.<UnaryOperator<ProviderJwt>>of(
                    jwt -> jwt.subject("Caf\u00e9").claim("tenant", "t"),
                    jwt -> jwt.subject("cafe\u0301").claim("tenant", "t"),
                    jwt -> jwt.subject("cafe").claim("tenant", "t"),
                    jwt -> jwt.subject("caf\u00e9 ").claim("tenant", "t"),
                    jwt -> jwt.subject(" caf\u00e9").claim("tenant", "t"),
                    jwt -> jwt.subject("caf\u00e9").claim("tenant", "T"),
                    jwt -> jwt.subject("caf\u00e9").claim("tenant", "t "),
                    jwt -> jwt.subject("caf\u00e9"))) {
                String address = "look" + ++n + "@example.com";
                assertThat(registerIdJag(other.apply(idJag()).email(address)).id())
                        .isNotEqualTo(id);
            }

            assertThat(registerIdJag(idJag().subject("caf\u00e9").claim("tenant", "t"))
                            .id())
                    .isEqualTo(id);
        }
    }

    @Nested
    @DisplayName(
            "T12: keys: RSA ≥ 2048 bits, EC P-256 or P-384, Ed25519; use, key_ops, alg of a JWK are honoured where present")
    final class Keys {

        private Map<String, Object> jwk(ProviderSigner signer, Map<String, Object> changes) {
            Map<String, Object> jwk = signer.publicJwk();
            jwk.putAll(changes);
            return jwk;
        }

        private void publishedButNotUsable(ProviderSigner signer, Map<String, Object> changes, String... codes) {
            provider().publish(jwk(signer, changes));
            for (Kind kind : Kind.values()) {
                service().clock.advance(BUDGET_WINDOW);
                refuses(
                        kind,
                        signer + " " + changes,
                        good(kind).signedBy(signer).compact(),
                        codes);
                takes(kind, "the good key beside it", jwt -> jwt);
            }
        }

        private void publishedAndUsable(ProviderSigner signer, Map<String, Object> changes) {
            provider().publish(jwk(signer, changes));
            for (Kind kind : Kind.values()) {
                service().clock.advance(BUDGET_WINDOW);
                takes(kind, signer + " " + changes, jwt -> jwt.signedBy(signer));
            }
        }

        @Test
        void sizesAndCurves() {
            publishedAndUsable(ProviderSigner.rs256(2048), Map.of());
            publishedAndUsable(ProviderSigner.rs256(3072), Map.of());
            publishedButNotUsable(ProviderSigner.rs256(1024), Map.of(), "invalid_signature", "invalid_request");
            publishedButNotUsable(ProviderSigner.rs256(2040), Map.of(), "invalid_signature", "invalid_request");
            publishedButNotUsable(ProviderSigner.ps256(1024), Map.of(), "invalid_signature", "invalid_request");
            publishedButNotUsable(ProviderSigner.es512(), Map.of(), "invalid_signature", "invalid_request");
        }

        @Test
        void useKeyOpsAndAlgAreHonoured() {
            publishedAndUsable(ProviderSigner.es256(), Map.of("key_ops", List.of("verify")));
            publishedAndUsable(ProviderSigner.es256(), Map.of("key_ops", List.of("sign", "verify")));
            for (Map<String, Object> changes : List.<Map<String, Object>>of(
                    Map.of("use", "enc"),
                    Map.of("use", "SIG"),
                    Map.of("key_ops", List.of("sign")),
                    Map.of("key_ops", List.of("encrypt", "wrapKey")),
                    Map.of("key_ops", List.of()),
                    Map.of("alg", "ES384"),
                    Map.of("alg", "ECDH-ES"),
                    Map.of("alg", "none"))) {
                publishedButNotUsable(ProviderSigner.es256(), changes, "invalid_signature", "invalid_request");
            }
        }

        @Test
        @DisplayName("symmetric and private keys in a JWKS are ignored")
        void symmetricAndPrivateKeysAreIgnored() {
            String secret = Base64.getUrlEncoder().withoutPadding().encodeToString(new byte[32]);
            publishedButNotUsable(ProviderSigner.es256(), Map.of("d", secret), "invalid_signature");
            publishedButNotUsable(ProviderSigner.rs256(2048), Map.of("d", secret), "invalid_signature");
            publishedButNotUsable(ProviderSigner.ed25519(), Map.of("d", secret), "invalid_signature");
            ProviderSigner symmetric = ProviderSigner.es256();
            publishedButNotUsable(symmetric, Map.of("kty", "oct", "k", secret), "invalid_signature");

            provider().publish(Map.of("kty", "oct", "k", secret, "kid", "oct-1", "alg", "HS256", "use", "sig"));
            ProviderJwt jwt = idJag().header("alg", "HS256").header("kid", "oct-1");
            refuses(
                    Kind.ID_JAG,
                    "HS256 with a published secret",
                    jwt.signature(ProviderSigner.hmac(new byte[32], jwt.signingInput()))
                            .compact(),
                    "invalid_request");
        }

        @Test
        @DisplayName("off-curve points and other nonsense")
        void nonsenseIsIgnoredAndTheRestIsUsable() {
            ProviderSigner signer = ProviderSigner.es256();
            String x = (String) signer.publicJwk().get("x");
            publishedButNotUsable(signer, Map.of("y", x), "invalid_signature", "invalid_request");
            publishedButNotUsable(
                    ProviderSigner.es256(), Map.of("crv", "P-384"), "invalid_signature", "invalid_request");
            publishedButNotUsable(
                    ProviderSigner.es256(), Map.of("crv", "secp256k1"), "invalid_signature", "invalid_request");
            publishedButNotUsable(ProviderSigner.es256(), Map.of("x", 1), "invalid_signature", "invalid_request");
            publishedButNotUsable(
                    ProviderSigner.ed25519(), Map.of("crv", "X25519"), "invalid_signature", "invalid_request");
            publishedButNotUsable(
                    ProviderSigner.ed25519(), Map.of("x", "AAAA"), "invalid_signature", "invalid_request");

            provider()
                    .publishText(writeJson(Map.of(
                            "keys",
                            Arrays.asList(
                                    1,
                                    null,
                                    "x",
                                    List.of(),
                                    Map.of(),
                                    provider().signer().publicJwk()))));
            service().clock.advance(Duration.ofMinutes(10));
            takes(Kind.ID_JAG, "the one good key", jwt -> jwt);
        }

        @ParameterizedTest
        @EnumSource(Kind.class)
        @DisplayName("two keys of one kid that both fit → refused")
        void twinsThatBothFitAreRefused(Kind kind) {
            ProviderSigner twin =
                    ProviderSigner.es256().withKeyId(provider().signer().keyId());
            ProviderSigner other = ProviderSigner.es256();
            provider().publish(twin.publicJwk());
            provider().publish(other.publicJwk());

            // A rule that names no code, about a signature that no one key can be held against.
            refuses(kind, "the first", good(kind).compact(), "invalid_request", "invalid_signature");
            refuses(kind, "the second", good(kind).signedBy(twin).compact(), "invalid_request", "invalid_signature");
            takes(kind, "a key of its own kid", jwt -> jwt.signedBy(other));
        }

        @ParameterizedTest
        @EnumSource(Kind.class)
        void twinsOfWhichOneFitsAreNotInTheWay(Kind kind) {
            ProviderSigner twin =
                    ProviderSigner.rs256(2048).withKeyId(provider().signer().keyId());
            provider().publish(twin.publicJwk());

            takes(kind, "the EC key", jwt -> jwt);
            takes(kind, "the RSA key", jwt -> jwt.signedBy(twin));
        }
    }

    @Nested
    @DisplayName("JWKS: cached by Cache-Control within 10 min…24 h")
    final class Cache {

        private void isFreshFor(String cacheControl, Duration time) {
            provider().keysCacheControl(cacheControl);
            FakeProvider provider = provider();
            Instant start = service().clock.instant();
            takes(Kind.ID_JAG, cacheControl, stranger().compact());
            int requests = provider.keyRequests();

            service().clock.moveTo(start.plus(time).minusMillis(1));
            takes(Kind.ID_JAG, cacheControl + ", still fresh", stranger().compact());
            assertThat(provider.keyRequests()).as(cacheControl).isEqualTo(requests);

            service().clock.moveTo(start.plus(time));
            takes(Kind.ID_JAG, cacheControl + ", not fresh any more", stranger().compact());
            assertThat(provider.keyRequests()).as(cacheControl).isEqualTo(requests + 1);
        }

        @Test
        void withoutCacheControl10Minutes() {
            isFreshFor(null, Duration.ofMinutes(10));
        }

        @ParameterizedTest
        @ValueSource(
                strings = {"max-age=0", "max-age=599", "no-store", "no-cache", "no-store, max-age=3600", "max-age=x"})
        void neverLessThan10Minutes(String cacheControl) {
            isFreshFor(cacheControl, Duration.ofMinutes(10));
        }

        @ParameterizedTest
        @ValueSource(strings = {"max-age=3600", "public, max-age=3600", "MAX-AGE=3600, must-revalidate"})
        void asLongAsTheProviderSays(String cacheControl) {
            isFreshFor(cacheControl, Duration.ofHours(1));
        }

        @ParameterizedTest
        @ValueSource(strings = {"max-age=86401", "max-age=31536000", "max-age=99999999999999999999"})
        void neverLongerThan24Hours(String cacheControl) {
            isFreshFor(cacheControl, Duration.ofHours(24));
        }

        @Test
        @DisplayName("a key that the provider has withdrawn goes with the cache")
        void withdrawnKeyIsUnknownAfterTheNextFetch() {
            ProviderSigner old = provider().signer();
            takes(Kind.ID_JAG, "old key", stranger().compact());
            provider().rotateTo(ProviderSigner.es256());
            takes(
                    Kind.ID_JAG,
                    "old key from the cache",
                    stranger().signedBy(old).compact());

            service().clock.advance(Duration.ofMinutes(10));
            refuses(Kind.ID_JAG, "old key", stranger().signedBy(old).compact(), "invalid_signature");
            takes(Kind.ID_JAG, "new key", stranger().compact());
        }
    }

    @Nested
    @DisplayName(
            "An unknown kid refetches at once, within a budget of 3 in 5 minutes per issuer (and never per request)")
    final class Budget {

        @ParameterizedTest
        @EnumSource(Kind.class)
        void newKeyIsFoundAtOnce(Kind kind) {
            takes(kind, "old key", jwt -> jwt);
            provider().rotateTo(ProviderSigner.es256());

            takes(kind, "new key", jwt -> jwt);
            assertThat(provider().keyRequests()).isEqualTo(2);
            takes(kind, "new key", jwt -> jwt);
            assertThat(provider().keyRequests()).isEqualTo(2);
        }

        @ParameterizedTest
        @EnumSource(Kind.class)
        @DisplayName("T10: with the fetch budget spent, 503")
        void unknownKidWithTheBudgetSpentIs503(Kind kind) {
            takes(kind, "good", jwt -> jwt);
            for (int i = 0; i < 3; i++) {
                String kid = "unknown-" + i;
                refuses(kind, kid, "invalid_signature", jwt -> jwt.header("kid", kid));
            }
            assertThat(provider().keyRequests()).isEqualTo(4);

            for (int i = 3; i < 300; i++) {
                isUnavailable(kind, good(kind).header("kid", "unknown-" + i).compact());
            }
            assertThat(provider().keyRequests()).isEqualTo(4);
            takes(kind, "honest traffic", jwt -> jwt);

            service().clock.moveTo(ProtocolService.START.plus(BUDGET_WINDOW).minusMillis(1));
            isUnavailable(kind, good(kind).header("kid", "unknown-x").compact());
            service().clock.moveTo(ProtocolService.START.plus(BUDGET_WINDOW));
            refuses(kind, "5 minutes later", "invalid_signature", jwt -> jwt.header("kid", "unknown-x"));
            assertThat(provider().keyRequests()).isEqualTo(5);
        }

        @Test
        @DisplayName("… and the same request may be repeated: nothing of it was spent")
        void newKeyWithTheBudgetSpentIs503AndSucceedsLater() {
            takes(Kind.ID_JAG, "good", jwt -> jwt);
            for (int i = 0; i < 3; i++) {
                String kid = "unknown-" + i;
                refuses(Kind.ID_JAG, kid, "invalid_signature", jwt -> jwt.header("kid", kid));
            }
            provider().rotateTo(ProviderSigner.es256());
            String idJag = idJag().compact();
            isUnavailable(Kind.ID_JAG, idJag);

            service().clock.advance(BUDGET_WINDOW);
            takes(Kind.ID_JAG, "later", idJag);
        }

        @Test
        @DisplayName("per issuer")
        void floodAtOneIssuerIsNoneAtAnother() {
            FakeProvider other = closing(service().anotherProvider());
            takes(
                    Kind.ID_JAG,
                    "other",
                    other.idJag(service().issuer()).email(BOB).compact());
            for (int i = 0; i < 10; i++) {
                Kind.ID_JAG.send(client(), idJag().header("kid", "unknown-" + i).compact());
            }
            isUnavailable(Kind.ID_JAG, idJag().header("kid", "unknown").compact());

            other.rotateTo(ProviderSigner.es256());
            takes(
                    Kind.ID_JAG,
                    "other, rotated",
                    other.idJag(service().issuer()).email(BOB).compact());
        }

        @Test
        void manyThreadsWithUnknownKidsSpendTheSameBudget() {
            takes(Kind.ID_JAG, "good", jwt -> jwt);
            List<String> forged = new ArrayList<>();
            for (int i = 0; i < 64; i++) {
                forged.add(idJag().header("kid", "unknown-" + i).compact());
            }

            Race.run(64, i -> client().registerIdJag(forged.get(i)))
                    .forEach(answer -> assertThat(answer.status()).isIn(400, 503));

            assertThat(provider().keyRequests()).isLessThanOrEqualTo(1 + 3);
            takes(Kind.ID_JAG, "honest traffic", jwt -> jwt);
        }
    }

    @Nested
    @DisplayName("A failing provider is served from cache for a configurable outage time")
    final class Outage {

        @Test
        void cachedKeysServeForTheDefaultOutageTime() {
            takes(Kind.ID_JAG, "good", stranger().compact());
            provider().trouble(Trouble.FAILING);

            for (Duration later : List.of(
                    Duration.ofMinutes(10),
                    Duration.ofHours(1),
                    Duration.ofMinutes(10).plusHours(4).minusMillis(1))) {
                service().clock.moveTo(ProtocolService.START.plus(later));
                takes(Kind.ID_JAG, "from the cache after " + later, stranger().compact());
            }
            service()
                    .clock
                    .moveTo(ProtocolService.START.plus(Duration.ofMinutes(10)).plus(Duration.ofHours(4)));
            isUnavailable(Kind.ID_JAG, stranger().compact());
            isUnavailable(Kind.LOGOUT, good(Kind.LOGOUT).compact());

            provider().trouble(Trouble.NONE);
            service().clock.advance(Duration.ofMinutes(2));
            takes(Kind.ID_JAG, "out of trouble", stranger().compact());
        }

        @ParameterizedTest
        @ValueSource(longs = {0, 60, 24 * 3600})
        void outageTimeIsConfigurable(long seconds) {
            AtomicReference<ProtocolService> started = new AtomicReference<>();
            started.set(startService(options ->
                    options.configure(builder -> builder.providerKeys(RemoteProviderKeys.builder()
                            .nanoTime(() -> started.get().clock.nanoTime())
                            .outageTime(Duration.ofSeconds(seconds))
                            .build()))));
            takes(Kind.ID_JAG, "good", stranger().compact());
            provider().trouble(Trouble.MISSING);
            Instant end = ProtocolService.START.plus(Duration.ofMinutes(10)).plusSeconds(seconds);

            service().clock.moveTo(end.minusMillis(1));
            takes(Kind.ID_JAG, "just before the end", stranger().compact());
            service().clock.moveTo(end);
            isUnavailable(Kind.ID_JAG, stranger().compact());
        }

        @Test
        void unknownKidInAnOutageIs503() {
            takes(Kind.ID_JAG, "good", jwt -> jwt);
            provider().trouble(Trouble.FAILING);

            isUnavailable(Kind.ID_JAG, idJag().header("kid", "unknown").compact());
            takes(Kind.ID_JAG, "known kid", jwt -> jwt);
        }
    }

    @Nested
    @DisplayName(
            "T11: 2 s to connect, 5 s in total (a dripping server included), 256 KiB, no redirects; one fetch in flight per issuer; nobody waits longer than those 5 s")
    final class Hostile {

        @ParameterizedTest
        @EnumSource(value = Trouble.class, mode = EnumSource.Mode.EXCLUDE, names = "NONE")
        void troubleIs503InTimeForEverybodyAndTheSameRequestSucceedsLater(Trouble trouble) {
            FakeProvider trap = closing(FakeProvider.start(service().clock));
            trap.publishOnly(List.of(provider().signer().publicJwk()));
            provider().redirectKeysTo(URI.create(trap.issuer() + "/.well-known/jwks.json"));
            provider().trouble(trouble);
            List<String> waiting = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                waiting.add(
                        i % 2 == 0 ? stranger().compact() : good(Kind.LOGOUT).compact());
            }
            long start = System.nanoTime();

            List<Answer> answers = Race.run(8, i -> kind(i).send(client(), waiting.get(i)));

            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(7));
            for (int i = 0; i < 8; i++) {
                kind(i).isError(answers.get(i), 503, "temporarily_unavailable").isNotStored();
            }
            // The JDK's client itself repeats a GET, once, whose connection was closed before an answer.
            assertThat(provider().keyRequests()).as("fetches").isBetween(1, trouble == Trouble.HANGING_UP ? 2 : 1);
            assertThat(trap.keyRequests()).as("redirects followed").isZero();

            provider().trouble(Trouble.NONE);
            service().clock.advance(Duration.ofMinutes(2));
            // Whoever waited 5 s may have been told so a moment before the fetch itself ends; this one sees the end.
            client().registerIdJag(stranger().compact());
            for (int i = 0; i < 8; i++) {
                takes(kind(i), "repeated", waiting.get(i));
            }
        }

        private Kind kind(int i) {
            return i % 2 == 0 ? Kind.ID_JAG : Kind.LOGOUT;
        }

        @Test
        void keySetOf256KibIsTakenAndOneByteMoreIsNot() {
            String keys = writeJson(Map.of("keys", List.of(provider().signer().publicJwk())));
            provider().publishText(keys + " ".repeat(256 * 1024 + 1 - keys.length()));
            isUnavailable(Kind.ID_JAG, idJag().compact());

            service().clock.advance(Duration.ofMinutes(2));
            provider().publishText(keys + " ".repeat(256 * 1024 - keys.length()));
            takes(Kind.ID_JAG, "256 KiB", jwt -> jwt);
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "",
                    "[]",
                    "{}",
                    "{\"keys\":{}}",
                    "{\"keys\":null}",
                    "{\"keys\":[],\"keys\":[]}",
                    "{\"keys\":["
                })
        void whatIsNoKeySetIs503(String text) {
            provider().publishText(text);
            isUnavailable(Kind.ID_JAG, idJag().compact());

            provider().publishText(null);
            service().clock.advance(Duration.ofMinutes(2));
            takes(Kind.ID_JAG, "the key set", jwt -> jwt);
        }

        @Test
        void manyThreadsCauseOneFetch() {
            List<String> idJags = new ArrayList<>();
            for (int i = 0; i < 32; i++) {
                idJags.add(stranger().compact());
            }

            Race.run(32, i -> client().registerIdJag(idJags.get(i))).forEach(answer -> answer.hasStatus(200));

            assertThat(provider().keyRequests()).isEqualTo(1);
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "http://keys.example/jwks.json",
                    "http://0.0.0.0:PORT/.well-known/jwks.json",
                    "http://127.0.0.1.example:PORT/.well-known/jwks.json",
                    "file:///etc/hostname",
                    "ftp://127.0.0.1:PORT/.well-known/jwks.json",
                    "jar:file:///x.jar!/jwks.json",
                    "data:application/json,%7B%22keys%22%3A%5B%5D%7D"
                })
        @DisplayName("https only (plain http for loopback alone, file: and everything else never)")
        void otherAddressesAreNeverAsked(String address) {
            String port = String.valueOf(URI.create(provider().issuer()).getPort());
            service().trustOnly(provider().trusted().withJwksUri(URI.create(address.replace("PORT", port))));

            isUnavailable(Kind.ID_JAG, idJag().compact());

            assertThat(provider().keyRequests() + provider().otherRequests()).isZero();
        }

        @Test
        void plainHttpOnLoopbackIsAsked() {
            URI uri = URI.create(provider().issuer().replace("127.0.0.1", "localhost") + "/.well-known/jwks.json");
            service().trustOnly(provider().trusted().withJwksUri(uri));

            takes(Kind.ID_JAG, "localhost", jwt -> jwt);
        }
    }

    @Nested
    @DisplayName("T36: the rules of the JWT kinds exclude each other: any token kind presented at any other endpoint")
    final class CrossProduct {
        private final Map<String, String> tokens = new LinkedHashMap<>();

        private void collect() {
            Registered agent = registerAnonymously();
            tokens.put("attempt token", invite(agent, ADA));
            tokens.put("claim token", agent.claimToken());
            tokens.put("identity assertion", agent.assertion());
            tokens.put("access token", token(agent.assertion()));
            tokens.put("ID-JAG", idJag().email(BOB).compact());
            tokens.put("logout token", good(Kind.LOGOUT).compact());
            tokens.put("security event", good(Kind.EVENT).compact());
            tokens.put(
                    "provider's imitation of an assertion",
                    idJag().claim("iss", service().issuer())
                            .subject(agent.id())
                            .claim("epoch", 0)
                            .compact());
            tokens.put(
                    "provider's assertion",
                    idJag().subject(agent.id()).claim("epoch", 0).compact());
        }

        private void everyOther(String own, java.util.function.BiConsumer<String, String> refused) {
            tokens.forEach((name, token) -> {
                if (!name.equals(own)) {
                    refused.accept(name, token);
                }
            });
        }

        @Test
        void eachEndpointTakesItsOwnKindAlone() {
            collect();

            everyOther("ID-JAG", (name, token) -> {
                if (!name.equals("provider's assertion")) {
                    refuses(Kind.ID_JAG, name, token, isOurs(name) ? "invalid_issuer" : "invalid_request");
                }
            });
            everyOther(
                    "logout token",
                    (name, token) ->
                            refuses(Kind.LOGOUT, name, token, isOurs(name) ? "invalid_issuer" : "invalid_request"));
            everyOther(
                    "security event",
                    (name, token) ->
                            refuses(Kind.EVENT, name, token, isOurs(name) ? "invalid_issuer" : "invalid_request"));
            everyOther(
                    "identity assertion",
                    (name, token) -> client().exchange(token).isCredentialError(400, "invalid_grant"));
            everyOther("access token", (name, token) -> {
                if (token.indexOf('.') > 0) {
                    client().revoke(token).isCredentialError(400, "unsupported_token_type");
                } else {
                    client().revoke(token).hasStatus(200);
                }
                assertThat(client().callApi(token).hasStatus(401).header("WWW-Authenticate"))
                        .as(name)
                        .contains("error=\"invalid_token\"");
            });
            everyOther("claim token", (name, token) -> {
                client().startClaim(token, ADA).isIdentityError(401, "invalid_claim_token");
                client().complete(token, "123456").isIdentityError(401, "invalid_claim_token");
            });
            everyOther("attempt token", (name, token) -> {
                client().challenge(token).isIdentityError(410, "claim_superseded");
                client().reject(token).isIdentityError(410, "claim_superseded");
                client().view(token).hasStatus(404);
            });

            assertEachStillDoesItsOwnWork();
        }

        private boolean isOurs(String name) {
            return name.equals("identity assertion") || name.equals("provider's imitation of an assertion");
        }

        private void assertEachStillDoesItsOwnWork() {
            client().callApi(tokens.get("access token")).hasStatus(200);
            client().exchange(tokens.get("identity assertion")).hasStatus(200);
            takes(Kind.ID_JAG, "ID-JAG", tokens.get("ID-JAG"));
            takes(Kind.LOGOUT, "logout token", tokens.get("logout token"));
            takes(Kind.EVENT, "security event", tokens.get("security event"));
            String code = reveal(tokens.get("attempt token"));
            client().complete(tokens.get("claim token"), code).hasStatus(200);
            client().revoke(tokens.get("access token")).hasStatus(200);
            client().callApi(tokens.get("access token")).hasStatus(401);
        }

        @Test
        @DisplayName("own keys sign no ID-JAG and no logout, and a provider's key no assertion")
        void keysOfOneSideAreUnknownOnTheOther() {
            Registered agent = registerAnonymously();
            String[] own = agent.assertion().split("\\.", -1);
            String typ = decoded(own[0]);
            assertThat(typ).contains("oauth-id-jag+jwt");

            // The same kid and claims, but signed by a provider, and published by it.
            String kid = Answer.JSON
                    .createObjectNode()
                    .textNode(typ.replaceFirst(".*\"kid\":\"([^\"]*)\".*", "$1"))
                    .textValue();
            ProviderSigner twin = ProviderSigner.es256().withKeyId(kid);
            provider().publish(twin.publicJwk());
            String imitation = idJag().signedBy(twin)
                    .claimsBytes(Client.utf8(decoded(own[1])))
                    .compact();
            client().exchange(imitation).isCredentialError(400, "invalid_grant");
            refuses(Kind.ID_JAG, "imitation", imitation, "invalid_issuer");

            client().exchange(agent.assertion()).hasStatus(200);
            takes(Kind.ID_JAG, "signed by the twin as an ID-JAG", jwt -> jwt.signedBy(twin));
        }

        @Test
        void formParametersOfOtherNamesCarryNothing() {
            collect();
            client().token(form("grant_type", Client.ID_JAG, "assertion", tokens.get("ID-JAG")))
                    .isCredentialError(400, "unsupported_grant_type");
            client().register(json(
                            "type",
                            "identity_assertion",
                            "assertion_type",
                            "verified_email",
                            "assertion",
                            tokens.get("ID-JAG")))
                    .isIdentityError(400, "invalid_request");
        }
    }
}
