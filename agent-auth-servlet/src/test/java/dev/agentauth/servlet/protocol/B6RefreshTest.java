package dev.agentauth.servlet.protocol;

import static dev.agentauth.servlet.protocol.Client.form;
import static dev.agentauth.servlet.protocol.Client.json;
import static dev.agentauth.servlet.protocol.ProtocolService.ADMIN;
import static dev.agentauth.servlet.protocol.ProtocolService.READ;
import static dev.agentauth.servlet.protocol.ProtocolService.START;
import static dev.agentauth.servlet.protocol.ProtocolService.WRITE;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.agentauth.config.AnonymousClaim;
import dev.agentauth.config.Lifetimes;
import dev.agentauth.registration.Registration;
import dev.agentauth.registration.RegistrationStatus;
import dev.agentauth.spi.User;
import dev.agentauth.testkit.Race;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

@DisplayName("B6. Refresh tokens")
final class B6RefreshTest extends ProtocolTest {
    private static final String[] REFRESHED = {
        "registration_id",
        "registration_type",
        "id",
        "type",
        "identity_assertion",
        "assertion_expires",
        "identity",
        "scopes"
    };

    private Answer refresh(String token) {
        return refresh(client(), token);
    }

    private static Answer refresh(Client client, String token) {
        return client.register(json("type", "refresh", "refresh_token", token));
    }

    private Answer completeByUserCode(String claimToken, String code) {
        return client().postJson("/agent/identity/claim/complete", json("claim_token", claimToken, "user_code", code));
    }

    /** An anonymous registration in somebody's hands; what completing answered. */
    private Answer claimedAnonymous() {
        Registered agent = registerAnonymously();
        return completeByUserCode(agent.claimToken(), reveal(invite(agent, ADA)))
                .hasStatus(200);
    }

    private Answer claimedEmail() {
        Registered agent = registerEmail(ADA);
        return completeByUserCode(agent.claimToken(), reveal(service().mail.newestToken()))
                .hasStatus(200);
    }

    private static JsonNode refreshOf(Answer answer) {
        return answer.json().path("identity").path("refresh_token");
    }

    private static String tokenOf(Answer answer) {
        String token = refreshOf(answer).path("value").asText();
        assertThat(token).as("%s", answer).isNotEmpty();
        return token;
    }

    private Answer refused(String token) {
        return refresh(token).isIdentityError(401, "invalid_refresh_token").isNotStored();
    }

    private Registration stored(Answer answer) {
        return service().registrations.findById(answer.string("id")).orElseThrow();
    }

    private void isDead(String assertion, String accessToken) {
        client().exchange(assertion).isCredentialError(400, "invalid_grant");
        client().callApi(accessToken).hasStatus(401);
    }

    private static String withFamilyOf(String token, String own) {
        return token.substring(0, token.length() - 32) + own;
    }

    @Nested
    @DisplayName("are handed out as B5's table says")
    final class HandingOut {

        @Test
        @DisplayName("claim completed by user_code: an anonymous and an e-mail registration have one")
        void byUserCode() {
            for (Answer completed : List.of(claimedAnonymous(), claimedEmail())) {
                JsonNode refresh = refreshOf(completed);
                assertThat(refresh.fieldNames()).toIterable().containsExactly("value", "expires_at");
                assertThat(Instant.parse(refresh.path("expires_at").asText()))
                        .isEqualTo(START.plus(Duration.ofDays(30)));
                assertThat(completed.json().path("identity").path("assertion").asText())
                        .isEqualTo(completed.string("identity_assertion"));
            }
        }

        @Test
        @DisplayName("completed by otp, none, however the service chooses")
        void byOtp() {
            Registered anonymous = registerAnonymously();
            claim(anonymous, ADA).isOkWith("registration_id", "id", "status");
            Registered email = registerEmail(ADA);
            Answer completed =
                    client().complete(email.claimToken(), reveal(service().mail.newestToken()));
            assertThat(completed.json().path("identity").has("refresh_token")).isFalse();

            ProtocolService rotating = startService(
                    options -> options.configure(builder -> builder.anonymousClaim(AnonymousClaim.ROTATE)));
            Answer registered = rotating.client.registerAnonymously();
            rotating.client.startClaim(registered.string("claim_token"), ADA).hasStatus(200);
            String code = rotating.client.challenge(rotating.mail.newestToken()).string("challenge");
            Answer rotated = rotating.client.complete(registered.string("claim_token"), code);
            assertThat(rotated.json().path("identity").has("assertion")).isTrue();
            assertThat(rotated.json().path("identity").has("refresh_token")).isFalse();
        }

        @Test
        @DisplayName("what a provider vouches for never has one")
        void neverForAProvider() {
            Answer presented = client().registerIdJag(idJag().compact()).hasStatus(200);
            assertThat(presented.json().path("identity").has("refresh_token")).isFalse();
            service().users.add(User.of("ada", ADA));
            Registered stepUp = stepUp(idJag().subject("other").email(ADA));
            Answer completed = completeByUserCode(
                            stepUp.claimToken(), reveal(service().mail.newestToken()))
                    .hasStatus(200);
            assertThat(completed.json().path("identity").has("assertion")).isTrue();
            assertThat(completed.json().path("identity").has("refresh_token")).isFalse();
        }

        @Test
        @DisplayName("a switch: off, completing hands out none, and whoever shows one hears that they are off")
        void switchedOff() {
            String token = tokenOf(claimedAnonymous());
            ProtocolService off = startService(
                    options -> options.replicaOf(service()).configure(builder -> builder.refreshTokens(false)));

            refresh(off.client, token).isIdentityError(400, "invalid_request");
            Answer registered = off.client.registerAnonymously();
            off.client.startClaim(registered.string("claim_token"), ADA).hasStatus(200);
            String code = off.client.challenge(service().mail.newestToken()).string("challenge");
            Answer completed = off.client.postJson(
                    "/agent/identity/claim/complete",
                    json("claim_token", registered.string("claim_token"), "user_code", code));
            assertThat(completed.json().path("identity").has("assertion")).isTrue();
            assertThat(completed.json().path("identity").has("refresh_token")).isFalse();
            assertThat(off.client.get("/auth.md").text()).doesNotContain("invalid_refresh_token");
            assertThat(client().get("/auth.md").text()).contains("invalid_refresh_token");
            refresh(token).hasStatus(200);
        }
    }

    @Nested
    @DisplayName("POST /agent/identity with type refresh")
    final class Using {

        @Test
        @DisplayName(
                "answers the members of a registration that somebody owns, a new assertion and a new refresh token")
        void answers() {
            Answer completed = claimedAnonymous();
            service().clock.advance(Duration.ofDays(3));
            client().exchange(completed.string("identity_assertion")).isCredentialError(400, "invalid_grant");

            Answer refreshed = refresh(tokenOf(completed)).isOkWith(REFRESHED).isNotStored();

            assertThat(refreshed.string("registration_id")).isEqualTo(completed.string("registration_id"));
            assertThat(refreshed.string("id")).isEqualTo(completed.string("id"));
            assertThat(refreshed.string("registration_type")).isEqualTo("anonymous");
            assertThat(refreshed.string("type")).isEqualTo("anonymous");
            assertThat(refreshed.strings("scopes")).containsExactly(READ, WRITE, ADMIN);
            assertThat(refreshed.time("assertion_expires"))
                    .isEqualTo(service().clock.instant().plusSeconds(3600));
            assertThat(Instant.parse(refreshOf(refreshed).path("expires_at").asText()))
                    .isEqualTo(service().clock.instant().plus(Duration.ofDays(30)));
            assertThat(tokenOf(refreshed)).isNotEqualTo(tokenOf(completed));
            client().callApi(token(refreshed.string("identity_assertion"))).hasStatus(200);
        }

        @Test
        @DisplayName("a refreshed e-mail registration is service_auth in both spellings")
        void email() {
            Answer refreshed = refresh(tokenOf(claimedEmail())).isOkWith(REFRESHED);

            assertThat(refreshed.string("registration_type")).isEqualTo("service_auth");
            assertThat(refreshed.string("type")).isEqualTo("service_auth");
        }

        @Test
        @DisplayName("a token is rt_, the registration's id and twice 32 characters, without dots")
        void form() {
            Answer completed = claimedAnonymous();
            Answer refreshed = refresh(tokenOf(completed));

            String pattern = "rt_" + completed.string("id") + "[A-Za-z0-9_-]{64}";
            assertThat(tokenOf(completed)).matches(pattern);
            assertThat(tokenOf(refreshed)).matches(pattern);
            int own = tokenOf(completed).length() - 32;
            assertThat(tokenOf(refreshed).substring(0, own))
                    .as("the family's part stays")
                    .isEqualTo(tokenOf(completed).substring(0, own));
        }

        @Test
        @DisplayName("what was issued before stays good until it expires")
        void earlierOnesStayGood() {
            Answer completed = claimedAnonymous();
            String earlier = token(completed.string("identity_assertion"));

            refresh(tokenOf(completed)).hasStatus(200);

            client().callApi(earlier).hasStatus(200);
            token(completed.string("identity_assertion"));
        }

        @Test
        @DisplayName(
                "one that is out is spent; the spent one, at most 120 s ago, has one more beside those that are out")
        void spentOneWithinTheLeeway() {
            String first = tokenOf(claimedAnonymous());
            String second = tokenOf(refresh(first).hasStatus(200));
            service().clock.advance(Duration.ofMinutes(2));

            String sibling = tokenOf(refresh(first).hasStatus(200));

            assertThat(sibling).isNotEqualTo(second);
            refresh(second).hasStatus(200);
            refused(sibling);
        }

        @Test
        @DisplayName("the spent one after more than 120 s raises the epoch, which ends everything issued")
        void spentOneAfterTheLeeway() {
            Answer completed = claimedAnonymous();
            String accessToken = token(completed.string("identity_assertion"));
            String first = tokenOf(completed);
            Answer second = refresh(first).hasStatus(200);
            long epoch = stored(completed).epoch();
            service().clock.advance(Duration.ofMinutes(2).plusMillis(1));

            refused(first);

            assertThat(stored(completed).epoch()).isEqualTo(epoch + 1);
            assertThat(stored(completed).status(service().clock.instant())).isEqualTo(RegistrationStatus.CLAIMED);
            isDead(second.string("identity_assertion"), accessToken);
            refused(tokenOf(second));
            assertThat(stored(completed).epoch()).as("dead: no further effect").isEqualTo(epoch + 1);
            assertThat(service().audit.of("refresh.reused")).hasSize(1);
        }

        @Test
        @DisplayName("a 17th successor: 429, and the family lives")
        void seventeenth() {
            Answer completed = claimedAnonymous();
            String first = tokenOf(completed);
            Set<String> successors = new TreeSet<>();
            for (int i = 0; i < 16; i++) {
                successors.add(tokenOf(refresh(first).hasStatus(200)));
            }
            assertThat(successors).hasSize(16);

            refresh(first).isIdentityError(429, "rate_limit_exceeded").isNotStored();

            refresh(successors.iterator().next()).hasStatus(200);
        }

        @Test
        @DisplayName("the family ends 30 days after its last use; one that is dead has no effect")
        void lastUse() {
            Answer completed = claimedAnonymous();
            service().clock.advance(Duration.ofDays(30).minusMillis(1));
            String second = tokenOf(refresh(tokenOf(completed)).hasStatus(200));
            service().clock.advance(Duration.ofDays(30).minusMillis(1));
            String third = tokenOf(refresh(second).hasStatus(200));
            service().clock.advance(Duration.ofDays(30));
            Registration before = stored(completed);

            refused(third);
            refused(second);

            assertThat(stored(completed)).isEqualTo(before);
        }

        @Test
        @DisplayName("the 30 days are configurable")
        void configurable() {
            startService(options -> options.configure(
                    builder -> builder.lifetimes(Lifetimes.standard().withRefresh(Duration.ofMinutes(5)))));
            Answer completed = claimedAnonymous();
            assertThat(Instant.parse(refreshOf(completed).path("expires_at").asText()))
                    .isEqualTo(START.plusSeconds(300));
            service().clock.advance(Duration.ofMinutes(5));

            refused(tokenOf(completed));
        }

        @Test
        @DisplayName("a registration that may not act for the time being spends nothing")
        void standing() {
            Answer completed = claimedAnonymous();
            String token = tokenOf(completed);
            String user = Objects.requireNonNull(stored(completed).userId());
            Registration before = stored(completed);

            service().users.setActive(user, false);
            refused(token);
            assertThat(stored(completed)).isEqualTo(before);

            service().users.setActive(user, true);
            refresh(token).hasStatus(200);
        }

        @Test
        @DisplayName("all refusals look alike; what gives none is invalid_request")
        void refusalsLookAlike() {
            Answer completed = claimedAnonymous();
            String token = tokenOf(completed);
            Answer junk = refused("junk");
            assertThat(refused("rt_" + completed.string("id") + "A".repeat(64)).text())
                    .isEqualTo(junk.text());
            assertThat(refused("rt_reg_AAAAAAAAAAAAAAAA" + "A".repeat(64)).text())
                    .isEqualTo(junk.text());
            assertThat(refused(withFamilyOf(token, "A".repeat(32))).text()).isEqualTo(junk.text());
            assertThat(junk.string("code")).isEqualTo("invalid_refresh_token");

            client().register(json("type", "refresh", "refresh_token", "")).isIdentityError(400, "invalid_request");
            client().register(json("type", "refresh")).isIdentityError(400, "invalid_request");
            client().register("{\"type\":\"refresh\",\"refresh_token\":1}").isIdentityError(400, "invalid_request");
            client().register("{\"type\":\"refresh\",\"refresh_token\":null}").isIdentityError(400, "invalid_request");
        }

        @Test
        @DisplayName("refresh.used and refresh.reused are audited, with the registration and without a secret")
        void audited() {
            Answer completed = claimedAnonymous();
            String first = tokenOf(completed);
            refresh(first).hasStatus(200);
            refused(withFamilyOf(first, "B".repeat(32)));

            assertThat(service().audit.of("refresh.used"))
                    .singleElement()
                    .satisfies(event -> assertThat(event.registrationId()).isEqualTo(completed.string("id")));
            assertThat(service().audit.of("refresh.reused"))
                    .singleElement()
                    .satisfies(event -> assertThat(event.registrationId()).isEqualTo(completed.string("id")));
            assertThat(service().audit.of("registration.revoked")).isEmpty();
        }

        @Test
        @DisplayName("store out of reach: 503, and the same request may be repeated")
        void outage() {
            String token = tokenOf(claimedAnonymous());
            service().wiretap.before("replace", Wiretap.once(Wiretap.failure()));

            refresh(token).isIdentityError(503, "temporarily_unavailable");

            refresh(token).hasStatus(200);
        }
    }

    @Nested
    @DisplayName("against thieves")
    final class Thieves {

        @Test
        @DisplayName(
                "T70: whoever stole one inside the leeway, before or after the client: both are dead after the second generation")
        void t70_thiefInsideTheLeeway() {
            for (boolean thiefFirst : new boolean[] {true, false}) {
                for (boolean thiefGoesOnFirst : new boolean[] {true, false}) {
                    Answer completed = claimedAnonymous();
                    String stolen = tokenOf(completed);
                    Answer one = refresh(stolen).hasStatus(200);
                    Answer other = refresh(stolen).hasStatus(200);
                    Answer thief = thiefFirst ? one : other;
                    Answer client = thiefFirst ? other : one;

                    Answer second =
                            refresh(tokenOf(thiefGoesOnFirst ? thief : client)).hasStatus(200);
                    String accessToken = token(second.string("identity_assertion"));
                    refused(tokenOf(thiefGoesOnFirst ? client : thief));

                    refused(tokenOf(second));
                    isDead(second.string("identity_assertion"), accessToken);
                    isDead(thief.string("identity_assertion"), accessToken);
                    isDead(client.string("identity_assertion"), accessToken);
                }
            }
        }

        @Test
        @DisplayName("T72: knowing a registration's id is not enough to end it: forgeries leave its row unchanged")
        void t72_forgeriesLeaveTheRowUnchanged() {
            Answer completed = claimedAnonymous();
            String token = tokenOf(completed);
            String id = completed.string("id");
            Registration before = stored(completed);
            Random random = new Random(72);
            String alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
            for (int i = 0; i < 1000; i++) {
                StringBuilder forged = new StringBuilder("rt_" + id);
                random.ints(64, 0, 64).forEach(c -> forged.append(alphabet.charAt(c)));
                if (i % 3 == 1) {
                    // The right token's own part behind another family's.
                    forged.replace(forged.length() - 32, forged.length(), token.substring(token.length() - 32));
                } else if (i % 3 == 2) {
                    forged.setLength(1 + random.nextInt(forged.length() - 1));
                }
                refused(forged.toString());
                client().revoke(forged.toString()).hasStatus(200);
            }

            assertThat(stored(completed)).isEqualTo(before);
            refresh(token).hasStatus(200);
        }

        @Test
        @DisplayName("T72: another family's part, also one of the same service, has no effect")
        void t72_anotherFamilysPart() {
            String mine = tokenOf(claimedAnonymous());
            Answer theirs = claimedEmail();
            Registration before = stored(theirs);

            refused("rt_" + theirs.string("id") + mine.substring(mine.length() - 64));

            assertThat(stored(theirs)).isEqualTo(before);
        }
    }

    @Nested
    @DisplayName("concurrent uses on any replicas each get a successor")
    final class Concurrent {

        @RepeatedTest(5)
        @DisplayName("T71: parallel bursts, lost answers and a replica 60 s ahead lose no family")
        void t71_parallelBurstsOnReplicasWithSkewedClocks() {
            ProtocolService ahead = startService(options -> options.replicaOf(service())
                    .configure(builder ->
                            builder.clock(() -> service().clock.instant().plusSeconds(60))));
            Answer completed = claimedAnonymous();
            String current = tokenOf(completed);
            long epoch = stored(completed).epoch();
            for (int burst = 0; burst < 20; burst++) {
                String shown = current;
                // Sixteen at once, of which all but one answer get lost.
                List<Answer> answers =
                        Race.run(15, number -> refresh(number % 2 == 0 ? service().client : ahead.client, shown));
                assertThat(answers).allSatisfy(answer -> answer.hasStatus(200));
                // A straggler asks again within the minute, at whichever replica.
                service().clock.advance(Duration.ofSeconds(60));
                current = tokenOf(refresh(burst % 2 == 0 ? ahead.client : service().client, shown)
                        .hasStatus(200));
                service().clock.advance(Duration.ofHours(1));
            }

            refresh(current).hasStatus(200);
            assertThat(stored(completed).epoch()).isEqualTo(epoch);
        }

        @RepeatedTest(5)
        @DisplayName("T73: what raised the epoch or ended the registration is not outlived by a family, whatever raced")
        void t73_logoutRevokeAndEraseAgainstRefresh() {
            ProtocolService replica = startService(options -> options.replicaOf(service()));
            for (String end : List.of("revoke", "erase", "revoke all", "give back", "reuse")) {
                Answer completed = claimedAnonymous();
                String first = tokenOf(completed);
                String id = completed.string("id");
                String user = Objects.requireNonNull(stored(completed).userId());
                List<Answer> answers = Race.run(8, number -> {
                    if (number == 0) {
                        switch (end) {
                            case "revoke" -> service().auth.revokeRegistration(id);
                            case "erase" -> service().auth.eraseUser(user);
                            case "revoke all" -> service().auth.revokeAllRegistrations();
                            case "give back" -> client().revoke(first).hasStatus(200);
                            default -> refused(withFamilyOf(first, "C".repeat(32)));
                        }
                        return client().get("/auth.md");
                    }
                    return refresh(number % 2 == 0 ? service().client : replica.client, first);
                });

                for (Answer answer : answers.subList(1, answers.size())) {
                    assertThat(answer.status()).as("%s: %s", end, answer).isIn(200, 401);
                    if (answer.status() == 200) {
                        client().exchange(answer.string("identity_assertion")).isCredentialError(400, "invalid_grant");
                        refused(tokenOf(answer));
                    }
                }
                refused(first);
            }
        }

        @Test
        @DisplayName(
                "T83: agents that refresh from one address do not lock each other out: 1,000 refreshes, not one 429")
        void t83_goodRefreshesCountNowhere() {
            startService(ProtocolService.Options::limited);
            String token = tokenOf(claimedAnonymous());
            for (int i = 0; i < 1000; i++) {
                token = tokenOf(refresh(token).hasStatus(200));
                service().clock.advance(Duration.ofSeconds(1));
            }
        }

        @Test
        @DisplayName("T83: only refused refreshes count, 60/h per client, and what is good gets through even then")
        void t83_refusedOnesCount() {
            startService(ProtocolService.Options::limited);
            String token = tokenOf(claimedAnonymous());
            for (int i = 0; i < 60; i++) {
                refused("rt_junk");
            }

            refresh("rt_junk").isIdentityError(429, "rate_limit_exceeded");
            Answer good = refresh(token).hasStatus(200);
            refresh(withFamilyOf(token, "D".repeat(32))).isIdentityError(429, "rate_limit_exceeded");
            client().exchange(good.string("identity_assertion")).isCredentialError(400, "invalid_grant");
        }
    }

    @Nested
    @DisplayName("end")
    final class Ending {

        @Test
        @DisplayName(
                "T75: A6 revokes them too (RFC 7009 section 2): whichever of its family is shown, the epoch is raised")
        void t75_revoking() {
            List<String> hints = List.of("", "&token_type_hint=refresh_token", "&token_type_hint=access_token");
            for (int which = 0; which < hints.size(); which++) {
                Answer completed = claimedAnonymous();
                String first = tokenOf(completed);
                Answer refreshed = refresh(first).hasStatus(200);
                String second = tokenOf(refreshed);
                String accessToken = token(refreshed.string("identity_assertion"));
                long epoch = stored(completed).epoch();
                String shown = List.of(second, first, withFamilyOf(first, "E".repeat(32)))
                        .get(which);

                Answer answer = client().postForm("/oauth2/revoke", form("token", shown) + hints.get(which));

                answer.hasStatus(200);
                assertThat(answer.text()).isEmpty();
                assertThat(stored(completed).epoch()).isEqualTo(epoch + 1);
                isDead(refreshed.string("identity_assertion"), accessToken);
                refused(second);
                refused(first);
                assertThat(stored(completed).status(service().clock.instant())).isEqualTo(RegistrationStatus.CLAIMED);
                client().revoke(second).hasStatus(200);
                assertThat(stored(completed).epoch()).as("dead already").isEqualTo(epoch + 1);
            }
            assertThat(service().audit.of("token.revoked")).hasSize(hints.size());
        }

        @Test
        @DisplayName("T75: they are revoked also while the registration may not act, and where they are switched off")
        void t75_revokingWhatMayNotActNow() {
            Answer completed = claimedAnonymous();
            service().users.setActive(Objects.requireNonNull(stored(completed).userId()), false);
            ProtocolService off = startService(
                    options -> options.replicaOf(service()).configure(builder -> builder.refreshTokens(false)));

            off.client.revoke(tokenOf(completed)).hasStatus(200);

            service().users.setActive(Objects.requireNonNull(stored(completed).userId()), true);
            refused(tokenOf(completed));
            client().exchange(completed.string("identity_assertion")).isCredentialError(400, "invalid_grant");
        }

        @Test
        @DisplayName("T74: a living family keeps its registration from the purge; retention counts from its end")
        void t74_aYearOfDailyRefreshes() {
            Answer completed = claimedAnonymous();
            String id = completed.string("id");
            String token = tokenOf(completed);
            for (int day = 0; day < 366; day++) {
                service().clock.advance(Duration.ofDays(1));
                assertThat(service().auth.purge().registrations()).isZero();
                token = tokenOf(refresh(token).hasStatus(200));
            }
            // 30 days to the family's end, 90 of retention, and whatever was issued last has to expire.
            Duration kept = Duration.ofDays(120).plusHours(2);
            service().clock.advance(kept.minusMillis(1));
            assertThat(service().auth.purge().registrations()).isZero();
            service().clock.advance(Duration.ofMillis(1));
            assertThat(service().auth.purge().registrations()).isOne();
            assertThat(service().registrations.findById(id)).isEmpty();
            refused(token);
        }

        @Test
        @DisplayName("T74: what a reuse has ended is kept for the retention from then")
        void t74_retentionAfterAReuse() {
            Answer completed = claimedAnonymous();
            service().clock.advance(Duration.ofDays(29));
            refused(withFamilyOf(tokenOf(completed), "F".repeat(32)));
            Duration kept = Duration.ofDays(90).plusHours(2);

            service().clock.advance(kept.minusMillis(1));
            assertThat(service().auth.purge().registrations()).isZero();
            service().clock.advance(Duration.ofMillis(1));
            assertThat(service().auth.purge().registrations()).isOne();
        }

        @Test
        @DisplayName(
                "a registration that was claimed anew in the next epoch would have a family of its own: the old one is dead")
        void anotherEpoch() {
            Answer completed = claimedAnonymous();
            Registration current = stored(completed);
            List<Registration> written = new ArrayList<>();
            service().registrations.replace(current, current.raiseEpoch()).ifPresent(written::add);
            assertThat(written).hasSize(1);

            refused(tokenOf(completed));
            refused(withFamilyOf(tokenOf(completed), "G".repeat(32)));

            assertThat(stored(completed)).isEqualTo(written.get(0));
        }
    }
}
