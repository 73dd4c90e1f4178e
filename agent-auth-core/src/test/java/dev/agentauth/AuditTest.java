package dev.agentauth;

import static dev.agentauth.TestService.ALICE;
import static dev.agentauth.TestService.BOB;
import static dev.agentauth.TestService.CALLER;
import static dev.agentauth.TestService.START;
import static dev.agentauth.TestService.wrong;
import static dev.agentauth.spi.AuditEvent.Type.ASSERTION_ISSUED;
import static dev.agentauth.spi.AuditEvent.Type.CLAIM_CONFIRMED;
import static dev.agentauth.spi.AuditEvent.Type.CLAIM_REJECTED;
import static dev.agentauth.spi.AuditEvent.Type.CLAIM_REQUESTED;
import static dev.agentauth.spi.AuditEvent.Type.OTP_FAILED;
import static dev.agentauth.spi.AuditEvent.Type.OTP_GENERATED;
import static dev.agentauth.spi.AuditEvent.Type.PROVIDER_REJECTED;
import static dev.agentauth.spi.AuditEvent.Type.REGISTRATION_CREATED;
import static dev.agentauth.spi.AuditEvent.Type.REGISTRATION_REVOKED;
import static dev.agentauth.spi.AuditEvent.Type.TOKEN_ISSUED;
import static dev.agentauth.spi.AuditEvent.Type.TOKEN_REVOKED;
import static org.assertj.core.api.Assertions.assertThat;

import dev.agentauth.audit.JsonLines;
import dev.agentauth.memory.InMemoryStores;
import dev.agentauth.registration.ProviderIdentity;
import dev.agentauth.registration.Registration;
import dev.agentauth.spi.AuditEvent;
import dev.agentauth.spi.MixedStores;
import dev.agentauth.testkit.DelegatingRegistrationStore;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** PROTOCOL A11: what every flow tells, in its order. */
class AuditTest {
    private TestService service = TestService.start();

    @AfterEach
    void close() {
        service.close();
    }

    @Test
    void namesAreTheProtocols() {
        assertThat(Arrays.stream(AuditEvent.Type.values()).map(AuditEvent.Type::wireName))
                .containsExactlyInAnyOrder(
                        "registration.created",
                        "assertion.issued",
                        "claim.requested",
                        "otp.generated",
                        "otp.failed",
                        "claim.confirmed",
                        "claim.rejected",
                        "refresh.used",
                        "refresh.reused",
                        "token.issued",
                        "token.revoked",
                        "registration.expired",
                        "registration.revoked",
                        "rate_limit.exceeded",
                        "rate_limit.unavailable",
                        "provider.rejected",
                        "event.received",
                        "introspection.refused");
    }

    @Test
    void anonymousAgentFromBirthToRevocation() {
        Registered.Anonymous agent = service.anonymous();
        service.startClaim(agent.claim(), ALICE);
        service.startClaim(agent.claim(), ALICE);
        String code = service.reveal();
        Refused.problem(() -> service.complete(agent.claim(), wrong(code)));
        service.complete(agent.claim(), code);
        IssuedToken token = service.exchange(agent.assertion());
        service.auth.authenticate(token.value().reveal());
        service.auth.revokeToken(CALLER, token.value().reveal());
        service.auth.revokeToken(CALLER, token.value().reveal());
        service.auth.revokeRegistration(agent.registrationId());
        service.auth.revokeRegistration(agent.registrationId());

        assertThat(service.audit.types())
                .containsExactly(
                        REGISTRATION_CREATED,
                        ASSERTION_ISSUED,
                        CLAIM_REQUESTED,
                        OTP_GENERATED,
                        OTP_FAILED,
                        CLAIM_CONFIRMED,
                        TOKEN_ISSUED,
                        TOKEN_REVOKED,
                        REGISTRATION_REVOKED);
        assertThat(service.audit.events).allSatisfy(event -> {
            assertThat(event.registrationId()).isEqualTo(agent.registrationId());
            assertThat(event.time()).isEqualTo(START);
            assertThat(event.id()).startsWith("evt_");
        });
        assertThat(service.audit.events).extracting(AuditEvent::id).doesNotHaveDuplicates();
        assertThat(service.audit.events)
                .filteredOn(event -> event.type() != REGISTRATION_REVOKED)
                .extracting(AuditEvent::clientAddress)
                .containsOnly("203.0.113.7");
        assertThat(service.audit.of(REGISTRATION_CREATED).get(0).fields()).containsEntry("kind", "anonymous");
    }

    @Test
    void emailAgentThatIsConfirmed() {
        Registered.Email agent = service.email(ALICE);
        service.complete(agent.claim(), service.reveal());

        assertThat(service.audit.types())
                .containsExactly(
                        REGISTRATION_CREATED, CLAIM_REQUESTED, OTP_GENERATED, CLAIM_CONFIRMED, ASSERTION_ISSUED);
    }

    @Test
    void emailAgentThatIsRejected() {
        service.email(ALICE);
        service.reject();

        assertThat(service.audit.types())
                .containsExactly(REGISTRATION_CREATED, CLAIM_REQUESTED, CLAIM_REJECTED, REGISTRATION_REVOKED);
    }

    @Test
    void anonymousAgentThatIsRejectedIsNotRevoked() {
        service.startClaim(service.anonymous().claim(), ALICE);
        service.reject();

        assertThat(service.audit.types())
                .containsExactly(REGISTRATION_CREATED, ASSERTION_ISSUED, CLAIM_REQUESTED, CLAIM_REJECTED);
    }

    @Test
    void twentiethWrongCodeOfAnEmailAgentRevokesIt() {
        Registered.Email agent = service.email(ALICE);
        for (int codes = 0; codes < 4; codes++) {
            String code = service.reveal();
            for (int i = 0; i < 5; i++) {
                assertThat(service.audit.of(REGISTRATION_REVOKED)).isEmpty();
                Refused.problem(() -> service.complete(agent.claim(), wrong(code)));
            }
        }

        assertThat(service.audit.of(OTP_FAILED)).hasSize(20);
        assertThat(service.audit.of(REGISTRATION_REVOKED)).hasSize(1);
    }

    @Test
    void providersAgentCarriesTheProvidersWordsCutToALength() {
        service.present(service.provider
                .idJag("s")
                .email(ALICE)
                .claim("agent_platform", "p".repeat(5000))
                .claim("agent_context_id", "context"));
        service.presentCleanly("s", ALICE);

        assertThat(service.audit.types()).containsExactly(REGISTRATION_CREATED, ASSERTION_ISSUED, ASSERTION_ISSUED);
        for (AuditEvent event : service.audit.events.subList(0, 2)) {
            assertThat(event.fields())
                    .containsEntry("iss", "https://agents.example.net")
                    .containsEntry("sub", "s")
                    .containsEntry("agent_context_id", "context")
                    .containsEntry("kind", "provider");
            assertThat(event.fields().get("agent_platform")).startsWith("ppp").hasSizeLessThan(1025);
        }
    }

    @Test
    void stepUpThatIsConfirmed() {
        service.user("user_a", ALICE);
        Registered.StepUp pending = service.presentForStepUp("s", ALICE);
        service.presentForStepUp("s", ALICE);
        Registered.StepUp again = service.presentForStepUp("s", ALICE);
        service.complete(again.claim(), service.reveal());

        assertThat(service.audit.types())
                .containsExactly(
                        REGISTRATION_CREATED, CLAIM_REQUESTED, OTP_GENERATED, CLAIM_CONFIRMED, ASSERTION_ISSUED);
        assertThat(service.audit.events).extracting(AuditEvent::registrationId).containsOnly(pending.registrationId());
    }

    @Test
    void everyEventOfAProviderFlowNamesIssuerAndSubject() {
        service.user("user_a", ALICE);
        Registered.StepUp pending = service.presentForStepUp("s", ALICE);
        service.complete(pending.claim(), service.reveal());
        service.auth.logout(CALLER, service.provider.logout("s").compact());

        assertThat(service.audit.types()).contains(CLAIM_REQUESTED, CLAIM_CONFIRMED, REGISTRATION_REVOKED);
        assertThat(service.audit.events)
                .allSatisfy(event -> assertThat(event.fields())
                        .as("%s", event.type().wireName())
                        .containsEntry("iss", "https://agents.example.net")
                        .containsEntry("sub", "s"));
    }

    @Test
    void whatAProviderSignedWronglyIsTold() {
        Refused.problem(() -> service.present(service.provider.idJag("s")));
        Refused.problem(() -> service.auth.logout(CALLER, "a.b.c"));

        assertThat(service.audit.types()).containsExactly(PROVIDER_REJECTED, PROVIDER_REJECTED);
        assertThat(service.audit.events.get(0).fields()).containsEntry("error", "missing_verified_email");
        assertThat(service.audit.events.get(1).fields()).containsEntry("error", "invalid_request");
    }

    @Test
    void whatWasPreparedByOthersIsToldAsRevoked() {
        Registered.Provider prepared = service.presentCleanly("s", ALICE);
        Registered.Email own = service.email(ALICE);
        service.complete(own.claim(), service.reveal());

        assertThat(service.audit.of(REGISTRATION_REVOKED))
                .extracting(AuditEvent::registrationId)
                .containsExactly(prepared.registrationId());
    }

    @Test
    void registrationThatALogoutOvertookIsToldAsRevoked() {
        InMemoryStores kept = InMemoryStores.of(TestService.ISSUER);
        restart(TestService.start(builder -> builder.stores(MixedStores.of(kept)
                .withRegistrations(new DelegatingRegistrationStore(kept.registrations()) {
                    @Override
                    public boolean insert(Registration registration, Instant now) {
                        boolean inserted = super.insert(registration, now);
                        kept.logoutMarks()
                                .raise(
                                        new ProviderIdentity(service.provider.issuer(), null, "s", TestService.ISSUER),
                                        START,
                                        START.plusSeconds(3720));
                        return inserted;
                    }
                }))));
        assertThat(Refused.problem(() -> service.present("s", ALICE))).isEqualTo(Problem.LOGGED_OUT);

        assertThat(service.audit.types())
                .as("created and revoked, or neither")
                .satisfies(types -> assertThat(types.contains(REGISTRATION_CREATED))
                        .isEqualTo(types.contains(REGISTRATION_REVOKED)));
    }

    @Test
    void emailAgentWhoseMailWasRefusedIsToldAsRevoked() {
        try (LogRecords logs = LogRecords.capture()) {
            service.outbox.refuses = true;
            Refused.problem(() -> service.email(ALICE));
            assertThat(logs.text()).contains("was not accepted");
        }

        assertThat(service.audit.types())
                .as("created and revoked, or neither")
                .satisfies(types -> assertThat(types.contains(REGISTRATION_CREATED))
                        .isEqualTo(types.contains(REGISTRATION_REVOKED)));
    }

    @Test
    void operatorsActionsAreTold() {
        Registered.Anonymous one = service.claimedAnonymous(ALICE);
        String owner = service.stored(one.registrationId()).userId();
        service.anonymous();
        service.audit.events.clear();

        service.auth.eraseUser(owner);
        service.auth.revokeAllRegistrations();

        assertThat(service.audit.types())
                .containsExactly(REGISTRATION_REVOKED, REGISTRATION_REVOKED, REGISTRATION_REVOKED);
        assertThat(service.audit.events.get(0).registrationId()).isEqualTo(one.registrationId());
        assertThat(service.audit.events.get(1).registrationId()).isNull();
        assertThat(service.audit.events.get(1).fields())
                .as("that everything has ended")
                .containsExactlyEntriesOf(Map.of("reason", "operator"));
        assertThat(service.audit.events.get(2).registrationId()).isNull();
        assertThat(service.audit.events.get(2).fields())
                .as("that it is written down")
                .isEqualTo(Map.of("reason", "operator", "count", "1"));
    }

    @Test
    void addressIsMaskedAndLinksAndNamesOfPeopleAreAbsent() {
        service.email(ALICE);
        service.user("user_b", BOB);
        service.present("s", BOB);

        assertThat(service.audit.of(CLAIM_REQUESTED))
                .extracting(event -> event.fields().get("recipient"))
                .containsExactly("a***@example.com", "b***@example.com");
        assertThat(service.audit.events.toString()).doesNotContain("alice").doesNotContain("bob");
    }

    @Test
    void furtherSinksReceiveEveryEventThoughTheFirstFails() {
        AuditLog one = new AuditLog();
        AuditLog other = new AuditLog();
        try (TestService failing = TestService.start(builder -> builder.audit(event -> {
                    throw new IllegalStateException("sink down");
                })
                .alsoAudit(one)
                .alsoAudit(other))) {
            failing.anonymous();
        }

        assertThat(one.types())
                .containsExactly(REGISTRATION_CREATED, ASSERTION_ISSUED)
                .isEqualTo(other.types());
    }

    @Test
    void sinkThatFailsChangesNothing() {
        restart(TestService.start(builder -> builder.audit(event -> {
            throw new IllegalStateException("sink down");
        })));
        try (LogRecords logs = LogRecords.capture()) {
            Registered.Email agent = service.email(ALICE);
            IssuedAssertion assertion = service.complete(agent.claim(), service.reveal())
                    .assertion()
                    .orElseThrow();

            assertThat(service.exchange(assertion).scopes()).hasSize(3);
            assertThat(logs.text()).contains("registration.created", "token.issued");
        }
    }

    @Test
    void loggerGetsOneLineOfJsonAnEvent() {
        try (TestService plain = TestService.start(builder -> builder.audit(JsonLines.toLogger()));
                LogRecords logs = LogRecords.capture()) {
            plain.clock.moveTo(Instant.parse("2026-05-04T13:00:00.120Z"));
            Registered.Anonymous agent = plain.anonymous();

            List<String> lines = logs.text().lines().toList();
            assertThat(lines).hasSize(2).allMatch(line -> line.startsWith("{\"id\":\"evt_") && line.endsWith("}"));
            assertThat(lines.get(0))
                    .contains("\"time\":\"2026-05-04T13:00:00.120Z\"")
                    .contains("\"event\":\"registration.created\"")
                    .contains("\"client_address\":\"203.0.113.7\"")
                    .contains("\"registration_id\":\"" + agent.registrationId() + "\"")
                    .contains("\"kind\":\"anonymous\"");
        }
    }

    @Test
    void providersWordsCannotForgeASecondLine() {
        try (TestService plain = TestService.start(builder -> builder.audit(JsonLines.toLogger()));
                LogRecords logs = LogRecords.capture()) {
            plain.present(
                    plain.provider.idJag("s\n{\"event\":\"forged\"}\r\u2028").email(ALICE));

            assertThat(logs.text().lines()).hasSize(2).noneMatch(line -> line.startsWith("{\"event\""));
        }
    }

    private void restart(TestService other) {
        service.close();
        service = other;
    }
}
