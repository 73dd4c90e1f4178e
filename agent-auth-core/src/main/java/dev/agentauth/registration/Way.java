package dev.agentauth.registration;

import dev.agentauth.SecretHash;

/**
 * How it is known who answers an attempt. A fact of the attempt, never of the configuration: by the kind of its token.
 *
 * @since 0.2.0
 */
public enum Way {
    /** The link goes to a mailbox and nowhere else: whoever opens it has the mailbox. */
    MAILED_LINK {
        @Override
        public SecretHash hash(String token) {
            return SecretHash.of(token);
        }
    },
    /** The agent hands the link on, so it proves nothing: whoever opens it has to be signed in at the service. */
    SIGN_IN {
        @Override
        public SecretHash hash(String token) {
            return SecretHash.ofParts("sign-in", token);
        }
    };

    /**
     * What a store keeps of an attempt token of this way. No token of one way is found as one of the other.
     *
     * @param token the token in the link
     * @return its SHA-256, under a word of this way's own
     */
    public abstract SecretHash hash(String token);
}
