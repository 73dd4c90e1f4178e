package dev.agentauth.internal.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.agentauth.Problem;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Each door's errors are those of its section in the protocol, and no others. */
class ErrorsTest {
    private static final Map<Door, String> OWN = Map.ofEntries(
            Map.entry(
                    Door.REGISTER,
                    "anonymous_not_enabled verified_email_not_enabled id_jag_not_enabled invalid_issuer invalid_signature"
                            + " expired invalid_audience invalid_target invalid_client_id replay_detected"
                            + " missing_verified_email login_required interaction_required user_not_found"
                            + " invalid_refresh_token"),
            Map.entry(
                    Door.CLAIM,
                    "verified_email_not_enabled invalid_claim_token claimed_or_in_flight claim_expired claim_rejected id_jag_not_enabled"
                            + " invalid_issuer invalid_signature expired invalid_audience invalid_target"
                            + " invalid_client_id replay_detected missing_verified_email login_required user_not_found"),
            Map.entry(Door.CHALLENGE, "claim_superseded claim_completed claim_expired claim_rejected"),
            Map.entry(Door.REJECT, "claim_superseded claim_completed claim_expired claim_rejected"),
            Map.entry(Door.PAGE, "claim_superseded claim_completed claim_expired claim_rejected user_not_found"),
            Map.entry(
                    Door.COMPLETE,
                    "invalid_claim_token otp_invalid otp_not_generated otp_expired previously_claimed claim_expired"
                            + " claim_rejected"),
            Map.entry(
                    Door.TOKEN,
                    "unsupported_grant_type invalid_grant authorization_pending slow_down access_denied expired_token"
                            + " invalid_scope invalid_target"),
            Map.entry(Door.REVOKE, "unsupported_token_type"),
            Map.entry(Door.INTROSPECT, "invalid_client"),
            Map.entry(Door.LOGOUT, "invalid_issuer invalid_signature invalid_audience expired"),
            Map.entry(Door.EVENTS, "invalid_issuer invalid_audience authentication_failed invalid_key"),
            Map.entry(Door.RESOURCE, "invalid_token insufficient_scope"),
            Map.entry(Door.DOCUMENT, ""));

    @ParameterizedTest
    @EnumSource(Door.class)
    void doorHasTheErrorsOfItsSection(Door door) {
        Set<String> expected = new TreeSet<>(Set.of("invalid_request", "temporarily_unavailable", "rate_limited"));
        Arrays.stream(OWN.get(door).split(" ")).filter(code -> !code.isEmpty()).forEach(expected::add);
        Set<String> listed = new TreeSet<>();
        for (Problem problem : Problem.values()) {
            if (Errors.lists(door, problem)) {
                listed.add(Errors.of(door, problem).code());
            }
        }

        assertThat(listed).isEqualTo(expected);
    }

    @Test
    void everyProblemHasADoor() {
        Set<Problem> homeless = EnumSet.allOf(Problem.class);
        homeless.removeIf(problem -> Arrays.stream(Door.values()).anyMatch(door -> Errors.lists(door, problem)));

        assertThat(homeless).isEmpty();
    }

    @Test
    void problemThatADoorDoesNotListIsADefect() {
        assertThat(Errors.lists(Door.TOKEN, Problem.CODE_WRONG)).isFalse();
        assertThatIllegalStateException().isThrownBy(() -> Errors.of(Door.TOKEN, Problem.CODE_WRONG));
    }
}
