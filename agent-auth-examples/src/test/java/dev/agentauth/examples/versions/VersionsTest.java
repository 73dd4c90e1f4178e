package dev.agentauth.examples.versions;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentauth.examples.QuietLogs;
import dev.agentauth.examples.RunningDemo;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Nobody has to choose: agents of each version walk every flow of theirs, at the same URLs of one running demo. */
@ExtendWith(QuietLogs.class)
@DisplayName("One service speaks all versions")
class VersionsTest {
    private static final String ALICE = "alice@example.com";
    private static final String BOB = "bob@example.com";

    private static RunningDemo demo;

    @BeforeAll
    static void start() throws Exception {
        demo = RunningDemo.start("", Map.of());
    }

    @AfterAll
    static void stop() {
        demo.close();
    }

    /** An address that nobody has used here yet. */
    private static String newcomer(String name) {
        return name + "-" + UUID.randomUUID().toString().substring(0, 8) + "@example.com";
    }

    private static String signIn(String address) {
        return demo.provider().signIn(address).json().get("session").text();
    }

    private static String idJag(String session) {
        return demo.provider()
                .idJag(session, demo.issuer(), null)
                .json()
                .get("id_jag")
                .text();
    }

    /** What the API says of a token. */
    private static void mayRead(Wire.Answer answer) {
        answer.hasStatus(200);
    }

    @Nested
    @DisplayName("0.2: identity_assertion, claim_token, otp")
    class Version02 {
        private final Agent02 agent = new Agent02(demo.api());

        @Test
        void anonymousIsClaimedAndItsTokenWidens() {
            Agent02.Registered me = agent.anonymous();
            String token = agent.exchange(me.assertion());
            mayRead(agent.read(token));
            assertThat(agent.write(token).hasStatus(403).header("WWW-Authenticate"))
                    .contains("insufficient_scope");

            String address = newcomer("ann");
            agent.startClaim(me, address);
            assertThat(agent.complete(me, "000000").status()).isEqualTo(400); // nothing was revealed yet
            String code = demo.code(address, me.id());
            assertThat(agent.complete(me, code.equals("000000") ? "000001" : "000000")
                            .hasStatus(401)
                            .text("error"))
                    .isEqualTo("otp_invalid");
            Wire.Answer completed = agent.complete(me, code).hasStatus(200);

            assertThat(completed.text("status")).isEqualTo("claimed");
            assertThat(completed.has("identity_assertion")).isFalse();
            agent.write(token).hasStatus(200);
            agent.revoke(token);
            agent.read(token).hasStatus(401);
            agent.write(agent.exchange(me.assertion())).hasStatus(200);
        }

        @Test
        void verifiedEmail() {
            String address = newcomer("bea");
            Agent02.Registered me = agent.email(address);
            assertThat(me.type()).isEqualTo("email-verification");
            Wire.Answer completed =
                    agent.complete(me, demo.code(address, me.id())).hasStatus(200);

            agent.write(agent.exchange(completed.text("identity_assertion"))).hasStatus(200);
        }

        @Test
        void vouchedForAndLoggedOut() {
            String session = signIn(newcomer("guest"));
            Agent02.Registered me = agent.idJag(idJag(session));
            assertThat(me.type()).isEqualTo("agent-provider");
            String token = agent.exchange(me.assertion());
            agent.write(token).hasStatus(200);

            demo.provider().signOut(session);
            agent.read(token).hasStatus(401);
            assertThat(agent.tryExchange(me.assertion()).hasStatus(400).text("error"))
                    .isEqualTo("invalid_grant");
        }

        @Test
        void vouchedForSomebodyKnown() {
            Agent02.Registered me = agent.stepUp(idJag(signIn(ALICE)));
            Wire.Answer completed =
                    agent.complete(me, demo.code(ALICE, me.id())).hasStatus(200);

            assertThat(agent.read(agent.exchange(completed.text("identity_assertion")))
                            .text("user_id"))
                    .isEqualTo("user_alice");
        }

        @Test
        void refused() {
            String address = newcomer("cid");
            Agent02.Registered me = agent.email(address);
            demo.sayNo(address, me.id());

            assertThat(agent.complete(me, "123456").hasStatus(403).text("error"))
                    .isEqualTo("claim_rejected");
        }
    }

    @Nested
    @DisplayName("0.7: registration_id, service_auth, login_hint")
    class Version07 {
        private final Agent07 agent = new Agent07(demo.api());

        @Test
        void anonymous() {
            Agent07.Registered me = agent.anonymous();
            String token = agent.exchange(me.assertion());
            mayRead(agent.read(token));
            agent.write(token).hasStatus(403);
            agent.revoke(token);
            agent.read(token).hasStatus(401);
        }

        @Test
        void serviceAuthIsTypedAndCollected() {
            String address = newcomer("dee");
            Agent07.Asked asked = agent.serviceAuth(address);
            assertThat(asked.me().type()).isEqualTo("service_auth");
            assertThat(asked.shown().verificationUri()).startsWith(demo.issuer());
            assertThat(asked.shown().expiresIn()).isBetween(1L, 600L);
            assertThat(error(agent.poll(asked.me()), 400)).isEqualTo("authorization_pending");
            assertThat(error(agent.poll(asked.me()), 400)).isEqualTo("slow_down");

            demo.type(address, asked.me().id(), asked.shown().userCode());
            Wire.Answer collected = agent.poll(asked.me()).hasStatus(200);
            agent.write(collected.text("access_token")).hasStatus(200);
            agent.write(agent.exchange(collected.text("identity_assertion"))).hasStatus(200);
        }

        @Test
        void anonymousIsClaimedByTyping() {
            Agent07.Registered me = agent.anonymous();
            String before = agent.exchange(me.assertion());
            String address = newcomer("dan");
            Agent07.Shown shown = agent.startClaim(me, address);

            demo.type(address, me.id(), shown.userCode());
            Wire.Answer collected = agent.poll(me).hasStatus(200);
            agent.read(before).hasStatus(401);
            agent.write(collected.text("access_token")).hasStatus(200);
        }

        @Test
        void vouchedForSomebodyKnown() {
            String address = newcomer("guest");
            Agent07.Asked first = agent.serviceAuth(address);
            demo.type(address, first.me().id(), first.shown().userCode());
            agent.poll(first.me()).hasStatus(200);

            Agent07.Asked asked = agent.stepUp(idJag(signIn(address)));
            demo.type(address, asked.me().id(), asked.shown().userCode());
            agent.write(agent.poll(asked.me()).hasStatus(200).text("access_token"))
                    .hasStatus(200);
        }

        @Test
        void anonymousIsClaimedByAnIdJag() {
            Agent07.Registered me = agent.anonymous();
            String before = agent.exchange(me.assertion());
            Wire.Answer claimed =
                    agent.claimByIdJag(me, idJag(signIn(newcomer("guest")))).hasStatus(200);

            assertThat(claimed.text("status")).isEqualTo("claimed");
            assertThat(claimed.text("registration_id")).isEqualTo(me.id());
            agent.read(before).hasStatus(401);
            agent.write(agent.exchange(claimed.text("identity_assertion"))).hasStatus(200);
        }

        @Test
        void refused() {
            String address = newcomer("dot");
            Agent07.Asked asked = agent.serviceAuth(address);
            demo.sayNo(address, asked.me().id());

            assertThat(error(agent.poll(asked.me()), 400)).isEqualTo("access_denied");
            assertThat(error(agent.serviceAuthRefused("no address"), 400)).isEqualTo("invalid_login_hint");
        }

        private static String error(Wire.Answer answer, int status) {
            return answer.hasStatus(status).text("error");
        }

        @Test
        void vouchedForAndLoggedOut() {
            String session = signIn(newcomer("guest"));
            Agent07.Registered me = agent.idJag(idJag(session));
            String token = agent.exchange(me.assertion());
            agent.write(token).hasStatus(200);

            demo.signOut(session, "event");
            agent.read(token).hasStatus(401);
        }
    }

    @Nested
    @DisplayName("production: id, identity, claim, user_code")
    class Production {
        private final AgentOfProduction agent = new AgentOfProduction(demo.api());

        @Test
        void anonymousIsClaimedAndHoldsSomethingNew() {
            AgentOfProduction.Registered me = agent.anonymous();
            String token = agent.exchange(me.assertion());
            mayRead(agent.read(token));

            String address = newcomer("eve");
            assertThat(agent.startClaim(me, address)).startsWith(demo.issuer());
            assertThat(agent.complete(me, "000000").hasStatus(409).text("error"))
                    .isEqualTo("claim_not_confirmed");
            String code = demo.code(address, me.id());
            Wire.Answer wrong = agent.complete(me, code.equals("000000") ? "000001" : "000000")
                    .hasStatus(401);
            assertThat(List.of(wrong.text("error"), wrong.text("code")))
                    .containsExactly("invalid_user_code", "invalid_user_code");
            String assertion = agent.complete(me, code).hasStatus(200).text("identity.assertion");

            agent.read(token).hasStatus(401);
            agent.write(agent.exchange(assertion)).hasStatus(200);
            assertThat(agent.complete(me, code).hasStatus(409).text("error")).isEqualTo("already_claimed");
        }

        @Test
        void serviceAuth() {
            String address = newcomer("fay");
            AgentOfProduction.Registered me = agent.serviceAuth(address);
            assertThat(me.type()).isEqualTo("service_auth");
            String assertion = agent.complete(me, demo.code(address, me.id()))
                    .hasStatus(200)
                    .text("identity.assertion");

            agent.write(agent.exchange(assertion)).hasStatus(200);
        }

        @Test
        void vouchedForAndLoggedOut() {
            String session = signIn(newcomer("guest"));
            AgentOfProduction.Registered me = agent.idJag(idJag(session));
            assertThat(me.type()).isEqualTo("identity_assertion");
            String token = agent.exchange(me.assertion());
            agent.write(token).hasStatus(200);

            demo.signOut(session, "event-of-production");
            agent.read(token).hasStatus(401);
        }

        @Test
        void vouchedForSomebodyKnown() {
            AgentOfProduction.Registered me = agent.stepUp(idJag(signIn(BOB)));
            String assertion =
                    agent.complete(me, demo.code(BOB, me.id())).hasStatus(200).text("identity.assertion");

            assertThat(agent.read(agent.exchange(assertion)).text("user_id")).isEqualTo("user_bob");
        }

        @Test
        void comesBackWithARefreshToken() {
            String address = newcomer("ivy");
            AgentOfProduction.Registered me = agent.serviceAuth(address);
            Wire.Answer completed =
                    agent.complete(me, demo.code(address, me.id())).hasStatus(200);
            String first = completed.text("identity.refresh_token.value");
            assertThat(completed.has("identity.refresh_token.expires_at")).isTrue();

            Wire.Answer refreshed = agent.refresh(first).hasStatus(200);
            assertThat(refreshed.text("id")).isEqualTo(me.id());
            assertThat(refreshed.text("type")).isEqualTo("service_auth");
            String token = agent.exchange(refreshed.text("identity.assertion"));
            agent.write(token).hasStatus(200);
            String second = agent.refresh(first).hasStatus(200).text("identity.refresh_token.value");

            agent.revoke(second);
            agent.write(token).hasStatus(401);
            assertThat(agent.refresh(second).hasStatus(401).text("code")).isEqualTo("invalid_refresh_token");
        }

        @Test
        void refused() {
            String address = newcomer("gil");
            AgentOfProduction.Registered me = agent.serviceAuth(address);
            demo.sayNo(address, me.id());

            assertThat(agent.complete(me, "123456").hasStatus(403).text("error"))
                    .isEqualTo("claim_denied");
        }
    }

    @Test
    void whatOneVersionRegistersAnotherCompletes() {
        String address = newcomer("hal");
        Agent02 old = new Agent02(demo.api());
        Agent02.Registered me = old.email(address);
        AgentOfProduction agent = new AgentOfProduction(demo.api());
        String assertion = agent.complete(
                        new AgentOfProduction.Registered(me.id(), "", "", me.claimToken(), ""),
                        demo.code(address, me.id()))
                .hasStatus(200)
                .text("identity.assertion");

        Stream.of(old.exchange(assertion), agent.exchange(assertion), new Agent07(demo.api()).exchange(assertion))
                .forEach(token -> old.write(token).hasStatus(200));
    }
}
