package dev.agentauth.keys;

import dev.agentauth.internal.jose.OwnKey;
import dev.agentauth.internal.jose.OwnKeySets;
import dev.agentauth.spi.PortUnavailableException;
import dev.agentauth.spi.SigningKey;
import dev.agentauth.spi.SigningKeys;
import dev.agentauth.spi.VerificationKey;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Signing keys that are made here and replaced by {@link #rotate} with an overlap, so that no assertion is refused
 * because of a rotation. They live in memory, or in a file that several replicas may share.
 *
 * <p>The file is a JWK set with private P-256 keys. All times are kept in it: {@code nbf} of a key is when it begins to
 * sign, {@code exp} when it stops being published; the key that began last is the one that signs. A key without
 * {@code nbf} could always sign, so a set from another tool can be used as it is. The file is replaced as a whole
 * and never changed in place. A change by another process is seen within a second; if it cannot be read, the keys in
 * memory stay in force and a warning is logged.
 *
 * <p>Safe for use by many threads. {@link #current} and {@link #published} answer from memory, but for a look at the
 * file's time and size once a second.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc7517#section-5">RFC 7517, section 5 (JWK set)</a>
 * @since 0.2.0
 */
public final class RotatingSigningKeys implements SigningKeys {

    /** For how long a new key is published before it signs: longer than anyone caches the published keys. */
    public static final Duration PUBLISH_AHEAD = Duration.ofMinutes(10);

    private static final Duration CHECK_INTERVAL = Duration.ofSeconds(1);
    private static final System.Logger LOG = System.getLogger(RotatingSigningKeys.class.getName());

    private final InstantSource clock;
    private final @Nullable SigningKeyFile file;

    /** Held by whoever reads or writes the file, and by {@link #rotate}. Nobody waits for it in order to sign. */
    private final ReentrantLock changing = new ReentrantLock();

    /** Written with the monitor of this object held. */
    private volatile KeySchedule schedule;

    private volatile Instant checkedAt;
    private SigningKeyFile.@Nullable Stamp stamp;
    private boolean isFileBroken;

    private RotatingSigningKeys(InstantSource clock, @Nullable SigningKeyFile file, List<OwnKey> keys, Instant now) {
        this.clock = clock;
        this.file = file;
        this.schedule = KeySchedule.of(keys, now);
        this.checkedAt = now;
    }

    /**
     * Keys that die with this process, and with them every assertion. Logs a warning that says so. For development and
     * tests, and for a service with one replica that does not mind its agents registering again.
     *
     * @param clock tells when a key begins to sign and when it leaves
     * @return one new key, which signs at once
     */
    public static RotatingSigningKeys ephemeral(InstantSource clock) {
        LOG.log(
                System.Logger.Level.WARNING,
                "Signing keys are in memory only: every identity assertion dies with this process. "
                        + "Use RotatingSigningKeys.file or a SigningKeys of your own in production.");
        return new RotatingSigningKeys(clock, null, firstKey(), clock.instant());
    }

    /**
     * Keys in a file. If it does not exist it is created, with access for its owner alone where the file system has
     * POSIX permissions, and with one key, which signs at once. Of several processes that create it at the same time, one
     * succeeds and all use what it wrote; on file systems without hard links, let one process create it.
     *
     * @param jwkSet the file; its folder must exist
     * @param clock tells when a key begins to sign and when it leaves; replicas need not agree on it to the second
     * @return the keys of the file
     * @throws IllegalStateException naming the path, if the file cannot be read or created, is not a set of private P-256
     *     keys of which one may sign now, or can be written by others than its owner or read by others than it and its group
     */
    public static RotatingSigningKeys file(Path jwkSet, InstantSource clock) {
        SigningKeyFile file = new SigningKeyFile(jwkSet);
        if (file.isAbsent()) {
            file.create(firstKey());
        }
        Instant now = clock.instant();
        RotatingSigningKeys keys = new RotatingSigningKeys(clock, file, List.of(), now);
        keys.load(file, now);
        return keys;
    }

    @Override
    public SigningKey current() {
        SigningKey current = scheduleNow().current();
        if (current == null) {
            throw new PortUnavailableException("all signing keys are past their time: rotate them");
        }
        return current;
    }

    @Override
    public List<VerificationKey> published() {
        return scheduleNow().published();
    }

    /**
     * Adds a key. It is published at once and signs from {@link #PUBLISH_AHEAD} on; the key that signs until then stays
     * published for one more lifetime of an assertion. Keys whose time is over are dropped. Call it from a scheduler, on
     * one replica at a time: of two calls at the same moment one may be lost, which does no harm.
     *
     * @param assertionLifetime how long identity assertions are valid, at the longest
     * @throws IllegalArgumentException if the lifetime is negative
     * @throws IllegalStateException naming the path, if the file cannot be read or replaced; nothing has changed then
     */
    public void rotate(Duration assertionLifetime) {
        if (assertionLifetime.isNegative()) {
            throw new IllegalArgumentException("assertionLifetime must not be negative");
        }
        changing.lock();
        try {
            Instant now = clock.instant();
            KeySchedule before = file == null ? schedule.at(now) : KeySchedule.of(file.read(), now);
            List<OwnKey> keys = before.rotated(OwnKeySets.generate(), now, PUBLISH_AHEAD, assertionLifetime);
            if (file == null) {
                put(KeySchedule.of(keys, now));
            } else {
                file.replace(keys);
                load(file, now);
            }
        } finally {
            changing.unlock();
        }
    }

    private KeySchedule scheduleNow() {
        Instant now = clock.instant();
        if (file != null && isCheckDue(now)) {
            followFile(file, now);
        }
        KeySchedule seen = schedule;
        return seen.holdsAt(now) ? seen : advance(now);
    }

    private synchronized KeySchedule advance(Instant now) {
        KeySchedule advanced = schedule.at(now);
        schedule = advanced;
        return advanced;
    }

    private synchronized void put(KeySchedule changed) {
        schedule = changed;
    }

    private boolean isCheckDue(Instant now) {
        Instant last = checkedAt;
        return now.isBefore(last) || !now.isBefore(last.plus(CHECK_INTERVAL));
    }

    private void followFile(SigningKeyFile source, Instant now) {
        if (!changing.tryLock()) {
            return;
        }
        try {
            checkedAt = now;
            if (!source.stamp().equals(stamp)) {
                load(source, now);
            }
            isFileBroken = false;
        } catch (IllegalStateException e) {
            if (!isFileBroken) {
                LOG.log(System.Logger.Level.WARNING, "Keeping the signing keys that are in memory.", e);
            }
            isFileBroken = true;
        } finally {
            changing.unlock();
        }
    }

    private void load(SigningKeyFile source, Instant now) {
        // Before the content, so that a change in between is seen by the next check.
        SigningKeyFile.Stamp found = source.stamp();
        KeySchedule loaded = KeySchedule.of(source.read(), now);
        if (loaded.current() == null) {
            throw source.unusable("none of its keys may sign now", null);
        }
        put(loaded);
        stamp = found;
    }

    private static List<OwnKey> firstKey() {
        return List.of(new OwnKey(OwnKeySets.generate(), Instant.EPOCH, Instant.MAX));
    }
}
