package dev.agentauth.servlet.internal.http;

import dev.agentauth.AgentAuthException;
import dev.agentauth.Problem;
import dev.agentauth.internal.ports.Foreign;
import dev.agentauth.internal.wire.Door;
import dev.agentauth.internal.wire.ErrorCode;
import dev.agentauth.internal.wire.Errors;
import dev.agentauth.internal.wire.Refusal;
import dev.agentauth.internal.wire.Spelling;
import dev.agentauth.spi.InstallationException;
import dev.agentauth.spi.PortUnavailableException;
import java.lang.System.Logger.Level;
import java.util.function.LongSupplier;

/**
 * The one place where refusals and failures become answers. A servlet or a filter has one. Safe for use by many threads.
 */
public final class Failures {
    private final FailureLog log;

    public Failures() {
        this(System::nanoTime);
    }

    Failures(LongSupplier nanoTime) {
        this.log = new FailureLog(nanoTime);
    }

    /**
     * The answer that stands for a refusal or a failure: whatever it is, unless it is fatal to the JVM, since what a
     * container makes of it is a page with its words.
     */
    public Answer answer(Door door, Surface surface, Throwable e) {
        Foreign.contain(e);
        if (e instanceof SpelledRefusal spelled) {
            return refusal(door, surface, spelled.spelling(), spelled.refusal());
        }
        if (e instanceof AgentAuthException refusal) {
            return refusal(door, surface, Spelling.BASE, refusal);
        }
        if (e instanceof RejectedRequest rejected) {
            return surface.error(Refusal.of(rejected.status(), ErrorCode.INVALID_REQUEST, rejected.text()));
        }
        if (e instanceof PortUnavailableException) {
            return refusal(door, surface, Spelling.BASE, AgentAuthException.unavailable(e));
        }
        if (e instanceof InstallationException) {
            log.log(Level.ERROR, "the installation is broken, answered 500", e, e);
        } else {
            log.log(Level.ERROR, "unexpected failure, answered 500", e, Foreign.withoutWords(e));
        }
        return failed(surface);
    }

    private Answer refusal(Door door, Surface surface, Spelling spelling, AgentAuthException e) {
        if (!Errors.lists(door, e.problem())) {
            log.log(Level.ERROR, "a defect, answered 500: " + door + " does not list " + e.problem(), null, null);
            return failed(surface);
        }
        if (e.problem() == Problem.OUT_OF_REACH) {
            log.log(Level.WARNING, "something is out of reach, answered 503", e.getCause(), e.getCause());
        }
        Refusal told = Errors.refusal(door, spelling, e);
        Answer answer = surface.error(told);
        return told.retryAfter() == null ? answer : answer.with("Retry-After", Long.toString(told.retryAfter()));
    }

    private static Answer failed(Surface surface) {
        return surface.error(Refusal.of(ErrorCode.SERVER_ERROR));
    }
}
