package dev.agentauth.internal.provider;

import static dev.agentauth.internal.provider.TestProvider.ISSUER;
import static dev.agentauth.internal.provider.TestProvider.NOW;
import static dev.agentauth.internal.provider.TestProvider.RESOURCE;
import static dev.agentauth.internal.provider.TestProvider.SERVICE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.agentauth.AgentAuthException;
import dev.agentauth.Problem;
import dev.agentauth.internal.jose.OwnJwts;
import dev.agentauth.internal.jose.OwnKeySets;
import dev.agentauth.internal.jose.TestKey;
import dev.agentauth.internal.wire.Door;
import dev.agentauth.internal.wire.Errors;
import dev.agentauth.internal.wire.Urns;
import dev.agentauth.memory.InMemoryReplayStore;
import dev.agentauth.spi.JwtKind;
import dev.agentauth.spi.PortUnavailableException;
import dev.agentauth.spi.TrustedProvider;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import java.util.stream.Stream;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The rules for all kinds, shown with ID-JAGs. */
class ProviderAssertionsTest {
    private final TestProvider provider = new TestProvider();
    private final TestReplay replay = new TestReplay();
    private final TestAssertions assertions = trusting(TestProvider.trusted());

    @Test
    void validIdJagIsVerified() {
        VerifiedIdJag idJag = assertions.verifyIdJag(provider.idJag().compact(), NOW);

        assertThat(idJag.provider().issuer()).isEqualTo(ISSUER);
        assertThat(idJag.identity().subject()).isEqualTo("user-1");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a", "a.b.c", "e30.e30.", "e30.e30.AA", "...", "{}"})
    void textThatIsNoJwtIsInvalidRequest(String token) {
        assertThat(codeOf(token)).isEqualTo(Problem.MALFORMED);
    }

    @Test
    void T09_hugeInputIsRefusedBeforeItIsLookedAt() {
        String huge = "e30." + "A".repeat(10_000_000) + ".AA";
        // The best of several, so that a busy machine is not taken for slow code.
        long best = Long.MAX_VALUE;
        for (int i = 0; i < 10; i++) {
            long start = System.nanoTime();
            assertThat(codeOf(huge)).isEqualTo(Problem.MALFORMED);
            best = Math.min(best, System.nanoTime() - start);
        }

        assertThat(Duration.ofNanos(best)).isLessThan(Duration.ofMillis(1));
    }

    @Test
    void T06_encryptedTokenIsInvalidRequest() {
        String encrypted = "eyJhbGciOiJSU0EtT0FFUCIsImVuYyI6IkEyNTZHQ00ifQ.AAAA.AAAA.AAAA.AAAA";

        assertThat(codeOf(encrypted)).isEqualTo(Problem.MALFORMED);
    }

    @Test
    void T06_tokenInsideATokenIsInvalidRequest() {
        byte[] header = "{\"alg\":\"ES256\",\"kid\":\"k1\",\"cty\":\"JWT\"}".getBytes(StandardCharsets.UTF_8);
        byte[] inner = provider.idJag().compact().getBytes(StandardCharsets.UTF_8);

        assertThat(codeOf(provider.key.sign("ES256", header, inner))).isEqualTo(Problem.MALFORMED);
    }

    @Test
    void T48_F21_jtiIsKnownToAReplicaThatIsAMinuteBehindTheOneThatPurges() {
        InMemoryReplayStore shared = new InMemoryReplayStore();
        TestAssertions replica = TestAssertions.of(provider, shared, TestProvider.trusted());
        String token = provider.idJag().time("exp", NOW.plusSeconds(300)).compact();
        assertThat(replica.verifyIdJag(token, NOW)).isNotNull();
        Instant lastThatIsAccepted = NOW.plusSeconds(300 + 60).minusNanos(1);

        shared.purgeExpired(lastThatIsAccepted.plusSeconds(60), 100);

        assertThat(catchThrowableOfType(AgentAuthException.class, () -> replica.verifyIdJag(token, lastThatIsAccepted))
                        .problem())
                .isEqualTo(Problem.REPLAYED);
        assertThat(shared.purgeExpired(NOW.plusSeconds(300 + 180), 100))
                .as("and is forgotten exp + 2 x skew + 60 s later")
                .isEqualTo(1);
    }

    // Issuer

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://other.example",
                "https://provider.example/",
                "https://provider.example ",
                "https://PROVIDER.example",
                "http://provider.example",
                "provider.example"
            })
    void issuerThatIsNotExactlyATrustedOneIsInvalidIssuer(String issuer) {
        assertThat(codeOf(provider.idJag().claim("iss", issuer))).isEqualTo(Problem.ISSUER_UNTRUSTED);
        assertThat(provider.askedFor).isEmpty();
    }

    @Test
    void T36_ourOwnAssertionIsInvalidIssuerEvenIfTheListTrustsUs() {
        TestAssertions careless = trusting(TrustedProvider.of(SERVICE));
        Map<String, Object> claims = new HashMap<>(provider.idJag().claims);
        claims.put("iss", SERVICE);
        String own = new OwnJwts(Optional::empty).sign(claims, OwnKeySets.generate());

        assertThat(codeOf(careless, own, NOW)).isEqualTo(Problem.ISSUER_UNTRUSTED);
        assertThat(provider.askedFor).isEmpty();
    }

    @Test
    void missingIssuerIsInvalidRequest() {
        assertThat(codeOf(provider.idJag().without("iss"))).isEqualTo(Problem.MALFORMED);
    }

    // Type

    @ParameterizedTest
    @ValueSource(
            strings = {
                "oauth-id-jag+jwt",
                "OAUTH-ID-JAG+JWT",
                "application/oauth-id-jag+jwt",
                "Application/OAuth-ID-JAG+jwt"
            })
    void typeInAnyCaseWithOrWithoutPrefixIsTaken(String type) {
        assertThat(assertions.verifyIdJag(provider.idJag().header("typ", type).compact(), NOW))
                .isNotNull();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "JWT",
                "jwt",
                "at+jwt",
                "logout+jwt",
                "secevent+jwt",
                "oauth-id-jag",
                "oauth-id-jag+jwt ",
                "text/oauth-id-jag+jwt",
                "application/application/oauth-id-jag+jwt",
                "oauth-\u0131d-jag+jwt"
            })
    void T36_anotherTypeIsInvalidRequestBeforeAnyKeyIsFetched(String type) {
        assertThat(codeOf(provider.idJag().header("typ", type))).isEqualTo(Problem.MALFORMED);
        assertThat(provider.askedFor).isEmpty();
    }

    @Test
    void T36_idJagIsNoLogoutTokenAndALogoutTokenIsNoIdJag() {
        TestProvider.Token both = provider.idJag().claim("events", Map.of(Urns.ASSERTION_REVOKED, Map.of()));
        assertThat(logoutCodeOf(both.compact())).isEqualTo(Problem.MALFORMED);
        assertThat(codeOf(both.header("typ", "logout+jwt"))).isEqualTo(Problem.MALFORMED);
        assertThat(assertions.verifyLogout(both.compact(), NOW)).isNotNull();
    }

    @Test
    void missingTypeIsInvalidRequest() {
        TestProvider.Token token = provider.idJag();
        token.header.remove("typ");

        assertThat(codeOf(token)).isEqualTo(Problem.MALFORMED);
    }

    // Algorithm and key

    @ParameterizedTest
    @ValueSource(
            strings = {"none", "NONE", "HS256", "HS512", "RS384", "RS512", "ES512", "ES256K", "Ed448", "es256", ""})
    void T06_algorithmOffTheListIsInvalidRequestBeforeAnyKeyIsFetched(String algorithm) {
        assertThat(codeOf(provider.idJag().header("alg", algorithm))).isEqualTo(Problem.MALFORMED);
        assertThat(provider.askedFor).isEmpty();
    }

    @Test
    void T06_hmacWithThePublicKeyIsInvalidRequest() throws Exception {
        String[] parts = provider.idJag().header("alg", "HS256").compact().split("\\.", -1);
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(provider.key.publicKey().getEncoded(), "HmacSHA256"));
        byte[] tag = mac.doFinal((parts[0] + "." + parts[1]).getBytes(StandardCharsets.US_ASCII));
        String forged = parts[0] + "." + parts[1] + "."
                + Base64.getUrlEncoder().withoutPadding().encodeToString(tag);

        assertThat(codeOf(forged)).isEqualTo(Problem.MALFORMED);
    }

    @Test
    void T06_noneWithoutSignatureIsInvalidRequest() {
        String[] parts = provider.idJag().header("alg", "none").compact().split("\\.", -1);

        assertThat(codeOf(parts[0] + "." + parts[1] + ".")).isEqualTo(Problem.MALFORMED);
    }

    static Stream<Arguments> algorithms() {
        return Stream.of(
                Arguments.of("ES256", TestKey.p256()),
                Arguments.of("ES384", TestKey.p384()),
                Arguments.of("RS256", TestKey.rsa(2048)),
                Arguments.of("PS256", TestKey.rsa(2048)),
                Arguments.of("EdDSA", TestKey.ed25519()));
    }

    @ParameterizedTest
    @MethodSource("algorithms")
    void everyAlgorithmOfTheListIsTakenUnlessTheProviderMayNotUseIt(String algorithm, TestKey key) {
        provider.publish("k2", key);
        TestProvider.Token token =
                provider.idJag().header("alg", algorithm).header("kid", "k2").signedBy(key, algorithm);
        Set<String> others = new HashSet<>(TrustedProvider.ALGORITHMS);
        others.remove(algorithm);

        assertThat(codeOf(trusting(TestProvider.trusted().withAlgorithms(others)), token.compact(), NOW))
                .isEqualTo(Problem.MALFORMED);
        assertThat(assertions.verifyIdJag(token.compact(), NOW)).isNotNull();
    }

    @Test
    void T06_algorithmThatTheKeyIsNotForIsInvalidRequest() {
        assertThat(codeOf(provider.idJag().header("alg", "RS256"))).isEqualTo(Problem.MALFORMED);
        assertThat(provider.askedFor).containsExactly("k1");
    }

    static Stream<Object> criticals() {
        return Stream.of(List.of("exp"), List.of("b64"), List.of(), "exp", 1, Map.of());
    }

    @ParameterizedTest
    @MethodSource("criticals")
    void T06_criticalHeaderOfAnyFormIsInvalidRequest(Object value) {
        assertThat(codeOf(provider.idJag().header("crit", value))).isEqualTo(Problem.MALFORMED);
        assertThat(provider.askedFor).isEmpty();
    }

    @Test
    void unknownKeyIdIsInvalidSignature() {
        assertThat(codeOf(provider.idJag().header("kid", "k2"))).isEqualTo(Problem.KEY_UNKNOWN);
        assertThat(codeOf(provider.idJag().header("kid", ""))).isEqualTo(Problem.KEY_UNKNOWN);
    }

    @Test
    void missingIllTypedOrOverlongKeyIdIsInvalidRequestAndNotLookedUp() {
        TestProvider.Token token = provider.idJag();
        token.header.remove("kid");
        assertThat(codeOf(token)).isEqualTo(Problem.MALFORMED);
        assertThat(codeOf(provider.idJag().header("kid", 1))).isEqualTo(Problem.MALFORMED);
        assertThat(codeOf(provider.idJag().header("kid", "k".repeat(1025)))).isEqualTo(Problem.MALFORMED);
        assertThat(provider.askedFor).isEmpty();

        assertThat(codeOf(provider.idJag().header("kid", "k".repeat(1024)))).isEqualTo(Problem.KEY_UNKNOWN);
    }

    @Test
    void signatureOfAnotherKeyIsInvalidSignature() {
        assertThat(codeOf(provider.idJag().signedBy(TestKey.p256(), "ES256"))).isEqualTo(Problem.SIGNATURE_WRONG);
    }

    @Test
    void T12_keyThatMayNotBeUsedIsToldFromOneThatIsNotThere() {
        provider.publish("weak", TestKey.rsa(1024));

        assertThat(codeOf(provider.idJag().header("kid", "weak"))).isEqualTo(Problem.KEY_UNUSABLE);
    }

    @Test
    void T12_twinKeysThatBothFitAreInvalidSignature() {
        provider.publish("k1", TestKey.p256());

        assertThat(codeOf(provider.idJag())).isEqualTo(Problem.KEY_UNKNOWN);
    }

    @Test
    void T12_twinKeysOfWhichOneFitsAreNotInTheWay() {
        provider.publish("k1", TestKey.rsa(2048));

        assertThat(assertions.verifyIdJag(provider.idJag().compact(), NOW)).isNotNull();
    }

    @Test
    void keysOutOfReachAreUnavailableAndSpendNothing() {
        provider.goDown();

        assertThatExceptionOfType(PortUnavailableException.class)
                .isThrownBy(() -> assertions.verifyIdJag(provider.idJag().compact(), NOW));
        assertThat(replay.records).isEmpty();
    }

    @Test
    void T06_keysNamedInTheHeaderAreNeitherUsedNorFetched() throws Exception {
        TestKey attacker = TestKey.p256();
        try (ServerSocketChannel trap = ServerSocketChannel.open()) {
            trap.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            trap.configureBlocking(false);
            String url = "http://127.0.0.1:" + ((InetSocketAddress) trap.getLocalAddress()).getPort() + "/jwks";
            Map<String, Object> embedded = new LinkedHashMap<>();
            embedded.put("jwk", attacker.jwk());
            embedded.put("jku", url);
            embedded.put("x5u", url);
            embedded.put("x5c", List.of("MIIB"));
            embedded.put("x5t", "AAAA");
            for (Map.Entry<String, Object> entry : embedded.entrySet()) {
                TestProvider.Token token = provider.idJag().header(entry.getKey(), entry.getValue());
                token.claim("jti", entry.getKey());
                assertThat(assertions.verifyIdJag(token.compact(), NOW))
                        .as(entry.getKey())
                        .isNotNull();
                assertThat(codeOf(token.signedBy(attacker, "ES256")))
                        .as(entry.getKey())
                        .isEqualTo(Problem.SIGNATURE_WRONG);
            }

            assertThat(trap.accept()).isNull();
        }
    }

    // Claims

    static Stream<Arguments> illTyped() {
        return Stream.of("iss", "sub", "jti", "iat", "exp", "nbf")
                .flatMap(claim -> Stream.of(Arrays.asList(), Map.of(), true, null, List.of(1))
                        .map(value -> Arguments.of(claim, value)));
    }

    @ParameterizedTest
    @MethodSource("illTyped")
    void claimOfAnotherTypeIsInvalidRequest(String claim, Object value) {
        assertThat(codeOf(provider.idJag().claim(claim, value))).isEqualTo(Problem.MALFORMED);
    }

    @ParameterizedTest
    @ValueSource(strings = {"sub", "jti", "iss"})
    void numberInPlaceOfAStringIsInvalidRequest(String claim) {
        assertThat(codeOf(provider.idJag().claim(claim, 42))).isEqualTo(Problem.MALFORMED);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "-0.5",
                "1e999999999",
                "-1",
                "\"1777899600\"",
                "253370764800",
                "9223372036854775807",
                "9223372036854775808",
                "18446744073709551615",
                "99999999999999999999999999"
            })
    void T08_timeThatIsNoSecondBeforeTheYear9999IsInvalidRequest(String time) {
        for (String claim : List.of("exp", "iat", "nbf")) {
            assertThat(codeOf(provider.idJag().without(claim).compactWith("\"" + claim + "\":" + time)))
                    .as(claim)
                    .isEqualTo(Problem.MALFORMED);
        }
    }

    @Test
    void claimOfAnotherTypeIsNamedEvenInALateTokenForSomebodyElse() {
        TestProvider.Token token = provider.idJag()
                .time("exp", NOW.minusSeconds(3600))
                .claim("aud", "x")
                .claim("sub", 1);

        assertThat(codeOf(token)).isEqualTo(Problem.MALFORMED);
    }

    @ParameterizedTest
    @ValueSource(strings = {"\\u0000", "a\\u0000", "\\ud800", "\\udc00", "\\ud800a", "\\udc00\\ud800", "a\\ud83d"})
    void T16_stringThatCannotBeKeptIsInvalidRequest(String text) {
        for (String claim : List.of("sub", "jti", "iss", "tenant", "email", "client_id", "scope", "agent_platform")) {
            assertThat(codeOf(provider.idJag().without(claim).compactWith("\"" + claim + "\":\"" + text + "\"")))
                    .as(claim)
                    .isEqualTo(Problem.MALFORMED);
        }
    }

    @Test
    void pairedSurrogatesAreTaken() {
        String token = provider.idJag().without("sub").compactWith("\"sub\":\"\\ud83d\\ude00\"");

        assertThat(assertions.verifyIdJag(token, NOW).identity().subject()).isEqualTo("\ud83d\ude00");
    }

    static Stream<Arguments> idLengths() {
        return Stream.of(
                Arguments.of(0, false), Arguments.of(1, true), Arguments.of(1024, true), Arguments.of(1025, false));
    }

    @ParameterizedTest
    @MethodSource("idLengths")
    void idsHave1To1024Characters(int length, boolean isTaken) {
        for (String claim : List.of("jti", "sub", "tenant")) {
            TestProvider.Token token = provider.idJag().claim("jti", claim).claim(claim, "x".repeat(length));
            if (isTaken) {
                assertThat(assertions.verifyIdJag(token.compact(), NOW)).isNotNull();
            } else {
                assertThat(codeOf(token)).as(claim).isEqualTo(Problem.MALFORMED);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"jti", "sub", "aud", "exp", "iat"})
    void missingClaimIsInvalidRequest(String claim) {
        assertThat(codeOf(provider.idJag().without(claim))).isEqualTo(Problem.MALFORMED);
    }

    @Test
    void T09_duplicateMembersAreInvalidRequest() {
        assertThat(codeOf(provider.idJag().compactWith("\"sub\":\"user-2\""))).isEqualTo(Problem.MALFORMED);
        assertThat(codeOf(provider.idJag().compactWith("\"x\":{\"a\":1,\"a\":2}")))
                .isEqualTo(Problem.MALFORMED);
    }

    // Time, on the instant and one tick to either side. Tokens speak in seconds, our clock in smaller ones.

    static Stream<Arguments> times() {
        Instant exp = NOW.plusSeconds(300);
        return Stream.of(
                Arguments.of("exp", exp, exp.plusSeconds(59), null),
                Arguments.of("exp", exp, exp.plusSeconds(60).minusMillis(1), null),
                Arguments.of("exp", exp, exp.plusSeconds(60), Problem.JWT_EXPIRED),
                Arguments.of("exp", exp, exp.plusSeconds(61), Problem.JWT_EXPIRED),
                Arguments.of("iat", NOW, NOW.minusSeconds(59), null),
                Arguments.of("iat", NOW, NOW.minusSeconds(60), null),
                Arguments.of("iat", NOW, NOW.minusSeconds(60).minusMillis(1), Problem.MALFORMED),
                Arguments.of("iat", NOW, NOW.minusSeconds(61), Problem.MALFORMED),
                Arguments.of("nbf", NOW, NOW.minusSeconds(60), null),
                Arguments.of("nbf", NOW, NOW.minusSeconds(60).minusMillis(1), Problem.MALFORMED),
                Arguments.of("nbf", NOW.plusSeconds(30), NOW.minusSeconds(30), null),
                Arguments.of("nbf", NOW.plusSeconds(30), NOW.minusSeconds(31), Problem.MALFORMED));
    }

    @ParameterizedTest
    @MethodSource("times")
    void T08_timesHoldWithSixtySecondsOfSkew(String claim, Instant value, Instant now, Problem expected) {
        String token = provider.idJag().time(claim, value).compact();

        if (expected == null) {
            assertThat(assertions.verifyIdJag(token, now)).isNotNull();
        } else {
            assertThat(codeOf(assertions, token, now)).isEqualTo(expected);
        }
    }

    // Audience

    static Stream<Object> audiencesOfOthers() {
        return Stream.of(
                "",
                "https://other.example",
                SERVICE + "//",
                SERVICE.toUpperCase(Locale.ROOT),
                RESOURCE + "/x",
                List.of(),
                List.of(SERVICE, SERVICE),
                List.of(SERVICE, "https://other.example"),
                List.of("https://other.example", SERVICE),
                List.of(List.of(SERVICE)),
                List.of(1),
                Arrays.asList(SERVICE, null),
                Map.of("a", SERVICE),
                1,
                true);
    }

    @ParameterizedTest
    @MethodSource("audiencesOfOthers")
    void T07_audienceThatIsNotExactlyUsIsInvalidAudience(Object audience) {
        assertThat(codeOf(provider.idJag().claim("aud", audience))).isEqualTo(Problem.AUDIENCE_WRONG);
    }

    @Test
    void T07_audienceAsArrayOfOneIsTaken() {
        assertThat(assertions.verifyIdJag(
                        provider.idJag().claim("aud", List.of(SERVICE)).compact(), NOW))
                .isNotNull();
    }

    // Order

    private record Defect(String words, Problem problem, Consumer<TestProvider.Token> make) {}

    private List<Defect> defectsInOrder() {
        long now = NOW.getEpochSecond();
        return List.of(
                new Defect("issuer", Problem.ISSUER_UNTRUSTED, t -> t.claim("iss", "https://other.example")),
                new Defect("typ", Problem.MALFORMED, t -> t.header("typ", "JWT")),
                new Defect("issuer may use", Problem.MALFORMED, t -> t.header("alg", "HS256")),
                new Defect("crit", Problem.MALFORMED, t -> t.header("crit", List.of("x"))),
                new Defect("with the kid", Problem.KEY_UNKNOWN, t -> t.header("kid", "k9")),
                new Defect("its key is for", Problem.MALFORMED, t -> t.header("alg", "ES384")),
                new Defect("signature", Problem.SIGNATURE_WRONG, t -> t.signedBy(TestKey.p256(), "ES256")),
                new Defect("sub is not", Problem.MALFORMED, t -> t.claim("sub", 1)),
                new Defect("in the future", Problem.MALFORMED, t -> t.claim("nbf", now + 61)),
                new Defect("past its time", Problem.JWT_EXPIRED, t -> t.claim("exp", now - 60)),
                new Defect("audience", Problem.AUDIENCE_WRONG, t -> t.claim("aud", "https://other.example")),
                new Defect("jti", Problem.MALFORMED, t -> t.without("jti")),
                new Defect("more than an hour", Problem.MALFORMED, t -> t.claim("iat", now - 3301)),
                new Defect("client_id", Problem.CLIENT_WRONG, t -> t.claim("client_id", "x")),
                new Defect("sub", Problem.MALFORMED, t -> t.without("sub")),
                new Defect("neither", Problem.NO_VERIFIED_CONTACT, t -> t.claim("email_verified", "true")),
                new Defect("cnf", Problem.MALFORMED, t -> t.claim("cnf", Map.of())),
                new Defect("aud_tenant", Problem.AUDIENCE_WRONG, t -> t.claim("aud_tenant", "t")),
                new Defect("resource", Problem.RESOURCE_WRONG, t -> t.claim("resource", "https://other.example")),
                new Defect("before", Problem.REPLAYED, t -> {}));
    }

    @Test
    void firstBrokenRuleInTheProtocolsOrderDecides() {
        List<Defect> defects = defectsInOrder();
        assertions.verifyIdJag(provider.idJag().compact(), NOW);
        for (int first = 0; first < defects.size(); first++) {
            TestProvider.Token token = provider.idJag();
            List<Defect> fromHere = new ArrayList<>(defects.subList(first, defects.size()));
            Collections.reverse(fromHere);
            fromHere.forEach(defect -> defect.make().accept(token));

            AgentAuthException refusal = refusal(assertions, token.compact(), NOW);

            Defect expected = defects.get(first);
            assertThat(refusal.problem()).as(expected.words()).isEqualTo(expected.problem());
            assertThat(text(refusal)).contains(expected.words());
        }
    }

    /** What the caller reads. */
    private static String text(AgentAuthException refusal) {
        return refusal.detail()
                .orElse(Errors.of(Door.REGISTER, refusal.problem()).text());
    }

    @Test
    void messagesArePlainAsciiAndEchoNothing() {
        for (Defect defect : defectsInOrder()) {
            TestProvider.Token token =
                    provider.idJag().claim("agent_platform", "ECHO").header("ECHO", "ECHO");
            defect.make().accept(token);
            if (defect.problem() != Problem.REPLAYED) {
                assertThat(text(refusal(assertions, token.compact(), NOW)))
                        .matches("[ !#-\\[\\]-~]+")
                        .doesNotContain("ECHO", "other.example", "k9");
            }
        }
    }

    // Replay

    @Test
    void T13_secondPresentationIsReplayDetected() {
        String token = provider.idJag().compact();
        assertions.verifyIdJag(token, NOW);

        assertThat(codeOf(token)).isEqualTo(Problem.REPLAYED);
    }

    @Test
    void T13_F21_recordOutlivesTheTokenOnAnyReplica() {
        assertions.verifyIdJag(provider.idJag().compact(), NOW);

        assertThat(replay.records)
                .isEqualTo(Map.of(List.of(JwtKind.ID_JAG, ISSUER, "jti-1"), NOW.plusSeconds(300 + 2 * 60 + 60)));
    }

    @Test
    void refusedTokenDoesNotBurnItsJti() {
        for (Defect defect : defectsInOrder().subList(0, 19)) {
            TestProvider.Token token = provider.idJag();
            defect.make().accept(token);
            codeOf(token);
        }

        assertThat(assertions.verifyIdJag(provider.idJag().compact(), NOW)).isNotNull();
    }

    @Test
    void sameJtiOfAnotherIssuerIsAnotherToken() {
        TestAssertions both = trusting(
                TestProvider.trusted(),
                TrustedProvider.of("https://two.example").withClientIds(Set.of(ISSUER)));
        both.verifyIdJag(provider.idJag().compact(), NOW);

        assertThat(both.verifyIdJag(
                        provider.idJag().claim("iss", "https://two.example").compact(), NOW))
                .isNotNull();
    }

    @Test
    void T13_ofManyAtOnceOneSucceeds() throws Exception {
        String token = provider.idJag().compact();
        CountDownLatch start = new CountDownLatch(1);
        ExecutorService threads = Executors.newFixedThreadPool(16);
        try {
            List<Future<Boolean>> outcomes = new ArrayList<>();
            for (int i = 0; i < 16; i++) {
                outcomes.add(threads.submit(() -> {
                    start.await();
                    return isVerified(token);
                }));
            }
            start.countDown();

            int winners = 0;
            for (Future<Boolean> outcome : outcomes) {
                winners += outcome.get() ? 1 : 0;
            }
            assertThat(winners).isEqualTo(1);
        } finally {
            threads.shutdownNow();
        }
    }

    private boolean isVerified(String token) {
        try {
            assertions.verifyIdJag(token, NOW);
            return true;
        } catch (AgentAuthException e) {
            return false;
        }
    }

    private TestAssertions trusting(TrustedProvider... providers) {
        return TestAssertions.of(provider, replay, providers);
    }

    private Problem codeOf(TestProvider.Token token) {
        return codeOf(token.compact());
    }

    private Problem codeOf(String token) {
        return codeOf(assertions, token, NOW);
    }

    private Problem logoutCodeOf(String token) {
        return catchThrowableOfType(AgentAuthException.class, () -> assertions.verifyLogout(token, NOW))
                .problem();
    }

    private static Problem codeOf(TestAssertions verifier, String token, Instant now) {
        return refusal(verifier, token, now).problem();
    }

    private static AgentAuthException refusal(TestAssertions verifier, String token, Instant now) {
        return catchThrowableOfType(AgentAuthException.class, () -> verifier.verifyIdJag(token, now));
    }
}
