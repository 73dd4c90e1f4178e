package dev.agentauth.internal.ports;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.agentauth.spi.PortUnavailableException;
import java.io.IOException;
import org.junit.jupiter.api.Test;

/** What is told of foreign exceptions, and which of them nothing can be made of. */
class ForeignTest {

    @Test
    void kindsAreTypesAndNeverWords() {
        assertThat(Foreign.kinds(new IllegalStateException("words", new IOException("words"))))
                .isEqualTo("java.lang.IllegalStateException, caused by java.io.IOException");
    }

    @Test
    void t87_kindsOfACircleOfCausesEnd() {
        Exception first = new Exception("words");
        Exception second = new Exception("words", first);
        first.initCause(second);

        assertThat(Foreign.kinds(first)).endsWith(", and so on").hasSizeLessThan(400);
    }

    @Test
    void t87_exceptionThatThrowsWhenItIsAskedIsTold() {
        RuntimeException told = Foreign.outOfReach("users.findById", new Hostile());

        assertThat(told)
                .isInstanceOf(PortUnavailableException.class)
                .hasMessage("users.findById failed: " + Hostile.class.getName());
        assertThat(told.getStackTrace()).isNotEmpty();
    }

    @Test
    void traceSaysWhereItCameFrom() {
        IllegalStateException thrown = new IllegalStateException("words");

        RuntimeException told = Foreign.outOfReach("users.findById", thrown);

        assertThat(told).hasNoCause();
        assertThat(told.getStackTrace()[0]).isEqualTo(thrown.getStackTrace()[0]);
        assertThat(Foreign.withoutWords(thrown))
                .hasNoCause()
                .hasMessage("java.lang.IllegalStateException")
                .satisfies(other -> assertThat(other.getStackTrace()[0]).isEqualTo(thrown.getStackTrace()[0]));
    }

    @Test
    void portsOwnWordThatItIsOutOfReachGoesThrough() {
        PortUnavailableException declared = new PortUnavailableException("down");

        assertThat(Foreign.outOfReach("users.findById", declared)).isSameAs(declared);
        assertThat(Foreign.told(declared)).isEqualTo("down");
        assertThat(Foreign.told(new IllegalStateException("words"))).isEqualTo("java.lang.IllegalStateException");
    }

    @Test
    void onlyWhatLeavesNoJvmIsFatal() {
        assertThatThrownBy(() -> Foreign.contain(new OutOfMemoryError())).isInstanceOf(OutOfMemoryError.class);
        assertThatThrownBy(() -> Foreign.contain(new InternalError())).isInstanceOf(InternalError.class);
        assertThatCode(() -> Foreign.contain(new StackOverflowError())).doesNotThrowAnyException();
        assertThatCode(() -> Foreign.contain(new NoClassDefFoundError())).doesNotThrowAnyException();
        assertThatCode(() -> Foreign.contain(new AssertionError())).doesNotThrowAnyException();
    }

    @Test
    void interruptIsOneAgain() {
        Foreign.contain(new InterruptedException());

        assertThat(Thread.interrupted()).isTrue();
    }

    /** An exception of somebody who hates us. */
    private static final class Hostile extends RuntimeException {
        private static final long serialVersionUID = 1L;

        @Override
        public synchronized Throwable getCause() {
            throw new IllegalStateException("words");
        }

        @Override
        public StackTraceElement[] getStackTrace() {
            return null;
        }
    }
}
