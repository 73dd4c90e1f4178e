package dev.agentauth.internal.provider;

import static dev.agentauth.internal.provider.TestProvider.ISSUER;
import static dev.agentauth.internal.provider.TestProvider.NOW;
import static dev.agentauth.internal.provider.TestProvider.RESOURCE;
import static dev.agentauth.internal.provider.TestProvider.SERVICE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.agentauth.AgentAuthException;
import dev.agentauth.Problem;
import dev.agentauth.registration.ProviderIdentity;
import dev.agentauth.spi.TrustedProvider;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class IdJagRulesTest {
    private final TestProvider provider = new TestProvider();

    @Test
    void everythingThatTheProviderSaysIsReadOut() {
        VerifiedIdJag idJag = verify(provider.idJag()
                .claim("tenant", "acme")
                .claim("email", "User.Name@Example.COM")
                .claim("phone_number", "+1 555 0100")
                .claim("phone_number_verified", true)
                .claim("scope", "read write")
                .claim("agent_platform", "platform")
                .claim("agent_context_id", "context"));

        assertThat(idJag.provider()).isEqualTo(TestProvider.trusted());
        assertThat(idJag.identity()).isEqualTo(new ProviderIdentity(ISSUER, "acme", "user-1", SERVICE));
        assertThat(idJag.issuedAt()).isEqualTo(NOW);
        assertThat(idJag.email()).hasValue("user.name@example.com");
        assertThat(idJag.phone()).hasValue("+1 555 0100");
        assertThat(idJag.scope()).hasValue(Set.of("read", "write"));
        assertThat(idJag.auditFields())
                .containsExactly(
                        Map.entry("iss", ISSUER),
                        Map.entry("sub", "user-1"),
                        Map.entry("agent_platform", "platform"),
                        Map.entry("agent_context_id", "context"));
    }

    @Test
    void whatTheProviderDoesNotSayIsEmpty() {
        VerifiedIdJag idJag = verify(provider.idJag());

        assertThat(idJag.identity().tenant()).isNull();
        assertThat(idJag.phone()).isEmpty();
        assertThat(idJag.scope()).isEmpty();
        assertThat(idJag.auditFields()).containsOnlyKeys("iss", "sub");
    }

    @Test
    void T49_toStringShowsNothingAboutThePerson() {
        assertThat(verify(provider.idJag())).hasToString("VerifiedIdJag[" + ISSUER + "]");
    }

    @Test
    void auditFieldsAreCutTo256CharactersAndNotInsideAPair() {
        VerifiedIdJag idJag = verify(provider.idJag()
                .claim("sub", "s".repeat(257))
                .claim("agent_platform", "p".repeat(256))
                .claim("agent_context_id", "c".repeat(255) + "\ud83d\ude00"));

        assertThat(idJag.auditFields())
                .containsEntry("sub", "s".repeat(256))
                .containsEntry("agent_platform", "p".repeat(256))
                .containsEntry("agent_context_id", "c".repeat(255));
        assertThat(idJag.identity().subject()).hasSize(257);
    }

    // Lifetime

    @Test
    void T08_lifetimeOfExactlyAnHourIsTakenAndASecondMoreIsInvalidRequest() {
        assertThat(verify(provider.idJag().time("exp", NOW.plusSeconds(3600)))).isNotNull();
        assertThat(codeOf(provider.idJag().time("exp", NOW.plusSeconds(3601)))).isEqualTo(Problem.MALFORMED);
        assertThat(codeOf(provider.idJag().claim("exp", 253_370_764_799L))).isEqualTo(Problem.MALFORMED);
    }

    @Test
    void T08_lifetimeCountsFromIatAndNotFromNow() {
        TestProvider.Token token = provider.idJag().time("iat", NOW.minusSeconds(3000));

        assertThat(verify(token.time("exp", NOW.plusSeconds(600)))).isNotNull();
        assertThat(codeOf(token.time("exp", NOW.plusSeconds(601)))).isEqualTo(Problem.MALFORMED);
    }

    // Client

    @Test
    void clientIdThatTheProviderDoesNotUseIsInvalidClientId() {
        assertThat(codeOf(provider.idJag().claim("client_id", "other"))).isEqualTo(Problem.CLIENT_WRONG);
        assertThat(codeOf(provider.idJag().claim("client_id", ""))).isEqualTo(Problem.CLIENT_WRONG);
        assertThat(codeOf(provider.idJag().without("client_id"))).isEqualTo(Problem.CLIENT_WRONG);
        assertThat(codeOf(provider.idJag().claim("client_id", 1))).isEqualTo(Problem.MALFORMED);
    }

    @Test
    void configuredClientIdsReplaceTheIssuer() {
        TrustedProvider configured = TestProvider.trusted().withClientIds(Set.of("one", "two"));

        assertThat(verify(configured, provider.idJag().claim("client_id", "two")))
                .isNotNull();
        assertThat(codeOf(configured, provider.idJag())).isEqualTo(Problem.CLIENT_WRONG);
    }

    // Contacts

    static Stream<Object> notTrue() {
        return Stream.of(false, "true", "True", 1, null, List.of(true), Map.of());
    }

    @ParameterizedTest
    @MethodSource("notTrue")
    void T15_flagThatIsNotExactlyTrueVerifiesNothing(Object flag) {
        TestProvider.Token token = provider.idJag()
                .claim("email_verified", flag)
                .claim("phone_number", "+1 555 0100")
                .claim("phone_number_verified", flag);

        assertThat(codeOf(token)).isEqualTo(Problem.NO_VERIFIED_CONTACT);
    }

    @Test
    void contactWithoutAFlagAndAFlagWithoutAContactAreMissingVerifiedEmail() {
        assertThat(codeOf(provider.idJag().without("email_verified"))).isEqualTo(Problem.NO_VERIFIED_CONTACT);
        assertThat(codeOf(provider.idJag().without("email"))).isEqualTo(Problem.NO_VERIFIED_CONTACT);
        assertThat(codeOf(provider.idJag().without("email").claim("phone_number_verified", true)))
                .isEqualTo(Problem.NO_VERIFIED_CONTACT);
    }

    @Test
    void T15_unverifiedContactIsNotUsedBesideAVerifiedOne() {
        TestProvider.Token token = provider.idJag().claim("email_verified", false);
        VerifiedIdJag byPhone = verify(token.claim("phone_number", "+15550100").claim("phone_number_verified", true));
        VerifiedIdJag byEmail = verify(provider.idJag().claim("phone_number", "+15550100"));

        assertThat(byPhone.email()).isEmpty();
        assertThat(byPhone.phone()).hasValue("+15550100");
        assertThat(byEmail.email()).hasValue("user@example.com");
        assertThat(byEmail.phone()).isEmpty();
    }

    static Stream<Object> notAnAddress() {
        return Stream.of(
                "",
                "user",
                "user@example.com ",
                " user@example.com",
                "user@example.com\r\nBcc: x@example.com",
                "a@example.com,b@example.com",
                "User <user@example.com>",
                "us\u00e9r@example.com",
                "user@ex\u0430mple.com",
                "x".repeat(65) + "@example.com",
                1,
                null,
                List.of("user@example.com"));
    }

    @ParameterizedTest
    @MethodSource("notAnAddress")
    void T05_verifiedEmailThatIsNotOnePlainAddressIsInvalidRequest(Object email) {
        assertThat(codeOf(provider.idJag().claim("email", email))).isEqualTo(Problem.MALFORMED);
    }

    @Test
    void unverifiedEmailMayBeAnything() {
        TestProvider.Token token =
                provider.idJag().claim("email_verified", false).claim("email", "no address");

        assertThat(verify(token.claim("phone_number", "1").claim("phone_number_verified", true)))
                .isNotNull();
    }

    static Stream<Arguments> phoneLengths() {
        return Stream.of(
                Arguments.of(0, false), Arguments.of(1, true), Arguments.of(64, true), Arguments.of(65, false));
    }

    @ParameterizedTest
    @MethodSource("phoneLengths")
    void verifiedPhoneHas1To64Characters(int length, boolean isTaken) {
        TestProvider.Token token =
                provider.idJag().claim("phone_number_verified", true).claim("phone_number", "1".repeat(length));

        if (isTaken) {
            assertThat(verify(token).phone()).hasValue("1".repeat(length));
        } else {
            assertThat(codeOf(token)).isEqualTo(Problem.MALFORMED);
        }
    }

    // Demands

    static Stream<Object> anything() {
        return Stream.of(Map.of("jkt", "x"), Map.of(), List.of(), "", null, false);
    }

    @ParameterizedTest
    @MethodSource("anything")
    void T06_demandThatWeDoNotMeetIsInvalidRequestWhateverItsForm(Object value) {
        assertThat(codeOf(provider.idJag().claim("cnf", value))).isEqualTo(Problem.MALFORMED);
        assertThat(codeOf(provider.idJag().claim("authorization_details", value)))
                .isEqualTo(Problem.MALFORMED);
    }

    @Test
    void audienceTenantMustBeAConfiguredOne() {
        TrustedProvider configured = TestProvider.trusted().withAudienceTenants(Set.of("t1", "t2"));

        assertThat(verify(configured, provider.idJag().claim("aud_tenant", "t2")))
                .isNotNull();
        assertThat(verify(configured, provider.idJag())).isNotNull();
        assertThat(codeOf(configured, provider.idJag().claim("aud_tenant", "t3")))
                .isEqualTo(Problem.AUDIENCE_WRONG);
        assertThat(codeOf(provider.idJag().claim("aud_tenant", "t1"))).isEqualTo(Problem.AUDIENCE_WRONG);
        assertThat(codeOf(configured, provider.idJag().claim("aud_tenant", 1))).isEqualTo(Problem.MALFORMED);
    }

    static Stream<Object> resourcesOfOthers() {
        return Stream.of(
                "",
                "https://other.example",
                RESOURCE + "/",
                SERVICE,
                List.of(),
                List.of("https://other.example"),
                List.of(List.of(RESOURCE)),
                Arrays.asList(RESOURCE, null),
                1,
                Map.of());
    }

    @ParameterizedTest
    @MethodSource("resourcesOfOthers")
    void resourceWithoutOursIsInvalidTarget(Object resource) {
        assertThat(codeOf(provider.idJag().claim("resource", resource))).isEqualTo(Problem.RESOURCE_WRONG);
    }

    @Test
    void resourceWithOursIsTaken() {
        assertThat(verify(provider.idJag().claim("resource", RESOURCE))).isNotNull();
        assertThat(verify(provider.idJag().claim("resource", List.of("https://other.example", RESOURCE))))
                .isNotNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "   "})
    void scopeWithoutATokenNarrowsToNothing(String scope) {
        assertThat(verify(provider.idJag().claim("scope", scope)).scope()).hasValue(Set.of());
    }

    @Test
    void scopeThatIsNotAStringIsInvalidRequest() {
        assertThat(codeOf(provider.idJag().claim("scope", List.of("read")))).isEqualTo(Problem.MALFORMED);
    }

    private VerifiedIdJag verify(TestProvider.Token token) {
        return verify(TestProvider.trusted(), token);
    }

    private Problem codeOf(TestProvider.Token token) {
        return codeOf(TestProvider.trusted(), token);
    }

    private Problem codeOf(TrustedProvider trusted, TestProvider.Token token) {
        return catchThrowableOfType(AgentAuthException.class, () -> verify(trusted, token))
                .problem();
    }

    private VerifiedIdJag verify(TrustedProvider trusted, TestProvider.Token token) {
        return TestAssertions.of(provider, new TestReplay(), trusted).verifyIdJag(token.compact(), NOW);
    }
}
