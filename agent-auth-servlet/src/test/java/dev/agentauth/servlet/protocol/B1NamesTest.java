package dev.agentauth.servlet.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.agentauth.spi.User;
import java.time.Duration;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("B1. The names: every version finds its own, side by side")
final class B1NamesTest extends ProtocolTest {
    private static final Duration TEN_MINUTES = Duration.ofMinutes(10);

    private String mailPage() {
        return service().issuer() + "/agent/identity/claim/mail";
    }

    private static void identityIsTheAssertion(Answer answer) {
        JsonNode identity = answer.json().path("identity");
        assertThat(identity.path("assertion").textValue()).isEqualTo(answer.string("identity_assertion"));
        assertThat(identity.path("expires_at").textValue()).isEqualTo(answer.string("assertion_expires"));
    }

    private static void claimIsTheClaim(Answer answer) {
        JsonNode claim = answer.json().path("claim");
        assertThat(claim.path("token").textValue()).isEqualTo(answer.string("claim_token"));
        assertThat(claim.path("expires_at").textValue()).isEqualTo(answer.string("claim_token_expires"));
        assertThat(claim.path("url").textValue()).isEqualTo(answer.string("claim_url"));
    }

    private void isAsked(JsonNode attempt) {
        assertThat(attempt.path("verification_uri").textValue()).isEqualTo(mailPage());
        assertThat(attempt.path("expires_at").textValue())
                .isEqualTo(dev.agentauth.internal.json.Timestamps.format(ProtocolService.START.plus(TEN_MINUTES)));
    }

    @Test
    @DisplayName("anonymous: id, type, identity, scopes {pre_claim, post_claim}, claim without an attempt")
    void anonymous() {
        Answer answer = client().registerAnonymously();

        assertThat(answer.string("id")).isEqualTo(answer.string("registration_id"));
        assertThat(answer.string("type")).isEqualTo("anonymous");
        identityIsTheAssertion(answer);
        claimIsTheClaim(answer);
        assertThat(answer.json().path("claim").has("attempt")).isFalse();
        assertThat(answer.json().path("scopes").path("pre_claim"))
                .isEqualTo(answer.json().path("pre_claim_scopes"));
        assertThat(answer.json().path("scopes").path("post_claim"))
                .isEqualTo(answer.json().path("post_claim_scopes"));
    }

    @Test
    @DisplayName("both kinds of e-mail are service_auth, and carry the attempt")
    void email() {
        Answer verifiedEmail = client().registerEmail(ADA);
        Answer serviceAuth = client().register(Client.json("type", "service_auth", "login_hint", BOB));

        for (Answer answer : new Answer[] {verifiedEmail, serviceAuth}) {
            assertThat(answer.string("id")).isEqualTo(answer.string("registration_id"));
            assertThat(answer.string("type")).isEqualTo("service_auth");
            claimIsTheClaim(answer);
            isAsked(answer.json().path("claim").path("attempt"));
            assertThat(answer.json().path("scopes").has("pre_claim")).isFalse();
            assertThat(answer.json().path("scopes").path("post_claim"))
                    .isEqualTo(answer.json().path("post_claim_scopes"));
        }
        assertThat(verifiedEmail.string("registration_type")).isEqualTo("email-verification");
        assertThat(serviceAuth.string("registration_type")).isEqualTo("service_auth");
    }

    @Test
    @DisplayName("by ID-JAG: type identity_assertion, identity, scopes as an array")
    void idJagAnswer() {
        Answer answer = client().registerIdJag(idJag().compact());

        assertThat(answer.string("id")).isEqualTo(answer.string("registration_id"));
        assertThat(answer.string("type")).isEqualTo("identity_assertion");
        identityIsTheAssertion(answer);
        assertThat(answer.strings("scopes")).hasSize(3);
    }

    @Test
    @DisplayName("the 401 of a step-up carries the members of a registration that waits for its claim")
    void stepUpAnswer() {
        service().users.add(User.of("u1", ADA));
        Answer answer = client().registerIdJag(idJag().compact()).isInteractionRequired();

        assertThat(answer.string("code")).isEqualTo("interaction_required");
        assertThat(answer.string("id")).isEqualTo(answer.string("registration_id"));
        assertThat(answer.string("type")).isEqualTo("identity_assertion");
        claimIsTheClaim(answer);
        isAsked(answer.json().path("claim").path("attempt"));
    }

    @Test
    @DisplayName("/claim: id, type: the method, attempt; /complete: id, identity")
    void startedAndCompleted() {
        Registered agent = registerAnonymously();
        Answer started = client().startClaim(agent.claimToken(), ADA);
        assertThat(started.string("id")).isEqualTo(agent.id());
        assertThat(started.string("type")).isEqualTo("service_auth");
        isAsked(started.json().path("attempt"));

        Registered email = registerEmail(BOB);
        Answer completed =
                client().complete(email.claimToken(), reveal(service().mail.newestToken()));
        assertThat(completed.string("id")).isEqualTo(email.id());
        assertThat(completed.string("status")).isEqualTo("claimed");
        identityIsTheAssertion(completed);
    }

    @Test
    @DisplayName("B2: the verification_uri is a constant page that says that a mail is on its way, and knows nothing")
    void mailPageIsTheSameForEverybody() {
        Answer before = client().get("/agent/identity/claim/mail").hasStatus(200);
        registerEmail(ADA);
        Answer after = client().get("/agent/identity/claim/mail?token=cvt_x").hasStatus(200);

        assertThat(before.text()).startsWith("<!DOCTYPE html>").contains("Check your mail");
        assertThat(after.text()).isEqualTo(before.text());
        assertThat(before.header("Content-Security-Policy")).contains("frame-ancestors 'none'");
        assertThat(client().get("/agent/identity/claim/mail", "Accept-Language", "de")
                        .text())
                .contains("Sehen Sie in Ihr Postfach");
        client().head("/agent/identity/claim/mail").hasStatus(200);
        client().postJson("/agent/identity/claim/mail", "{}").hasStatus(405);
    }
}
