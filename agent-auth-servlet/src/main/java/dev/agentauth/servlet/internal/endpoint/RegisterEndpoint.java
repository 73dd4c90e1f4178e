package dev.agentauth.servlet.internal.endpoint;

import dev.agentauth.AgentAuth;
import dev.agentauth.AgentAuthException;
import dev.agentauth.Caller;
import dev.agentauth.ErrorCode;
import dev.agentauth.Registered;
import dev.agentauth.internal.json.JsonFormatException;
import dev.agentauth.internal.json.JsonObject;
import dev.agentauth.registration.RegistrationKind;
import dev.agentauth.servlet.internal.http.Answer;
import dev.agentauth.servlet.internal.http.Endpoint;
import dev.agentauth.servlet.internal.http.JsonSurface;
import dev.agentauth.servlet.internal.http.RequestBody;
import jakarta.servlet.http.HttpServletRequest;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;

/** {@code POST /agent/identity}: registers, by the {@code type} of the body. */
public final class RegisterEndpoint implements Endpoint {
    private static final String ID_JAG = "urn:ietf:params:oauth:token-type:id-jag";

    private final AgentAuth auth;
    private final Function<HttpServletRequest, Caller> callers;

    public RegisterEndpoint(AgentAuth auth, Function<HttpServletRequest, Caller> callers) {
        this.auth = auth;
        this.callers = callers;
    }

    @Override
    public Answer answer(HttpServletRequest request) {
        return RequestBody.json(request, body -> register(body, callers.apply(request)));
    }

    private Answer register(JsonObject body, Caller caller) throws JsonFormatException {
        return switch (body.requiredString("type")) {
            case "anonymous" -> anonymous(auth.registerAnonymous(caller));
            case "identity_assertion" -> byAssertion(body, caller);
            default -> throw invalid("The type must be anonymous or identity_assertion.");
        };
    }

    private Answer byAssertion(JsonObject body, Caller caller) throws JsonFormatException {
        String type = body.string("assertion_type").orElse(ID_JAG);
        String assertion = body.requiredString("assertion");
        return switch (type) {
            case ID_JAG -> byIdJag(auth.registerWithIdJag(caller, assertion));
            case "verified_email" -> byEmail(auth.registerWithEmail(caller, assertion));
            default -> throw invalid("The assertion_type must be verified_email or that of an ID-JAG.");
        };
    }

    private static Answer anonymous(Registered.Anonymous registered) {
        Map<String, Object> members = registration(registered, RegistrationKind.ANONYMOUS);
        Members.putAssertion(members, registered.assertion());
        members.put("pre_claim_scopes", registered.preClaimScopes());
        members.put("post_claim_scopes", registered.postClaimScopes());
        Members.putClaim(members, registered.claim());
        return JsonSurface.IDENTITY.ok(members);
    }

    private static Answer byEmail(Registered.Email registered) {
        Map<String, Object> members = registration(registered, RegistrationKind.EMAIL);
        Members.putClaim(members, registered.claim());
        members.put("post_claim_scopes", registered.postClaimScopes());
        return JsonSurface.IDENTITY.ok(members);
    }

    private static Answer byIdJag(Registered registered) {
        if (registered instanceof Registered.StepUp stepUp) {
            return interactionRequired(stepUp);
        }
        if (registered instanceof Registered.Provider provider) {
            Map<String, Object> members = registration(provider, RegistrationKind.PROVIDER);
            Members.putAssertion(members, provider.assertion());
            members.put("scopes", provider.scopes());
            return JsonSurface.IDENTITY.ok(members);
        }
        throw new IllegalStateException("an ID-JAG yields a provider registration or a step-up");
    }

    /** An outcome of registering as much as an error: the body says how to go on. */
    private static Answer interactionRequired(Registered.StepUp stepUp) {
        ErrorCode code = ErrorCode.INTERACTION_REQUIRED;
        Map<String, Object> members = new LinkedHashMap<>();
        members.put("error", code.code());
        members.put("message", code.text());
        members.put("error_description", code.text());
        members.putAll(registration(stepUp, RegistrationKind.PROVIDER));
        Members.putClaim(members, stepUp.claim());
        members.put("post_claim_scopes", stepUp.postClaimScopes());
        return JsonSurface.IDENTITY.error(code.status(), code.code(), members);
    }

    private static Map<String, Object> registration(Registered registered, RegistrationKind kind) {
        Map<String, Object> members = new LinkedHashMap<>();
        members.put("registration_id", registered.registrationId());
        members.put("registration_type", kind.wireName());
        return members;
    }

    private static AgentAuthException invalid(String text) {
        return new AgentAuthException(ErrorCode.INVALID_REQUEST, text);
    }
}
