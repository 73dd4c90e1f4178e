package dev.agentauth.servlet.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentauth.spi.User;
import jakarta.mail.Address;
import jakarta.mail.MessagingException;
import jakarta.mail.internet.MimeMessage;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("A4 and A3 through a real mail server")
final class MailTest extends ProtocolTest {
    private SmtpServer smtp;

    @BeforeEach
    void startServiceWithAMailServer() {
        smtp = closing(new SmtpServer());
        startService(options -> options.mailer(smtp.mailer()));
    }

    private static List<String> recipientsOf(MimeMessage mail) throws MessagingException {
        return Stream.of(mail.getAllRecipients()).map(Address::toString).toList();
    }

    /** Does what the person does: opens the link of the newest mail and presses the button; the code on the page. */
    private String codeBehindTheNewestLink() {
        String link = SmtpServer.linkIn(smtp.newest());
        assertThat(link).startsWith(service().issuer() + "/agent/identity/claim/view?token=cvt_");
        String token = link.substring(link.indexOf('=') + 1);
        Answer page = new Client(link).get("").hasStatus(200);
        assertThat(page.text()).contains(ProtocolService.NAME).contains(token);
        return client().challenge(token).hasStatus(200).string("challenge");
    }

    @Nested
    @DisplayName("The link is mailed, and what it leads to completes the claim")
    final class Flows {

        @Test
        void anonymous() throws MessagingException {
            Registered agent = registerAnonymously();
            client().startClaim(agent.claimToken(), "Ada@Example.com").hasStatus(200);

            assertThat(smtp.received()).hasSize(1);
            assertThat(recipientsOf(smtp.newest())).containsExactly("ada@example.com");
            client().complete(agent.claimToken(), codeBehindTheNewestLink())
                    .isOkWith("registration_id", "id", "status");
            assertThat(client().callApi(token(agent.assertion())).string("user_id"))
                    .isEqualTo(service()
                            .users
                            .findByVerifiedEmail(ADA)
                            .orElseThrow()
                            .id());
        }

        @Test
        void verifiedEmail() throws MessagingException {
            Registered agent = registerEmail(ADA);

            assertThat(recipientsOf(smtp.newest())).containsExactly(ADA);
            Answer completed = client().complete(agent.claimToken(), codeBehindTheNewestLink())
                    .isOkWith("registration_id", "id", "status", "identity_assertion", "assertion_expires", "identity");
            client().callApi(token(completed.string("identity_assertion"))).hasStatus(200);
        }

        @Test
        void stepUpGoesToTheAddressOnFileAndANoticeFollows() throws MessagingException {
            service().users.add(User.of("u1", "ada.private@example.org")).addPhone("u1", "+15550100");
            Registered agent = stepUp(idJag().phoneOnly("+15550100"));

            assertThat(recipientsOf(smtp.newest())).containsExactly("ada.private@example.org");
            client().complete(agent.claimToken(), codeBehindTheNewestLink()).hasStatus(200);
            assertThat(smtp.received()).hasSize(2);
            assertThat(recipientsOf(smtp.newest())).containsExactly("ada.private@example.org");
            assertThat(SmtpServer.textOf(smtp.newest())).contains(agent.id()).doesNotContain("token=");
        }

        @Test
        void mailNamesServiceAndRegistrationAndHoldsNeitherCodeNorClaimToken() throws MessagingException {
            Registered agent = registerEmail(ADA);
            String text = smtp.newest().getSubject() + SmtpServer.textOf(smtp.newest());

            assertThat(text).contains(ProtocolService.NAME).contains(agent.id()).doesNotContain(agent.claimToken());
            assertThat(text.replaceAll("https?://\\S+", "")).doesNotContainPattern("\\b\\d{6}\\b");
        }

        @Test
        @DisplayName("The same address again while the attempt is open: no second mail; another address: a fresh link")
        void repeatsAndAnotherAddress() throws MessagingException {
            Registered agent = registerAnonymously();
            client().startClaim(agent.claimToken(), ADA).hasStatus(200);
            client().startClaim(agent.claimToken(), "ADA@example.com").hasStatus(200);
            assertThat(smtp.received()).hasSize(1);
            String old = SmtpServer.linkIn(smtp.newest());

            client().startClaim(agent.claimToken(), BOB).hasStatus(200);
            assertThat(smtp.received()).hasSize(2);
            assertThat(recipientsOf(smtp.newest())).containsExactly(BOB);
            new Client(old).get("").hasStatus(404);
            client().complete(agent.claimToken(), codeBehindTheNewestLink()).hasStatus(200);
        }
    }

    @Nested
    @DisplayName("T05: one address and nothing else")
    final class Injection {

        static Stream<String> injections() {
            return Stream.of(
                    "",
                    " ",
                    "ada",
                    "@example.com",
                    "ada@",
                    "ada@@example.com",
                    "ada@example.com\r\nBcc: eve@example.com",
                    "ada@example.com\nBcc: eve@example.com",
                    "ada@example.com\rBcc: eve@example.com",
                    "ada@example.com\r\n\r\nBuy now",
                    "ada\r\n@example.com",
                    "ada@example.com\r\n",
                    "\r\nada@example.com",
                    "ada@example.com%0d%0aBcc:eve@example.com",
                    "ada@example.com>\r\nRCPT TO:<eve@example.com",
                    "ada@example.com\u2028Bcc: eve@example.com",
                    "ada@example.com\u0085Bcc: eve@example.com",
                    "ada@example.com\u0000",
                    "ada\u0000@example.com",
                    "ada@example.com,eve@example.com",
                    "ada@example.com, eve@example.com",
                    "ada@example.com;eve@example.com",
                    "ada@example.com eve@example.com",
                    "ada@example.com\teve@example.com",
                    "ada@example.com,",
                    "Ada <ada@example.com>",
                    "\"Ada\" <ada@example.com>",
                    "<ada@example.com>",
                    "ada@example.com (Ada)",
                    "(Ada) ada@example.com",
                    "\"ada\"@example.com",
                    "\"ada@example.com, eve\"@example.com",
                    "\"a\\\"b\"@example.com",
                    "ada@[192.0.2.1]",
                    "ada@[IPv6:2001:db8::1]",
                    "group: ada@example.com, eve@example.com;",
                    "@relay.example:ada@example.com",
                    "mailto:ada@example.com",
                    "ada@example.com?bcc=eve@example.com",
                    "ada@example.com/eve@example.com",
                    "ada@example.com\\eve",
                    " ada@example.com",
                    "ada@example.com ",
                    "ada @example.com",
                    "ada@ example.com",
                    ".ada@example.com",
                    "ada.@example.com",
                    "a..da@example.com",
                    "ada@example..com",
                    "ada@.example.com",
                    "ada@example.com.",
                    "ada@-example.com",
                    "ada@example-.com",
                    "ada@exa_mple.com",
                    "\u00e4da@example.com",
                    "ada@ex\u00e4mple.com",
                    "ada@example\uff0ecom",
                    "\u0430da@example.com",
                    "=?utf-8?q?ada?=@example.com\r\n",
                    "a".repeat(65) + "@example.com",
                    "ada@" + "a".repeat(64) + ".com",
                    "ada@" + "a.".repeat(125) + "com");
        }

        @ParameterizedTest
        @MethodSource("injections")
        void anythingElseIsRefusedAndNoMailArrives(String address) {
            Registered agent = registerAnonymously();

            client().registerEmail(address).isIdentityError(400, "invalid_request");
            client().startClaim(agent.claimToken(), address).isIdentityError(400, "invalid_request");
            assertThat(smtp.received()).isEmpty();
            assertThat(service().audit.of("registration.created")).hasSize(1);
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "ada@example.com",
                    "ada.lovelace+agents@mail.example.co.uk",
                    "o'brien@example.com",
                    "a@b.example",
                    "x-y_z/1=2?3@example.com",
                    "#!$%&*^`{|}~@example.com",
                    "ada%eve@example.com",
                    "ada@xn--exmple-cua.com"
                })
        void oneStrangeButPlainAddressGetsOneMailAndNobodyElseGetsAny(String address) throws MessagingException {
            client().registerEmail(address).hasStatus(200);

            assertThat(smtp.received()).hasSize(1);
            assertThat(recipientsOf(smtp.newest())).containsExactly(address);
            assertThat(Collections.list(smtp.newest().getAllHeaders()))
                    .extracting(header -> header.getName().toLowerCase(java.util.Locale.ROOT))
                    .doesNotContain("bcc", "cc", "reply-to")
                    .doesNotHaveDuplicates();
        }

        @Test
        void longestAddressIsAcceptedAndOneMoreCharacterIsNot() {
            String domain = "d".repeat(63) + "." + "e".repeat(63) + "." + "f".repeat(55) + ".example";
            String longest = "a".repeat(254 - 1 - domain.length()) + "@" + domain;
            assertThat(longest).hasSize(254);

            client().registerEmail("a" + longest).isIdentityError(400, "invalid_request");
            assertThat(smtp.received()).isEmpty();
            client().registerEmail(longest).hasStatus(200);
            assertThat(smtp.received()).hasSize(1);
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "ada@example.com\r\nBcc: eve@example.com",
                    "ada@example.com, eve@example.com",
                    "Ada <ada@example.com>"
                })
        void addressOnFileIsJudgedLikeAnyOther(String onFile) {
            service().users.add(User.of("u1", onFile)).addPhone("u1", "+15550100");

            client().registerIdJag(idJag().phoneOnly("+15550100").compact()).isIdentityError(403, "user_not_found");
            assertThat(smtp.received()).isEmpty();
        }

        @ParameterizedTest
        @ValueSource(strings = {"ada@example.com\r\nBcc: eve@example.com", "ada@example.com, eve@example.com"})
        void addressThatAProviderAssertsCausesNoMail(String asserted) {
            service().users.add(User.of("u1", ADA));

            assertThat(client().registerIdJag(idJag().email(asserted).compact()).status())
                    .isNotEqualTo(401);
            assertThat(smtp.received()).isEmpty();
        }
    }

    @Nested
    @DisplayName("Mail out of reach: 503 with Retry-After, nothing half-made; the same request may be repeated")
    final class Down {

        @Test
        void emailRegistrationIsNotMadeAndARepeatMailsAnew() {
            smtp.stop();
            client().registerEmail(ADA)
                    .isIdentityError(503, "temporarily_unavailable")
                    .isNotStored();
            assertThat(service().audit.of("claim.requested")).isEmpty();

            smtp.startAgain();
            Registered agent = registerEmail(ADA);
            assertThat(smtp.received()).hasSize(1);
            client().complete(agent.claimToken(), codeBehindTheNewestLink()).hasStatus(200);
        }

        @Test
        void claimHasNoAttemptAndARepeatMailsAnew() {
            Registered agent = registerAnonymously();
            smtp.stop();
            client().startClaim(agent.claimToken(), ADA).isIdentityError(503, "temporarily_unavailable");
            client().complete(agent.claimToken(), "123456").isIdentityError(400, "otp_not_generated");
            client().callApi(token(agent.assertion())).hasStatus(200);

            smtp.startAgain();
            client().startClaim(agent.claimToken(), ADA).hasStatus(200);
            assertThat(smtp.received()).hasSize(1);
            client().complete(agent.claimToken(), codeBehindTheNewestLink()).hasStatus(200);
        }

        @Test
        void stepUpWithAFreshIdJagMailsAnewForTheSameIdentity() {
            service().users.add(User.of("u1", ADA));
            smtp.stop();
            client().registerIdJag(idJag().compact()).isIdentityError(503, "temporarily_unavailable");

            smtp.startAgain();
            Registered agent = stepUp(idJag());
            assertThat(smtp.received()).hasSize(1);
            client().complete(agent.claimToken(), codeBehindTheNewestLink()).hasStatus(200);
            assertThat(service().registrations.findByUser("u1")).hasSize(1);
        }

        @Test
        void whatNeedsNoMailGoesOn() {
            smtp.stop();

            client().callApi(token(registerAnonymously().assertion())).hasStatus(200);
            client().registerIdJag(idJag().compact()).hasStatus(200);
        }

        @Test
        void noticeThatCannotBeSentDoesNotUndoTheClaim() {
            service().users.add(User.of("u1", ADA));
            Registered agent = stepUp(idJag());
            String code = codeBehindTheNewestLink();
            smtp.stop();

            client().complete(agent.claimToken(), code).hasStatus(200);
        }
    }
}
