package dev.agentauth.internal.operate;

import dev.agentauth.Caller;
import dev.agentauth.PurgeReport;
import dev.agentauth.config.Lifetimes;
import dev.agentauth.internal.Audit;
import dev.agentauth.internal.Ports;
import dev.agentauth.internal.Settings;
import dev.agentauth.internal.ports.Foreign;
import dev.agentauth.registration.Registration;
import dev.agentauth.spi.AuditEvent;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

/** Removes what nobody needs any more, in batches, by itself or when asked. */
public final class Purger implements AutoCloseable {
    private static final Logger LOG = System.getLogger(Purger.class.getName());
    private static final int BATCH = 500;
    private static final Duration FAREWELL = Duration.ofSeconds(2);

    private final Lifetimes lifetimes;
    private final Ports ports;
    private final Audit audit;
    private final @Nullable ScheduledExecutorService scheduler;

    /**
     * Starts the daemon thread, if there is to be one.
     *
     * @param interval how often it runs; null leaves it to whoever calls {@link #purge}
     */
    public Purger(Settings settings, Ports ports, Audit audit, @Nullable Duration interval) {
        this.lifetimes = settings.lifetimes();
        this.ports = ports;
        this.audit = audit;
        this.scheduler = interval == null ? null : start(interval);
    }

    /** See {@code AgentAuth.purge}. */
    public PurgeReport purge() {
        Instant now = ports.now();
        // Of a revocation of everything that was interrupted.
        int unused = inBatches(() -> ports.registrations().writeRevocations(BATCH));
        int registrations = inBatches(() -> purgeRegistrations(now));
        int tokens = inBatches(() -> ports.tokens().purgeExpired(now, BATCH));
        int replays = inBatches(() -> ports.replay().purgeExpired(now, BATCH));
        int marks = inBatches(() -> ports.logoutMarks().purgeExpired(now, BATCH));
        return new PurgeReport(registrations, tokens, replays, marks);
    }

    /** Stops the thread; a run that is under way is interrupted, and has some time to audit what it has purged. */
    @Override
    public void close() {
        if (scheduler == null) {
            return;
        }
        scheduler.shutdownNow();
        try {
            boolean unused = scheduler.awaitTermination(FAREWELL.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private int purgeRegistrations(Instant now) {
        // An unclaimed one stays for one further lifetime, so that its claim token answers claim_expired. A claimed one
        // may be in use until the last assertion that it was handed, and the last token for that, have expired.
        Instant unclaimedBefore = now.minus(lifetimes.registration());
        Instant settledBefore =
                now.minus(lifetimes.retention()).minus(lifetimes.assertion()).minus(lifetimes.accessToken());
        List<Registration> purged = ports.registrations().purge(unclaimedBefore, settledBefore, BATCH);
        for (Registration registration : purged) {
            if (!registration.isSettled()) {
                audit.record(
                        AuditEvent.Type.REGISTRATION_EXPIRED,
                        Caller.unknown(),
                        registration,
                        Map.of("kind", registration.kind().label()));
            }
        }
        purged.forEach(this::forgetKeysOfOwner);
        return purged.size();
    }

    /**
     * A provider identity whose registration is gone must not yield the user again that was made for it: from now on it is
     * one of which only its provider says whose it is.
     */
    private void forgetKeysOfOwner(Registration registration) {
        if (registration.provider() != null && registration.userId() != null) {
            ports.userOrigins().forgetKeys(registration.userId());
        }
    }

    private static int inBatches(IntSupplier batch) {
        int total = 0;
        int removed;
        do {
            removed = batch.getAsInt();
            total += removed;
        } while (removed >= BATCH && !Thread.currentThread().isInterrupted());
        return total;
    }

    private ScheduledExecutorService start(Duration interval) {
        ScheduledExecutorService executor = Executors.newSingleThreadScheduledExecutor(task -> {
            Thread thread = new Thread(task, "agent-auth-purge");
            thread.setDaemon(true);
            return thread;
        });
        long nanos = interval.toNanos();
        // Its future says nothing: a run that fails is logged and followed by the next.
        ScheduledFuture<?> unused =
                executor.scheduleWithFixedDelay(this::purgeQuietly, nanos, nanos, TimeUnit.NANOSECONDS);
        return executor;
    }

    private void purgeQuietly() {
        try {
            purge();
        } catch (Throwable e) {
            // Even what is fatal to others: whatever leaves this method ends the schedule, and nobody would be told.
            LOG.log(Level.WARNING, "the purge failed and will run again: " + Foreign.told(e));
        }
    }
}
