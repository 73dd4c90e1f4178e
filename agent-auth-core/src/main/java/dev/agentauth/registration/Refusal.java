package dev.agentauth.registration;

/** Why a {@link Registration} refuses a transition. */
public enum Refusal {
    /** It has been revoked. */
    REVOKED,
    /** The person who is being asked said no. */
    REJECTED,
    /** It has an owner already. */
    CLAIMED,
    /** Its claim's time is over, or it never had a claim. */
    EXPIRED,
    /** {@link Claim#MAX_WRONG_GUESSES} wrong codes have been tried over its life. */
    GUESSED_OUT,
    /** The link of the current attempt is past its time. */
    LINK_LAPSED,
    /** Nobody has revealed a code. */
    NO_CODE,
    /** The code is past its time, or was guessed at too often. */
    CODE_VOID
}
