package dev.agentauth.internal.wire;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentauth.Secret;
import dev.agentauth.internal.json.Json;
import dev.agentauth.internal.json.JsonObject;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What examples are written with is what requests are read with. */
class RequestsTest {
    private static final Secret ONE = Secret.of("one");
    private static final Secret TWO = Secret.of("two");

    @Test
    void registrationsAreReadAsTheyAreWritten() throws Exception {
        for (Requests.Register request : new Requests.Register[] {
            new Requests.Register.Anonymous(),
            new Requests.Register.ByEmail(ONE, false),
            new Requests.Register.ByEmail(ONE, true),
            new Requests.Register.ByWhoeverSignsIn(),
            new Requests.Register.ByIdJag(ONE),
            new Requests.Register.ByRefreshToken(ONE)
        }) {
            assertThat(Requests.Register.read(json(request.members()))).isEqualTo(request);
        }
    }

    @Test
    void claimsAreReadAsTheyAreWritten() throws Exception {
        Requests.Start start = new Requests.Start(ONE, Optional.of(TWO));
        for (Spelling spelling : Spelling.values()) {
            JsonObject written = json(start.members(spelling));
            assertThat(Requests.Start.read(written)).isEqualTo(start);
            assertThat(Requests.Start.spelling(written)).isEqualTo(spelling);
        }
        for (Requests.Complete complete :
                List.of(new Requests.Complete(ONE, TWO, false), new Requests.Complete(ONE, TWO, true))) {
            assertThat(Requests.Complete.read(json(complete.members()))).isEqualTo(complete);
        }
        Requests.ClaimByIdJag byIdJag = new Requests.ClaimByIdJag(ONE, TWO);
        assertThat(Requests.ClaimByIdJag.read(json(byIdJag.members()))).isEqualTo(byIdJag);
    }

    @Test
    void requestsDoNotPrintTheirSecrets() {
        assertThat(new Requests.Start(Secret.of("clm_secret"), Optional.of(Secret.of("user@example.com"))).toString())
                .doesNotContain("clm_secret")
                .doesNotContain("user@example.com");
    }

    private static JsonObject json(Map<String, ?> members) throws Exception {
        return Json.parseObject(Json.write(members));
    }
}
