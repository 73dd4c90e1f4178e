package dev.agentauth.keys;

/** Why a fetch brought no keys. The words are for the log and say nothing that the other side chose. */
enum FetchFailure {
    REFUSED_URI("their address is neither https nor http on loopback"),
    UNREACHABLE("no connection, or it broke off"),
    TIMED_OUT("no complete answer in time"),
    NOT_OK("another status than 200"),
    ENCODED("a content encoding"),
    TOO_LARGE("too large a body"),
    NOT_A_KEY_SET("not a JWK set");

    private final String words;

    FetchFailure(String words) {
        this.words = words;
    }

    String words() {
        return words;
    }
}
