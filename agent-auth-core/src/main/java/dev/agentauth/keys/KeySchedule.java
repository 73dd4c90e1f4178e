package dev.agentauth.keys;

import dev.agentauth.internal.jose.OwnKey;
import dev.agentauth.spi.SigningKey;
import dev.agentauth.spi.VerificationKey;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Who signs and who is published, for as long as nothing changes by time alone. Ordered by when the keys begin to sign,
 * so that each key is succeeded by the next one.
 */
final class KeySchedule {
    private final List<OwnKey> keys;
    private final @Nullable SigningKey current;
    private final List<VerificationKey> published;
    private final Instant from;
    private final Instant until;

    private KeySchedule(
            List<OwnKey> keys,
            @Nullable SigningKey current,
            List<VerificationKey> published,
            Instant from,
            Instant until) {
        this.keys = keys;
        this.current = current;
        this.published = published;
        this.from = from;
        this.until = until;
    }

    static KeySchedule of(List<OwnKey> unordered, Instant now) {
        List<OwnKey> keys = ordered(unordered);
        SigningKey current = null;
        List<VerificationKey> published = new ArrayList<>();
        Instant from = Instant.MIN;
        Instant until = Instant.MAX;
        for (OwnKey key : keys) {
            boolean isPublished = now.isBefore(key.publishedUntil());
            if (isPublished) {
                published.add(key.signingKey().verificationKey());
            }
            if (isPublished && !now.isBefore(key.signsFrom())) {
                current = key.signingKey();
            }
            for (Instant change : List.of(key.signsFrom(), key.publishedUntil())) {
                if (!now.isBefore(change)) {
                    from = later(from, change);
                } else {
                    until = earlier(until, change);
                }
            }
        }
        return new KeySchedule(keys, current, List.copyOf(published), from, until);
    }

    /** The same keys at another time. */
    KeySchedule at(Instant now) {
        return of(keys, now);
    }

    boolean holdsAt(Instant now) {
        return !now.isBefore(from) && now.isBefore(until);
    }

    /** Null if no key may sign. */
    @Nullable
    SigningKey current() {
        return current;
    }

    List<VerificationKey> published() {
        return published;
    }

    /**
     * The keys with one more, which signs after it has been published for a while, or at once if nothing else may sign.
     * Each key that has a successor leaves when the last assertion that it can sign has expired.
     */
    List<OwnKey> rotated(SigningKey newKey, Instant now, Duration publishAhead, Duration assertionLifetime) {
        Instant signsFrom = current == null ? Instant.EPOCH : wholeSecond(now.plus(publishAhead));
        List<OwnKey> all = new ArrayList<>(keys);
        all.removeIf(key -> !now.isBefore(key.publishedUntil()));
        all.add(new OwnKey(newKey, signsFrom, Instant.MAX));
        all = new ArrayList<>(ordered(all));
        for (int i = 0; i < all.size() - 1; i++) {
            OwnKey key = all.get(i);
            if (key.publishedUntil().equals(Instant.MAX)) {
                Instant leaves = wholeSecond(all.get(i + 1).signsFrom().plus(assertionLifetime));
                all.set(i, new OwnKey(key.signingKey(), key.signsFrom(), leaves));
            }
        }
        return List.copyOf(all);
    }

    private static List<OwnKey> ordered(List<OwnKey> keys) {
        return keys.stream().sorted(Comparator.comparing(OwnKey::signsFrom)).toList();
    }

    /** Rounded up, since a JWK holds whole seconds. */
    private static Instant wholeSecond(Instant instant) {
        Instant truncated = instant.truncatedTo(ChronoUnit.SECONDS);
        return truncated.equals(instant) ? instant : truncated.plusSeconds(1);
    }

    private static Instant later(Instant a, Instant b) {
        return a.isAfter(b) ? a : b;
    }

    private static Instant earlier(Instant a, Instant b) {
        return a.isBefore(b) ? a : b;
    }
}
