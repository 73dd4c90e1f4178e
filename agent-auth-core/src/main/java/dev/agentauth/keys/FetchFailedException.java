package dev.agentauth.keys;

/** A fetch brought no keys. Carries no stack trace and nothing of what the other side sent. */
final class FetchFailedException extends Exception {
    private static final long serialVersionUID = 1L;

    private final FetchFailure failure;

    FetchFailedException(FetchFailure failure) {
        super(failure.words(), null, false, false);
        this.failure = failure;
    }

    FetchFailure failure() {
        return failure;
    }
}
