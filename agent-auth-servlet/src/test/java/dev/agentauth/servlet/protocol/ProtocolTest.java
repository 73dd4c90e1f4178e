package dev.agentauth.servlet.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.agentauth.testkit.FakeProvider;
import dev.agentauth.testkit.ProviderJwt;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/**
 * What the tests of all sections share: a service that starts when it is first asked for and stops with the test, and the
 * steps of the protocol that lead up to what a test is about. Behind every test stands one more: nothing that was secret
 * in it has turned up in any output or audit event.
 */
abstract class ProtocolTest {
    static final String ADA = "ada@example.com";
    static final String BOB = "bob@example.com";

    private final List<AutoCloseable> open = new ArrayList<>();
    private final List<ProtocolService> services = new ArrayList<>();
    private ProtocolService service;

    @BeforeEach
    void forgetEarlierTests() {
        Output.clear();
        Secrets.forgetAll();
    }

    @AfterEach
    void stopAndSearchOutputForSecrets() throws Exception {
        for (AutoCloseable closeable : open) {
            closeable.close();
        }
        StringBuilder all = new StringBuilder(Output.text());
        services.forEach(each -> all.append(each.audit.events()));
        assertThat(Secrets.foundIn(all.toString()))
                .as("secrets and addresses in logs, output and audit events")
                .isEmpty();
    }

    /** The service of this test, with the protocol's defaults unless {@link #startService} came first. */
    final ProtocolService service() {
        return service == null ? startService(options -> {}) : service;
    }

    /** Starts a service that is different; the first one started is what {@link #service} returns. */
    final ProtocolService startService(Consumer<ProtocolService.Options> change) {
        ProtocolService started = ProtocolService.start(change);
        open.add(0, started);
        services.add(started);
        if (service == null) {
            service = started;
        }
        return started;
    }

    final <T extends AutoCloseable> T closing(T closeable) {
        open.add(closeable);
        return closeable;
    }

    final Client client() {
        return service().client;
    }

    final FakeProvider provider() {
        return service().provider;
    }

    /** A good ID-JAG for this service. */
    final ProviderJwt idJag() {
        return provider().idJag(service().issuer());
    }

    final ProviderJwt logoutOf(String subject) {
        return provider().logout(service().issuer(), subject);
    }

    final ProviderJwt eventAbout(String subject) {
        return provider().securityEvent(service().issuer(), subject);
    }

    // Steps, each of which fails the test where it does not succeed

    /** What an agent holds after registering. */
    record Registered(String id, String assertion, String claimToken) {
        static Registered of(Answer answer) {
            return new Registered(
                    answer.string("registration_id"),
                    answer.json().path("identity_assertion").asText(),
                    answer.json().path("claim_token").asText());
        }
    }

    final Registered registerAnonymously() {
        return Registered.of(client().registerAnonymously().hasStatus(200));
    }

    final Registered registerEmail(String address) {
        return Registered.of(client().registerEmail(address).hasStatus(200));
    }

    final Registered registerIdJag(ProviderJwt idJag) {
        return Registered.of(client().registerIdJag(idJag.compact()).hasStatus(200));
    }

    final Registered stepUp(ProviderJwt idJag) {
        return Registered.of(client().registerIdJag(idJag.compact()).isInteractionRequired());
    }

    /** Starts a claim; the attempt token from its mail. */
    final String invite(Registered registered, String address) {
        client().startClaim(registered.claimToken(), address).hasStatus(200);
        return service().mail.newestToken();
    }

    final String reveal(String attemptToken) {
        return client().challenge(attemptToken).hasStatus(200).string("challenge");
    }

    /** Brings an anonymous registration into somebody's hands. */
    final Answer claim(Registered registered, String address) {
        String code = reveal(invite(registered, address));
        return client().complete(registered.claimToken(), code).hasStatus(200);
    }

    /** Completes a registration whose link has just been mailed; the assertion that comes of it. */
    final String completeMailed(Registered registered) {
        String code = reveal(service().mail.newestToken());
        return client().complete(registered.claimToken(), code).hasStatus(200).string("identity_assertion");
    }

    final String token(String assertion, String... parameters) {
        return client().exchange(assertion, parameters).hasStatus(200).string("access_token");
    }

    static JsonNode headerOf(String jwt) {
        return segment(jwt, 0);
    }

    static JsonNode claimsOf(String jwt) {
        return segment(jwt, 1);
    }

    private static JsonNode segment(String jwt, int index) {
        byte[] bytes = Base64.getUrlDecoder().decode(jwt.split("\\.", -1)[index]);
        return new Answer(0, Map.of(), new String(bytes, StandardCharsets.UTF_8)).json();
    }

    static String other(String code) {
        return code.equals("000000") ? "000001" : "000000";
    }

    /** Makes {@code times} wrong guesses at a code that has been revealed. */
    final void guessWrongly(Registered registered, String code, int times) {
        for (int i = 0; i < times; i++) {
            client().complete(registered.claimToken(), other(code)).isIdentityError(401, "otp_invalid");
        }
    }
}
