package dev.agentauth.spring;

import dev.agentauth.keys.RotatingSigningKeys;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.springframework.context.SmartLifecycle;

/**
 * Lets a key follow once the newest one is old enough. How old that is, the file tells, which changes with each rotation and
 * never otherwise: so restarts do not put a rotation off, and of several replicas one is the first. Where two rotate at the
 * same moment, one more key is made, and nothing is lost.
 */
final class SigningKeysRotation implements SmartLifecycle {
    private static final System.Logger LOG = System.getLogger(SigningKeysRotation.class.getName());
    private static final long FIRST_LOOK_MINUTES = 1;
    private static final long LOOK_EVERY_MINUTES = 60;

    private final RotatingSigningKeys keys;
    private final Path file;
    private final Duration age;
    private final Duration assertionLifetime;
    private final InstantSource clock;
    private @Nullable ScheduledExecutorService scheduler;

    SigningKeysRotation(
            RotatingSigningKeys keys, Path file, Duration age, Duration assertionLifetime, InstantSource clock) {
        this.keys = keys;
        this.file = file;
        this.age = age;
        this.assertionLifetime = assertionLifetime;
        this.clock = clock;
    }

    @Override
    public synchronized void start() {
        if (scheduler == null && !age.isZero()) {
            scheduler = Executors.newSingleThreadScheduledExecutor(task -> {
                Thread thread = new Thread(task, "agent-auth-key-rotation");
                thread.setDaemon(true);
                return thread;
            });
            var unused = scheduler.scheduleWithFixedDelay(
                    this::rotateIfDue, FIRST_LOOK_MINUTES, LOOK_EVERY_MINUTES, TimeUnit.MINUTES);
        }
    }

    @Override
    public synchronized void stop() {
        if (scheduler != null) {
            scheduler.shutdown();
            scheduler = null;
        }
    }

    @Override
    public synchronized boolean isRunning() {
        return scheduler != null;
    }

    /** Whatever happens, the next look follows. */
    void rotateIfDue() {
        try {
            Instant changed = Files.getLastModifiedTime(file).toInstant();
            if (!clock.instant().isBefore(changed.plus(age))) {
                keys.rotate(assertionLifetime);
                LOG.log(Level.INFO, "A new signing key follows.");
            }
        } catch (IOException | RuntimeException e) {
            LOG.log(Level.WARNING, "The signing keys could not be rotated; the ones that there are stay in force.", e);
        }
    }
}
