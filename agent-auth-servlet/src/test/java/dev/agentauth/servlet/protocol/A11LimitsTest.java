package dev.agentauth.servlet.protocol;

import static dev.agentauth.servlet.protocol.Client.JSON_TYPE;
import static dev.agentauth.servlet.protocol.Client.json;
import static dev.agentauth.servlet.protocol.Client.utf8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.agentauth.AgentAuth;
import dev.agentauth.memory.InMemoryUserDirectory;
import dev.agentauth.servlet.Bucket4jRateLimiter;
import dev.agentauth.servlet.ClientAddress;
import dev.agentauth.spi.ClaimMail;
import dev.agentauth.spi.RateLimiter;
import dev.agentauth.spi.User;
import dev.agentauth.testkit.MovableClock;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpFilter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("A11. Rate limits on the identity surface")
final class A11LimitsTest extends ProtocolTest {
    private static final String X_FORWARDED_FOR = "X-Forwarded-For";

    /** The connection of the test, 127.0.0.1, is the trusted proxy; who it came from stands in the header. */
    @BeforeEach
    void startLimitedServiceBehindAProxy() {
        startService(options -> options.limited()
                .clientAddress(ClientAddress.fromXForwardedFor("127.0.0.1", "10.0.0.0/8", "fd00::/8")));
    }

    private Answer anonymousFrom(String hops) {
        return client().postJson("/agent/identity", json("type", "anonymous"), X_FORWARDED_FOR, hops);
    }

    private Answer idJagFrom(String hops, String idJag) {
        return client().postJson(
                        "/agent/identity",
                        json("type", "identity_assertion", "assertion", idJag),
                        X_FORWARDED_FOR,
                        hops);
    }

    private Answer emailFrom(String hops, String address) {
        return client().postJson(
                        "/agent/identity",
                        json("type", "identity_assertion", "assertion_type", "verified_email", "assertion", address),
                        X_FORWARDED_FOR,
                        hops);
    }

    private static String client(int number) {
        return "198.51." + number / 250 + "." + (number % 250 + 1);
    }

    private static Answer isLimited(Answer answer, Duration wait) {
        answer.isIdentityError(429, "rate_limited").isNotStored();
        assertThat(answer.header("Retry-After")).isEqualTo(Long.toString(wait.toSeconds()));
        return answer;
    }

    private void spendAnonymous(String hops) {
        for (int i = 0; i < 5; i++) {
            anonymousFrom(hops).hasStatus(200);
        }
        isLimited(anonymousFrom(hops), Duration.ofHours(1));
    }

    @Nested
    @DisplayName("Anonymous 5/h and 100/h, checked per client address first, then service-wide")
    final class Anonymous {

        @Test
        void sixthOfAClientIsRefusedAndTellsWhenToComeBack() {
            spendAnonymous("192.0.2.1");

            anonymousFrom("192.0.2.2").hasStatus(200);
        }

        @Test
        void hourIsOverExactlyWhenRetryAfterSaid() {
            spendAnonymous("192.0.2.1");

            service().clock.advance(Duration.ofMinutes(40));
            isLimited(anonymousFrom("192.0.2.1"), Duration.ofMinutes(20));
            service().clock.advance(Duration.ofMinutes(20).minusMillis(1));
            isLimited(anonymousFrom("192.0.2.1"), Duration.ofSeconds(1));
            service().clock.advance(Duration.ofMillis(1));
            spendAnonymous("192.0.2.1");
        }

        @Test
        void hundredAndFirstOfTheServiceIsRefusedToEverybody() {
            for (int i = 0; i < 100; i++) {
                anonymousFrom(client(i / 5)).hasStatus(200);
            }

            isLimited(anonymousFrom("192.0.2.1"), Duration.ofHours(1));
            service().clock.advance(Duration.ofHours(1));
            anonymousFrom("192.0.2.1").hasStatus(200);
        }

        @Test
        void clientThatIsOverItsOwnLimitTakesNothingFromTheOthers() {
            spendAnonymous(client(0));
            for (int i = 0; i < 200; i++) {
                anonymousFrom(client(0)).isIdentityError(429, "rate_limited");
            }

            for (int i = 0; i < 95; i++) {
                anonymousFrom(client(1 + i / 5)).hasStatus(200);
            }
            anonymousFrom(client(50)).isIdentityError(429, "rate_limited");
        }

        @Test
        void refusedRequestLeavesNothingBehind() {
            spendAnonymous("192.0.2.1");

            assertThat(service().audit.of("registration.created")).hasSize(5);
        }

        @Test
        void onlyRegisteringCountsAndNotWhatComesAfterwards() {
            Registered agent = Registered.of(anonymousFrom("192.0.2.1"));
            for (int i = 0; i < 100; i++) {
                client().exchange(agent.assertion(), "x", "y").hasStatus(200);
            }
            String code = reveal(invite(agent, ADA));
            client().complete(agent.claimToken(), code).hasStatus(200);
        }
    }

    @Nested
    @DisplayName("Identity assertion 60/h and 1000/h")
    final class Assertions {

        @Test
        void sixtyFirstOfAClientIsRefusedWhateverCameOfTheOthers() {
            for (int i = 0; i < 58; i++) {
                idJagFrom("192.0.2.1", "a.b.c").isIdentityError(400, "invalid_request");
            }
            idJagFrom("192.0.2.1", idJag().compact()).hasStatus(200);
            emailFrom("192.0.2.1", BOB).hasStatus(200);

            String unspent = idJag().compact();
            isLimited(idJagFrom("192.0.2.1", unspent), Duration.ofHours(1));
            isLimited(emailFrom("192.0.2.1", BOB), Duration.ofHours(1));
            anonymousFrom("192.0.2.1").hasStatus(200);
            idJagFrom("192.0.2.2", unspent).hasStatus(200);
        }

        @Test
        void thousandAndFirstOfTheServiceIsRefusedToEverybody() {
            for (int i = 0; i < 1000; i++) {
                idJagFrom(client(i / 60), idJag().subject("s-1").compact()).hasStatus(200);
            }

            isLimited(idJagFrom("192.0.2.1", idJag().subject("s-1").compact()), Duration.ofHours(1));
            anonymousFrom("192.0.2.1").hasStatus(200);
            service().clock.advance(Duration.ofHours(1));
            idJagFrom("192.0.2.1", idJag().subject("s-1").compact()).hasStatus(200);
        }

        @Test
        @DisplayName("T01: what was never verified costs its client, and nobody else")
        void garbageOfManyClientsLocksNobodyOut() {
            for (int i = 0; i < 1200; i++) {
                idJagFrom(client(i / 60), "a.b.c").isIdentityError(400, "invalid_request");
            }

            isLimited(idJagFrom(client(0), idJag().compact()), Duration.ofHours(1));
            idJagFrom("192.0.2.1", idJag().compact()).hasStatus(200);
        }
    }

    @Nested
    @DisplayName("Per client address: IPv6 by /64, IPv4-mapped folded")
    final class Addresses {

        @Test
        void oneIpv6NetworkIsOneClient() {
            for (String address : List.of(
                    "2001:db8:1:2::1",
                    "2001:db8:1:2:ffff:ffff:ffff:ffff",
                    "2001:DB8:1:2:a:b:c:d",
                    "2001:0db8:0001:0002:0000:0000:0000:0009",
                    "2001:db8:1:2::192.0.2.1")) {
                anonymousFrom(address).hasStatus(200);
            }

            isLimited(anonymousFrom("2001:db8:1:2::77"), Duration.ofHours(1));
            anonymousFrom("2001:db8:1:3::77").hasStatus(200);
        }

        @Test
        void mappedAddressIsTheIpv4AddressThatItStandsFor() {
            for (String address : List.of(
                    "::ffff:192.0.2.1",
                    "::FFFF:c000:201",
                    "0:0:0:0:0:ffff:192.0.2.1",
                    "192.0.2.1",
                    "[::ffff:192.0.2.1]")) {
                anonymousFrom(address).hasStatus(200);
            }

            isLimited(anonymousFrom("192.0.2.1"), Duration.ofHours(1));
            isLimited(anonymousFrom("::ffff:192.0.2.1"), Duration.ofHours(1));
            anonymousFrom("::ffff:192.0.2.2").hasStatus(200);
        }

        @Test
        void portsMakeNoDifference() {
            for (int port = 1000; port < 1005; port++) {
                anonymousFrom("192.0.2.1:" + port).hasStatus(200);
            }

            isLimited(anonymousFrom("192.0.2.1:1005"), Duration.ofHours(1));
        }
    }

    @Nested
    @DisplayName(
            "Forwarding headers only from configured proxies, rightmost untrusted hop of the one configured header")
    final class Forwarding {

        @Test
        void whatTheClientWroteFurtherLeftMeansNothing() {
            for (int i = 0; i < 5; i++) {
                anonymousFrom(client(i) + ", 203.0.113.9").hasStatus(200);
            }

            isLimited(anonymousFrom("192.0.2.1, 203.0.113.9"), Duration.ofHours(1));
            anonymousFrom("203.0.113.9, 192.0.2.1").hasStatus(200);
        }

        @Test
        void chainOfTrustedProxiesIsWalkedToTheFirstThatIsNone() {
            for (String hops : List.of(
                    "203.0.113.9",
                    "203.0.113.9, 10.0.0.1",
                    "203.0.113.9,10.0.0.1,10.255.255.255",
                    "192.0.2.1, 203.0.113.9, fd00::1",
                    "10.1.1.1, 203.0.113.9, 10.0.0.1")) {
                anonymousFrom(hops).hasStatus(200);
            }

            isLimited(anonymousFrom("203.0.113.9, 10.0.0.7"), Duration.ofHours(1));
        }

        @Test
        void severalHeaderLinesAreOneChain() {
            for (int i = 0; i < 5; i++) {
                client().postJson(
                                "/agent/identity",
                                json("type", "anonymous"),
                                X_FORWARDED_FOR,
                                client(i),
                                X_FORWARDED_FOR,
                                "203.0.113.9")
                        .hasStatus(200);
            }

            isLimited(anonymousFrom("203.0.113.9"), Duration.ofHours(1));
        }

        @Test
        void otherHeadersThanTheConfiguredOneMeanNothing() {
            for (int i = 0; i < 5; i++) {
                client().postJson(
                                "/agent/identity",
                                json("type", "anonymous"),
                                X_FORWARDED_FOR,
                                "203.0.113.9",
                                "Forwarded",
                                "for=" + client(i),
                                "X-Real-IP",
                                client(i),
                                "X-Client-IP",
                                client(i),
                                "True-Client-IP",
                                client(i))
                        .hasStatus(200);
            }

            isLimited(anonymousFrom("203.0.113.9"), Duration.ofHours(1));
        }

        @Test
        void forwardedIsReadWhereThatIsConfigured() {
            ProtocolService other =
                    startService(options -> options.limited().clientAddress(ClientAddress.fromForwarded("127.0.0.1")));
            for (int i = 0; i < 5; i++) {
                other.client
                        .postJson(
                                "/agent/identity",
                                json("type", "anonymous"),
                                "Forwarded",
                                "for=" + client(i) + ";proto=http, For=\"[2001:db8::" + i + "]:80\"",
                                X_FORWARDED_FOR,
                                client(i))
                        .hasStatus(200);
            }

            other.client
                    .postJson("/agent/identity", json("type", "anonymous"), "Forwarded", "for=\"[2001:db8::ff]\"")
                    .isIdentityError(429, "rate_limited");
            other.client
                    .postJson("/agent/identity", json("type", "anonymous"), "Forwarded", "for=192.0.2.1")
                    .hasStatus(200);
        }

        @Test
        void noHeaderIsBelievedWithoutAConfiguredProxy() {
            ProtocolService direct = startService(options -> options.limited());
            for (int i = 0; i < 5; i++) {
                direct.client
                        .postJson(
                                "/agent/identity",
                                json("type", "anonymous"),
                                X_FORWARDED_FOR,
                                client(i),
                                "Forwarded",
                                "for=" + client(i))
                        .hasStatus(200);
            }

            direct.client
                    .postJson("/agent/identity", json("type", "anonymous"), X_FORWARDED_FOR, "192.0.2.1")
                    .isIdentityError(429, "rate_limited");
        }

        @Test
        void noHeaderIsBelievedFromAnyOtherPeerThanTheConfiguredProxy() {
            ProtocolService elsewhere = startService(
                    options -> options.limited().clientAddress(ClientAddress.fromXForwardedFor("192.0.2.200")));
            for (int i = 0; i < 5; i++) {
                elsewhere
                        .client
                        .postJson("/agent/identity", json("type", "anonymous"), X_FORWARDED_FOR, client(i))
                        .hasStatus(200);
            }

            elsewhere
                    .client
                    .postJson("/agent/identity", json("type", "anonymous"), X_FORWARDED_FOR, "192.0.2.1")
                    .isIdentityError(429, "rate_limited");
        }

        @Test
        @DisplayName("T02: a hundred spellings and hops of one client are one bucket")
        void hundredSpellingsAreOneBucket() {
            List<String> spellings = new ArrayList<>();
            for (int i = 0; i < 25; i++) {
                spellings.add(client(i) + " ,  2001:db8:9:9::" + Integer.toHexString(i));
                spellings.add("[2001:DB8:9:9:" + i + "::1]:" + (1000 + i));
                spellings.add("unknown, _hidden, 2001:0db8:0009:0009:0:0:0:" + i + ",10.0.0." + i);
                spellings.add("garbage " + i + ",, 2001:db8:9:9:0:" + i + "::");
            }

            long granted = spellings.stream()
                    .map(A11LimitsTest.this::anonymousFrom)
                    .filter(answer -> answer.status() == 200)
                    .count();
            assertThat(granted).isEqualTo(5);
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "unknown",
                    "_hidden",
                    "",
                    "garbage",
                    "999.1.1.1",
                    "203.0.113.9, nonsense",
                    "fe80::1%eth0",
                    "localhost"
                })
        void hopThatCannotBeReadDoesNotEscapeTheLimits(String hops) {
            spendAnonymous(hops);
        }
    }

    @Nested
    @DisplayName("Mails per recipient (lower-cased, +tag dropped) 5/h for register and claim together")
    final class Mails {

        private long mailed() {
            return service().mail.links().size();
        }

        @Test
        void registerAndClaimSpendTheSameFive() {
            Registered agent = Registered.of(anonymousFrom("192.0.2.1"));
            Registered other = Registered.of(anonymousFrom("192.0.2.1"));
            emailFrom("192.0.2.2", ADA).hasStatus(200);
            emailFrom("192.0.2.3", ADA).hasStatus(200);
            emailFrom("192.0.2.4", ADA).hasStatus(200);
            client().startClaim(agent.claimToken(), ADA).hasStatus(200);
            client().startClaim(other.claimToken(), ADA).hasStatus(200);

            isLimited(emailFrom("192.0.2.5", ADA), Duration.ofHours(1));
            Registered third = Registered.of(anonymousFrom("192.0.2.6"));
            isLimited(client().startClaim(third.claimToken(), ADA), Duration.ofHours(1));
            assertThat(mailed()).isEqualTo(5);

            client().startClaim(third.claimToken(), BOB).hasStatus(200);
            service().clock.advance(Duration.ofHours(1).minusMillis(1));
            emailFrom("192.0.2.7", ADA).isIdentityError(429, "rate_limited");
            service().clock.advance(Duration.ofMillis(1));
            emailFrom("192.0.2.7", ADA).hasStatus(200);
        }

        @Test
        @DisplayName("T03: caseAndTagsOfOneMailboxAreOneRecipient")
        void caseAndTagsOfOneMailboxAreOneRecipient() {
            emailFrom("192.0.2.1", "ada@example.com").hasStatus(200);
            emailFrom("192.0.2.2", "ADA@EXAMPLE.COM").hasStatus(200);
            emailFrom("192.0.2.3", "Ada+news@example.com").hasStatus(200);
            emailFrom("192.0.2.4", "ada+@example.com").hasStatus(200);
            emailFrom("192.0.2.5", "ada+a+b@Example.Com").hasStatus(200);

            isLimited(emailFrom("192.0.2.6", "aDa+other@example.com"), Duration.ofHours(1));
            emailFrom("192.0.2.6", "ada@example.org").hasStatus(200);
            emailFrom("192.0.2.6", "adam@example.com").hasStatus(200);
        }

        @Test
        @DisplayName("T03: a mailbox gets five mails of sixty mixed requests, and five step-ups beside them")
        void mailboxIsNotBombed() {
            service().users.add(User.of("u1", ADA));
            int limited = 0;
            for (int i = 0; i < 20; i++) {
                Registered agent = Registered.of(anonymousFrom(client(i)));
                limited += emailFrom(client(i), "ada+" + i + "@example.com").status() == 429 ? 1 : 0;
                limited += client().startClaim(agent.claimToken(), "ADA+" + i + "@example.com")
                                        .status()
                                == 429
                        ? 1
                        : 0;
                limited +=
                        idJagFrom(client(i), idJag().subject("s" + i).compact()).status() == 429 ? 1 : 0;
            }

            assertThat(mailed()).isEqualTo(10);
            assertThat(limited).isEqualTo(50);
        }

        @Test
        @DisplayName("A4: the same address again while the attempt is open: no limit consumed")
        void repeatOfAnOpenAttemptCostsNothing() {
            Registered agent = Registered.of(anonymousFrom("192.0.2.1"));
            for (int i = 0; i < 20; i++) {
                client().startClaim(agent.claimToken(), ADA).hasStatus(200);
            }
            assertThat(mailed()).isEqualTo(1);

            for (int i = 0; i < 4; i++) {
                emailFrom("192.0.2.2", ADA).hasStatus(200);
            }
            isLimited(emailFrom("192.0.2.2", ADA), Duration.ofHours(1));
            client().startClaim(agent.claimToken(), ADA).hasStatus(200);
        }

        @Test
        void refusedMailLeavesTheOldLinkAlive() {
            Registered agent = Registered.of(anonymousFrom("192.0.2.1"));
            String link = invite(agent, BOB);
            for (int i = 0; i < 5; i++) {
                emailFrom("192.0.2.2", ADA).hasStatus(200);
            }
            isLimited(client().startClaim(agent.claimToken(), ADA), Duration.ofHours(1));

            client().complete(agent.claimToken(), reveal(link)).hasStatus(200);
        }
    }

    @Nested
    @DisplayName("Another 5/h for step-up, so that strangers cannot lock an owner out")
    final class StepUp {

        @BeforeEach
        void adaHasAnAccount() {
            service().users.add(User.of("u1", ADA));
        }

        @Test
        @DisplayName("T62: mails that strangers caused take nothing from step-ups")
        void strangersCannotLockAnOwnerOut() {
            for (int i = 0; i < 5; i++) {
                emailFrom(client(i), ADA).hasStatus(200);
            }
            isLimited(emailFrom(client(9), ADA), Duration.ofHours(1));

            Registered agent =
                    Registered.of(idJagFrom(client(9), idJag().compact()).isInteractionRequired());
            completeMailed(agent);
        }

        @Test
        void sixthStepUpMailIsRefusedAndTakesNothingFromOthers() {
            for (int i = 0; i < 5; i++) {
                idJagFrom(client(i), idJag().subject("s" + i).compact()).isInteractionRequired();
            }

            isLimited(idJagFrom(client(9), idJag().subject("s9").compact()), Duration.ofHours(1));
            assertThat(service().mail.links()).hasSize(5);
            emailFrom(client(9), ADA).hasStatus(200);
            service().clock.advance(Duration.ofHours(1));
            idJagFrom(client(9), idJag().subject("s9").compact()).isInteractionRequired();
        }

        @Test
        @DisplayName("T62: presenting again while the attempt is open costs nothing")
        void repeatCostsNothing() {
            for (int i = 0; i < 20; i++) {
                idJagFrom("192.0.2.1", idJag().compact()).isInteractionRequired();
            }
            assertThat(service().mail.links()).hasSize(1);

            for (int i = 1; i < 5; i++) {
                idJagFrom("192.0.2.2", idJag().subject("s" + i).compact()).isInteractionRequired();
            }
            isLimited(idJagFrom("192.0.2.2", idJag().subject("s9").compact()), Duration.ofHours(1));
        }
    }

    @Nested
    @DisplayName("No client address known: that check is skipped")
    final class UnknownClient {

        /** As in a container that listens on something else than IP. */
        private static final class Nameless extends HttpFilter {
            private static final long serialVersionUID = 1L;

            @Override
            protected void doFilter(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
                    throws IOException, ServletException {
                chain.doFilter(
                        new HttpServletRequestWrapper(request) {
                            @Override
                            public String getRemoteAddr() {
                                return "unix:/run/service.sock";
                            }
                        },
                        response);
            }
        }

        @Test
        void onlyTheLimitOfTheWholeServiceHolds() {
            MovableClock clock = MovableClock.at(ProtocolService.START);
            RecordingAudit audit = new RecordingAudit();
            AgentAuth auth = closing(AgentAuth.builder("https://service.example", "https://service.example/api")
                    .postClaimScopes(ProtocolService.READ)
                    .preClaimScopes(ProtocolService.READ)
                    .clock(clock)
                    .users(new InMemoryUserDirectory())
                    .mailer(new RecordingMailer())
                    .rateLimiter(Bucket4jRateLimiter.create(clock::nanoTime))
                    .audit(audit)
                    .purgeByEmbedder()
                    .build());
            Mounted mounted = closing(Mounted.start(auth, new Nameless()));

            for (int i = 0; i < 100; i++) {
                mounted.client.registerAnonymously().hasStatus(200);
            }
            mounted.client.registerAnonymously().isIdentityError(429, "rate_limited");
            assertThat(audit.newest("registration.created").clientAddress()).isNull();
            assertThat(audit.newest("rate_limit.exceeded").fields()).containsEntry("limit", "anonymous_total");
        }
    }

    @Nested
    @DisplayName("The limiter's store down: allowed, and audited")
    final class LimiterDown {

        @Test
        void requestsGoThroughAndTheAuditKnows() {
            spendAnonymous("192.0.2.1");
            service().wiretap.down(RateLimiter.class);

            anonymousFrom("192.0.2.1").hasStatus(200);
            idJagFrom("192.0.2.1", idJag().compact()).hasStatus(200);
            emailFrom("192.0.2.1", BOB).hasStatus(200);
            assertThat(service().audit.of("rate_limit.unavailable"))
                    .extracting(event -> event.fields().get("limit"))
                    .containsExactly(
                            "anonymous_per_client",
                            "anonymous_total",
                            "assertion_per_client",
                            "failed_verification_per_client",
                            "assertion_total",
                            "assertion_per_client",
                            "mail_per_client",
                            "mail_per_recipient",
                            "mail_total",
                            "assertion_total");

            service().wiretap.up();
            anonymousFrom("192.0.2.1").isIdentityError(429, "rate_limited");
        }
    }

    @Nested
    @DisplayName("What is refused before it is counted, and where")
    final class Order {

        @Test
        void malformedBodyCostsNothing() {
            IntStream.range(0, 100)
                    .forEach(i -> client().send(
                                    "POST",
                                    "/agent/identity",
                                    utf8("{}"),
                                    "Content-Type",
                                    JSON_TYPE,
                                    X_FORWARDED_FOR,
                                    "192.0.2.1")
                            .isIdentityError(400, "invalid_request"));

            spendAnonymous("192.0.2.1");
        }

        @Test
        void mailGoesToTheAddressAsItWasGivenLowerCasedAndNotToTheBareMailbox() {
            emailFrom("192.0.2.1", "Ada+News@Example.com").hasStatus(200);

            assertThat(service().mail.links()).extracting(ClaimMail::recipient).containsExactly("ada+news@example.com");
        }
    }
}
