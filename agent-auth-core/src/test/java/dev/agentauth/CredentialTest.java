package dev.agentauth;

import static dev.agentauth.TestService.ALICE;
import static dev.agentauth.TestService.BOB;
import static dev.agentauth.TestService.CALLER;
import static dev.agentauth.TestService.RESOURCE;
import static dev.agentauth.TestService.START;
import static dev.agentauth.TestService.TICK;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.agentauth.config.Lifetimes;
import dev.agentauth.memory.InMemoryStores;
import dev.agentauth.memory.InMemoryTokenStore;
import dev.agentauth.registration.Registration;
import dev.agentauth.spi.AccessToken;
import dev.agentauth.spi.MixedStores;
import dev.agentauth.spi.PortUnavailableException;
import dev.agentauth.spi.SigningKey;
import dev.agentauth.spi.TokenStore;
import java.nio.charset.StandardCharsets;
import java.security.Signature;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** PROTOCOL A2, A5, A6 and A10 without the wire: exchange, use and revocation. */
class CredentialTest {
    private TestService service = TestService.start();

    @AfterEach
    void close() {
        service.close();
    }

    // Lifetimes

    @Test
    void assertionIsGoodForAnHourAndNotAtItsEnd() {
        IssuedAssertion assertion = service.presentCleanly("s", ALICE).assertion();
        assertThat(assertion.expiresAt()).isEqualTo(START.plus(Duration.ofHours(1)));

        service.clock.moveTo(assertion.expiresAt().minus(TICK));
        service.exchange(assertion);
        service.clock.advance(TICK);
        assertThat(Refused.problem(() -> service.exchange(assertion))).isEqualTo(Problem.ASSERTION_UNUSABLE);
    }

    @Test
    void tokenIsGoodForAnHourAndNotAtItsEnd() {
        IssuedToken token = service.exchange(service.presentCleanly("s", ALICE).assertion());
        assertThat(token.expiresIn()).isEqualTo(Duration.ofHours(1));
        assertThat(token.value().reveal()).startsWith("at_").hasSize(35);

        service.clock.moveTo(START.plus(Duration.ofHours(1)).minus(TICK));
        assertThat(service.scopesOf(token)).isNotNull();
        service.clock.advance(TICK);
        assertThat(service.scopesOf(token)).isNull();
    }

    @Test
    void lifetimesAreTheConfiguredOnes() {
        restart(TestService.start(builder -> builder.lifetimes(Lifetimes.standard()
                .withAssertion(Duration.ofMinutes(7))
                .withAccessToken(Duration.ofMinutes(3))
                .withRegistration(Duration.ofMinutes(20))
                .withAttempt(Duration.ofMinutes(2))
                .withCode(Duration.ofMinutes(1)))));
        Registered.Anonymous agent = service.anonymous();
        assertThat(agent.assertion().expiresAt()).isEqualTo(START.plus(Duration.ofMinutes(7)));
        assertThat(agent.claim().expiresAt()).isEqualTo(START.plus(Duration.ofMinutes(20)));
        assertThat(service.exchange(agent.assertion()).expiresIn()).isEqualTo(Duration.ofMinutes(3));
        assertThat(service.startClaim(agent.claim(), ALICE).attempt().expiresAt())
                .isEqualTo(START.plus(Duration.ofMinutes(2)));
        assertThat(service.auth.revealCode(CALLER, service.outbox.lastToken()).expiresAt())
                .isEqualTo(START.plus(Duration.ofMinutes(1)));
    }

    @Test
    void tokenOfAnUnclaimedAgentNeverOutlivesItsClaim() {
        restart(TestService.start(
                builder -> builder.lifetimes(Lifetimes.standard().withRegistration(Duration.ofMinutes(30)))));
        Registered.Anonymous agent = service.anonymous();
        service.clock.advance(Duration.ofSeconds(10));
        IssuedToken token = service.exchange(agent.assertion());
        assertThat(token.expiresIn()).isEqualTo(Duration.ofMinutes(30).minusSeconds(10));

        service.clock.moveTo(START.plus(Duration.ofMinutes(30)).minus(TICK));
        assertThat(service.scopesOf(token)).containsExactly("api.read");
        service.clock.advance(TICK);
        assertThat(service.scopesOf(token)).isNull();
        assertThat(Refused.problem(() -> service.exchange(agent.assertion()))).isEqualTo(Problem.ASSERTION_UNUSABLE);
    }

    @Test
    void tokenIssuedBeforeTheClaimEndsWhenItWasToEndAndLaterOnesLiveInFull() {
        restart(TestService.start(
                builder -> builder.lifetimes(Lifetimes.standard().withRegistration(Duration.ofMinutes(30)))));
        Registered.Anonymous agent = service.anonymous();
        IssuedToken before = service.exchange(agent.assertion());
        service.startClaim(agent.claim(), ALICE);
        service.complete(agent.claim(), service.reveal());
        IssuedToken after = service.exchange(agent.assertion());

        assertThat(after.expiresIn()).isEqualTo(Duration.ofHours(1));
        service.clock.moveTo(START.plus(Duration.ofMinutes(30)));
        assertThat(service.scopesOf(before)).isNull();
        assertThat(service.scopesOf(after)).hasSize(3);
    }

    @Test
    void timesAreToldToTheMillisecond() {
        service.clock.moveTo(START.plusNanos(123_456_789));
        Registered.Anonymous agent = service.anonymous();

        assertThat(agent.claim().expiresAt()).isEqualTo(START.plusMillis(123).plus(Duration.ofHours(24)));
        assertThat(agent.assertion().expiresAt())
                .as("a JWT knows whole seconds")
                .isEqualTo(START.plus(Duration.ofHours(1)));
        assertThat(service.exchange(agent.assertion()).expiresIn()).isEqualTo(Duration.ofHours(1));
        assertThat(service.stored(agent.registrationId()).createdAt()).isEqualTo(START.plusMillis(123));
    }

    // Scopes

    @Test
    void t32_whatAnAgentMayDoFollowsItsStatus() {
        Registered.Anonymous agent = service.anonymous();
        assertThat(service.exchange(agent.assertion()).scopes()).as("unclaimed").containsExactly("api.read");
        assertThat(Refused.problem(() -> service.exchange(agent.assertion(), "api.write")))
                .isEqualTo(Problem.SCOPE_TOO_WIDE);
        service.startClaim(agent.claim(), ALICE);
        service.reveal();
        assertThat(service.exchange(agent.assertion()).scopes()).as("pending").containsExactly("api.read");
        assertThat(Refused.problem(() -> service.exchange(agent.assertion(), "api.read api.write")))
                .isEqualTo(Problem.SCOPE_TOO_WIDE);
        service.complete(agent.claim(), service.reveal());
        assertThat(service.exchange(agent.assertion()).scopes()).as("claimed").hasSize(3);
        assertThat(service.exchange(agent.assertion(), "api.pay api.write").scopes())
                .as("in the service's order")
                .containsExactly("api.write", "api.pay");
        service.auth.revokeRegistration(agent.registrationId());
        assertThat(Refused.problem(() -> service.exchange(agent.assertion()))).isEqualTo(Problem.ASSERTION_UNUSABLE);
    }

    @Test
    void explicitScopeStaysTheCeilingAfterTheClaimEvenWhereItEqualsWhatWasAllowed() {
        Registered.Anonymous agent = service.anonymous();
        IssuedToken explicit = service.exchange(agent.assertion(), "api.read");
        IssuedToken implicit = service.exchange(agent.assertion());
        assertThat(explicit.scopes()).isEqualTo(implicit.scopes());

        service.startClaim(agent.claim(), ALICE);
        service.complete(agent.claim(), service.reveal());

        assertThat(service.scopesOf(explicit)).containsExactly("api.read");
        assertThat(service.scopesOf(implicit)).containsExactly("api.read", "api.write", "api.pay");
    }

    @Test
    void idJagsScopeNarrowsThatPresentationAlone() {
        Registered.Provider narrow = (Registered.Provider)
                service.present(service.provider.idJag("s").email(ALICE).claim("scope", "api.write unknown"));
        Registered.Provider wide = service.presentCleanly("s", ALICE);

        assertThat(narrow.registrationId()).isEqualTo(wide.registrationId());
        assertThat(narrow.scopes()).containsExactly("api.write");
        assertThat(wide.scopes()).containsExactly("api.read", "api.write", "api.pay");
        IssuedToken token = service.exchange(narrow.assertion());
        assertThat(token.scopes()).containsExactly("api.write");
        assertThat(service.scopesOf(token)).containsExactly("api.write");
        assertThat(Refused.problem(() -> service.exchange(narrow.assertion(), "api.read")))
                .isEqualTo(Problem.SCOPE_TOO_WIDE);
        assertThat(service.exchange(wide.assertion()).scopes()).hasSize(3);
    }

    @Test
    void idJagThatNarrowsToNothingYieldsNoToken() {
        for (String scope : List.of("unknown", "")) {
            Registered.Provider none = (Registered.Provider)
                    service.present(service.provider.idJag("s").email(ALICE).claim("scope", scope));

            assertThat(none.scopes()).isEmpty();
            assertThat(Refused.problem(() -> service.exchange(none.assertion())))
                    .isEqualTo(Problem.SCOPE_TOO_WIDE);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "api.read ",
                " api.read",
                "api.read  api.write",
                "API.READ",
                "api.read\tapi.write",
                "unknown",
                "api.read unknown",
                "api"
            })
    void scopeThatIsNoListOfAllowedScopesIsRefused(String scope) {
        IssuedAssertion assertion = service.presentCleanly("s", ALICE).assertion();

        assertThat(Refused.problem(() -> service.exchange(assertion, scope))).isEqualTo(Problem.SCOPE_TOO_WIDE);
    }

    @Test
    void repeatedScopeCountsOnce() {
        IssuedAssertion assertion = service.presentCleanly("s", ALICE).assertion();

        assertThat(service.exchange(assertion, "api.read api.read").scopes()).containsExactly("api.read");
    }

    // Resources

    @Test
    void onlyTheProtectedResourceCanBeAskedFor() {
        IssuedAssertion assertion = service.presentCleanly("s", ALICE).assertion();
        String value = assertion.value().reveal();

        service.auth.exchange(CALLER, value, null, List.of(RESOURCE));
        service.auth.exchange(CALLER, value, null, List.of(RESOURCE, RESOURCE));
        for (List<String> resources : List.of(
                List.of("https://api.example.com/other"),
                List.of("https://API.example.com/"),
                List.of(RESOURCE, "https://else.example.com/"),
                List.of(""))) {
            assertThat(Refused.problem(() -> service.auth.exchange(CALLER, value, null, resources)))
                    .isEqualTo(Problem.RESOURCE_WRONG);
        }
    }

    // Assertions

    @Test
    void oneAssertionIsExchangedAnyNumberOfTimes() {
        IssuedAssertion assertion = service.presentCleanly("s", ALICE).assertion();
        IssuedToken first = service.exchange(assertion);
        IssuedToken second = service.exchange(assertion);

        assertThat(first.value()).isNotEqualTo(second.value());
        assertThat(service.scopesOf(first)).isEqualTo(service.scopesOf(second)).hasSize(3);
    }

    @Test
    void t34_noOtherSpellingOfAnAssertionIsTaken() {
        IssuedAssertion assertion = service.anonymous().assertion();
        service.exchange(assertion);
        String value = assertion.value().reveal();
        for (int i = 0; i < value.length(); i += 3) {
            char other = value.charAt(i) == 'A' ? 'B' : 'A';
            assertRefused(value.substring(0, i) + other + value.substring(i + 1));
            assertRefused(value.substring(0, i) + value.substring(i + 1));
            assertRefused(value.substring(0, i) + "A" + value.substring(i));
        }
        for (String other :
                List.of(value + "=", value + " ", " " + value, value + ".", value + "\n", "Bearer " + value)) {
            assertRefused(other);
        }
        service.exchange(assertion);
    }

    @Test
    void t36_noOtherTokenIsTakenForAnAssertion() {
        Registered.Email email = service.email(ALICE);
        Registered.Provider agent = service.presentCleanly("s", BOB);
        IssuedToken token = service.exchange(agent.assertion());

        assertRefused(token.value().reveal());
        assertRefused(email.claim().token().reveal());
        assertRefused(service.outbox.lastToken());
        assertRefused(service.reveal());
        assertRefused(service.provider.idJag("s").email(BOB).compact());
        assertRefused(service.provider.logout("s").compact());
        assertRefused("");
        assertRefused("..");
        assertThat(service.auth.authenticate(agent.assertion().value().reveal()))
                .isEmpty();
    }

    @Test
    void assertionOfAnotherServiceIsForeign() {
        try (TestService other = TestService.start()) {
            assertRefused(other.anonymous().assertion().value().reveal());
        }
    }

    @Test
    void assertionOfAnUnknownRegistrationIsRefused() {
        IssuedAssertion assertion = service.anonymous().assertion();
        service.registrations.purge(Instant.MAX, Instant.MAX, 10);

        assertThat(Refused.problem(() -> service.exchange(assertion))).isEqualTo(Problem.ASSERTION_UNUSABLE);
    }

    @Test
    void assertionSaysNothingAboutThePerson() {
        String assertion =
                service.presentCleanly("subject-7", ALICE).assertion().value().reveal();
        String claims = new String(
                java.util.Base64.getUrlDecoder().decode(assertion.split("\\.", -1)[1]),
                java.nio.charset.StandardCharsets.UTF_8);

        assertThat(claims)
                .contains(
                        "\"iss\":\"https://auth.example.com\"",
                        "\"aud\":\"https://auth.example.com\"",
                        "\"sub\":\"reg_")
                .doesNotContain("alice", "subject-7", "user_", "agents.example.net");
    }

    @Test
    void t35_verifiedAssertionDiesWithItsKey() {
        IssuedAssertion old = service.anonymous().assertion();
        service.exchange(old);
        service.signingKeys.rotate();
        service.exchange(old);
        IssuedAssertion fresh = service.anonymous().assertion();

        service.signingKeys.withdrawOldKeys();

        assertThat(Refused.problem(() -> service.exchange(old))).isEqualTo(Problem.ASSERTION_UNUSABLE);
        service.exchange(fresh);
    }

    @Test
    void t35_verifiedAssertionDiesWithItsTimeAndItsRegistration() {
        Registered.Anonymous first = service.anonymous();
        Registered.Anonymous second = service.anonymous();
        service.exchange(first.assertion());
        service.exchange(second.assertion());

        service.auth.revokeRegistration(first.registrationId());
        assertThat(Refused.problem(() -> service.exchange(first.assertion()))).isEqualTo(Problem.ASSERTION_UNUSABLE);
        service.clock.moveTo(second.assertion().expiresAt());
        assertThat(Refused.problem(() -> service.exchange(second.assertion()))).isEqualTo(Problem.ASSERTION_UNUSABLE);
    }

    @Test
    void raisedEpochEndsWhatWasIssuedButNotTheRegistration() {
        Registered.Provider agent = service.presentCleanly("s", ALICE);
        IssuedToken token = service.exchange(agent.assertion());
        Registration current = service.stored(agent.registrationId());
        service.registrations.replace(current, current.raiseEpoch());

        assertThat(service.scopesOf(token)).isNull();
        assertThat(Refused.problem(() -> service.exchange(agent.assertion()))).isEqualTo(Problem.ASSERTION_UNUSABLE);
        Registered.Provider again = service.presentCleanly("s", ALICE);
        assertThat(again.registrationId()).isEqualTo(agent.registrationId());
        assertThat(service.scopesOf(service.exchange(again.assertion()))).hasSize(3);
    }

    @Test
    void tokenOfALaterEpochThanTheRegistrationsIsRefusedToo() {
        Registered.Provider agent = service.presentCleanly("s", ALICE);
        IssuedToken token = service.exchange(agent.assertion());
        AccessToken known = service.stores
                .tokens()
                .find(SecretHash.of(token.value().reveal()))
                .orElseThrow();
        service.stores.tokens().delete(known.hash());
        service.stores
                .tokens()
                .insert(
                        new AccessToken(
                                known.hash(), known.registrationId(), known.epoch() + 1, null, known.expiresAt()),
                        service.clock.instant(),
                        1000);

        assertThat(service.scopesOf(token)).isNull();
    }

    @Test
    void f22_oneTokenMoreThanTheLimitEndsTheOldest() {
        Registered.Anonymous agent = service.anonymous();
        Registered.Anonymous other = service.anonymous();
        IssuedToken ofOther = service.exchange(other.assertion());
        List<IssuedToken> tokens = new ArrayList<>();
        for (int i = 0; i < 1000; i++) {
            tokens.add(service.exchange(agent.assertion()));
        }
        assertThat(tokens)
                .allSatisfy(token -> assertThat(service.scopesOf(token)).isNotNull());

        IssuedToken oneMore = service.exchange(agent.assertion());

        assertThat(service.scopesOf(tokens.get(0))).isNull();
        assertThat(tokens.subList(1, 1000))
                .allSatisfy(token -> assertThat(service.scopesOf(token)).isNotNull());
        assertThat(service.scopesOf(oneMore)).isNotNull();
        assertThat(service.scopesOf(ofOther)).isNotNull();
    }

    @Test
    void f22_limitOfLiveTokensIsASetting() {
        restart(TestService.start(builder -> builder.liveTokens(1)));
        Registered.Anonymous agent = service.anonymous();

        IssuedToken first = service.exchange(agent.assertion());
        IssuedToken second = service.exchange(agent.assertion());

        assertThat(service.scopesOf(first)).isNull();
        assertThat(service.scopesOf(second)).isNotNull();
    }

    // Use

    @Test
    void bearerIsToldAsItStandsNow() {
        Registered.Provider agent = service.presentCleanly("s", ALICE);
        IssuedToken token = service.exchange(agent.assertion());

        assertThat(service.auth.authenticate(token.value().reveal())).get().satisfies(bearer -> {
            assertThat(bearer.registrationId()).isEqualTo(agent.registrationId());
            assertThat(bearer.userId())
                    .contains(service.users
                            .findByVerifiedEmail(ALICE)
                            .orElseThrow()
                            .id());
            assertThat(bearer.scopes()).containsExactly("api.read", "api.write", "api.pay");
            assertThat(bearer.provider()).get().satisfies(identity -> {
                assertThat(identity.issuer()).isEqualTo(service.provider.issuer());
                assertThat(identity.subject()).isEqualTo("s");
                assertThat(identity.tenant()).isNull();
                assertThat(identity.audience()).isEqualTo(TestService.ISSUER);
            });
            assertThat(bearer.toString()).doesNotContain("alice");
        });
    }

    @Test
    void noOtherSpellingOfATokenIsTaken() {
        String token = service.exchange(service.anonymous().assertion()).value().reveal();
        assertThat(service.auth.authenticate(token)).isPresent();

        for (String other : List.of(
                "",
                "at_",
                token + "A",
                token.substring(0, 34),
                " " + token,
                token + " ",
                "AT_" + token.substring(3),
                token.substring(0, 34) + (token.endsWith("A") ? "B" : "A"),
                token.substring(3))) {
            assertThat(service.auth.authenticate(other)).isEmpty();
        }
    }

    // Revocation

    @Test
    void revokedTokenIsNeverAcceptedAgainAndOthersStay() {
        IssuedAssertion assertion = service.anonymous().assertion();
        IssuedToken first = service.exchange(assertion);
        IssuedToken second = service.exchange(assertion);

        service.auth.revokeToken(CALLER, first.value().reveal());
        service.auth.revokeToken(CALLER, first.value().reveal());

        assertThat(service.scopesOf(first)).isNull();
        assertThat(service.scopesOf(second)).isNotNull();
        assertThat(service.scopesOf(service.exchange(assertion)))
                .as("the agent may exchange again")
                .isNotNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "at_unknown", "clm_x", "a.b", "a.b.c.d", "a..c", "..", "\u0000", "at_\ud83d\ude00"})
    void anyOtherTextIsRevokedWithoutComplaint(String token) {
        service.auth.revokeToken(CALLER, token);

        assertThat(service.audit.events).isEmpty();
    }

    @Test
    void assertionIsNotRevokedAndSaysSo() {
        Registered.Anonymous agent = service.anonymous();

        assertThat(Refused.problem(() -> service.auth.revokeToken(
                        CALLER, agent.assertion().value().reveal())))
                .isEqualTo(Problem.NOT_REVOCABLE);
        assertThat(Refused.problem(() -> service.auth.revokeToken(CALLER, "a.b.c")))
                .isEqualTo(Problem.NOT_REVOCABLE);
        service.exchange(agent.assertion());
    }

    @Test
    void t04_sameStoreCallsAreMadeWhetherATokenExistsOrNot() {
        StringBuilder calls = new StringBuilder();
        InMemoryTokenStore kept = new InMemoryTokenStore();
        restart(TestService.start(builder -> builder.stores(
                MixedStores.of(InMemoryStores.of(TestService.ISSUER)).withTokens(new TokenStore() {
                    @Override
                    public void insert(AccessToken token, Instant now, int limit) {
                        kept.insert(token, now, limit);
                    }

                    @Override
                    public Optional<AccessToken> find(SecretHash hash) {
                        calls.append("find ");
                        return kept.find(hash);
                    }

                    @Override
                    public void delete(SecretHash hash) {
                        calls.append("delete ");
                        kept.delete(hash);
                    }

                    @Override
                    public int purgeExpired(Instant now, int limit) {
                        return 0;
                    }
                }))));
        String token = service.exchange(service.anonymous().assertion()).value().reveal();
        service.auth.revokeToken(CALLER, token);
        String forAToken = calls.toString();
        calls.setLength(0);
        service.auth.revokeToken(CALLER, token);

        assertThat(calls.toString()).isEqualTo(forAToken).isEqualTo("find delete find ");
    }

    @Test
    void t38_revocationThatTheStoreDidNotTakeIsNoSuccess() {
        restart(TestService.start(builder -> builder.stores(
                MixedStores.of(InMemoryStores.of(TestService.ISSUER)).withTokens(new TokenStore() {
                    @Override
                    public void insert(AccessToken token, Instant now, int limit) {}

                    @Override
                    public Optional<AccessToken> find(SecretHash hash) {
                        return Optional.empty();
                    }

                    @Override
                    public void delete(SecretHash hash) {
                        throw new PortUnavailableException("down");
                    }

                    @Override
                    public int purgeExpired(Instant now, int limit) {
                        return 0;
                    }
                }))));

        assertThatThrownBy(() -> service.auth.revokeToken(CALLER, "at_x")).isInstanceOf(PortUnavailableException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"[\"x\"]", "[\"exp\"]", "[]", "null", "\"x\"", "{}"})
    void t06_criticalHeaderOnOurOwnAssertionIsRefusedEvenWithOurSignature(String crit) throws Exception {
        IssuedAssertion assertion = service.presentCleanly("s", ALICE).assertion();

        assertRefused(signedAgain(assertion, ",\"crit\":" + crit));

        service.auth.exchange(CALLER, signedAgain(assertion, ",\"more\":" + crit), null, List.of());
    }

    /** The same claims with another header, signed with the service's own key. */
    private String signedAgain(IssuedAssertion assertion, String more) throws Exception {
        SigningKey key = service.signingKeys.current();
        String header = "{\"typ\":\"oauth-id-jag+jwt\",\"alg\":\"ES256\",\"kid\":\""
                + key.verificationKey().keyId() + "\"" + more + "}";
        Base64.Encoder base64 = Base64.getUrlEncoder().withoutPadding();
        String old = assertion.value().reveal();
        String claims = old.substring(old.indexOf('.'), old.lastIndexOf('.'));
        String input = base64.encodeToString(header.getBytes(StandardCharsets.UTF_8)) + claims;
        Signature signature = Signature.getInstance("SHA256withECDSAinP1363Format");
        signature.initSign(key.privateKey());
        signature.update(input.getBytes(StandardCharsets.US_ASCII));
        return input + "." + base64.encodeToString(signature.sign());
    }

    private void assertRefused(String assertion) {
        assertThat(Refused.problem(() -> service.auth.exchange(CALLER, assertion, null, List.of())))
                .isEqualTo(Problem.ASSERTION_UNUSABLE);
    }

    private void restart(TestService other) {
        service.close();
        service = other;
    }
}
