package dev.agentauth.servlet.internal.endpoint;

import dev.agentauth.ClaimHandle;
import dev.agentauth.IssuedAssertion;
import dev.agentauth.internal.json.Timestamps;
import java.util.Map;

/** Groups of members that several answers have. */
final class Members {
    private Members() {}

    static void putAssertion(Map<String, Object> members, IssuedAssertion assertion) {
        members.put("identity_assertion", assertion.value().reveal());
        members.put("assertion_expires", Timestamps.format(assertion.expiresAt()));
    }

    static void putClaim(Map<String, Object> members, ClaimHandle claim) {
        members.put("claim_url", claim.url());
        members.put("claim_token", claim.token().reveal());
        members.put("claim_token_expires", Timestamps.format(claim.expiresAt()));
    }
}
