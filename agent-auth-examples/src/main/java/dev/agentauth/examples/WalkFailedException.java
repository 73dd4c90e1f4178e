package dev.agentauth.examples;

/** Something was not as the protocol has it. The message says what was expected and what was seen. */
final class WalkFailedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    WalkFailedException(String message) {
        super(message);
    }
}
