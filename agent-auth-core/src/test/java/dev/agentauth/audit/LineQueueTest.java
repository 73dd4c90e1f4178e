package dev.agentauth.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.agentauth.spi.PortUnavailableException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class LineQueueTest {
    private static final Duration LONG = Duration.ofSeconds(30);
    private static final Duration SHORT = Duration.ofMillis(100);
    private static final int LINE = Line.of(TestEvents.numbered(0, 0)).length();

    private final FakeDestination disk = new FakeDestination();
    private final ExecutorService callers = Executors.newCachedThreadPool();
    private final Said said = new Said();

    @BeforeEach
    void listen() {
        said.logger.setUseParentHandlers(false);
        said.logger.addHandler(said);
    }

    @AfterEach
    void stop() {
        disk.mayWrite.release(FakeDestination.MANY);
        callers.shutdownNow();
        said.logger.removeHandler(said);
        said.logger.setUseParentHandlers(true);
    }

    // Order, and exactly once

    @Test
    void linesOf64ThreadsAreWholeAndThereOnceAndInTheOrderOfTheirThread() throws Exception {
        LineQueue queue = queue(64 * LINE, LONG);

        addFrom64Threads(queue, 2_000);
        queue.close();

        assertEveryLineOnceAndInOrder(64, 2_000);
        assertThat(queue.lost()).isZero();
    }

    @Test
    void sameInSynchronousMode() throws Exception {
        LineQueue queue = queue(64 * LINE, LONG);
        queue.synchronous();

        addFrom64Threads(queue, 200);

        assertThat(disk.forced()).isEqualTo(disk.size());
        assertEveryLineOnceAndInOrder(64, 200);
        queue.close();
    }

    @Test
    void synchronousCallersThatComeWhileOneIsWrittenShareAWrite() throws Exception {
        LineQueue queue = queue(1 << 20, LONG);
        queue.synchronous();
        disk.mayWrite.drainPermits();
        List<Future<?>> done = new ArrayList<>();
        done.add(callers.submit(() -> queue.add(TestEvents.numbered(0, 0))));
        await(disk.mayWrite::hasQueuedThreads);
        for (int i = 1; i < 20; i++) {
            int thread = i;
            done.add(callers.submit(() -> queue.add(TestEvents.numbered(thread, 0))));
        }
        await(() -> queue.waiting() == 19);
        disk.mayWrite.release(FakeDestination.MANY);
        for (Future<?> caller : done) {
            caller.get(30, TimeUnit.SECONDS);
        }

        assertThat(disk.writes()).isEqualTo(2);
        assertEveryLineOnceAndInOrder(20, 1);
        queue.close();
    }

    @Test
    void linesThatComeWhileOneIsWrittenAreWrittenTogether() throws Exception {
        LineQueue queue = queue(1 << 20, LONG);
        disk.mayWrite.drainPermits();
        queue.add(TestEvents.numbered(0, 0));
        await(disk.mayWrite::hasQueuedThreads);
        for (int i = 1; i <= 1_000; i++) {
            queue.add(TestEvents.numbered(0, i));
        }
        disk.mayWrite.release(FakeDestination.MANY);
        queue.close();

        assertThat(disk.lines()).hasSize(1_001);
        assertThat(disk.writes()).isEqualTo(2);
    }

    @Test
    void lineThatIsLongerThanTheBufferIsTaken() {
        LineQueue queue = queue(LINE, LONG);
        queue.add(TestEvents.with(java.util.Map.of("sub", "x".repeat(100_000))));
        queue.add(TestEvents.numbered(0, 1));
        queue.close();

        assertThat(disk.lines()).hasSize(2);
    }

    // A full buffer

    @Test
    void fullBufferMakesCallersWaitUntilThereIsRoom() throws Exception {
        LineQueue queue = blocked(queue(10 * LINE, LONG));
        fill(queue, 10);
        Future<?> late = callers.submit(() -> queue.add(TestEvents.numbered(0, 11)));
        LockSupport.parkNanos(Duration.ofMillis(50).toNanos());
        assertThat(late.isDone()).isFalse();

        disk.mayWrite.release(FakeDestination.MANY);
        late.get(30, TimeUnit.SECONDS);
        queue.close();

        assertThat(disk.lines()).hasSize(12);
        assertThat(queue.lost()).isZero();
    }

    @Test
    void callerThatHasWaitedTooLongIsTold() throws Exception {
        LineQueue queue = blocked(queue(10 * LINE, SHORT));
        fill(queue, 10);

        assertThatExceptionOfType(PortUnavailableException.class)
                .isThrownBy(() -> queue.add(TestEvents.numbered(0, 11)))
                .withMessageContaining("too slowly");

        disk.mayWrite.release(FakeDestination.MANY);
        queue.close();
        assertThat(disk.lines()).hasSize(11);
    }

    @Test
    void interruptedCallerIsToldAndStaysInterrupted() throws Exception {
        LineQueue queue = blocked(queue(10 * LINE, LONG));
        fill(queue, 10);
        Thread.currentThread().interrupt();

        assertThatExceptionOfType(PortUnavailableException.class)
                .isThrownBy(() -> queue.add(TestEvents.numbered(0, 11)));

        assertThat(Thread.interrupted()).isTrue();
    }

    @Test
    void interruptedCallerForWhomThereIsRoomNeedNotWait() {
        LineQueue queue = queue(10 * LINE, LONG);
        Thread.currentThread().interrupt();
        queue.add(TestEvents.numbered(0, 1));

        assertThat(Thread.interrupted()).isTrue();
        queue.close();
        assertThat(disk.lines()).hasSize(1);
    }

    // Failures

    @Test
    void diskThatWasFullForAWhileLosesNothingAndGetsNothingTwice() throws Exception {
        LineQueue queue = queue(1 << 20, LONG);
        disk.free(10L * LINE + LINE / 2);
        for (int i = 0; i < 100; i++) {
            queue.add(TestEvents.numbered(0, i));
        }
        await(() -> disk.attempts() > 3);
        disk.free(LINE);
        await(() -> disk.size() > 11L * LINE);
        disk.free(Long.MAX_VALUE);
        await(() -> disk.lines().size() == 100);
        queue.close();

        assertEveryLineOnceAndInOrder(1, 100);
        assertThat(queue.lost()).isZero();
        assertThat(said.lines).hasSize(2);
        assertThat(said.lines.get(0)).contains("the disk", "No space left on device");
        assertThat(said.lines.get(1)).contains("again");
    }

    @Test
    void fullBufferBeforeAFailingDiskRefusesAtOnce() throws Exception {
        LineQueue queue = queue(10 * LINE, LONG);
        disk.free(0);
        queue.add(TestEvents.numbered(0, 0));
        await(() -> disk.attempts() > 1);
        fill(queue, 10);

        assertThatExceptionOfType(PortUnavailableException.class)
                .isThrownBy(() -> queue.add(TestEvents.numbered(0, 11)))
                .withMessageContaining("fails");

        disk.free(Long.MAX_VALUE);
        queue.close();
        assertThat(disk.lines()).hasSize(11);
        assertThat(queue.lost()).isZero();
    }

    @Test
    void whoeverWaitsForRoomIsToldAsSoonAsTheDiskFails() throws Exception {
        LineQueue queue = blocked(queue(10 * LINE, LONG));
        fill(queue, 10);
        Future<?> late = callers.submit(() -> queue.add(TestEvents.numbered(0, 11)));
        disk.free(0);
        disk.mayWrite.release(FakeDestination.MANY);

        assertThat(failureOf(late)).hasMessageContaining("fails");
        disk.free(Long.MAX_VALUE);
        queue.close();
    }

    @Test
    void whatADestinationThatIsGoneDidNotTakeIsCountedAndNothingElseIsTaken() throws Exception {
        LineQueue queue = blocked(queue(1 << 20, LONG));
        fill(queue, 10);
        disk.goAway();
        disk.mayWrite.release(FakeDestination.MANY);
        await(() -> queue.lost() == 11);

        assertThatExceptionOfType(PortUnavailableException.class)
                .isThrownBy(() -> queue.add(TestEvents.numbered(0, 11)))
                .withMessageContaining("any more");

        queue.close();
        assertThat(queue.lost()).isEqualTo(11);
    }

    // Synchronous

    @Test
    void synchronousCallerReturnsOnlyWhenItsLineIsForced() throws Exception {
        LineQueue queue = queue(1 << 20, LONG);
        queue.synchronous();
        disk.mayWrite.drainPermits();
        Future<?> caller = callers.submit(() -> queue.add(TestEvents.numbered(0, 0)));
        await(disk.mayWrite::hasQueuedThreads);
        assertThat(caller.isDone()).isFalse();

        disk.mayWrite.release(FakeDestination.MANY);
        caller.get(30, TimeUnit.SECONDS);

        assertThat(disk.forced()).isEqualTo(LINE);
        queue.close();
    }

    @Test
    void synchronousCallerIsToldOfAFailureAndTheNextOneIsNot() {
        LineQueue queue = queue(1 << 20, LONG);
        queue.synchronous();
        disk.forceFails(true);
        assertThatExceptionOfType(PortUnavailableException.class)
                .isThrownBy(() -> queue.add(TestEvents.numbered(0, 0)));
        disk.forceFails(false);
        disk.free(0);
        assertThatExceptionOfType(PortUnavailableException.class)
                .isThrownBy(() -> queue.add(TestEvents.numbered(0, 1)));
        disk.free(Long.MAX_VALUE);
        queue.add(TestEvents.numbered(0, 2));
        queue.close();

        assertThat(disk.lines()).hasSize(2).last().asString().contains("\"number\":\"2\"");
        assertThat(queue.lost()).as("counted by what was thrown").isZero();
    }

    @Test
    void synchronousCallerDoesNotWaitForEver() throws Exception {
        LineQueue queue = queue(1 << 20, SHORT);
        queue.synchronous();
        disk.mayWrite.drainPermits();

        assertThatExceptionOfType(PortUnavailableException.class)
                .isThrownBy(() -> queue.add(TestEvents.numbered(0, 0)))
                .withMessageContaining("too slowly");
    }

    @Test
    void modeIsChosenBeforeTheFirstEvent() {
        LineQueue queue = queue(1 << 20, LONG);
        queue.add(TestEvents.numbered(0, 0));

        assertThatIllegalStateException().isThrownBy(queue::synchronous);
        queue.close();
    }

    // The end

    @Test
    void closingWritesWhatWaitsAndNothingIsTakenAfterwards() throws Exception {
        LineQueue queue = blocked(queue(1 << 20, LONG));
        fill(queue, 10);
        Future<?> closing = callers.submit(queue::close);
        disk.mayWrite.release(FakeDestination.MANY);
        closing.get(30, TimeUnit.SECONDS);

        assertThat(disk.lines()).hasSize(11);
        assertThat(disk.isClosed()).isTrue();
        assertThat(said.lines).isEmpty();
        assertThatExceptionOfType(PortUnavailableException.class)
                .isThrownBy(() -> queue.add(TestEvents.numbered(0, 11)))
                .withMessageContaining("closed");
        queue.close();
    }

    @Test
    void closingBeforeAFullDiskTriesOnceMoreAndSaysHowManyAreLost() throws Exception {
        LineQueue queue = queue(1 << 20, LONG);
        disk.free(2L * LINE + 1);
        queue.add(TestEvents.numbered(0, 0));
        queue.add(TestEvents.numbered(0, 1));
        await(() -> disk.lines().size() == 2);
        queue.add(TestEvents.numbered(0, 2));
        await(() -> disk.attempts() > 2);
        fill(queue, 7);
        queue.close();

        assertThat(queue.lost()).isEqualTo(8);
        assertThat(said.lines).last().asString().contains("could not write", ": 8");
    }

    @Test
    void closingDoesNotWaitForEver() throws Exception {
        LineQueue queue = blocked(queue(1 << 20, LONG, SHORT));
        fill(queue, 10);
        queue.close();

        assertThat(queue.lost()).isEqualTo(11);
        assertThat(said.lines).last().asString().contains(": 11");

        disk.free(0);
        disk.mayWrite.release(FakeDestination.MANY);
        await(() -> threads().isEmpty());
        assertThat(queue.lost()).as("counted once").isEqualTo(11);
    }

    @Test
    void noThreadStaysWhereThereIsNothingToDo() throws Exception {
        LineQueue queue = queue(1 << 20, LONG);
        queue.add(TestEvents.numbered(0, 0));
        await(() -> disk.lines().size() == 1);
        await(() -> threads().isEmpty());

        queue.add(TestEvents.numbered(0, 1));
        await(() -> disk.lines().size() == 2);
        queue.close();
    }

    private LineQueue queue(int bytes, Duration patience) {
        return queue(bytes, patience, LONG);
    }

    private LineQueue queue(int bytes, Duration patience, Duration farewell) {
        Pace pace =
                new Pace(bytes, Duration.ofMillis(1), Duration.ofMillis(10), patience, farewell, Duration.ofMillis(20));
        return new LineQueue(disk, "the disk", pace);
    }

    /** Its writer is writing one line, and does not come to an end. */
    private LineQueue blocked(LineQueue queue) throws InterruptedException {
        disk.mayWrite.drainPermits();
        queue.add(TestEvents.numbered(0, 0));
        await(disk.mayWrite::hasQueuedThreads);
        return queue;
    }

    private static void fill(LineQueue queue, int lines) {
        for (int i = 1; i <= lines; i++) {
            queue.add(TestEvents.numbered(0, i % 10));
        }
    }

    private void addFrom64Threads(LineQueue queue, int each) throws Exception {
        CountDownLatch start = new CountDownLatch(1);
        List<Future<?>> done = new ArrayList<>();
        for (int thread = 0; thread < 64; thread++) {
            int number = thread;
            done.add(callers.submit(() -> {
                start.await();
                for (int i = 0; i < each; i++) {
                    queue.add(TestEvents.numbered(number, i));
                }
                return null;
            }));
        }
        start.countDown();
        for (Future<?> caller : done) {
            caller.get(60, TimeUnit.SECONDS);
        }
    }

    private void assertEveryLineOnceAndInOrder(int threads, int each) throws Exception {
        ObjectMapper mapper = new ObjectMapper();
        int[] next = new int[threads];
        for (String line : disk.lines()) {
            JsonNode event = mapper.readTree(line);
            int thread = Integer.parseInt(event.get("thread").textValue());
            assertThat(event.get("number").textValue()).isEqualTo(String.valueOf(next[thread]));
            next[thread]++;
        }
        assertThat(next).containsOnly(each);
    }

    private static List<Thread> threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().equals("agent-auth-audit"))
                .toList();
    }

    private static Throwable failureOf(Future<?> future) throws Exception {
        try {
            future.get(30, TimeUnit.SECONDS);
            throw new AssertionError("did not fail");
        } catch (java.util.concurrent.ExecutionException e) {
            return e.getCause();
        }
    }

    private static void await(BooleanSupplier condition) {
        long deadline = System.nanoTime() + LONG.toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as("in time").isLessThan(deadline);
            LockSupport.parkNanos(100_000);
        }
    }

    /** What is told of failures. */
    private static final class Said extends Handler {
        private final Logger logger = Logger.getLogger(JsonLines.class.getName());
        private final List<String> lines = new java.util.concurrent.CopyOnWriteArrayList<>();

        @Override
        public void publish(LogRecord entry) {
            lines.add(entry.getLevel() + " " + entry.getMessage());
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    }
}
