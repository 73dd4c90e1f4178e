package dev.agentauth.internal.ports;

import dev.agentauth.spi.InstallationException;
import dev.agentauth.spi.PortUnavailableException;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What foreign code has thrown or answered, made into something to go on with.
 *
 * <p><b>Fatal</b> is only what leaves no JVM to rely on: a {@link VirtualMachineError}, of which a {@link
 * StackOverflowError} is none, since it ends with the call that made it. It is thrown on. A {@link LinkageError} is not
 * fatal: a port whose library is missing is out of reach, and all others are as good as before. Nor is any other error.
 *
 * <p><b>Words.</b> What a foreign exception says may hold an address, a link or a password, so what is told of it are the
 * types alone, its own and those of its causes, and where it came from.
 */
public final class Foreign {
    private static final int MAX_CAUSES = 8;
    private static final int MAX_FRAMES = 64;

    private Foreign() {}

    /** Something that was caught elsewhere. */
    private static final class WordlessException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        WordlessException(String kinds) {
            super(kinds);
        }
    }

    /** Null where a port answers an object. */
    static final class NoAnswerException extends PortUnavailableException {
        private static final long serialVersionUID = 1L;

        NoAnswerException(String message) {
            super(message);
        }
    }

    /**
     * Goes on if what was caught can be contained. An interrupt that came as an undeclared exception is one again.
     *
     * @throws VirtualMachineError if it is fatal
     */
    public static void contain(Throwable caught) {
        if (caught instanceof VirtualMachineError fatal && !(caught instanceof StackOverflowError)) {
            throw fatal;
        }
        if (caught instanceof InterruptedException) {
            Thread.currentThread().interrupt();
        }
    }

    /** What went wrong by the types of the exceptions alone: their words like to repeat addresses and secrets. */
    public static String kinds(Throwable failure) {
        StringBuilder kinds = new StringBuilder(failure.getClass().getName());
        Throwable cause = causeOf(failure);
        for (int i = 0; i < MAX_CAUSES && cause != null; i++) {
            kinds.append(", caused by ").append(cause.getClass().getName());
            cause = causeOf(cause);
        }
        return cause == null ? kinds.toString() : kinds.append(", and so on").toString();
    }

    /** What a log may say of a failure: a port's own declared words, which are meant for it, or else types. */
    public static String told(Throwable failure) {
        boolean declared = failure instanceof PortUnavailableException || failure instanceof InstallationException;
        String words = declared ? failure.getMessage() : null;
        return words == null ? kinds(failure) : words;
    }

    /** An answer that is one. */
    static <T> T answer(@Nullable T answer, String call) {
        if (answer == null) {
            throw new NoAnswerException(call + " answered null");
        }
        return answer;
    }

    /** An answer of several, none of which is null, and that stays as it is. */
    static <T> List<T> all(@Nullable Collection<? extends @Nullable T> answer, String call) {
        return List.copyOf(answer(answer, call));
    }

    /**
     * What is thrown in place of what a port has thrown: what it may declare, as it is, or else that it is out of reach,
     * without any of the words.
     */
    public static RuntimeException outOfReach(String call, Throwable caught) {
        if (caught instanceof PortUnavailableException declared) {
            return declared;
        }
        if (caught instanceof InstallationException declared) {
            return declared;
        }
        return undeclared(call, caught);
    }

    /** That a port is out of reach, by the types of what it has thrown. */
    static PortUnavailableException undeclared(String call, Throwable caught) {
        contain(caught);
        PortUnavailableException told = new PortUnavailableException(call + " failed: " + kinds(caught));
        told.setStackTrace(framesOf(caught, told));
        return told;
    }

    /** For a log, in place of what was caught: its types and where it came from. */
    public static Throwable withoutWords(Throwable caught) {
        Throwable told = new WordlessException(kinds(caught));
        told.setStackTrace(framesOf(caught, told));
        return told;
    }

    private static @Nullable Throwable causeOf(Throwable failure) {
        try {
            return failure.getCause();
        } catch (Throwable e) {
            contain(e);
            return null;
        }
    }

    /** Where it came from, as long as it says so. */
    private static StackTraceElement[] framesOf(Throwable caught, Throwable told) {
        try {
            StackTraceElement[] frames = caught.getStackTrace();
            return Arrays.copyOf(frames, Math.min(frames.length, MAX_FRAMES));
        } catch (Throwable e) {
            contain(e);
            return told.getStackTrace();
        }
    }
}
