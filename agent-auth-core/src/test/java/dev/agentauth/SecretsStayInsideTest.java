package dev.agentauth;

import static dev.agentauth.TestService.ALICE;
import static dev.agentauth.TestService.BOB;
import static dev.agentauth.TestService.CALLER;
import static dev.agentauth.TestService.wrong;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.exc.InvalidDefinitionException;
import dev.agentauth.audit.JsonLines;
import dev.agentauth.config.SharedSecrets;
import dev.agentauth.spi.MailNotAcceptedException;
import dev.agentauth.spi.ResourceServers;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** T49: no secret and no full address in any log, audit event, message, {@code toString} or JSON that a mapper makes. */
class SecretsStayInsideTest {

    /** What was said where nobody may say a secret. */
    private final StringBuilder said = new StringBuilder();

    /** The same as a JSON mapper sees it. Addresses may be in it, as in the objects themselves. */
    private final StringBuilder written = new StringBuilder();

    private final List<String> secrets = new ArrayList<>();

    @Test
    void t49_noSecretOfAnyFlowIsSaidAnywhere() {
        try (LogRecords logs = LogRecords.capture();
                TestService service = TestService.start(builder -> builder.audit(JsonLines.toLogger()))) {
            service.user("user_b", BOB);
            Registered.Anonymous anonymous = kept(service.anonymous());
            secret(anonymous.assertion().value(), anonymous.claim().token());
            kept(service.startClaim(anonymous.claim(), ALICE));
            claim(service, anonymous.claim());
            Registered.Email email = kept(service.email(ALICE));
            secret(email.claim().token());
            claim(service, email.claim());
            IssuedRefreshToken refreshable = kept(service.refreshable("dave@example.com"));
            secret(refreshable.value());
            Registered.Refreshed refreshed =
                    kept(service.auth.refresh(CALLER, refreshable.value().reveal()));
            secret(refreshed.refreshToken().value(), refreshed.assertion().value());
            kept(service.stored(refreshed.registrationId()));
            refused(() ->
                    service.auth.refresh(CALLER, refreshable.value().reveal().replaceAll(".$", "~")));
            service.auth.revokeToken(CALLER, refreshed.refreshToken().value().reveal());
            refused(() -> service.auth.refresh(CALLER, refreshable.value().reveal()));
            Registered.StepUp stepUp = kept(service.presentForStepUp("s", BOB));
            secret(stepUp.claim().token());
            claim(service, stepUp.claim());
            String idJag =
                    service.provider.idJag("s2").email("carol@example.com").compact();
            secrets.add(idJag);
            secrets.add("carol@example.com");
            Registered.Provider provider = kept((Registered.Provider) service.auth.registerWithIdJag(CALLER, idJag));
            secret(provider.assertion().value());
            refused(() -> service.auth.registerWithIdJag(CALLER, idJag));
            IssuedToken token = kept(service.exchange(provider.assertion()));
            secret(token.value());
            kept(service.auth.authenticate(token.value().reveal()));
            secrets.add(TestService.API_SECRET);
            kept(TestService.API);
            kept(SharedSecrets.of("api", TestService.API_SECRET));
            kept(service.auth.introspect(TestService.API, token.value().reveal()));
            refused(() -> service.auth.introspect(
                    new ResourceServers.Credentials(CALLER, "api", token.value(), List.of()),
                    token.value().reveal()));
            refused(() -> service.exchange(provider.assertion(), "unknown"));
            refused(() -> service.auth.revokeToken(
                    CALLER, provider.assertion().value().reveal()));
            service.auth.revokeToken(CALLER, token.value().reveal());
            String logout = service.provider.logout("s2").compact();
            secrets.add(logout);
            service.auth.logout(CALLER, logout);
            refused(() -> service.exchange(provider.assertion()));
            service.outbox.refuses = true;
            refused(() -> service.email(ALICE));
            kept(service.registrations.findByUser("user_b"));
            kept(service.auth.list(AgentQuery.all()));
            kept(service.auth.health());
            service.outbox.mails.forEach(this::kept);
            service.outbox.notices.forEach(this::kept);
            kept(service.signingKeys.current());
            kept(service.users.findByVerifiedEmail(BOB));
            kept(service.auth.eraseUser("user_b"));
            said.append(logs.text());
        }
        secrets.add(ALICE);
        secrets.add(BOB);

        assertThat(secrets).hasSizeGreaterThan(18);
        assertThat(said).hasSizeGreaterThan(5000);
        assertThat(written).hasSizeGreaterThan(5000);
        assertThat(secrets)
                .filteredOn(secret -> !secret.contains("@"))
                .allSatisfy(secret -> assertThat(written)
                        .doesNotContainPattern("(?<![0-9A-Za-z])" + Pattern.quote(secret) + "(?![0-9A-Za-z])"));
        assertThat(secrets)
                .allSatisfy(secret -> assertThat(said)
                        .doesNotContainPattern("(?i)(?<![0-9A-Za-z])" + Pattern.quote(secret) + "(?![0-9A-Za-z])"));
    }

    @Test
    void t49_whatAMailSystemSaysAboutTheRecipientDoesNotReachTheLog() {
        try (LogRecords logs = LogRecords.capture();
                TestService service = TestService.start(builder -> builder.mailer(mail -> {
                    throw new MailNotAcceptedException(
                            "not accepted",
                            new IllegalStateException("550 5.1.1 <" + mail.recipient() + "> no such user"));
                }))) {
            assertThat(Refused.problem(() -> service.email(ALICE))).isEqualTo(Problem.OUT_OF_REACH);

            assertThat(logs.text()).contains("was not accepted").doesNotContainIgnoringCase(ALICE);
        }
    }

    @Test
    void secretTypesShowNothing() {
        Secret secret = Secret.of("at_plain");

        assertThat(secret.toString()).doesNotContain("plain");
        assertThat(new IssuedAssertion(secret, TestService.START).toString()).doesNotContain("plain");
        assertThat(secret.reveal()).isEqualTo("at_plain");
        assertThat(secret).isEqualTo(Secret.of("at_plain")).hasSameHashCodeAs(Secret.of("at_plain"));
        assertThat(secret).isNotEqualTo(Secret.of("at_plain2")).isNotEqualTo("at_plain");
    }

    @Test
    void jsonMapperFindsNothingInSecretsAndHashes() throws JsonProcessingException {
        for (Object hidden : List.of(Secret.of("at_plain"), SecretHash.of("at_plain"))) {
            assertThatThrownBy(() -> new ObjectMapper().writeValueAsString(hidden))
                    .isInstanceOf(InvalidDefinitionException.class);
            assertThat(AnyMapper.json(hidden)).isEqualTo("{}");
        }
    }

    private void claim(TestService service, ClaimHandle handle) {
        String link = service.outbox.lastToken();
        secrets.add(link);
        kept(service.auth.viewClaim(link));
        RevealedCode code = kept(service.auth.revealCode(CALLER, link));
        secret(code.code());
        refused(() -> service.complete(handle, wrong(code.code().reveal())));
        ClaimCompleted completed = kept(service.complete(handle, code.code().reveal()));
        completed.assertion().ifPresent(assertion -> secret(assertion.value()));
        refused(() -> service.complete(handle, code.code().reveal()));
        refused(() -> service.auth.revealCode(CALLER, link));
    }

    private void secret(Secret... more) {
        for (Secret secret : more) {
            secrets.add(secret.reveal());
        }
    }

    private <T> T kept(T value) {
        said.append(value).append('\n');
        written.append(AnyMapper.json(value)).append('\n');
        return value;
    }

    private void refused(Runnable request) {
        try {
            request.run();
            throw new AssertionError("not refused");
        } catch (AgentAuthException e) {
            said.append(e).append('\n');
        }
    }
}
