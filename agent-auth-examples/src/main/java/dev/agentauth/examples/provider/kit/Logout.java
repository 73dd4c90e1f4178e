package dev.agentauth.examples.provider.kit;

/**
 * What tells a service that it is over: a token that was minted for it.
 *
 * @param audience whose it is
 * @param token what to deliver
 * @param carrier how to deliver it
 */
public record Logout(String audience, String token, Carrier carrier) {

    /** The two ways to tell a service. What they say is the same. */
    public enum Carrier {
        /** OpenID's back-channel logout, which every version of the protocol has. */
        LOGOUT_TOKEN("application/logout+jwt", "revocation_uri", 200),
        /** A security event that is pushed (RFC 8417, RFC 8935). */
        SECURITY_EVENT("application/secevent+jwt", "events_endpoint", 202);

        private final String mediaType;
        private final String member;
        private final int taken;

        Carrier(String mediaType, String member, int taken) {
            this.mediaType = mediaType;
            this.member = member;
            this.taken = taken;
        }

        String mediaType() {
            return mediaType;
        }

        /** Where the service's metadata says where to. */
        String member() {
            return member;
        }

        /** The status of a service that has taken it. */
        int taken() {
            return taken;
        }
    }

    /** Without the token. */
    @Override
    public String toString() {
        return "Logout[to " + audience + "]";
    }
}
