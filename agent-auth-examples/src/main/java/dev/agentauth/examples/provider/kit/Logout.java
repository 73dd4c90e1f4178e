package dev.agentauth.examples.provider.kit;

/**
 * A logout token that was minted for a service.
 *
 * @param audience whose it is
 * @param token what to deliver
 */
public record Logout(String audience, String token) {

    /** Without the token. */
    @Override
    public String toString() {
        return "Logout[to " + audience + "]";
    }
}
