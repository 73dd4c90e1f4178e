package dev.agentauth.servlet.internal.http;

/** How a group of endpoints words its errors. */
@FunctionalInterface
public interface Surface {

    /** An error; code and text are constants. */
    Answer error(int status, String code, String text);
}
