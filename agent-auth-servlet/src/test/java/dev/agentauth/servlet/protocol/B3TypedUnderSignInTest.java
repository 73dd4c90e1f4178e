package dev.agentauth.servlet.protocol;

import static dev.agentauth.servlet.protocol.Client.json;
import static org.assertj.core.api.Assertions.assertThat;

import dev.agentauth.servlet.protocol.CookieSignIn.Session;
import dev.agentauth.spi.User;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** B3's typed code where people are known by the service's own sign-in. */
@DisplayName("B3. Typed, under sign-in")
final class B3TypedUnderSignInTest extends ProtocolTest {
    private static final String ADA_ID = "user_ada";
    private static final String BOB_ID = "user_bob";
    private static final String VIEW = "/agent/identity/claim/view";

    private final CookieSignIn signIn = new CookieSignIn();

    @BeforeEach
    void start() {
        startService(options -> options.signIn(signIn));
        service().users.add(User.of(ADA_ID, ADA)).add(User.of(BOB_ID, BOB));
    }

    private String userCode(Answer registered) {
        return registered.json().path("claim").path("user_code").textValue();
    }

    private String link(Answer registered) {
        String uri = registered.json().path("claim").path("verification_uri").textValue();
        assertThat(uri)
                .startsWith(service().issuer() + VIEW + "?token=svt_")
                .isEqualTo(registered
                        .json()
                        .path("claim")
                        .path("attempt")
                        .path("verification_uri")
                        .textValue());
        String token = uri.substring(uri.indexOf('=') + 1);
        Secrets.note(token);
        return token;
    }

    private Page page(String token, Session session) {
        return new Page(client().get(VIEW + "?token=" + token, session.cookie()));
    }

    private Page type(Page page, String code, Session session) {
        Page.Form form = page.form("confirm");
        return new Page.Form(form.action(), form.body() + "&user_code=" + code, form.button())
                .submit(client(), session.cookie());
    }

    private String ownerOf(Answer registered) {
        return service()
                .registrations
                .findById(registered.string("registration_id"))
                .orElseThrow()
                .userId();
    }

    @Test
    @DisplayName("the hinted user types it, is bound, and the agent collects")
    void hinted() {
        Answer registered = client().register(json("type", "service_auth", "login_hint", ADA));
        Session ada = signIn.signIn(ADA_ID);
        client().poll(registered.string("claim_token")).isCredentialError(400, "authorization_pending");

        Page typed =
                type(page(link(registered), ada), userCode(registered), ada).hasStatus(200);

        assertThat(typed.text()).contains("Done: your agent can go on");
        assertThat(ownerOf(registered)).isEqualTo(ADA_ID);
        assertThat(client().callApi(client().poll(registered.string("claim_token"))
                                .hasStatus(200)
                                .string("access_token"))
                        .string("user_id"))
                .isEqualTo(ADA_ID);
    }

    @Test
    @DisplayName("without an address whoever types is bound, not whoever has seen a code to be read back")
    void whoeverTypes() {
        Answer registered = client().register(json("type", "service_auth"));
        Session ada = signIn.signIn(ADA_ID);
        Session bob = signIn.signIn(BOB_ID);
        String token = link(registered);
        page(token, ada).revealForm().submit(client(), ada.cookie()).hasStatus(200);

        type(page(token, bob), userCode(registered), bob).hasStatus(200);

        assertThat(ownerOf(registered)).isEqualTo(BOB_ID);
    }

    @Test
    @DisplayName("nobody else can type: not without a session, not as another user, not with another session's form")
    void nobodyElse() {
        Answer registered = client().register(json("type", "service_auth", "login_hint", ADA));
        String token = link(registered);
        Session ada = signIn.signIn(ADA_ID);
        Session bob = signIn.signIn(BOB_ID);
        Page page = page(token, ada);

        client().type(token, userCode(registered)).hasStatus(302);
        assertThat(client().type(token, userCode(registered), ada.cookie()).status())
                .as("without the synchronizer token")
                .isEqualTo(403);
        type(page, userCode(registered), bob).hasStatus(403);
        assertThat(ownerOf(registered)).isNull();
        client().poll(registered.string("claim_token")).isCredentialError(400, "authorization_pending");
    }

    @Test
    @DisplayName("a wrong code is said on the page, which stays that session's own; five void it")
    void wrong() {
        Answer registered = client().register(json("type", "service_auth", "login_hint", ADA));
        Session ada = signIn.signIn(ADA_ID);
        Page page = page(link(registered), ada);
        for (int i = 0; i < 5; i++) {
            page = type(page, other(userCode(registered)), ada).hasStatus(422);
            assertThat(page.text()).contains("This code is not right");
        }

        assertThat(type(page, userCode(registered), ada).hasStatus(422).text()).contains("Too many wrong codes");
        client().poll(registered.string("claim_token")).isCredentialError(400, "expired_token");
    }

    @Test
    @DisplayName("a repeat: a fresh code and a fresh link; the old ones die, a code already revealed stays good")
    void repeat() {
        Answer registered = client().register(json("type", "service_auth", "login_hint", ADA));
        Session ada = signIn.signIn(ADA_ID);
        String shown = page(link(registered), ada)
                .revealForm()
                .submit(client(), ada.cookie())
                .code();
        Answer again =
                client().startClaim(registered.string("claim_token"), ADA).hasStatus(200);
        String uri = again.json().path("claim_attempt").path("verification_uri").textValue();
        String token = uri.substring(uri.indexOf('=') + 1);
        Secrets.note(token);

        page(link(registered), ada).hasStatus(404);
        assertThat(token).isNotEqualTo(link(registered));
        page(token, ada).hasStatus(200);
        client().complete(registered.string("claim_token"), shown).hasStatus(200);
    }
}
