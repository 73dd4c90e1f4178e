package dev.agentauth.servlet.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentauth.SecretHash;
import dev.agentauth.registration.RegistrationStatus;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("A2. The registration and its state")
final class A2StateTest extends ProtocolTest {
    private static final String ALL = ProtocolService.READ + " " + ProtocolService.WRITE + " " + ProtocolService.ADMIN;
    private static final Duration HOUR = Duration.ofHours(1);
    private static final Duration DAY = Duration.ofHours(24);
    private static final Duration TEN_MINUTES = Duration.ofMinutes(10);

    private void advance(Duration amount) {
        service().clock.advance(amount);
    }

    private RegistrationStatus status(Registered agent) {
        return service()
                .registrations
                .findById(agent.id())
                .orElseThrow()
                .status(service().clock.instant());
    }

    private void assertRefusedEverywhere(String assertion, String accessToken) {
        client().exchange(assertion).isCredentialError(400, "invalid_grant");
        client().callApi(accessToken).isCredentialError(401, "invalid_token");
    }

    private void assertAccepted(String assertion, String accessToken) {
        client().exchange(assertion).hasStatus(200);
        client().callApi(accessToken).hasStatus(200);
    }

    @Nested
    @DisplayName("The status is derived at the moment of asking")
    final class Status {

        @Test
        @DisplayName("unclaimed otherwise")
        void freshRegistrationIsUnclaimed() {
            assertThat(status(registerAnonymously())).isEqualTo(RegistrationStatus.UNCLAIMED);
        }

        @Test
        @DisplayName("pending_claim: its link has not lapsed, or its code has not")
        void attemptIsCurrentAsLongAsItsLinkOrItsCodeIs() {
            Registered agent = registerAnonymously();
            String link = invite(agent, ADA);
            assertThat(status(agent)).isEqualTo(RegistrationStatus.PENDING_CLAIM);
            advance(TEN_MINUTES.minusMillis(1));
            assertThat(status(agent)).isEqualTo(RegistrationStatus.PENDING_CLAIM);
            String code = reveal(link);
            advance(Duration.ofMillis(1));
            assertThat(status(agent))
                    .as("the link has lapsed, the code has not")
                    .isEqualTo(RegistrationStatus.PENDING_CLAIM);
            client().view(link).hasStatus(200);
            advance(TEN_MINUTES.minusMillis(2));
            assertThat(status(agent)).isEqualTo(RegistrationStatus.PENDING_CLAIM);
            advance(Duration.ofMillis(1));
            client().challenge(link).isIdentityError(410, "claim_expired");
            assertThat(status(agent)).isEqualTo(RegistrationStatus.UNCLAIMED);
            client().complete(agent.claimToken(), code).isIdentityError(410, "otp_expired");
        }

        @Test
        @DisplayName("expired: it has a claim whose expiry is past")
        void unclaimedOneExpiresExactlyAtItsExpiry() {
            Registered agent = registerAnonymously();
            advance(DAY.minusMillis(1));
            assertThat(status(agent)).isEqualTo(RegistrationStatus.UNCLAIMED);
            client().startClaim(agent.claimToken(), ADA).hasStatus(200);
            assertThat(status(agent)).isEqualTo(RegistrationStatus.PENDING_CLAIM);
            advance(Duration.ofMillis(1));
            assertThat(status(agent)).as("expired goes before pending_claim").isEqualTo(RegistrationStatus.EXPIRED);
            client().startClaim(agent.claimToken(), ADA).isIdentityError(410, "claim_expired");
        }

        @Test
        @DisplayName("claimed goes before expired: what was claimed never expires")
        void claimedOneOutlivesItsClaim() {
            Registered agent = registerAnonymously();
            claim(agent, ADA);
            advance(DAY.multipliedBy(2));
            assertThat(status(agent)).isEqualTo(RegistrationStatus.CLAIMED);
        }

        @Test
        @DisplayName("revoked goes before claimed")
        void revokedOneIsNothingElse() {
            Registered agent = registerAnonymously();
            claim(agent, ADA);
            assertThat(service().auth.revokeRegistration(agent.id())).isTrue();
            assertThat(status(agent)).isEqualTo(RegistrationStatus.REVOKED);
            client().exchange(agent.assertion()).isCredentialError(400, "invalid_grant");
        }
    }

    @Nested
    @DisplayName("What an assertion or a token may do is derived from its registration when it is used")
    final class DerivedAuthority {

        @Test
        @DisplayName(
                "anonymous and not claimed → the pre-claim set; claimed → the post-claim set; the upgrade is atomic")
        void tokenWidensAtTheClaim() {
            Registered agent = registerAnonymously();
            String before = token(agent.assertion());
            assertThat(client().exchange(agent.assertion()).string("scope")).isEqualTo(ProtocolService.READ);
            assertThat(client().callApi(before).hasStatus(200).strings("scopes"))
                    .containsExactly(ProtocolService.READ);

            claim(agent, ADA);

            assertThat(client().callApi(before).hasStatus(200).strings("scopes"))
                    .containsExactly(ProtocolService.READ, ProtocolService.WRITE, ProtocolService.ADMIN);
            assertThat(client().exchange(agent.assertion()).string("scope")).isEqualTo(ALL);
        }

        @Test
        @DisplayName("pending_claim stays on the pre-claim set until the ceremony has completed")
        void pendingStaysOnThePreClaimSet() {
            Registered agent = registerAnonymously();
            String link = invite(agent, ADA);
            String token = token(agent.assertion());
            assertThat(client().callApi(token).strings("scopes")).containsExactly(ProtocolService.READ);
            client().exchange(agent.assertion(), "scope", ProtocolService.WRITE)
                    .isCredentialError(400, "invalid_scope");

            String code = reveal(link);
            assertThat(client().callApi(token).strings("scopes")).containsExactly(ProtocolService.READ);
            client().exchange(agent.assertion(), "scope", ProtocolService.WRITE)
                    .isCredentialError(400, "invalid_scope");

            client().complete(agent.claimToken(), code).hasStatus(200);
            client().exchange(agent.assertion(), "scope", ProtocolService.WRITE).hasStatus(200);
        }

        @Test
        @DisplayName("both cut to the narrowing that the token itself carries")
        void narrowedTokenStaysNarrowAfterTheClaim() {
            Registered agent = registerAnonymously();
            String narrow = token(agent.assertion(), "scope", ProtocolService.READ);
            String wide = token(agent.assertion());

            claim(agent, ADA);

            assertThat(client().callApi(narrow).strings("scopes")).containsExactly(ProtocolService.READ);
            assertThat(client().callApi(wide).strings("scopes")).hasSize(3);
        }

        @Test
        @DisplayName("both cut to the narrowing that the assertion itself carries")
        void narrowedAssertionIssuesNarrowTokens() {
            Registered narrow = registerIdJag(idJag().claim("scope", ProtocolService.READ));

            assertThat(client().exchange(narrow.assertion()).string("scope")).isEqualTo(ProtocolService.READ);
            client().exchange(narrow.assertion(), "scope", ProtocolService.WRITE)
                    .isCredentialError(400, "invalid_scope");
        }

        @Test
        @DisplayName("T32: status × scope: asking for more while pending, narrowing then claim")
        void scopesByStatus() {
            Registered agent = registerAnonymously();
            List<String> scopes = List.of(ProtocolService.READ, ProtocolService.WRITE, ALL, "unknown");
            assertThat(scopes)
                    .filteredOn(scope ->
                            client().exchange(agent.assertion(), "scope", scope).status() == 200)
                    .containsExactly(ProtocolService.READ);
            claim(agent, ADA);
            assertThat(scopes)
                    .filteredOn(scope ->
                            client().exchange(agent.assertion(), "scope", scope).status() == 200)
                    .containsExactly(ProtocolService.READ, ProtocolService.WRITE, ALL);
            service().auth.revokeRegistration(agent.id());
            assertThat(scopes)
                    .filteredOn(scope ->
                            client().exchange(agent.assertion(), "scope", scope).status() == 200)
                    .isEmpty();
        }

        @Test
        @DisplayName("the kill at revocation is atomic: every assertion and token at once")
        void revocationEndsEverything() {
            Registered agent = registerAnonymously();
            claim(agent, ADA);
            List<String> tokens =
                    List.of(token(agent.assertion()), token(agent.assertion(), "scope", ProtocolService.READ));
            tokens.forEach(token -> client().callApi(token).hasStatus(200));

            service().auth.revokeRegistration(agent.id());

            tokens.forEach(token -> assertRefusedEverywhere(agent.assertion(), token));
        }

        @Test
        @DisplayName("an e-mail registration that is not claimed may do nothing")
        void unclaimedEmailRegistrationHasNoAssertion() {
            Answer answer = client().registerEmail(ADA).hasStatus(200);

            assertThat(answer.text()).doesNotContain("eyJ");
            assertThat(answer.members()).doesNotContain("identity_assertion");
        }
    }

    @Nested
    @DisplayName("Another epoch than the registration's current one is refused like a revoked one")
    final class Epoch {

        @Test
        @DisplayName("raising the epoch ends everything issued so far without ending the registration")
        void raisedEpochEndsWhatWasIssued() {
            Registered first = registerIdJag(idJag());
            String token = token(first.assertion());
            advance(Duration.ofSeconds(10));
            String logout = logoutOf("person-1").compact();
            advance(Duration.ofSeconds(10));
            Registered second = registerIdJag(idJag());
            assertThat(second.id()).isEqualTo(first.id());
            assertAccepted(first.assertion(), token);

            client().logout(logout).hasStatus(200);

            assertRefusedEverywhere(first.assertion(), token);
            assertThat(status(first)).isEqualTo(RegistrationStatus.CLAIMED);
            Registered third = registerIdJag(idJag());
            assertThat(third.id()).isEqualTo(first.id());
            client().callApi(token(third.assertion())).hasStatus(200);
        }

        @Test
        @DisplayName("identity assertions carry the registration's epoch")
        void assertionCarriesTheEpoch() {
            Registered agent = registerAnonymously();

            assertThat(claimsOf(agent.assertion()).path("epoch").isIntegralNumber())
                    .isTrue();
        }
    }

    @Nested
    @DisplayName(
            "A registration whose provider has left the trust list, or whose user is inactive, is refused at every use for as long as that lasts, and still occupies its identity")
    final class SwitchedOff {

        @Test
        void providerOffTheTrustListAndOnItAgain() {
            Registered agent = registerIdJag(idJag());
            String token = token(agent.assertion());

            service().trustOnly();
            assertRefusedEverywhere(agent.assertion(), token);
            client().registerIdJag(idJag().compact()).isIdentityError(400, "invalid_issuer");

            service().trustOnly(provider().trusted());
            assertAccepted(agent.assertion(), token);
            assertThat(registerIdJag(idJag()).id()).isEqualTo(agent.id());
        }

        @Test
        void userInactiveAndActiveAgain() {
            Registered agent = registerIdJag(idJag());
            String token = token(agent.assertion());
            String user = client().callApi(token).string("user_id");

            service().users.setActive(user, false);
            assertRefusedEverywhere(agent.assertion(), token);
            client().registerIdJag(idJag().compact()).isIdentityError(403, "user_not_found");

            service().users.setActive(user, true);
            assertAccepted(agent.assertion(), token);
            assertThat(registerIdJag(idJag()).id()).isEqualTo(agent.id());
        }
    }

    @Nested
    @DisplayName("Secrets")
    final class SecretsOfTheProtocol {

        @Test
        @DisplayName("claim token (clm_), attempt token (cvt_), access token (at_): 192 bits, base64url, prefixed")
        void tokenForms() {
            Set<String> all = new HashSet<>();
            for (int i = 0; i < 20; i++) {
                Registered agent = registerAnonymously();
                String link = invite(agent, "agent" + i + "@example.com");
                String token = token(agent.assertion());
                assertThat(agent.claimToken()).matches("clm_[A-Za-z0-9_-]{32}");
                assertThat(link).matches("cvt_[A-Za-z0-9_-]{32}");
                assertThat(token).matches("at_[A-Za-z0-9_-]{32}");
                all.addAll(List.of(agent.claimToken(), link, token));
            }
            assertThat(all).hasSize(60);
        }

        @Test
        @DisplayName("one-time code: 6 digits, uniform")
        void codesAreUniform() {
            String link = invite(registerAnonymously(), ADA);
            int[][] counts = new int[6][10];
            int codes = 1000;
            for (int i = 0; i < codes; i++) {
                String code = reveal(link);
                assertThat(code).matches("[0-9]{6}");
                for (int place = 0; place < 6; place++) {
                    counts[place][code.charAt(place) - '0']++;
                }
            }
            // Each digit is expected 100 times at each place; six sigmas are 57.
            for (int[] place : counts) {
                for (int count : place) {
                    assertThat(count).isBetween(43, 157);
                }
            }
        }

        @Test
        @DisplayName(
                "the store only ever sees SHA-256 hashes of tokens; a code is hashed too, salted with the attempt's id")
        void storesNeverSeeAPlainSecret() {
            service().wiretap.record();
            Registered agent = registerAnonymously();
            String link = invite(agent, ADA);
            String code = reveal(link);
            String token = token(agent.assertion());
            client().callApi(token).hasStatus(200);
            client().complete(agent.claimToken(), code).hasStatus(200);
            client().revoke(token).hasStatus(200);

            List<String> storeCalls = new ArrayList<>(service().wiretap.calls());
            storeCalls.removeIf(call -> call.startsWith("sendClaimLink") || call.startsWith("findByVerifiedEmail"));
            assertThat(storeCalls).isNotEmpty();
            assertThat(String.join("\n", storeCalls))
                    .doesNotContain(agent.claimToken(), link, token, agent.assertion())
                    .doesNotContain("digits=" + code)
                    .doesNotContain(SecretHash.of(code).toString())
                    .contains(SecretHash.of(agent.claimToken()).toString())
                    .contains(SecretHash.of(link).toString())
                    .contains(SecretHash.of(token).toString());
        }

        @Test
        @DisplayName(
                "plaintext leaves once: claim token in the registration response, attempt token in the mailed link, code on the page, access token in the token response")
        void plaintextLeavesOnce() {
            Registered agent = registerAnonymously();
            List<Answer> later = new ArrayList<>();
            later.add(client().startClaim(agent.claimToken(), ADA));
            String link = service().mail.newestToken();
            later.add(client().startClaim(agent.claimToken(), ADA));
            assertThat(later.toString()).doesNotContain(link, agent.claimToken());
            String code = reveal(link);
            later.add(client().complete(agent.claimToken(), other(code)));
            later.add(client().startClaim(agent.claimToken(), ADA));
            String token = token(agent.assertion());
            later.add(client().callApi(token));
            later.add(client().exchange(agent.assertion()));
            later.add(client().complete(agent.claimToken(), code));
            later.add(client().complete(agent.claimToken(), code));
            later.add(client().challenge(link));
            later.add(client().revoke(token));

            assertThat(later.toString())
                    .doesNotContain(agent.claimToken(), agent.assertion(), link, token)
                    .doesNotContain("\"" + code + "\"")
                    .contains("claimed");
        }

        @Test
        @DisplayName("none of them, no assertion and no full e-mail address is ever written to a log")
        void nothingIsLogged() {
            // Every test of this package ends with this search; here it is shown that the search finds something.
            Registered agent = registerAnonymously();
            claim(agent, ADA);
            String token = token(agent.assertion());

            for (String planted : List.of(agent.claimToken(), agent.assertion(), token, ADA)) {
                assertThat(Secrets.foundIn("a log line with " + planted + " in it"))
                        .containsExactly(planted);
            }
            assertThat(Secrets.count()).isGreaterThanOrEqualTo(5);
        }
    }

    @Nested
    @DisplayName("Lifetimes")
    final class Lifetimes {

        @Test
        @DisplayName("assertion 1 h")
        void assertionLivesForAnHour() {
            Answer answer = client().registerAnonymously();
            assertThat(answer.time("assertion_expires")).isEqualTo(ProtocolService.START.plus(HOUR));
            Registered agent = Registered.of(answer);
            advance(HOUR.minusMillis(1));
            client().exchange(agent.assertion()).hasStatus(200);
            advance(Duration.ofMillis(1));
            client().exchange(agent.assertion()).isCredentialError(400, "invalid_grant");
        }

        @Test
        @DisplayName("access token 1 h")
        void accessTokenLivesForAnHour() {
            Registered agent = registerAnonymously();
            Answer answer = client().exchange(agent.assertion()).hasStatus(200);
            assertThat(answer.json().path("expires_in").asInt()).isEqualTo(3600);
            String token = answer.string("access_token");
            advance(HOUR.minusMillis(1));
            client().callApi(token).hasStatus(200);
            advance(Duration.ofMillis(1));
            client().callApi(token).isCredentialError(401, "invalid_token");
        }

        private ProtocolService withDayLongAssertions() {
            return startService(options -> options.configure(builder ->
                    builder.lifetimes(dev.agentauth.config.Lifetimes.standard().withAssertion(Duration.ofDays(3)))));
        }

        @Test
        @DisplayName("… and never beyond the claim's expiry while unclaimed")
        void accessTokenOfAnUnclaimedOneEndsWithIt() {
            withDayLongAssertions();
            Registered agent = registerAnonymously();
            advance(DAY.minusMinutes(30).plusMillis(500));
            Answer answer = client().exchange(agent.assertion()).hasStatus(200);
            assertThat(answer.json().path("expires_in").asInt()).isEqualTo(1799);
            advance(Duration.ofMinutes(30).minusMillis(501));
            client().callApi(answer.string("access_token")).hasStatus(200);
            advance(Duration.ofMillis(1));
            client().callApi(answer.string("access_token")).isCredentialError(401, "invalid_token");
            client().exchange(agent.assertion()).isCredentialError(400, "invalid_grant");
        }

        @Test
        @DisplayName("… which does not limit the tokens of a claimed one")
        void accessTokenOfAClaimedOneHasItsHour() {
            withDayLongAssertions();
            Registered agent = registerAnonymously();
            claim(agent, ADA);
            advance(DAY.minusMinutes(30));
            Answer answer = client().exchange(agent.assertion()).hasStatus(200);
            assertThat(answer.json().path("expires_in").asInt()).isEqualTo(3600);
            advance(HOUR.minusMillis(1));
            client().callApi(answer.string("access_token")).hasStatus(200);
        }

        @Test
        @DisplayName("unclaimed registration and claim token 24 h")
        void claimTokenLivesForADay() {
            Answer answer = client().registerAnonymously();
            assertThat(answer.time("claim_token_expires")).isEqualTo(ProtocolService.START.plus(DAY));
            Registered agent = Registered.of(answer);
            advance(DAY.minusMillis(1));
            client().startClaim(agent.claimToken(), ADA).hasStatus(200);
            String code = reveal(service().mail.newestToken());
            advance(Duration.ofMillis(1));
            client().complete(agent.claimToken(), code).isIdentityError(410, "claim_expired");
        }

        @Test
        @DisplayName("link 10 min")
        void linkLivesForTenMinutes() {
            Registered agent = registerAnonymously();
            assertThat(client().startClaim(agent.claimToken(), ADA).time("expires_at"))
                    .isEqualTo(ProtocolService.START.plus(TEN_MINUTES));
            String link = service().mail.newestToken();
            advance(TEN_MINUTES.minusMillis(1));
            client().view(link).hasStatus(200);
            advance(Duration.ofMillis(1));
            client().view(link).hasStatus(410);
            client().challenge(link).isIdentityError(410, "claim_expired");
            client().reject(link).isIdentityError(410, "claim_expired");
        }

        @Test
        @DisplayName(
                "T86: while the link or a code that it revealed lives, the page, showing a code and saying no answer")
        void t86_linkAnswersAsLongAsItsCodeLives() {
            Registered agent = registerAnonymously();
            String link = invite(agent, ADA);
            advance(TEN_MINUTES.minusMillis(1));
            String first = reveal(link);
            advance(TEN_MINUTES.minusMillis(1));
            client().view(link).hasStatus(200);
            String second = reveal(link);
            advance(Duration.ofMillis(1));
            client().view(link).hasStatus(200);
            client().reject(link).hasStatus(200);
            for (String code : List.of(first, second)) {
                client().complete(agent.claimToken(), code).isIdentityError(403, "claim_rejected");
            }
        }

        @Test
        @DisplayName("code 10 min")
        void codeLivesForTenMinutes() {
            Registered agent = registerAnonymously();
            Registered late = registerAnonymously();
            Answer revealed = client().challenge(invite(agent, ADA));
            assertThat(revealed.time("expires_at")).isEqualTo(ProtocolService.START.plus(TEN_MINUTES));
            String tooLate = reveal(invite(late, BOB));
            advance(TEN_MINUTES.minusMillis(1));
            client().complete(agent.claimToken(), revealed.string("challenge")).hasStatus(200);
            advance(Duration.ofMillis(1));
            client().complete(late.claimToken(), tooLate).isIdentityError(410, "otp_expired");
        }

        @Test
        @DisplayName("code at most to the claim's expiry, and no link goes beyond it either")
        void codeEndsWithTheClaim() {
            Registered agent = registerAnonymously();
            advance(DAY.minusMinutes(4));
            Answer started = client().startClaim(agent.claimToken(), ADA).hasStatus(200);
            Answer revealed = client().challenge(service().mail.newestToken()).hasStatus(200);

            assertThat(revealed.time("expires_at")).isEqualTo(ProtocolService.START.plus(DAY));
            assertThat(started.time("expires_at")).isEqualTo(ProtocolService.START.plus(DAY));
        }

        @Test
        @DisplayName("all configurable")
        void everyLifetimeIsConfigurable() {
            startService(options -> options.configure(builder -> builder.lifetimes(new dev.agentauth.config.Lifetimes(
                    Duration.ofSeconds(11),
                    Duration.ofSeconds(12),
                    Duration.ofSeconds(13),
                    Duration.ofSeconds(4),
                    Duration.ofSeconds(5),
                    Duration.ofSeconds(6)))));
            Answer registered = client().registerAnonymously();
            assertThat(registered.time("assertion_expires")).isEqualTo(ProtocolService.START.plusSeconds(11));
            assertThat(registered.time("claim_token_expires")).isEqualTo(ProtocolService.START.plusSeconds(13));
            Registered agent = Registered.of(registered);
            assertThat(client().exchange(agent.assertion())
                            .json()
                            .path("expires_in")
                            .asInt())
                    .isEqualTo(12);
            assertThat(client().startClaim(agent.claimToken(), ADA).time("expires_at"))
                    .isEqualTo(ProtocolService.START.plusSeconds(4));
            assertThat(client().challenge(service().mail.newestToken()).time("expires_at"))
                    .isEqualTo(ProtocolService.START.plusSeconds(5));
        }

        @Test
        @DisplayName(
                "expired registrations stay one further lifetime (so that their claim token answers claim_expired), then they are purged")
        void expiredOneStaysForOneFurtherLifetime() {
            Registered agent = registerAnonymously();
            advance(DAY.multipliedBy(2).minusMillis(1));
            service().auth.purge();
            client().startClaim(agent.claimToken(), ADA).isIdentityError(410, "claim_expired");
            client().complete(agent.claimToken(), "123456").isIdentityError(410, "claim_expired");
            advance(Duration.ofMillis(1));
            assertThat(service().auth.purge().registrations()).isEqualTo(1);
            client().startClaim(agent.claimToken(), ADA).isIdentityError(401, "invalid_claim_token");
        }

        @Test
        @DisplayName("revoked and long-unused claimed ones for a configurable retention; then they are purged")
        void revokedOneStaysForTheRetention() {
            startService(options -> options.configure(builder ->
                    builder.lifetimes(dev.agentauth.config.Lifetimes.standard().withRetention(Duration.ofDays(10)))));
            Registered revoked = registerAnonymously();
            Registered claimed = registerAnonymously();
            claim(claimed, ADA);
            service().auth.revokeRegistration(revoked.id());
            advance(Duration.ofDays(10).minusMillis(1));
            assertThat(service().auth.purge().registrations()).isZero();
            client().startClaim(revoked.claimToken(), ADA).isIdentityError(410, "claim_expired");
            advance(Duration.ofHours(3));
            assertThat(service().auth.purge().registrations()).isEqualTo(2);
            client().startClaim(revoked.claimToken(), ADA).isIdentityError(401, "invalid_claim_token");
            client().complete(claimed.claimToken(), "123456").isIdentityError(401, "invalid_claim_token");
        }

        @Test
        @DisplayName("a claimed one that is used is not purged")
        void usedOneIsKept() {
            startService(options -> options.configure(builder ->
                    builder.lifetimes(dev.agentauth.config.Lifetimes.standard().withRetention(Duration.ofDays(10)))));
            Registered agent = registerIdJag(idJag());
            advance(Duration.ofDays(9));
            assertThat(registerIdJag(idJag()).id()).isEqualTo(agent.id());
            advance(Duration.ofDays(9));
            assertThat(service().auth.purge().registrations()).isZero();
            assertThat(registerIdJag(idJag()).id()).isEqualTo(agent.id());
        }
    }

    @Nested
    @DisplayName("Provider identity means (iss, tenant or none, sub, aud) everywhere on this page")
    final class Identity {

        static Stream<List<String>> lookAlikes() {
            return Stream.of(
                    List.of("sub", "PERSON-1"),
                    List.of("sub", "person-1 "),
                    List.of("sub", " person-1"),
                    List.of("sub", "person-1\u0301"),
                    List.of("sub", "\uff50erson-1"),
                    List.of("sub", "person-1\u200b"),
                    List.of("tenant", "t1"),
                    List.of("tenant", "T1"),
                    List.of("tenant", "t1 "));
        }

        @ParameterizedTest
        @MethodSource("lookAlikes")
        @DisplayName("T16: look-alikes are other identities")
        void lookAlikeIsAnotherIdentity(List<String> claim) {
            Registered agent = registerIdJag(idJag());
            Registered lookAlike =
                    registerIdJag(idJag().claim(claim.get(0), claim.get(1)).email(BOB));

            assertThat(lookAlike.id()).isNotEqualTo(agent.id());
            assertThat(registerIdJag(idJag()).id()).isEqualTo(agent.id());
            assertThat(registerIdJag(idJag().claim(claim.get(0), claim.get(1)).email(BOB))
                            .id())
                    .isEqualTo(lookAlike.id());
        }

        @Test
        @DisplayName("T16: another issuer, whatever its subject, is another identity")
        void otherIssuerIsAnotherIdentity() {
            Registered agent = registerIdJag(idJag());
            dev.agentauth.testkit.FakeProvider second = closing(service().anotherProvider());

            assertThat(registerIdJag(second.idJag(service().issuer()).email(BOB))
                            .id())
                    .isNotEqualTo(agent.id());
        }

        @ParameterizedTest
        @ValueSource(strings = {"t1", ""})
        @DisplayName("the resource sees the tenant, or none")
        void apiSeesTheTenant(String tenant) {
            Registered agent = registerIdJag(tenant.isEmpty() ? idJag() : idJag().claim("tenant", tenant));

            assertThat(client().callApi(token(agent.assertion())).string("provider_tenant"))
                    .isEqualTo(tenant.isEmpty() ? "null" : tenant);
        }
    }
}
