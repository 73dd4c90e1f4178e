package dev.agentauth.examples.provider.kit;

import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import dev.agentauth.client.http.Json;
import java.text.ParseException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/**
 * A provider's signing keys. A new one is published for a while before it signs, so that it is in every service's cache by
 * then, and an old one stays published until nothing that it signed is good any more. Safe for use by many threads; the
 * replicas of one provider have to be given the same keys.
 */
public final class KeyRing {
    /** How long a key is published before it signs: longer than services may cache what is published. */
    static final Duration PUBLISHED_AHEAD = Duration.ofMinutes(15);

    /** How long it is published after it has signed for the last time: longer than anything that is signed is good. */
    static final Duration PUBLISHED_AFTER = ProviderKit.MAX_LIFETIME.plusMinutes(5);

    private final InstantSource clock;

    /** By the instant from which each signs; the first signs now, or did when the others were made. */
    private List<Es256Key> keys;

    private KeyRing(InstantSource clock, List<Es256Key> keys) {
        this.clock = clock;
        this.keys = List.copyOf(keys);
    }

    /** One new key, which signs at once. */
    public static KeyRing generate(InstantSource clock) {
        return new KeyRing(clock, List.of(Es256Key.generate(second(clock.instant()))));
    }

    /**
     * The keys that {@link #toJson} has written.
     *
     * @throws IllegalArgumentException if they are none
     */
    public static KeyRing fromJson(String json, InstantSource clock) {
        List<Es256Key> keys = new ArrayList<>();
        try {
            for (JWK jwk : JWKSet.parse(json).getKeys()) {
                keys.add(Es256Key.of(jwk));
            }
        } catch (ParseException e) {
            throw new IllegalArgumentException("not a set of private P-256 keys, each with kid and nbf");
        }
        keys.sort(Comparator.comparing(Es256Key::signsFrom));
        if (keys.isEmpty() || keys.get(0).signsFrom().isAfter(clock.instant())) {
            throw new IllegalArgumentException("none of the keys signs yet");
        }
        return new KeyRing(clock, keys);
    }

    /** All keys with their private halves, as a JWK set: the secret that a provider stands on. */
    public synchronized String toJson() {
        return Json.write(Map.of("keys", keys.stream().map(Es256Key::privateJwk).toList()));
    }

    /** Adds a key, which is published from now on and signs a quarter of an hour later. Drops those that are past. */
    public synchronized void rotate() {
        List<Es256Key> next = new ArrayList<>(publishedNow());
        next.add(Es256Key.generate(second(clock.instant()).plus(PUBLISHED_AHEAD)));
        keys = List.copyOf(next);
    }

    /** The key that signs now. */
    synchronized Es256Key current() {
        Instant now = clock.instant();
        Es256Key current = keys.get(0);
        for (Es256Key key : keys) {
            current = key.signsFrom().isAfter(now) ? current : key;
        }
        return current;
    }

    /** The public halves of those that sign, will sign, or have signed what may still be good. */
    synchronized List<Map<String, Object>> published() {
        return publishedNow().stream().map(Es256Key::publicJwk).toList();
    }

    private List<Es256Key> publishedNow() {
        Instant now = clock.instant();
        List<Es256Key> published = new ArrayList<>();
        for (int i = 0; i < keys.size(); i++) {
            boolean isLast = i + 1 == keys.size();
            if (isLast || now.isBefore(keys.get(i + 1).signsFrom().plus(PUBLISHED_AFTER))) {
                published.add(keys.get(i));
            }
        }
        return published;
    }

    private static Instant second(Instant instant) {
        return instant.truncatedTo(ChronoUnit.SECONDS);
    }
}
