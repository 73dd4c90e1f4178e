package dev.agentauth.examples;

/** A setting cannot be used. The message is one line that names the variable, its value and what is expected. */
final class WrongSettingException extends Exception {
    private static final long serialVersionUID = 1L;
    private static final int MAX_SHOWN = 200;

    WrongSettingException(String variable, String value, String expected) {
        super(variable + "=" + shown(value) + " cannot be used: expected " + expected);
    }

    private static String shown(String value) {
        String line = value.replaceAll("\\p{Cntrl}", "?");
        return line.length() <= MAX_SHOWN ? line : line.substring(0, MAX_SHOWN) + "...";
    }
}
