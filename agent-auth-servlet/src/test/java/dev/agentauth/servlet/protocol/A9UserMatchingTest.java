package dev.agentauth.servlet.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentauth.config.ExistingUserPolicy;
import dev.agentauth.config.NewUserPolicy;
import dev.agentauth.registration.Registration;
import dev.agentauth.registration.RegistrationStatus;
import dev.agentauth.spi.Contact;
import dev.agentauth.spi.User;
import dev.agentauth.spi.UserDirectory;
import dev.agentauth.testkit.FakeProvider;
import dev.agentauth.testkit.ProviderJwt;
import dev.agentauth.testkit.Race;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("A9. Which user is it")
final class A9UserMatchingTest extends ProtocolTest {
    private static final String PERSON = "person-1";
    private static final String PHONE = "+15550100";
    private static final String ANN = "ann@example.com";

    private void startWith(ExistingUserPolicy existing) {
        startService(options -> options.configure(builder -> builder.existingUsers(existing)));
    }

    private void startWith(NewUserPolicy newUsers) {
        startService(options -> options.configure(builder -> builder.newUsers(newUsers)));
    }

    /** The user that the agent acts for, as the service's own API sees it. */
    private String userOf(String assertion) {
        return client().callApi(token(assertion)).hasStatus(200).string("user_id");
    }

    private String userOf(Registered registered) {
        return userOf(registered.assertion());
    }

    private void isNobody(ProviderJwt idJag) {
        client().registerIdJag(idJag.compact())
                .isIdentityError(403, "user_not_found")
                .isNotStored();
    }

    private List<Registration> registrationsOf(String subject) {
        return service().registrations.findMadeBefore(Instant.parse("9999-01-01T00:00:00Z"), "", 1_000).stream()
                .filter(registration -> registration.provider() != null
                        && registration.provider().identity().subject().equals(subject))
                .sorted(Comparator.comparing(Registration::createdAt))
                .toList();
    }

    private void assertNothingIsMade() {
        assertThat(registrationsOf(PERSON)).isEmpty();
        assertThat(service().mail.links()).isEmpty();
        assertThat(service().mail.notices()).isEmpty();
    }

    private RegistrationStatus status(Registered registered) {
        return service()
                .registrations
                .findById(registered.id())
                .orElseThrow()
                .status(service().clock.instant());
    }

    private ProviderJwt vouchedFor(String subject, String address) {
        return idJag().subject(subject).email(address);
    }

    @Nested
    @DisplayName(
            "0. An identity bound to an inactive user, or a contact of one: 403 user_not_found, nothing is made (at /complete: 410 claim_expired)")
    final class Inactive {

        @Test
        void identityBoundToAnInactiveUser() {
            Registered agent = registerIdJag(idJag());
            String user = userOf(agent);
            service().users.setActive(user, false);

            isNobody(idJag());
            isNobody(idJag().email(BOB));

            service().users.setActive(user, true);
            assertThat(registerIdJag(idJag()).id()).isEqualTo(agent.id());
            assertThat(registrationsOf(PERSON)).hasSize(1);
            assertThat(service().users.findByVerifiedEmail(BOB)).isEmpty();
        }

        @Test
        void pendingStepUpForAnInactiveUser() {
            service().users.add(User.of("u1", ADA));
            Registered agent = stepUp(idJag());
            service().users.setActive("u1", false);

            isNobody(idJag());
            isNobody(idJag().email(BOB));

            service().users.setActive("u1", true);
            assertThat(stepUp(idJag()).id()).isEqualTo(agent.id());
            assertThat(service().mail.links()).hasSize(1);
        }

        @ParameterizedTest
        @EnumSource(ExistingUserPolicy.class)
        void emailOfAnInactiveUserWhateverThePolicy(ExistingUserPolicy policy) {
            startWith(policy);
            service().users.add(User.of("u1", ADA));
            service().users.setActive("u1", false);

            isNobody(idJag().email("ADA@example.com"));

            assertNothingIsMade();
        }

        @ParameterizedTest
        @EnumSource(ExistingUserPolicy.class)
        void phoneOfAnInactiveUserWhateverThePolicy(ExistingUserPolicy policy) {
            startWith(policy);
            service().users.add(User.of("u1", ADA)).addPhone("u1", PHONE);
            service().users.setActive("u1", false);

            isNobody(idJag().phoneOnly(PHONE));
            isNobody(idJag().email(BOB).claim("phone_number", PHONE).claim("phone_number_verified", true));

            assertNothingIsMade();
            assertThat(service().users.findByVerifiedEmail(BOB)).isEmpty();
        }

        @Test
        void linkedIdentityWithTheContactOfAnotherInactiveUser() {
            Registered agent = registerIdJag(idJag());
            service().users.add(User.of("u2", BOB));
            service().users.setActive("u2", false);

            isNobody(idJag().email(BOB));

            assertThat(registerIdJag(idJag()).id()).isEqualTo(agent.id());
        }

        @Test
        @DisplayName("… at /complete: 410 claim_expired: an anonymous claim")
        void completingAnAnonymousClaimForAnInactiveUser() {
            service().users.add(User.of("u1", ADA));
            Registered agent = registerAnonymously();
            String code = reveal(invite(agent, ADA));
            service().users.setActive("u1", false);

            client().complete(agent.claimToken(), code).isIdentityError(410, "claim_expired");

            assertThat(service().registrations.findByUser("u1")).isEmpty();
            service().users.setActive("u1", true);
            client().complete(agent.claimToken(), code).hasStatus(200);
        }

        @Test
        @DisplayName("… an e-mail registration, whose start tells nothing")
        void completingAnEmailRegistrationOfAnInactiveUser() {
            service().users.add(User.of("u1", ADA));
            service().users.setActive("u1", false);
            Registered agent = registerEmail(ADA);
            String code = reveal(service().mail.newestToken());

            client().complete(agent.claimToken(), code).isIdentityError(410, "claim_expired");

            assertThat(service().registrations.findByUser("u1")).isEmpty();
        }

        @Test
        @DisplayName("… a step-up")
        void completingAStepUpOfAUserWhoHasBecomeInactive() {
            service().users.add(User.of("u1", ADA));
            Registered agent = stepUp(idJag());
            String code = reveal(service().mail.newestToken());
            service().users.setActive("u1", false);

            client().complete(agent.claimToken(), code).isIdentityError(410, "claim_expired");

            assertThat(status(agent)).isNotEqualTo(RegistrationStatus.CLAIMED);
            service().users.setActive("u1", true);
            client().complete(agent.claimToken(), code).hasStatus(200);
        }
    }

    @Nested
    @DisplayName(
            "1. The provider identity is linked, that is, a claimed, unrevoked registration carries it with a user → that user. Clean.")
    final class Linked {

        @Test
        void linkedIdentityIsThatUserWhateverItsContactIsNow() {
            Registered agent = registerIdJag(idJag());
            String user = userOf(agent);
            service().users.add(User.of("u2", BOB)).addPhone("u2", PHONE);

            for (ProviderJwt idJag :
                    List.of(idJag(), idJag().email(BOB), idJag().phoneOnly(PHONE), idJag().email("new@example.com"))) {
                Registered again = registerIdJag(idJag);
                assertThat(again.id()).isEqualTo(agent.id());
                assertThat(userOf(again)).isEqualTo(user);
            }
            assertThat(service().mail.links()).isEmpty();
            assertThat(service().users.findByVerifiedEmail("new@example.com")).isEmpty();
        }

        @ParameterizedTest
        @EnumSource(ExistingUserPolicy.class)
        void linkedIdentityIsCleanWhateverThePolicy(ExistingUserPolicy policy) {
            startWith(policy);
            Registered agent = registerIdJag(idJag());

            assertThat(registerIdJag(idJag()).id()).isEqualTo(agent.id());
        }

        @Test
        void anotherSubjectTenantOrIssuerIsNotLinked() {
            registerIdJag(idJag());
            FakeProvider other = closing(service().anotherProvider());

            stepUp(idJag().subject("person-2"));
            stepUp(idJag().claim("tenant", "t1"));
            client().registerIdJag(other.idJag(service().issuer()).compact()).isInteractionRequired();
        }

        @Test
        void pendingOrRevokedRegistrationLinksNobody() {
            service().users.add(User.of("u1", ADA));
            Registered pending = stepUp(idJag());
            assertThat(stepUp(idJag()).id()).isEqualTo(pending.id());

            client().reject(service().mail.newestToken()).hasStatus(200);

            assertThat(stepUp(idJag()).id()).isNotEqualTo(pending.id());
        }
    }

    @Nested
    @DisplayName(
            "2. Else a user with the same verified e-mail (case-insensitive), then phone: do not bind. 401 interaction_required")
    final class Confirm {

        @Test
        @DisplayName(
                "body also registration_id, registration_type: agent-provider, claim_url, claim_token, claim_token_expires, post_claim_scopes")
        void answer() {
            service().users.add(User.of("u1", ADA));

            Answer answer = client().registerIdJag(idJag().compact()).isInteractionRequired();

            assertThat(answer.string("registration_id")).startsWith("reg_");
            assertThat(answer.string("registration_type")).isEqualTo("agent-provider");
            assertThat(answer.string("claim_url")).isEqualTo(service().issuer() + "/agent/identity/claim");
            assertThat(answer.string("claim_token")).startsWith("clm_");
            assertThat(answer.time("claim_token_expires")).isEqualTo(ProtocolService.START.plus(Duration.ofHours(24)));
            assertThat(answer.strings("post_claim_scopes"))
                    .containsExactly(ProtocolService.READ, ProtocolService.WRITE, ProtocolService.ADMIN);
            assertThat(answer.text()).doesNotContain("eyJ").doesNotContain(ADA);
        }

        @Test
        void nobodyIsBound() {
            service().users.add(User.of("u1", ADA));

            Registered agent = stepUp(idJag());

            assertThat(status(agent)).isEqualTo(RegistrationStatus.PENDING_CLAIM);
            assertThat(service()
                            .registrations
                            .findById(agent.id())
                            .orElseThrow()
                            .userId())
                    .isNull();
            assertThat(service().mail.notices()).isEmpty();
        }

        @ParameterizedTest
        @CsvSource({
            "Ada@Example.COM, ada@example.com",
            "ada@example.com, ADA@EXAMPLE.com",
            "aDa@example.com, AdA@example.com"
        })
        void emailIsComparedWithoutRegardToCase(String onFile, String vouched) {
            service().users.add(User.of("u1", onFile));

            Registered agent = stepUp(idJag().email(vouched));

            assertThat(service().mail.newest().recipient()).isEqualToIgnoringCase(ADA);
            assertThat(userOf(completeMailed(agent))).isEqualTo("u1");
        }

        @ParameterizedTest
        @ValueSource(strings = {"ada+x@example.com", "a.da@example.com", "ada@example.co", "ada@sub.example.com"})
        void otherAddressesAreOtherPeoples(String vouched) {
            service().users.add(User.of("u1", ADA));

            assertThat(userOf(registerIdJag(idJag().email(vouched)))).isNotEqualTo("u1");
        }

        @Test
        @DisplayName("… then phone")
        void phoneIsComparedAfterTheEmail() {
            service().users.add(User.of("u1", ADA)).add(User.of("u2", BOB)).addPhone("u2", PHONE);

            Registered byPhone = stepUp(idJag().phoneOnly(PHONE));
            assertThat(service().mail.newest().recipient()).isEqualTo(BOB);
            assertThat(userOf(completeMailed(byPhone))).isEqualTo("u2");

            Registered byBoth = stepUp(
                    idJag().subject("person-2").claim("phone_number", PHONE).claim("phone_number_verified", true));
            assertThat(service().mail.newest().recipient()).isEqualTo(ADA);
            assertThat(userOf(completeMailed(byBoth))).isEqualTo("u1");
        }

        @Test
        @DisplayName("the link goes to the user's own verified address on file")
        void linkGoesToTheAddressOnFileAndNotToTheOneVouchedFor() {
            service().users.add(User.of("u2", BOB)).addPhone("u2", PHONE);

            Registered agent = stepUp(idJag().email("attacker@example.com")
                    .claim("phone_number", PHONE)
                    .claim("phone_number_verified", true));

            assertThat(service().mail.links()).hasSize(1);
            assertThat(service().mail.newest().recipient()).isEqualTo(BOB);
            assertThat(service().mail.newest().registrationId()).isEqualTo(agent.id());
            assertThat(service().users.findByVerifiedEmail("attacker@example.com"))
                    .isEmpty();
        }

        @Test
        @DisplayName("(none there: 403 user_not_found)")
        void userWithoutAnAddressCannotBeAsked() {
            service().users.add(User.of("u2", null)).addPhone("u2", PHONE);

            isNobody(idJag().phoneOnly(PHONE));

            assertNothingIsMade();
            service().users.add(User.of("u2", BOB));
            stepUp(idJag().phoneOnly(PHONE));
        }

        @Test
        @DisplayName("Completing binds that very user, no other, and links the identity")
        void completingBindsTheUserWhomItIsForAndLinks() {
            service().users.add(User.of("u1", ADA));
            Registered agent = stepUp(idJag());
            String code = reveal(service().mail.newestToken());
            // Meanwhile the address has become somebody else's.
            service().users.add(User.of("u1", "new@example.com")).add(User.of("u2", ADA));

            String assertion =
                    client().complete(agent.claimToken(), code).hasStatus(200).string("identity_assertion");

            assertThat(userOf(assertion)).isEqualTo("u1");
            assertThat(service().registrations.findByUser("u2")).isEmpty();
            Registered again = registerIdJag(idJag());
            assertThat(again.id()).isEqualTo(agent.id());
            assertThat(userOf(again)).isEqualTo("u1");
        }

        @Test
        @DisplayName("(gone or inactive by then: 410 claim_expired)")
        void completingForAUserWhoIsGoneBindsNobody() {
            HidingDirectory hiding = startWithHidingDirectory();
            service().users.add(User.of("u1", ADA));
            Registered agent = stepUp(idJag());
            String code = reveal(service().mail.newestToken());
            hiding.hidden.add("u1");
            service().users.add(User.of("u2", ADA));

            client().complete(agent.claimToken(), code).isIdentityError(410, "claim_expired");

            assertThat(status(agent)).isNotEqualTo(RegistrationStatus.CLAIMED);
            assertThat(service().registrations.findByUser("u2")).isEmpty();
            hiding.hidden.clear();
            client().complete(agent.claimToken(), code).hasStatus(200);
        }

        @Test
        @DisplayName("T15: nothing binds without the mailed secret")
        void nothingBindsWithoutTheMailedSecret() {
            service().users.add(User.of("u1", ADA));
            Registered agent = stepUp(idJag());
            client().complete(agent.claimToken(), "000000").isIdentityError(400, "otp_not_generated");
            client().startClaim(agent.claimToken(), "attacker@example.com")
                    .isIdentityError(409, "claimed_or_in_flight");
            // A code from a ceremony of the attacker's own is none for this one.
            Registered own = registerAnonymously();
            String ownCode = reveal(invite(own, "attacker@example.com"));
            client().complete(agent.claimToken(), ownCode).isIdentityError(400, "otp_not_generated");
            stepUp(idJag());
            client().registerIdJag(idJag().claim("email_verified", "true").compact())
                    .isIdentityError(400, "missing_verified_email");

            assertThat(service().registrations.findByUser("u1"))
                    .noneMatch(registration -> registration.claimedAt() != null);
            assertThat(service().mail.links())
                    .filteredOn(mail -> mail.recipient().equals(ADA))
                    .hasSize(1);
        }
    }

    @Nested
    @DisplayName(
            "Presenting again while that is pending: same registration_id, a fresh claim token (the old one dies), no second mail while the attempt is open")
    final class PresentingAgain {

        private Registered first() {
            service().users.add(User.of("u1", ADA));
            return stepUp(idJag());
        }

        @Test
        void sameRegistrationFreshTokenNoSecondMail() {
            Registered first = first();
            Registered second = stepUp(idJag());

            assertThat(second.id()).isEqualTo(first.id());
            assertThat(second.claimToken()).isNotEqualTo(first.claimToken());
            assertThat(service().mail.links()).hasSize(1);
            String code = reveal(service().mail.newestToken());
            client().complete(first.claimToken(), code).isIdentityError(401, "invalid_claim_token");
            client().complete(second.claimToken(), code).hasStatus(200);
        }

        @Test
        void codeThatIsOnThePageStaysGood() {
            first();
            String code = reveal(service().mail.newestToken());

            Registered second = stepUp(idJag());

            client().complete(second.claimToken(), code).hasStatus(200);
        }

        @Test
        void openUntilTheLinkLapsesThenASecondMail() {
            Registered first = first();
            String oldLink = service().mail.newestToken();

            service()
                    .clock
                    .moveTo(ProtocolService.START.plus(Duration.ofMinutes(10)).minusMillis(1));
            stepUp(idJag());
            assertThat(service().mail.links()).hasSize(1);

            service().clock.moveTo(ProtocolService.START.plus(Duration.ofMinutes(10)));
            Registered third = stepUp(idJag());
            assertThat(third.id()).isEqualTo(first.id());
            assertThat(service().mail.links()).hasSize(2);
            client().challenge(oldLink).isIdentityError(410, "claim_superseded");
            assertThat(userOf(completeMailed(third))).isEqualTo("u1");
        }

        @Test
        void refusedMailIsMailedAnewByTheRepeat() {
            service().users.add(User.of("u1", ADA));
            service().mail.down(true);
            client().registerIdJag(idJag().compact()).isIdentityError(503, "temporarily_unavailable");
            service().mail.down(false);

            Registered agent = stepUp(idJag());

            assertThat(service().mail.links()).hasSize(1);
            assertThat(userOf(completeMailed(agent))).isEqualTo("u1");
            assertThat(registrationsOf(PERSON)).hasSize(1);
        }

        @Test
        void repeatGoesToTheSameUserWhateverAddressItCarries() {
            Registered first = first();
            service().users.add(User.of("u2", BOB));

            Registered again = stepUp(idJag().email(BOB));

            assertThat(again.id()).isEqualTo(first.id());
            assertThat(service().mail.links()).hasSize(1);
            assertThat(userOf(completeMailed(again))).isEqualTo("u1");
        }

        @Test
        void afterItsExpiryItIsANewRegistration() {
            Registered first = first();
            service()
                    .clock
                    .moveTo(ProtocolService.START.plus(Duration.ofHours(24)).minusMillis(1));
            assertThat(stepUp(idJag()).id()).isEqualTo(first.id());

            service().clock.moveTo(ProtocolService.START.plus(Duration.ofHours(24)));
            Registered next = stepUp(idJag());

            assertThat(next.id()).isNotEqualTo(first.id());
            client().complete(first.claimToken(), "123456").hasStatus(401);
        }

        @Test
        @DisplayName("T62: a repeat costs nothing, and strangers who use up the other mails lock nobody out")
        void repeatsConsumeNoMail() {
            startService(ProtocolService.Options::limited);
            service().users.add(User.of("u1", ADA));
            for (int i = 0; i < 5; i++) {
                client().registerEmail(ADA).hasStatus(200);
            }
            client().registerEmail(ADA).isIdentityError(429, "rate_limited");

            for (int i = 0; i < 20; i++) {
                stepUp(idJag());
            }
            assertThat(service().mail.links()).hasSize(6);
        }

        @Test
        void manyAtOnceAreOneRegistrationWithOneMail() {
            service().users.add(User.of("u1", ADA));
            List<String> idJags = new ArrayList<>();
            for (int i = 0; i < 16; i++) {
                idJags.add(idJag().compact());
            }

            List<Answer> answers = Race.run(16, i -> client().registerIdJag(idJags.get(i)));

            answers.forEach(Answer::isInteractionRequired);
            assertThat(answers.stream()
                            .map(answer -> answer.string("registration_id"))
                            .distinct())
                    .hasSize(1);
            String code = reveal(service().mail.newestToken());
            List<Integer> statuses = answers.stream()
                    .map(answer -> client().complete(answer.string("claim_token"), code)
                            .status())
                    .toList();
            assertThat(statuses).containsOnly(200, 401);
            assertThat(statuses).filteredOn(status -> status == 200).hasSize(1);
        }
    }

    @Nested
    @DisplayName("A service may configure link (bind at once) or refuse (403 user_not_found) instead of confirm")
    final class Policies {

        @Test
        void linkBindsAtOnce() {
            startWith(ExistingUserPolicy.LINK);
            service().users.add(User.of("u1", ADA)).add(User.of("u2", null)).addPhone("u2", PHONE);

            assertThat(userOf(registerIdJag(idJag()))).isEqualTo("u1");
            assertThat(userOf(registerIdJag(idJag().subject("person-2").phoneOnly(PHONE))))
                    .isEqualTo("u2");
            assertThat(service().mail.links()).isEmpty();
        }

        @Test
        void refuseBindsNobody() {
            startWith(ExistingUserPolicy.REFUSE);
            service().users.add(User.of("u1", ADA)).addPhone("u1", PHONE);

            isNobody(idJag());
            isNobody(idJag().phoneOnly(PHONE));

            assertNothingIsMade();
            assertThat(userOf(registerIdJag(idJag().email(BOB)))).isNotEqualTo("u1");
        }

        @Test
        void confirmIsTheDefault() {
            service().users.add(User.of("u1", ADA));

            stepUp(idJag());
        }
    }

    @Nested
    @DisplayName(
            "3. Else make the user (just in time; without an e-mail none is invented), or refuse where the service's policy says so")
    final class Making {

        @Test
        void userIsMadeWithTheContactOnTheProvidersWord() {
            String user = userOf(registerIdJag(idJag().email("Ada@Example.com")));

            User made = service().users.findById(user).orElseThrow();
            assertThat(made.email()).contains(ADA);
            assertThat(service().origins.isOnProvidersWord(user)).isTrue();
            assertThat(service().mail.links()).isEmpty();
            assertThat(service().mail.notices()).isEmpty();
        }

        @Test
        @DisplayName("without an e-mail none is invented")
        void userWithoutEmail() {
            String user = userOf(registerIdJag(idJag().phoneOnly(PHONE)));

            assertThat(service().users.findById(user).orElseThrow().email()).isEmpty();
            assertThat(service().users.findByVerifiedPhone(PHONE).orElseThrow().id())
                    .isEqualTo(user);
        }

        @Test
        @DisplayName("or refuse where the service's policy says so (403 user_not_found)")
        void policyThatMakesNobody() {
            startWith(NewUserPolicy.REFUSE);

            isNobody(idJag());

            assertNothingIsMade();
            assertThat(service().users.findByVerifiedEmail(ADA)).isEmpty();
            service().users.add(User.of("u1", ADA));
            assertThat(userOf(completeMailed(stepUp(idJag())))).isEqualTo("u1");
        }

        @Test
        void policyThatMakesNobodyHoldsAtCompleteToo() {
            startWith(NewUserPolicy.REFUSE);
            Registered agent = registerAnonymously();
            String code = reveal(invite(agent, ADA));

            client().complete(agent.claimToken(), code).isIdentityError(410, "claim_expired");

            assertThat(service().users.findByVerifiedEmail(ADA)).isEmpty();
        }

        @Test
        @DisplayName("Making is keyed by the provider identity: every call with that key yields the same user")
        void sameIdentityYieldsTheSameUser() {
            service().wiretap.before("insert", Wiretap.once(Wiretap.failure()));
            client().registerIdJag(idJag().compact()).isIdentityError(503, "temporarily_unavailable");
            String user = service().users.findByVerifiedEmail(ADA).orElseThrow().id();

            assertThat(userOf(registerIdJag(idJag().email(BOB)))).isEqualTo(user);
            assertThat(service().users.findByVerifiedEmail(BOB)).isEmpty();
            assertThat(userOf(registerIdJag(vouchedFor("person-2", ANN)))).isNotEqualTo(user);
        }

        @Test
        @DisplayName(
                "a logout or an operator has revoked the registration, the key is forgotten and step 2 applies to whoever presents")
        void f20_keyIsForgottenWithTheRegistration() {
            String user = userOf(registerIdJag(idJag()));
            client().logout(logoutOf(PERSON).compact()).hasStatus(200);
            service().clock.advance(Duration.ofSeconds(1));
            Registered second = registerIdJag(idJag().email(BOB));
            String other = userOf(second);
            assertThat(other).isNotEqualTo(user);

            service().auth.revokeRegistration(second.id());

            assertThat(userOf(registerIdJag(idJag().email(ANN)))).isNotIn(user, other);
            stepUp(idJag().subject("person-2").email(BOB));
        }

        @Test
        @DisplayName("… once the service has proved an address of theirs by the embedder's own means: addressProved")
        void f20_keyIsForgottenWithTheProof() {
            Registered prepared = registerIdJag(idJag());
            String user = userOf(prepared);

            assertThat(service().auth.addressProved(user, ADA)).isTrue();

            assertThat(status(prepared)).isEqualTo(RegistrationStatus.REVOKED);
            assertThat(userOf(registerIdJag(idJag().email(BOB)))).isNotEqualTo(user);
            stepUp(idJag().subject("person-2"));
        }

        @Test
        void manyPresentationsOfOneIdentityAtOnceMakeOneUser() {
            List<String> idJags = new ArrayList<>();
            for (int i = 0; i < 32; i++) {
                idJags.add(idJag().email("ada" + i + "@example.com").compact());
            }

            List<Answer> answers = Race.run(32, i -> client().registerIdJag(idJags.get(i)));

            answers.forEach(answer -> answer.hasStatus(200));
            Set<String> users = answers.stream()
                    .map(answer -> userOf(answer.string("identity_assertion")))
                    .collect(Collectors.toSet());
            assertThat(users).hasSize(1);
            assertThat(answers.stream()
                            .map(answer -> answer.string("registration_id"))
                            .distinct())
                    .hasSize(1);
        }

        @Test
        @DisplayName("(for mailed claims, by the address)")
        void mailedClaimsOfOneAddressAreOneUser() {
            Registered first = registerAnonymously();
            Registered second = registerAnonymously();
            claim(first, ADA);
            claim(second, "ADA@example.com");
            String third = completeMailed(registerEmail(ADA));

            assertThat(userOf(first)).isEqualTo(userOf(second)).isEqualTo(userOf(third));
            assertThat(service().origins.isOnProvidersWord(userOf(first))).isFalse();
        }

        @ParameterizedTest
        @EnumSource(ExistingUserPolicy.class)
        @DisplayName(
                "if the contact has meanwhile become somebody's under another key, the answer is taken and step 2 applies")
        void takenMeanwhile(ExistingUserPolicy policy) {
            startWith(policy);
            service()
                    .wiretap
                    .before("create", Wiretap.once(() -> service().users.add(User.of("u9", ADA))));

            Answer answer = client().registerIdJag(idJag().compact());

            switch (policy) {
                case CONFIRM -> {
                    answer.isInteractionRequired();
                    assertThat(service().mail.newest().recipient()).isEqualTo(ADA);
                    assertThat(userOf(completeMailed(Registered.of(answer)))).isEqualTo("u9");
                }
                case LINK ->
                    assertThat(userOf(answer.hasStatus(200).string("identity_assertion")))
                            .isEqualTo("u9");
                case REFUSE -> {
                    answer.isIdentityError(403, "user_not_found");
                    assertNothingIsMade();
                }
            }
        }

        @Test
        void takenByAnInactiveUserIsNobody() {
            service()
                    .wiretap
                    .before("create", Wiretap.once(() -> service().users.add(new User("u9", false, ADA))));

            isNobody(idJag());

            assertNothingIsMade();
        }

        @Test
        void directoryOutOfReachIs503AndTheNextPresentationSucceeds() {
            service().wiretap.after("create", Wiretap.once(Wiretap.failure()));
            client().registerIdJag(idJag().compact()).isIdentityError(503, "temporarily_unavailable");

            // The user was made, and nobody knows for whom: the person is asked.
            Registered agent = stepUp(idJag());
            assertThat(userOf(completeMailed(agent)))
                    .isEqualTo(service()
                            .users
                            .findByVerifiedEmail(ADA)
                            .orElseThrow()
                            .id());
        }
    }

    @Nested
    @DisplayName("T57: no race may bind two parties to one user")
    final class Races {
        private static final int ROUNDS = 15;

        @Test
        void twoProvidersAssertingOneAddress() {
            FakeProvider other = closing(service().anotherProvider());
            for (int round = 0; round < ROUNDS; round++) {
                String person = "racer-" + round;
                String address = "racer" + round + "@example.com";
                List<String> idJags = new ArrayList<>();
                for (int i = 0; i < 8; i++) {
                    FakeProvider by = i % 2 == 0 ? provider() : other;
                    idJags.add(by.idJag(service().issuer())
                            .subject(person)
                            .email(address)
                            .compact());
                }

                List<Answer> answers = Race.run(8, i -> client().registerIdJag(idJags.get(i)));

                Set<Integer> winners = new java.util.HashSet<>();
                for (int i = 0; i < 8; i++) {
                    if (answers.get(i).status() == 200) {
                        winners.add(i % 2);
                    } else {
                        answers.get(i).isInteractionRequired();
                    }
                }
                assertThat(winners).as("issuers that were bound, %s", answers).hasSize(1);
                User user = service().users.findByVerifiedEmail(address).orElseThrow();
                assertThat(bound(user.id())).hasSize(1);
            }
        }

        @Test
        void manySubjectsAssertingOneAddress() {
            for (int round = 0; round < ROUNDS; round++) {
                String address = "racer" + round + "@example.com";
                List<String> idJags = new ArrayList<>();
                for (int i = 0; i < 16; i++) {
                    idJags.add(vouchedFor("racer-" + round + "-" + i, address).compact());
                }

                List<Answer> answers = Race.run(16, i -> client().registerIdJag(idJags.get(i)));

                assertThat(answers).filteredOn(answer -> answer.status() == 200).hasSize(1);
                assertThat(answers).filteredOn(answer -> answer.status() == 401).hasSize(15);
            }
        }

        @Test
        void providerAssertingAnAddressWhileItsOwnerClaims() {
            for (int round = 0; round < ROUNDS; round++) {
                String address = "owner" + round + "@example.com";
                Registered own = registerAnonymously();
                String code = reveal(invite(own, address));
                List<Callable<Answer>> all = new ArrayList<>();
                for (int i = 0; i < 4; i++) {
                    String idJag =
                            vouchedFor("attacker-" + round + "-" + i, address).compact();
                    all.add(() -> client().registerIdJag(idJag));
                }
                all.add(() -> client().complete(own.claimToken(), code));

                List<Answer> answers = Race.run(all);

                answers.get(4).hasStatus(200);
                String owner = userOf(own);
                assertThat(bound(owner)).extracting(Registration::id).containsExactly(own.id());
                for (Answer answer : answers.subList(0, 4)) {
                    if (answer.status() == 200) {
                        Answer exchanged = client().exchange(answer.string("identity_assertion"));
                        if (exchanged.status() == 200) {
                            assertThat(client().callApi(exchanged.string("access_token"))
                                            .string("user_id"))
                                    .isNotEqualTo(owner);
                        }
                    }
                }
            }
        }

        private List<Registration> bound(String userId) {
            return service().registrations.findByUser(userId).stream()
                    .filter(each -> each.status(service().clock.instant()) == RegistrationStatus.CLAIMED)
                    .toList();
        }
    }

    @Nested
    @DisplayName(
            "T58: once A4's first-own-proof rule has revoked a registration, its provider identity no longer yields that user either: a new one is made")
    final class FirstOwnProof {

        private Registered prepared;
        private String preparedToken;
        private String user;

        private void prepare() {
            prepared = registerIdJag(vouchedFor("attacker", ADA));
            preparedToken = token(prepared.assertion());
            user = userOf(prepared);
        }

        private void assertPreparedIsOver() {
            client().callApi(preparedToken).hasStatus(401);
            client().exchange(prepared.assertion()).isCredentialError(400, "invalid_grant");
            assertThat(status(prepared)).isEqualTo(RegistrationStatus.REVOKED);
        }

        private void assertAttackerIsSomebodyElse() {
            // With the victim's address he must ask the victim; with another one he is another.
            stepUp(vouchedFor("attacker", ADA).claim("tenant", "t1"));
            String other = userOf(registerIdJag(vouchedFor("attacker", "attacker@example.com")));
            assertThat(other).isNotEqualTo(user);
            assertThat(userOf(registerIdJag(vouchedFor("attacker", "attacker@example.com"))))
                    .isEqualTo(other);
        }

        @Test
        void ownerRegistersByEmail() {
            prepare();

            String assertion = completeMailed(registerEmail(ADA));

            assertThat(userOf(assertion)).isEqualTo(user);
            assertPreparedIsOver();
            assertAttackerIsSomebodyElse();
            assertThat(userOf(assertion)).isEqualTo(user);
        }

        @Test
        void ownerClaimsAnAnonymousAgent() {
            prepare();
            Registered own = registerAnonymously();

            claim(own, ADA);

            assertThat(userOf(own)).isEqualTo(user);
            assertPreparedIsOver();
            assertAttackerIsSomebodyElse();
        }

        @Test
        void ownerConfirmsAStepUpOfAnotherProvider() {
            prepare();
            FakeProvider other = closing(service().anotherProvider());
            Registered own = Registered.of(client().registerIdJag(
                            other.idJag(service().issuer()).subject("victim").compact())
                    .isInteractionRequired());

            String assertion = completeMailed(own);

            assertThat(userOf(assertion)).isEqualTo(user);
            assertPreparedIsOver();
            assertAttackerIsSomebodyElse();
        }

        @Test
        void attackerWithTheVictimsAddressHasToAskTheVictim() {
            prepare();
            completeMailed(registerEmail(ADA));
            int mails = service().mail.links().size();

            stepUp(vouchedFor("attacker", ADA));

            assertThat(service().mail.links()).hasSize(mails + 1);
            assertThat(service().mail.newest().recipient()).isEqualTo(ADA);
            client().reject(service().mail.newestToken()).hasStatus(200);
            assertPreparedIsOver();
        }

        @Test
        void everyRegistrationThatWasPreparedIsRevoked() {
            prepare();
            Registered second = registerIdJag(vouchedFor("attacker", "attacker@example.com"));
            assertThat(second.id()).isEqualTo(prepared.id());

            completeMailed(registerEmail(ADA));

            assertPreparedIsOver();
            client().exchange(second.assertion()).isCredentialError(400, "invalid_grant");
        }

        @Test
        @DisplayName("… the first proof alone: what came after it lives on")
        void laterProofsRevokeNothing() {
            Registered first = registerAnonymously();
            claim(first, ADA);
            Registered linked = stepUp(idJag());
            String assertion = completeMailed(linked);

            Registered second = registerAnonymously();
            claim(second, ADA);

            assertThat(userOf(first)).isEqualTo(userOf(second)).isEqualTo(userOf(assertion));
        }

        @Test
        void userWhomTheServiceHadProvedBeforeLosesNothing() {
            service().users.add(User.of("u1", ADA));
            String linked = completeMailed(stepUp(idJag()));

            claim(registerAnonymously(), ADA);

            assertThat(userOf(linked)).isEqualTo("u1");
        }

        @Test
        void presentationThatMeetsTheProofBindsNobodyToTheOwner() {
            Registered own = registerAnonymously();
            String code = reveal(invite(own, ADA));
            // After the attacker's user was made and before his registration is written, the owner proves the address.
            service()
                    .wiretap
                    .before(
                            "insert",
                            Wiretap.once(() ->
                                    client().complete(own.claimToken(), code).hasStatus(200)));

            Answer answer = client().registerIdJag(vouchedFor("attacker", ADA).compact());

            answer.isInteractionRequired();
            assertThat(service().registrations.findByUser(userOf(own)).stream()
                            .filter(each -> each.status(service().clock.instant()) == RegistrationStatus.CLAIMED)
                            .map(Registration::id))
                    .containsExactly(own.id());
        }
    }

    @Nested
    @DisplayName(
            "After an agent was bound to an existing user, the embedder's mailer is asked to send that person a notice with the registration id")
    final class Notices {

        private void assertNotice(String registrationId) {
            assertThat(service().mail.notices()).hasSize(1);
            assertThat(service().mail.notices().get(0).registrationId()).isEqualTo(registrationId);
            assertThat(service().mail.notices().get(0).recipient()).isEqualTo(ADA);
        }

        @Test
        void afterAStepUp() {
            service().users.add(User.of("u1", ADA));
            Registered agent = stepUp(idJag());
            assertThat(service().mail.notices()).isEmpty();

            completeMailed(agent);

            assertNotice(agent.id());
        }

        @Test
        void afterLinkingAtOnce() {
            startWith(ExistingUserPolicy.LINK);
            service().users.add(User.of("u1", ADA));

            assertNotice(registerIdJag(idJag()).id());
        }

        @Test
        void afterAnAnonymousClaim() {
            service().users.add(User.of("u1", ADA));
            Registered agent = registerAnonymously();

            claim(agent, ADA);

            assertNotice(agent.id());
        }

        @Test
        void notToAUserWhoWasJustMadeAndNotAgain() {
            registerIdJag(vouchedFor("person-2", BOB));
            registerIdJag(vouchedFor("person-2", BOB));
            claim(registerAnonymously(), ANN);
            assertThat(service().mail.notices()).isEmpty();

            service().users.add(User.of("u1", ADA));
            Registered agent = stepUp(idJag());
            completeMailed(agent);
            registerIdJag(idJag());
            assertNotice(agent.id());
        }

        @Test
        void notAfterARefusal() {
            service().users.add(User.of("u1", ADA));
            stepUp(idJag());

            client().reject(service().mail.newestToken()).hasStatus(200);

            assertThat(service().mail.notices()).isEmpty();
        }

        @Test
        void mailerThatFailsChangesNothing() {
            service().users.add(User.of("u1", ADA));
            service().mail.noticesDown(true);
            Registered agent = stepUp(idJag());

            assertThat(userOf(completeMailed(agent))).isEqualTo("u1");

            assertThat(service().mail.notices()).isEmpty();
        }
    }

    private HidingDirectory startWithHidingDirectory() {
        AtomicReference<ProtocolService> started = new AtomicReference<>();
        HidingDirectory hiding = new HidingDirectory(started);
        started.set(startService(options -> options.configure(builder -> builder.users(hiding))));
        return hiding;
    }

    /** A directory out of which users disappear. */
    private static final class HidingDirectory implements UserDirectory {
        final Set<String> hidden = ConcurrentHashMap.newKeySet();
        private final AtomicReference<ProtocolService> service;

        HidingDirectory(AtomicReference<ProtocolService> service) {
            this.service = service;
        }

        private UserDirectory users() {
            return service.get().users;
        }

        private Optional<User> unlessHidden(Optional<User> user) {
            return user.filter(found -> !hidden.contains(found.id()));
        }

        @Override
        public Optional<User> findById(String userId) {
            return unlessHidden(users().findById(userId));
        }

        @Override
        public Optional<User> findByVerifiedEmail(String email) {
            return unlessHidden(users().findByVerifiedEmail(email));
        }

        @Override
        public Optional<User> findByVerifiedPhone(String phone) {
            return unlessHidden(users().findByVerifiedPhone(phone));
        }

        @Override
        public Optional<User> create(Contact contact) {
            return users().create(contact);
        }
    }
}
