package dev.agentauth.internal.wire;

import dev.agentauth.AttemptHandle;
import dev.agentauth.ClaimCollected;
import dev.agentauth.ClaimCompleted;
import dev.agentauth.ClaimHandle;
import dev.agentauth.ClaimStarted;
import dev.agentauth.CodeToType;
import dev.agentauth.IssuedAssertion;
import dev.agentauth.IssuedRefreshToken;
import dev.agentauth.IssuedToken;
import dev.agentauth.Registered;
import dev.agentauth.RevealedCode;
import dev.agentauth.Secret;
import dev.agentauth.VouchedClaim;
import dev.agentauth.internal.Feature;
import dev.agentauth.internal.Features;
import dev.agentauth.internal.json.Timestamps;
import dev.agentauth.registration.RegistrationKind;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** How outcomes are spelled: every version finds its own members in them (B1). The examples of {@code /auth.md} are written here, too. */
public final class Answers {
    private static final String REGISTRATION_ID = "registration_id";
    private static final String ID = "id";
    private static final String TYPE = "type";
    private static final String REGISTRATION_TYPE = "registration_type";
    private static final String AGENT_PROVIDER = "agent-provider";
    private static final String SCOPES = "scopes";
    private static final String ATTEMPT = "attempt";
    private static final String EXPIRES_AT = "expires_at";
    private static final String STATUS = "status";
    private static final String IDENTITY_ASSERTION = "identity_assertion";
    private static final String ASSERTION_EXPIRES = "assertion_expires";
    private static final String IDENTITY = "identity";
    private static final String ASSERTION = "assertion";
    private static final String PRE_CLAIM_SCOPES = "pre_claim_scopes";
    private static final String POST_CLAIM_SCOPES = "post_claim_scopes";
    private static final String PRE_CLAIM = "pre_claim";
    private static final String POST_CLAIM = "post_claim";
    private static final String CLAIM_URL = "claim_url";
    private static final String CLAIM_TOKEN = "claim_token";
    private static final String CLAIM_TOKEN_EXPIRES = "claim_token_expires";
    private static final String CLAIM = "claim";
    private static final String CLAIM_ATTEMPT = "claim_attempt";
    private static final String TOKEN = "token";
    private static final String URL = "url";
    private static final String VERIFICATION_URI = "verification_uri";
    private static final String VALUE = "value";
    private static final String CLAIMED = "claimed";

    private final String claimUrl;
    private final String mailUrl;

    /** An outcome as it is spelled; with an error where it is one as well. */
    public record Written(@Nullable Refusal error, Map<String, Object> members) {}

    /** For a service with this base URL. */
    public Answers(String base) {
        this.claimUrl = base + Paths.CLAIM;
        this.mailUrl = base + Paths.MAIL;
    }

    /** What versions before production call its members, for {@code /auth.md}. */
    static Map<String, String> otherNames(Features features) {
        Map<String, String> names = new LinkedHashMap<>();
        names.put(REGISTRATION_ID, ID);
        names.put(REGISTRATION_TYPE, TYPE);
        names.put(IDENTITY_ASSERTION, IDENTITY + "." + ASSERTION);
        names.put(ASSERTION_EXPIRES, IDENTITY + "." + EXPIRES_AT);
        if (features.has(Feature.ANONYMOUS)) {
            names.put(PRE_CLAIM_SCOPES, SCOPES + "." + PRE_CLAIM);
        }
        if (features.has(Feature.CLAIM)) {
            names.put(POST_CLAIM_SCOPES, SCOPES + "." + POST_CLAIM);
            names.put(CLAIM_TOKEN, CLAIM + "." + TOKEN);
            names.put(CLAIM_TOKEN_EXPIRES, CLAIM + "." + EXPIRES_AT);
            names.put(CLAIM_URL, CLAIM + "." + URL);
        }
        return names;
    }

    /** Where the code stands that the person types, for {@code /auth.md}. */
    static String typedAt(Features features) {
        String claim = "`" + CLAIM + "." + Requests.USER_CODE + "`";
        return features.has(Feature.ANONYMOUS)
                ? claim + " (of an anonymous registration: `" + CLAIM_ATTEMPT + "." + Requests.USER_CODE + "`)"
                : claim;
    }

    /** What comes of registering. */
    public Written registered(Registered registered, Spelling spelling) {
        Map<String, Object> members = new LinkedHashMap<>();
        if (registered instanceof Registered.Anonymous anonymous) {
            putRegistration(members, registered, Requests.ANONYMOUS, Requests.ANONYMOUS);
            putAssertion(members, anonymous.assertion(), null);
            putScopes(members, anonymous.preClaimScopes(), anonymous.postClaimScopes());
            putClaim(members, anonymous.claim(), null);
        } else if (registered instanceof Registered.Email email) {
            putRegistration(
                    members,
                    registered,
                    spelling.isHinted() ? Requests.SERVICE_AUTH : "email-verification",
                    Requests.SERVICE_AUTH);
            putClaim(members, email.claim(), email.attempt());
            putScopes(members, null, email.postClaimScopes());
        } else if (registered instanceof Registered.Provider provider) {
            putRegistration(members, registered, AGENT_PROVIDER, Requests.IDENTITY_ASSERTION);
            putAssertion(members, provider.assertion(), null);
            members.put(SCOPES, provider.scopes());
        } else if (registered instanceof Registered.Refreshed refreshed) {
            String type = refreshed.kind() == RegistrationKind.EMAIL ? Requests.SERVICE_AUTH : Requests.ANONYMOUS;
            putRegistration(members, registered, type, type);
            putAssertion(members, refreshed.assertion(), refreshed.refreshToken());
            members.put(SCOPES, refreshed.scopes());
        } else if (registered instanceof Registered.StepUp stepUp) {
            return stepUp(stepUp);
        }
        return new Written(null, members);
    }

    /** An outcome of registering as much as an error: the body says how to go on. */
    private Written stepUp(Registered.StepUp stepUp) {
        Refusal error = Refusal.of(ErrorCode.INTERACTION_REQUIRED);
        Map<String, Object> members = new LinkedHashMap<>(Envelope.IDENTITY.members(error));
        putRegistration(members, stepUp, AGENT_PROVIDER, Requests.IDENTITY_ASSERTION);
        putClaim(members, stepUp.claim(), stepUp.attempt());
        putScopes(members, null, stepUp.postClaimScopes());
        return new Written(error, members);
    }

    /** Somebody is asked. */
    public Map<String, Object> started(ClaimStarted started) {
        Map<String, Object> members = new LinkedHashMap<>();
        members.put(REGISTRATION_ID, started.registrationId());
        members.put("claim_attempt_id", started.attemptId());
        members.put(STATUS, "initiated");
        members.put(EXPIRES_AT, Timestamps.format(started.attempt().expiresAt()));
        members.put(ID, started.registrationId());
        members.put(TYPE, Requests.SERVICE_AUTH);
        members.put(ATTEMPT, attempt(started.attempt()));
        started.attempt().typed().ifPresent(code -> {
            Map<String, Object> typed = new LinkedHashMap<>();
            putTyped(typed, started.attempt(), code);
            members.put(CLAIM_ATTEMPT, typed);
        });
        return members;
    }

    /** What comes of claiming on a provider's word. */
    public Map<String, Object> claimed(VouchedClaim outcome) {
        if (outcome instanceof VouchedClaim.Started started) {
            return started(started.claim());
        }
        VouchedClaim.Claimed claimed = (VouchedClaim.Claimed) outcome;
        Map<String, Object> members = new LinkedHashMap<>();
        members.put(REGISTRATION_ID, claimed.registrationId());
        members.put(REGISTRATION_TYPE, Requests.IDENTITY_ASSERTION);
        members.put(ID, claimed.registrationId());
        members.put(TYPE, Requests.IDENTITY_ASSERTION);
        members.put(STATUS, CLAIMED);
        putAssertion(members, claimed.assertion(), null);
        members.put(SCOPES, claimed.scopes());
        return members;
    }

    /** A code is shown. */
    public Map<String, Object> revealed(RevealedCode revealed) {
        Map<String, Object> members = new LinkedHashMap<>();
        members.put(TYPE, "otp");
        members.put("challenge", revealed.code().reveal());
        members.put(EXPIRES_AT, Timestamps.format(revealed.expiresAt()));
        return members;
    }

    /** The person has said no. */
    public Map<String, Object> rejected() {
        return Map.of(STATUS, "rejected");
    }

    /** Somebody owns the registration. */
    public Map<String, Object> completed(ClaimCompleted completed) {
        Map<String, Object> members = new LinkedHashMap<>();
        members.put(REGISTRATION_ID, completed.registrationId());
        members.put(ID, completed.registrationId());
        members.put(STATUS, CLAIMED);
        completed
                .assertion()
                .ifPresent(assertion -> putAssertion(
                        members, assertion, completed.refreshToken().orElse(null)));
        return members;
    }

    /**
     * An access token, as JSON. By hand, as every request pays for it: neither tokens nor scopes can hold what JSON escapes
     * (RFC 6749, section 3.3).
     */
    public byte[] token(IssuedToken token) {
        String text = "{\"access_token\":\"" + token.value().reveal()
                + "\",\"token_type\":\"Bearer\",\"expires_in\":"
                + token.expiresIn().toSeconds()
                + ",\"scope\":\"" + String.join(" ", token.scopes()) + "\"}";
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    /** What was collected: an access token, and the assertion behind it. */
    public Map<String, Object> collected(ClaimCollected collected) {
        IssuedToken token = collected.token();
        Map<String, Object> members = new LinkedHashMap<>();
        members.put("access_token", token.value().reveal());
        members.put("token_type", "Bearer");
        members.put("expires_in", token.expiresIn().toSeconds());
        members.put("scope", String.join(" ", token.scopes()));
        members.put(IDENTITY_ASSERTION, collected.assertion().value().reveal());
        members.put(ASSERTION_EXPIRES, Timestamps.format(collected.assertion().expiresAt()));
        return members;
    }

    private static void putRegistration(
            Map<String, Object> members, Registered registered, String registrationType, String type) {
        members.put(REGISTRATION_ID, registered.registrationId());
        members.put(REGISTRATION_TYPE, registrationType);
        members.put(ID, registered.registrationId());
        members.put(TYPE, type);
    }

    private static void putAssertion(
            Map<String, Object> members, IssuedAssertion assertion, @Nullable IssuedRefreshToken refreshToken) {
        String expiresAt = Timestamps.format(assertion.expiresAt());
        members.put(IDENTITY_ASSERTION, assertion.value().reveal());
        members.put(ASSERTION_EXPIRES, expiresAt);
        Map<String, Object> identity = new LinkedHashMap<>();
        identity.put(ASSERTION, assertion.value().reveal());
        identity.put(EXPIRES_AT, expiresAt);
        if (refreshToken != null) {
            Map<String, Object> refresh = new LinkedHashMap<>();
            refresh.put(VALUE, refreshToken.value().reveal());
            refresh.put(EXPIRES_AT, Timestamps.format(refreshToken.expiresAt()));
            identity.put(Requests.REFRESH_TOKEN, refresh);
        }
        members.put(IDENTITY, identity);
    }

    /** Of what nobody owns yet. */
    private static void putScopes(
            Map<String, Object> members, @Nullable List<String> preClaim, List<String> postClaim) {
        Map<String, Object> scopes = new LinkedHashMap<>();
        if (preClaim != null) {
            members.put(PRE_CLAIM_SCOPES, preClaim);
            scopes.put(PRE_CLAIM, preClaim);
        }
        members.put(POST_CLAIM_SCOPES, postClaim);
        scopes.put(POST_CLAIM, postClaim);
        members.put(SCOPES, scopes);
    }

    private void putClaim(Map<String, Object> members, ClaimHandle handle, @Nullable AttemptHandle asked) {
        String token = handle.token().reveal();
        String expiresAt = Timestamps.format(handle.expiresAt());
        members.put(CLAIM_URL, claimUrl);
        members.put(CLAIM_TOKEN, token);
        members.put(CLAIM_TOKEN_EXPIRES, expiresAt);
        Map<String, Object> claim = new LinkedHashMap<>();
        claim.put(TOKEN, token);
        claim.put(EXPIRES_AT, expiresAt);
        claim.put(URL, claimUrl);
        if (asked != null) {
            claim.put(ATTEMPT, attempt(asked));
            asked.typed().ifPresent(code -> putTyped(claim, asked, code));
        }
        members.put(CLAIM, claim);
    }

    private void putTyped(Map<String, Object> members, AttemptHandle asked, CodeToType code) {
        members.put(Requests.USER_CODE, code.digits().reveal());
        members.put(VERIFICATION_URI, verificationUri(asked));
        members.put("expires_in", code.expiresIn().toSeconds());
        members.put("interval", code.interval().toSeconds());
    }

    private String verificationUri(AttemptHandle asked) {
        return asked.link().map(Secret::reveal).orElse(mailUrl);
    }

    private Map<String, Object> attempt(AttemptHandle asked) {
        Map<String, Object> attempt = new LinkedHashMap<>();
        attempt.put(VERIFICATION_URI, verificationUri(asked));
        attempt.put(EXPIRES_AT, Timestamps.format(asked.expiresAt()));
        return attempt;
    }
}
