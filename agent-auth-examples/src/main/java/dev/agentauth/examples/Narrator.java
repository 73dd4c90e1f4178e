package dev.agentauth.examples;

import dev.agentauth.client.Outcome;
import dev.agentauth.client.http.Reply;
import java.io.PrintStream;

/** Tells what the sample agent does, one line a step, and checks that it went as expected. */
final class Narrator {
    private final PrintStream out;
    private int checks;

    Narrator(PrintStream out) {
        this.out = out;
    }

    int checks() {
        return checks;
    }

    /** Begins a flow. */
    void flow(String title) {
        out.println(title);
    }

    /** Says something that is not checked. */
    void say(String text) {
        out.println("      " + text);
    }

    /** A step whose answer must have a status. */
    Reply expect(String step, int status, Reply reply) {
        return expect(step, String.valueOf(status), String.valueOf(reply.status()), reply);
    }

    /** A step that must be refused with a status and an error. */
    Reply expect(String step, int status, String error, Reply reply) {
        return expect(step, status + " " + error, reply.toString(), reply);
    }

    /** A step of the agent's client that must have an outcome. */
    <T extends Outcome> T expect(String step, Class<T> type, Outcome outcome) {
        String expected = type.getSimpleName();
        String seen = outcome.getClass().getSimpleName();
        boolean failed = outcome instanceof Outcome.Failure;
        expect(step + ": " + expected, (Object) expected, seen.equals(expected) ? seen : failed ? outcome : seen);
        return type.cast(outcome);
    }

    /** A step of the agent's client that must be refused with a status and an error. */
    void expect(String step, int status, String error, Outcome outcome) {
        String expected = status + " " + error;
        expect(step + ": " + expected, (Object) expected, outcome.toString());
    }

    /** A step that must lead to a value. */
    void expect(String step, Object expected, Object seen) {
        if (!expected.equals(seen)) {
            throw new WalkFailedException(step + ": expected " + expected + ", seen " + seen);
        }
        checks++;
        out.println("  ok  " + step);
    }

    private Reply expect(String step, String expected, String seen, Reply reply) {
        expect(step + ": " + expected, (Object) expected, seen.equals(expected) ? seen : reply);
        return reply;
    }
}
