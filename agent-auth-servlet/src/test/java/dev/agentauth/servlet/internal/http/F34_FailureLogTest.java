package dev.agentauth.servlet.internal.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentauth.AgentAuthException;
import dev.agentauth.Problem;
import dev.agentauth.internal.wire.Door;
import dev.agentauth.spi.InstallationException;
import dev.agentauth.spi.PortUnavailableException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** An outage fails every request alike; the log says so in a line each, and where it came from once a minute. */
class F34_FailureLogTest {
    private static final long MINUTE = 60_000_000_000L;
    private static final String OUT =
            "something is out of reach, answered 503: dev.agentauth.spi.PortUnavailableException";

    // Kept, because the logging holds its loggers weakly.
    private final Logger logger = Logger.getLogger("dev.agentauth.servlet");
    private final List<LogRecord> lines = new CopyOnWriteArrayList<>();
    private final Handler collector = new Handler() {
        @Override
        public void publish(LogRecord line) {
            lines.add(line);
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    };
    private final AtomicLong time = new AtomicLong(Long.MAX_VALUE - MINUTE / 2);
    private final Failures failures = new Failures(time::get);

    @BeforeEach
    void listen() {
        logger.addHandler(collector);
        logger.setUseParentHandlers(false);
    }

    @AfterEach
    void leave() {
        logger.removeHandler(collector);
        logger.setUseParentHandlers(true);
    }

    @Test
    void f34_firstFailureOfAKindHasATraceAndThoseOfTheSameMinuteAreCounted() {
        fail(new PortUnavailableException("words"));
        fail(new PortUnavailableException("other words"));
        time.addAndGet(MINUTE - 1);
        fail(new PortUnavailableException("words"));

        assertThat(messages()).containsExactly(OUT, OUT + " (1 since its trace)", OUT + " (2 since its trace)");
        assertThat(traces()).containsExactly(true, false, false);
    }

    @Test
    void f34_afterAMinuteTheTraceIsToldAgainWithHowManyWereWithout() {
        for (int i = 0; i < 4; i++) {
            fail(new PortUnavailableException("words"));
        }
        time.addAndGet(MINUTE);
        fail(new PortUnavailableException("words"));
        fail(new PortUnavailableException("words"));
        time.addAndGet(2 * MINUTE);
        fail(new PortUnavailableException("words"));

        assertThat(messages().subList(4, 7))
                .containsExactly(
                        OUT + " (3 since the last trace)",
                        OUT + " (1 since its trace)",
                        OUT + " (1 since the last trace)");
        assertThat(traces()).containsExactly(true, false, false, false, true, false, true);
    }

    @Test
    void f34_kindsAreTracedApart() {
        fail(new PortUnavailableException("words"));
        fail(new PortUnavailableException("words", new IllegalStateException("words")));
        fail(new InstallationException("words", new IllegalStateException("words")));
        fail(new IllegalStateException("words"));
        fail(new IllegalStateException("words", new PortUnavailableException("words")));

        assertThat(traces()).containsOnly(true);
        assertThat(messages())
                .noneMatch(line -> line.contains("words"))
                .last()
                .asString()
                .isEqualTo("unexpected failure, answered 500: java.lang.IllegalStateException, caused by "
                        + "dev.agentauth.spi.PortUnavailableException");
    }

    @Test
    void f34_whatIsRememberedOfKindsIsBounded() {
        FailureLog log = new FailureLog(time::get);
        for (int i = 0; i < 1000; i++) {
            IllegalStateException failure = new IllegalStateException();
            log.log(System.Logger.Level.ERROR, "kind " + i, failure, failure);
        }

        assertThat(traces().stream().filter(traced -> traced)).hasSize(101);
    }

    @Test
    void f34_problemThatADoorDoesNotListIsOneLine() {
        Answer answer = failures.answer(Door.TOKEN, JsonSurface.CREDENTIAL, new AgentAuthException(Problem.CODE_WRONG));

        assertThat(answer).isNotNull();
        assertThat(messages()).containsExactly("a defect, answered 500: TOKEN does not list CODE_WRONG");
    }

    private void fail(Throwable failure) {
        failures.answer(Door.TOKEN, JsonSurface.CREDENTIAL, failure);
    }

    private List<String> messages() {
        return lines.stream().map(LogRecord::getMessage).toList();
    }

    private List<Boolean> traces() {
        return lines.stream().map(line -> line.getThrown() != null).toList();
    }
}
