package dev.agentauth.servlet.protocol;

import static dev.agentauth.servlet.protocol.Client.form;
import static org.assertj.core.api.Assertions.assertThat;

import dev.agentauth.spi.TokenStore;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("A6. POST /oauth2/revoke (RFC 7009)")
final class A6RevokeTest extends ProtocolTest {
    private static final String REVOKE = "/oauth2/revoke";

    private static void assertEmptySuccess(Answer answer) {
        assertThat(answer.hasStatus(200).text()).isEmpty();
        assertThat(answer.headers("Content-Length")).containsExactly("0");
    }

    @Test
    @DisplayName("200 with no body, and the token is never accepted again")
    void tokenIsRevoked() {
        String token = token(registerAnonymously().assertion());
        client().callApi(token).hasStatus(200);

        assertEmptySuccess(client().revoke(token));
        client().callApi(token).isCredentialError(401, "invalid_token");
    }

    @Test
    @DisplayName("only that token: others of the same registration stay")
    void otherTokensStay() {
        Registered agent = registerAnonymously();
        String token = token(agent.assertion());
        String other = token(agent.assertion());
        client().revoke(token).hasStatus(200);

        client().callApi(other).hasStatus(200);
    }

    @Test
    @DisplayName("T04: 200 also for an unknown, expired or already revoked token, with the same work done")
    void otherTokensAreAnsweredAlikeWithTheSameWork() {
        String live = token(registerAnonymously().assertion());
        String revoked = token(registerAnonymously().assertion());
        client().revoke(revoked).hasStatus(200);
        service().wiretap.record();

        assertEmptySuccess(client().revoke(live));
        List<String> work = work();
        assertThat(work).isNotEmpty();
        for (String token : List.of(revoked, live, "at_" + "A".repeat(32), "unknown", "at_", "\u00e4", "a b")) {
            assertEmptySuccess(client().revoke(token));
            assertThat(work()).as(token).isEqualTo(work);
        }
        String expired = token(registerAnonymously().assertion());
        service().clock.advance(Duration.ofHours(1));
        work();
        assertEmptySuccess(client().revoke(expired));
        assertThat(work()).isEqualTo(work);
    }

    private List<String> work() {
        List<String> names = service().wiretap.calls().stream()
                .filter(call -> !call.startsWith("record["))
                .map(call -> call.substring(0, call.indexOf('[')))
                .toList();
        service().wiretap.calls().clear();
        return names;
    }

    @ParameterizedTest
    @ValueSource(strings = {"access_token", "refresh_token", "id_jag", "\u00e4", "", "x.y.z"})
    @DisplayName("optional token_type_hint (a wrong or unknown hint is ignored)")
    void hintIsIgnored(String hint) {
        String token = token(registerAnonymously().assertion());

        client().postForm(REVOKE, form("token", token, "token_type_hint", hint)).hasStatus(200);
        client().callApi(token).isCredentialError(401, "invalid_token");
    }

    @Test
    @DisplayName("form, as A5: the query does not count, unknown parameters and client authentication are ignored")
    void form_asA5() {
        String token = token(registerAnonymously().assertion());
        client().send("POST", REVOKE + "?token=" + token, new byte[0], "Content-Type", Client.FORM_TYPE)
                .isCredentialError(400, "invalid_request");
        client().callApi(token).hasStatus(200);

        client().postForm(
                        REVOKE + "?token=x",
                        form("token", token, "client_id", "me", "client_secret", "s", "x", "1", "x", "2"),
                        "Authorization",
                        "Basic bWU6c2VjcmV0")
                .hasStatus(200);
        client().callApi(token).isCredentialError(401, "invalid_token");
    }

    @Test
    @DisplayName("400 invalid_request for a missing or repeated parameter")
    void missingOrRepeatedParameter() {
        String token = token(registerAnonymously().assertion());

        client().postForm(REVOKE, "").isCredentialError(400, "invalid_request");
        client().postForm(REVOKE, "token=").isCredentialError(400, "invalid_request");
        client().postForm(REVOKE, "token").isCredentialError(400, "invalid_request");
        client().postForm(REVOKE, "token_type_hint=access_token").isCredentialError(400, "invalid_request");
        client().postForm(REVOKE, form("token", token, "token", token)).isCredentialError(400, "invalid_request");
        client().postForm(REVOKE, form("token", token, "token", "x")).isCredentialError(400, "invalid_request");
        client().postForm(REVOKE, form("token", token, "token_type_hint", "a", "token_type_hint", "a"))
                .isCredentialError(400, "invalid_request");
        client().callApi(token).hasStatus(200);
    }

    @Test
    @DisplayName("a value in compact-JWT form: 400 unsupported_token_type, judged by its form alone")
    void compactJwt() {
        Registered agent = registerAnonymously();
        String forged = agent.assertion().substring(0, agent.assertion().lastIndexOf('.') + 1) + "A".repeat(86);

        for (String jwt : List.of(
                agent.assertion(), forged, idJag().compact(), logoutOf("x").compact())) {
            client().revoke(jwt).isCredentialError(400, "unsupported_token_type");
            client().postForm(REVOKE, form("token", jwt, "token_type_hint", "access_token"))
                    .isCredentialError(400, "unsupported_token_type");
        }
        service().clock.advance(Duration.ofHours(2));
        client().revoke(agent.assertion()).isCredentialError(400, "unsupported_token_type");
        for (String other : List.of("a.b", "a.b.c.d", "a. .c", ".")) {
            assertEmptySuccess(client().revoke(other));
        }
    }

    @Test
    @DisplayName("an assertion would stay valid, and 200 would say otherwise")
    void assertionStaysValid() {
        Registered agent = registerAnonymously();
        client().revoke(agent.assertion()).isCredentialError(400, "unsupported_token_type");

        client().exchange(agent.assertion()).hasStatus(200);
    }

    @Test
    @DisplayName("the agent may exchange its assertion again")
    void agentMayExchangeAgain() {
        Registered agent = registerAnonymously();
        String token = token(agent.assertion());
        client().revoke(token).hasStatus(200);
        String next = token(agent.assertion());

        client().callApi(next).hasStatus(200);
        client().callApi(token).isCredentialError(401, "invalid_token");
    }

    @Test
    @DisplayName("once 200 has been sent the token is never accepted again, on any replica")
    void onAnyReplica() {
        String token = token(registerAnonymously().assertion());
        ProtocolService replica = startService(options -> options.replicaOf(service()));
        replica.client.callApi(token).hasStatus(200);

        client().revoke(token).hasStatus(200);
        replica.client.callApi(token).isCredentialError(401, "invalid_token");
        client().callApi(token).isCredentialError(401, "invalid_token");
    }

    @ParameterizedTest
    @ValueSource(strings = {"find", "delete"})
    @DisplayName("T38: the store fails: 503, never 200; the same request may be repeated")
    void storeFails(String method) {
        String token = token(registerAnonymously().assertion());
        service().wiretap.before(method, Wiretap.failure());
        client().revoke(token).isCredentialError(503, "temporarily_unavailable");

        service().wiretap.up();
        client().callApi(token).hasStatus(200);
        client().revoke(token).hasStatus(200);
        client().callApi(token).isCredentialError(401, "invalid_token");
    }

    @Test
    @DisplayName("T38: … for an unknown token too, since nobody can know")
    void storeFailsForAnUnknownToken() {
        service().wiretap.down(TokenStore.class);

        client().revoke("at_" + "A".repeat(32)).isCredentialError(503, "temporarily_unavailable");
    }
}
