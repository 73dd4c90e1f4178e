package dev.agentauth.examples.provider.kit;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

/** What an ID-JAG is to say about a person, to one service. What every ID-JAG says is added when it is minted. */
public final class IdJag {
    private final String subject;
    private final String audience;
    private final Map<String, Object> claims;

    private IdJag(String subject, String audience, Map<String, Object> claims) {
        this.subject = subject;
        this.audience = audience;
        this.claims = claims;
    }

    /**
     * About a person, to a service. It needs a verified address or phone number, too.
     *
     * @param subject what the provider calls the person: always the same, and never given to somebody else
     * @param audience the service's issuer, character by character
     */
    public static IdJag about(String subject, String audience) {
        if (subject.isEmpty() || audience.isEmpty()) {
            throw new IllegalArgumentException("subject and audience must not be empty");
        }
        return new IdJag(subject, audience, Map.of());
    }

    /** The person has this address: the provider itself has made sure of it. */
    public IdJag withVerifiedEmail(String address) {
        return with("email", address).with("email_verified", true);
    }

    /** The person has this phone number: the provider itself has made sure of it. */
    public IdJag withVerifiedPhone(String number) {
        return with("phone_number", number).with("phone_number_verified", true);
    }

    /** Which of the provider's customers the person belongs to; subjects of two tenants may be equal. */
    public IdJag withTenant(String tenant) {
        return with("tenant", tenant);
    }

    /** When the person has last signed in. */
    public IdJag withSignIn(Instant time) {
        return with("auth_time", time.getEpochSecond());
    }

    /** Narrows what the agent may do. */
    public IdJag withScope(String scope) {
        return with("scope", scope);
    }

    /** Narrows where the agent may do it. */
    public IdJag withResource(String resource) {
        return with("resource", resource);
    }

    /** On what the agent runs, in words that a person understands. */
    public IdJag withPlatform(String platform) {
        return with("agent_platform", platform);
    }

    /** Which conversation this is: a name that stands for nothing else. */
    public IdJag withContext(String contextId) {
        return with("agent_context_id", contextId);
    }

    private IdJag with(String claim, Object value) {
        Map<String, Object> more = new LinkedHashMap<>(claims);
        more.put(claim, value);
        return new IdJag(subject, audience, more);
    }

    String subject() {
        return subject;
    }

    String audience() {
        return audience;
    }

    Map<String, Object> claims() {
        if (!claims.containsKey("email") && !claims.containsKey("phone_number")) {
            throw new IllegalArgumentException("an ID-JAG needs a verified address or a verified phone number");
        }
        return claims;
    }

    /** Nothing about the person. */
    @Override
    public String toString() {
        return "IdJag[to " + audience + "]";
    }
}
