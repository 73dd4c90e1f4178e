package dev.agentauth.internal.wire;

/** Names that are URIs: of grants, kinds of token, and events. */
public final class Urns {
    /** RFC 7523, section 2.1. */
    public static final String JWT_BEARER = "urn:ietf:params:oauth:grant-type:jwt-bearer";

    /** Collecting a claim that was completed by typing (B3). */
    public static final String CLAIM_GRANT = "urn:workos:agent-auth:grant-type:claim";

    /** The kind of assertion that a provider vouches with. */
    public static final String ID_JAG = "urn:ietf:params:oauth:token-type:id-jag";

    /** A provider's event: what it vouched for is over. */
    public static final String ASSERTION_REVOKED =
            "https://schemas.workos.com/events/agent/auth/identity/assertion/revoked";

    /** The same event in its other spelling. */
    public static final String ASSERTION_REVOKED_SHORT =
            "https://schemas.workos.com/events/agent/identity/assertion/revoked";

    /** OpenID Connect Back-Channel Logout 1.0, section 2.4. */
    public static final String BACKCHANNEL_LOGOUT = "http://schemas.openid.net/event/backchannel-logout";

    private Urns() {}
}
