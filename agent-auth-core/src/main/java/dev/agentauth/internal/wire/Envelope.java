package dev.agentauth.internal.wire;

import java.util.LinkedHashMap;
import java.util.Map;

/** How a group of endpoints wraps its errors. */
public enum Envelope {
    /** The identity surface: every version finds its own members in it (B9). */
    IDENTITY,
    /** OAuth's own (RFC 6749, section 5.2), and the provider's logout. */
    CREDENTIAL,
    /** Of security events (RFC 8935, section 2.3). */
    EVENTS;

    /** The members of an error. */
    public Map<String, Object> members(Refusal refusal) {
        Map<String, Object> members = new LinkedHashMap<>();
        if (this == EVENTS) {
            members.put("err", refusal.error());
            members.put("description", refusal.text());
            return members;
        }
        members.put("error", refusal.error());
        if (this == IDENTITY) {
            members.put("code", refusal.production());
            members.put("message", refusal.text());
        }
        members.put("error_description", refusal.text());
        if (this == IDENTITY && refusal.retryAfter() != null) {
            members.put("retry_after", refusal.retryAfter());
        }
        if (this == IDENTITY && refusal.maxAge() != null) {
            members.put(Refusal.MAX_AGE, refusal.maxAge());
        }
        return members;
    }
}
