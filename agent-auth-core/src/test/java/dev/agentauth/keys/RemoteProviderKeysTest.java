package dev.agentauth.keys;

import static dev.agentauth.keys.KeyServer.keys;
import static dev.agentauth.keys.KeyServer.status;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.agentauth.spi.PortUnavailableException;
import dev.agentauth.spi.ProviderKey;
import dev.agentauth.spi.ProviderKeys;
import dev.agentauth.spi.TrustedProvider;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.function.LongSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(60)
class RemoteProviderKeysTest {
    private static final String ISSUER = "https://provider.example";
    private static final Instant START = Instant.parse("2026-05-04T13:00:00Z");
    private static final Duration MAX_AGE = Duration.ofHours(1);
    private static final String HOUR = "max-age=3600";
    private static final Duration OUTAGE = Duration.ofHours(4);
    private static final Duration INSTANT_BEFORE = Duration.ofNanos(1);

    private final MovedClock clock = new MovedClock();
    private final RecordingLogger log = new RecordingLogger();
    private final RemoteProviderKeys remote = new RemoteProviderKeys(clock, OUTAGE, log);
    private KeyServer server;
    private TrustedProvider provider;

    @BeforeEach
    void startServer() throws IOException {
        server = new KeyServer(keys(HOUR, "k1"));
        provider = server.provider(ISSUER);
    }

    @AfterEach
    void stopServer() throws IOException {
        server.close();
    }

    @Test
    void nothingIsFetchedBeforeItIsAskedFor() {
        assertThat(obtainedAt(provider)).isEmpty();
        assertThat(server.fetches()).isZero();
    }

    @Test
    void findBringsTheKeyAndKeepsIt() {
        assertThat(find("k1")).extracting(ProviderKey::keyId).containsExactly("k1");
        assertThat(find("k1")).hasSize(1);

        assertThat(server.fetches()).isEqualTo(1);
        assertThat(obtainedAt(provider)).contains(START);
    }

    @Test
    void findHandsOutTwinsForTheCallerToRefuse() {
        server.answers(keys(HOUR, "k1", "k2", "k1"));

        assertThat(find("k1")).hasSize(2);
    }

    @Test
    void keyThatMayNotBeUsedIsToldFromOneThatIsNotThere() {
        server.answers(KeyServer.ok(
                "Cache-Control: " + HOUR + "\r\n",
                "{\"keys\":[{\"kid\":\"old\",\"kty\":\"EC\",\"crv\":\"P-192\",\"x\":\"AQ\",\"y\":\"AQ\"},"
                        + "{\"kid\":\"secret\",\"kty\":\"oct\",\"k\":\"AQ\"}]}"));

        assertThat(remote.find(provider, "old")).isEqualTo(new ProviderKeys.Unusable());
        assertThat(remote.find(provider, "old")).isEqualTo(new ProviderKeys.Unusable());
        assertThat(server.fetches()).isEqualTo(1);
        assertThat(remote.find(provider, "secret")).isEqualTo(new ProviderKeys.Unknown());
    }

    @Test
    void theRequestAsksForNoCompression() {
        find("k1");

        assertThat(server.requests.get(0))
                .startsWith("GET /jwks.json HTTP/1.1\r\n")
                .doesNotContainIgnoringCase("Accept-Encoding")
                .doesNotContainIgnoringCase("Upgrade");
    }

    // Freshness

    @ParameterizedTest
    @CsvSource({
        "max-age=3600,   3600",
        "max-age=30,      600",
        "max-age=864000, 86400",
        "no-store,        600",
        "public,          600",
    })
    void keysAreFetchedAgainExactlyWhenTheyAreNoLongerFresh(String cacheControl, long seconds) {
        server.answers(keys(cacheControl, "k1"));
        find("k1");
        server.answers(keys(cacheControl, "k2"));

        clock.set(START.plusSeconds(seconds).minus(INSTANT_BEFORE));
        assertThat(find("k1")).hasSize(1);
        assertThat(server.fetches()).isEqualTo(1);

        clock.set(START.plusSeconds(seconds));
        assertThat(find("k1")).as("was withdrawn").isEmpty();
        assertThat(server.fetches()).isEqualTo(2);
        assertThat(obtainedAt(provider)).contains(START.plusSeconds(seconds));
    }

    @Test
    void ageOfTheAnswerIsTakenOff() {
        server.answers(KeyServer.ok("Cache-Control: max-age=3600\r\nAge: 600\r\n", KeyServer.jwks("k1")));
        find("k1");

        clock.set(START.plusSeconds(3000).minus(INSTANT_BEFORE));
        find("k1");
        assertThat(server.fetches()).isEqualTo(1);

        clock.set(START.plusSeconds(3000));
        find("k1");
        assertThat(server.fetches()).isEqualTo(2);
    }

    // Unknown key ids

    @Test
    void anUnknownKeyIdIsFetchedForAtOnce() {
        find("k1");
        server.answers(keys(HOUR, "k1", "k2"));

        assertThat(find("k2")).hasSize(1);
        assertThat(server.fetches()).isEqualTo(2);
    }

    @Test
    void aKeyIdThatTheFetchDoesNotBringIsAnsweredByAnEmptyList() {
        find("k1");

        assertThat(find("x")).isEmpty();
        assertThat(server.fetches()).isEqualTo(2);
    }

    @Test
    void aKeyIdThatWasNotFoundIsFoundOnceItIsPublished() {
        find("k1");
        find("k2");
        server.answers(keys(HOUR, "k1", "k2"));

        assertThat(find("k2")).hasSize(1);
    }

    @Test
    void aFetchThatFailsForAnUnknownKeyIdIsNotRepeatedForTheSameRequest() {
        find("k1");
        server.answers(status(500));

        assertUnavailable("x");
        assertThat(server.fetches()).isEqualTo(2);
    }

    @Test
    void withTheBudgetSpentAKeyIdThatWasNotFoundStaysUnknownAndOthersAreUnavailable() {
        find("k1");
        find("x1");
        find("x2");
        find("x3");

        assertThat(find("x1")).isEmpty();
        assertThat(find("x3")).isEmpty();
        assertUnavailable("x4");
        assertThat(find("k1")).hasSize(1);
        assertThat(server.fetches()).isEqualTo(4);
    }

    @Test
    void aFourthFetchIsAllowedExactlyFiveMinutesAfterTheFirst() {
        find("k1");
        find("x1");
        clock.set(START.plusSeconds(60));
        find("x2");
        clock.set(START.plusSeconds(120));
        find("x3");

        clock.set(START.plusSeconds(300).minus(INSTANT_BEFORE));
        assertUnavailable("x4");
        assertThat(server.fetches()).isEqualTo(4);

        clock.set(START.plusSeconds(300));
        assertThat(find("x4")).isEmpty();
        assertThat(server.fetches()).isEqualTo(5);
        assertUnavailable("x5");

        clock.set(START.plusSeconds(360));
        assertThat(find("x5")).isEmpty();
        assertThat(server.fetches()).isEqualTo(6);
    }

    @Test
    void thatAKeyIdWasNotFoundIsForgottenExactlyAfterFiveMinutes() {
        find("k1");
        find("x1");
        clock.set(START.plus(INSTANT_BEFORE));
        find("x2");
        find("x3");
        clock.set(START.plusSeconds(300));
        find("x4");

        assertThat(find("x2")).as("an instant short of five minutes").isEmpty();
        assertUnavailable("x1");
        assertThat(server.fetches()).isEqualTo(5);
    }

    @Test
    void T10_aHundredThousandUnknownKeyIdsCauseThreeFetches() throws Exception {
        find("k1");
        List<FutureTask<Integer>> floods = new ArrayList<>();
        for (int thread = 0; thread < 8; thread++) {
            String prefix = "x" + thread + "-";
            floods.add(inThread(() -> {
                int honest = 0;
                for (int i = 0; i < 12_500; i++) {
                    try {
                        found(remote, provider, prefix + i);
                    } catch (PortUnavailableException e) {
                        honest += found(remote, provider, "k1").size();
                    }
                }
                return honest;
            }));
        }

        int honest = 0;
        for (FutureTask<Integer> flood : floods) {
            honest += flood.get();
        }
        assertThat(server.fetches()).isEqualTo(1 + 3);
        assertThat(honest).isGreaterThan(99_000);
    }

    @Test
    void T10_knownKeysDoNotWaitForTheFetchOfAnUnknownOne() throws Exception {
        find("k1");
        CountDownLatch answered = hold(keys(HOUR, "k1", "k2"));
        FutureTask<List<ProviderKey>> unknown = inThread(() -> find("k2"));
        awaitFetches(2);

        // Had one of them waited, the fetch would have run into its time limit.
        for (int i = 0; i < 1_000; i++) {
            assertThat(find("k1")).hasSize(1);
        }
        clock.set(START.plus(MAX_AGE));
        assertThat(find("k1")).as("not fresh, but being fetched").hasSize(1);

        answered.countDown();
        assertThat(unknown.get()).hasSize(1);
        assertThat(server.fetches()).isEqualTo(2);
    }

    @Test
    void T10_aSpentBudgetDoesNotHoldUpARefresh() {
        find("k1");
        server.answers(status(500));
        clock.set(START.plus(MAX_AGE).minus(INSTANT_BEFORE));
        assertUnavailable("x1");
        assertUnavailable("x2");
        assertUnavailable("x3");
        assertThat(server.fetches()).isEqualTo(4);
        server.answers(keys(HOUR, "k2"));

        clock.set(START.plus(MAX_AGE));
        assertThat(find("k1")).as("was withdrawn").isEmpty();
        assertThat(server.fetches()).isEqualTo(5);
        assertThat(find("k2")).hasSize(1);
        assertUnavailable("x4");
    }

    @Test
    void refreshesDoNotCountAgainstTheBudget() {
        find("k1");
        clock.set(START.plus(MAX_AGE));
        find("k1");
        assertThat(server.fetches()).isEqualTo(2);

        assertThat(find("x1")).isEmpty();
        assertThat(find("x2")).isEmpty();
        assertThat(find("x3")).isEmpty();
        assertUnavailable("x4");
    }

    // One fetch at a time

    @Test
    void thirtyTwoThreadsShareOneFetch() throws Exception {
        CountDownLatch answered = hold(keys(HOUR, "k1"));
        List<FutureTask<List<ProviderKey>>> tasks = new ArrayList<>();
        List<Thread> threads = inThreads(32, () -> find("k1"), tasks);
        awaitWaiting(threads);

        answered.countDown();
        for (FutureTask<List<ProviderKey>> task : tasks) {
            assertThat(task.get()).hasSize(1);
        }
        assertThat(server.fetches()).isEqualTo(1);
    }

    @Test
    void aFetchThatFailsFailsForAllThirtyTwoThreads() throws Exception {
        CountDownLatch answered = hold(status(500));
        List<FutureTask<List<ProviderKey>>> tasks = new ArrayList<>();
        List<Thread> threads = inThreads(32, () -> find("k1"), tasks);
        awaitWaiting(threads);

        answered.countDown();
        for (FutureTask<List<ProviderKey>> task : tasks) {
            assertThatThrownBy(task::get)
                    .isInstanceOf(ExecutionException.class)
                    .hasCauseInstanceOf(PortUnavailableException.class);
        }
        assertThat(server.fetches()).isEqualTo(1);
    }

    @Test
    void aKeyPublishedWhileAFetchIsUnderWayIsNotDenied() throws Exception {
        find("k1");
        CountDownLatch answered = hold(keys(HOUR, "k1"));
        FutureTask<List<ProviderKey>> unknown = inThread(() -> find("x"));
        awaitFetches(2);
        List<FutureTask<List<ProviderKey>>> tasks = new ArrayList<>();
        List<Thread> late = inThreads(1, () -> find("k2"), tasks);
        awaitWaiting(late);
        server.answers(keys(HOUR, "k1", "k2"));

        answered.countDown();
        assertThat(unknown.get()).isEmpty();
        assertThat(tasks.get(0).get()).hasSize(1);
        assertThat(server.fetches()).isEqualTo(3);
    }

    @Test
    void anInterruptedWaiterGivesUpAndTheOthersDoNot() throws Exception {
        CountDownLatch answered = hold(keys(HOUR, "k1"));
        List<FutureTask<List<ProviderKey>>> tasks = new ArrayList<>();
        List<Thread> threads = inThreads(
                2,
                () -> {
                    try {
                        return find("k1");
                    } catch (PortUnavailableException e) {
                        assertThat(Thread.currentThread().isInterrupted()).isTrue();
                        throw e;
                    }
                },
                tasks);
        awaitWaiting(threads);

        threads.get(0).interrupt();
        assertThatThrownBy(tasks.get(0)::get).hasCauseInstanceOf(PortUnavailableException.class);
        answered.countDown();
        assertThat(tasks.get(1).get()).hasSize(1);
    }

    // Outages

    @Test
    void T11_aFailingProviderIsServedFromTheCacheUntilTheOutageTimeIsOver() {
        find("k1");
        server.answers(status(500));
        Instant end = START.plus(MAX_AGE).plus(OUTAGE);

        clock.set(START.plus(MAX_AGE));
        assertThat(find("k1")).hasSize(1);
        assertUnavailable("k2");
        clock.set(end.minus(INSTANT_BEFORE));
        assertThat(find("k1")).hasSize(1);

        clock.set(end);
        assertUnavailable("k1");
        assertThat(obtainedAt(provider)).contains(START);
    }

    @Test
    void T11_withoutOutageTimeNothingIsServedOnceItIsNoLongerFresh() {
        RemoteProviderKeys strict = RemoteProviderKeys.builder()
                .nanoTime(clock)
                .outageTime(Duration.ZERO)
                .build();
        found(strict, provider, "k1");
        server.answers(status(500));

        clock.set(START.plus(MAX_AGE).minus(INSTANT_BEFORE));
        assertThat(found(strict, provider, "k1")).hasSize(1);
        clock.set(START.plus(MAX_AGE));
        assertThatThrownBy(() -> found(strict, provider, "k1")).isInstanceOf(PortUnavailableException.class);
    }

    @Test
    void theDefaultOutageTimeIsFourHours() {
        RemoteProviderKeys standard =
                RemoteProviderKeys.builder().nanoTime(clock).build();
        found(standard, provider, "k1");
        server.answers(status(500));

        clock.set(START.plus(MAX_AGE).plus(Duration.ofHours(4)).minus(INSTANT_BEFORE));
        assertThat(found(standard, provider, "k1")).hasSize(1);
        clock.set(START.plus(MAX_AGE).plus(Duration.ofHours(4)));
        assertThatThrownBy(() -> found(standard, provider, "k1")).isInstanceOf(PortUnavailableException.class);
    }

    @Test
    void aNegativeOutageTimeIsRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> RemoteProviderKeys.builder().nanoTime(clock).outageTime(Duration.ofNanos(-1)))
                .withMessageContaining("outageTime");
    }

    @Test
    void aFailedRefreshIsRepeatedAfterTenSecondsThenAMinuteThenEveryTwoMinutes() {
        server.answers(status(500));
        Instant tried = START;
        assertUnavailable("k1");

        int fetches = 1;
        for (long pause : new long[] {10, 60, 120, 120}) {
            clock.set(tried.plusSeconds(pause).minus(INSTANT_BEFORE));
            assertUnavailable("k1");
            assertUnavailable("k2");
            assertThat(server.fetches()).isEqualTo(fetches);

            tried = tried.plusSeconds(pause);
            clock.set(tried);
            assertUnavailable("k1");
            fetches++;
            assertThat(server.fetches()).isEqualTo(fetches);
        }
    }

    @Test
    void cachedKeysDoNotWaitForTheRepetitionThatAnotherRequestStarted() throws Exception {
        find("k1");
        server.answers(status(500));
        clock.set(START.plus(MAX_AGE));
        find("k1");
        clock.set(START.plus(MAX_AGE).plusSeconds(10));
        CountDownLatch answered = hold(keys(HOUR, "k2"));
        FutureTask<List<ProviderKey>> repeating = inThread(() -> find("k1"));
        awaitFetches(3);

        assertThat(find("k1")).hasSize(1);

        answered.countDown();
        assertThat(repeating.get()).isEmpty();
        assertThat(server.fetches()).isEqualTo(3);
    }

    @Test
    void aProviderThatRecoversIsFetchedFromAndItsFailuresAreForgotten() {
        server.answers(status(500));
        assertUnavailable("k1");
        clock.set(START.plusSeconds(10));
        assertUnavailable("k1");
        server.answers(keys(HOUR, "k1"));

        clock.set(START.plusSeconds(70));
        assertThat(find("k1")).hasSize(1);
        assertThat(obtainedAt(provider)).contains(START.plusSeconds(70));

        server.answers(status(500));
        Instant stale = START.plusSeconds(70).plus(MAX_AGE);
        clock.set(stale);
        find("k1");
        clock.set(stale.plusSeconds(10));
        find("k1");
        assertThat(server.fetches()).as("the first pause is ten seconds again").isEqualTo(5);
    }

    @Test
    void inAnOutageUnknownKeyIdsStillHaveTheirBudgetAndNoMore() {
        find("k1");
        server.answers(status(500));
        clock.set(START.plus(MAX_AGE));
        for (int i = 0; i < 10; i++) {
            find("k1");
        }
        assertThat(server.fetches()).as("cached keys use none of it").isEqualTo(2);

        for (int i = 0; i < 10; i++) {
            assertUnavailable("x" + i);
        }
        assertThat(server.fetches()).isEqualTo(2 + 3);
    }

    @Test
    void failureAndRecoveryAreLoggedOnceEachWithoutRemoteContent() {
        find("k1");
        server.answers(KeyServer.ok("X-Header: remote\r\n", "<html>remote</html>"));
        clock.set(START.plus(MAX_AGE));
        find("k1");
        clock.set(START.plus(MAX_AGE).plusSeconds(10));
        server.answers(status(503));
        find("k1");
        assertThat(log.lines).containsExactly("WARNING The keys of " + ISSUER + " cannot be obtained: not a JWK set");

        server.answers(keys(HOUR, "k1"));
        clock.set(START.plus(MAX_AGE).plusSeconds(70));
        find("k1");
        clock.set(START.plus(MAX_AGE).plus(MAX_AGE).plusSeconds(70));
        find("k1");
        assertThat(log.lines.subList(1, log.lines.size()))
                .containsExactly("INFO The keys of " + ISSUER + " can be obtained again");
        assertThat(server.fetches()).isEqualTo(5);
    }

    // The trust list changes

    @Test
    void keysOfTheOldAddressAreNotUsedAtTheNewOne() throws IOException {
        find("k1");
        try (KeyServer other = new KeyServer(keys(HOUR, "k2"))) {
            TrustedProvider moved = other.provider(ISSUER);

            assertThat(obtainedAt(moved)).isEmpty();
            assertThat(found(remote, moved, "k1")).isEmpty();
            assertThat(found(remote, moved, "k2")).hasSize(1);
            assertThat(other.fetches()).isEqualTo(1);
        }
    }

    @Test
    void issuersThatShareAnAddressDoNotShareABudget() {
        find("k1");
        for (int i = 0; i < 4; i++) {
            try {
                find("x" + i);
            } catch (PortUnavailableException e) {
                assertThat(i).isEqualTo(3);
            }
        }

        assertThat(found(remote, server.provider("https://other.example"), "x")).isEmpty();
    }

    @Test
    void whatCanServeNoMoreIsForgottenWhenAnotherProviderComes() {
        find("k1");
        Instant end = START.plus(MAX_AGE).plus(OUTAGE);

        clock.set(end.minus(INSTANT_BEFORE));
        found(remote, server.provider("https://second.example"), "k1");
        assertThat(obtainedAt(provider)).contains(START);

        clock.set(end);
        found(remote, server.provider("https://third.example"), "k1");
        assertThat(obtainedAt(provider)).isEmpty();
    }

    private List<ProviderKey> find(String keyId) {
        return found(remote, provider, keyId);
    }

    private void assertUnavailable(String keyId) {
        assertThatThrownBy(() -> find(keyId))
                .isInstanceOf(PortUnavailableException.class)
                .hasMessageContaining(ISSUER);
    }

    /** The next answer is decided now and sent when the latch says so. */
    private CountDownLatch hold(KeyServer.Answer answer) {
        CountDownLatch latch = new CountDownLatch(1);
        server.answers(client -> {
            latch.await();
            answer.to(client);
        });
        return latch;
    }

    private void awaitFetches(int count) throws InterruptedException {
        while (server.fetches() < count) {
            Thread.sleep(1);
        }
    }

    /** They wait with a time limit only for a fetch. */
    private static void awaitWaiting(List<Thread> threads) throws InterruptedException {
        while (!threads.stream().allMatch(thread -> thread.getState() == Thread.State.TIMED_WAITING)) {
            Thread.sleep(1);
        }
    }

    private static <T> FutureTask<T> inThread(Callable<T> action) {
        List<FutureTask<T>> tasks = new ArrayList<>();
        inThreads(1, action, tasks);
        return tasks.get(0);
    }

    private static <T> List<Thread> inThreads(int count, Callable<T> action, List<FutureTask<T>> tasks) {
        CountDownLatch go = new CountDownLatch(1);
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            FutureTask<T> task = new FutureTask<>(() -> {
                go.await();
                return action.call();
            });
            tasks.add(task);
            Thread thread = new Thread(task);
            thread.setDaemon(true);
            thread.start();
            threads.add(thread);
        }
        go.countDown();
        return threads;
    }

    private static List<ProviderKey> found(ProviderKeys keys, TrustedProvider whose, String keyId) {
        return keys.find(whose, keyId) instanceof ProviderKeys.Found found ? found.keys() : List.of();
    }

    private Optional<Instant> obtainedAt(TrustedProvider whose) {
        return remote.age(whose).map(clock.now::minus);
    }

    /** Begins a minute before it overflows, as a source of nanoseconds may. */
    private static final class MovedClock implements LongSupplier {
        private static final long BEGIN = Long.MAX_VALUE - Duration.ofMinutes(1).toNanos();

        private volatile Instant now = START;

        void set(Instant instant) {
            now = instant;
        }

        @Override
        public long getAsLong() {
            return BEGIN + Duration.between(START, now).toNanos();
        }
    }
}
