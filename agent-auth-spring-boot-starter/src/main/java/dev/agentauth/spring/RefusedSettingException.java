package dev.agentauth.spring;

/** The builder has refused a setting; {@link RefusedSettingAnalyzer} tells by which property it was made. */
final class RefusedSettingException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    RefusedSettingException(String message) {
        super(message);
    }

    RefusedSettingException(IllegalArgumentException refusal) {
        super(refusal.getMessage(), refusal);
    }
}
