package dev.agentauth.memory;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentauth.SecretHash;
import dev.agentauth.spi.AccessToken;
import dev.agentauth.spi.TokenStore;
import dev.agentauth.testkit.TokenStoreContract;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class InMemoryTokenStoreTest extends TokenStoreContract {
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
    private static final int LIMIT = 7;
    private static final int REGISTRATIONS = 40;
    private static final int STEPS = 100_000;

    private final InMemoryTokenStore tokens = new InMemoryTokenStore();

    @Override
    protected TokenStore newStore() {
        return tokens;
    }

    /** Of what is known: each token by its hash, and those of each registration, oldest first. */
    private final Map<SecretHash, AccessToken> model = new HashMap<>();

    private final Map<String, Deque<SecretHash>> modelByRegistration = new HashMap<>();

    @ParameterizedTest
    @DisplayName("holds what a map would, however its tokens collide")
    @ValueSource(ints = {1, 2, 3, 4, 5, 6})
    void agreesWithAMap(int seed) {
        Random random = new Random(seed);
        List<SecretHash> used = new ArrayList<>();
        for (int step = 0; step < STEPS; step++) {
            int kind = random.nextInt(100);
            if (kind < 55) {
                AccessToken token = token(random, used.size(), step);
                used.add(token.hash());
                tokens.insert(token, NOW, LIMIT);
                insertIntoModel(token);
            } else if (kind < 99 && !used.isEmpty()) {
                SecretHash hash = used.get(random.nextInt(used.size()));
                tokens.delete(hash);
                removeFromModel(hash);
            } else if (step % 50 == 0) {
                Instant bound = NOW.plusSeconds(random.nextInt(step + 1));
                List<AccessToken> expired = model.values().stream()
                        .filter(token -> !token.expiresAt().isAfter(bound))
                        .toList();
                assertThat(tokens.purgeExpired(bound, 1)).isEqualTo(expired.size());
                expired.forEach(token -> removeFromModel(token.hash()));
            }
            SecretHash any = used.isEmpty() ? hash(0, 0) : used.get(random.nextInt(used.size()));
            assertThat(tokens.find(any)).isEqualTo(Optional.ofNullable(model.get(any)));
        }
        assertThat(used)
                .allSatisfy(hash -> assertThat(tokens.find(hash)).isEqualTo(Optional.ofNullable(model.get(hash))));
        assertThat(tokens.purgeExpired(NOW.plusSeconds(2 * STEPS), 1)).isEqualTo(model.size());
        assertThat(used).allSatisfy(hash -> assertThat(tokens.find(hash)).isEmpty());
    }

    private static AccessToken token(Random random, int number, int step) {
        return new AccessToken(
                hash(random.nextInt(4), number),
                "reg_" + random.nextInt(REGISTRATIONS),
                step,
                random.nextInt(5) == 0 ? Set.of("scope_" + number) : null,
                NOW.plusSeconds(step + random.nextInt(STEPS)));
    }

    /** All in one part of the store, around few places, of which one is the last. */
    private static SecretHash hash(int place, int number) {
        long home = place * 0x5555_5555L;
        return SecretHash.ofBytes(ByteBuffer.allocate(32)
                .putLong((((long) number << 32) & 0x00ff_ffff_0000_0000L) | home)
                .putLong(number)
                .putLong(7)
                .putLong(7)
                .array());
    }

    private void insertIntoModel(AccessToken token) {
        model.put(token.hash(), token);
        Deque<SecretHash> of = modelByRegistration.computeIfAbsent(token.registrationId(), id -> new ArrayDeque<>());
        of.add(token.hash());
        if (of.size() > LIMIT) {
            model.remove(of.remove());
        }
    }

    private void removeFromModel(SecretHash hash) {
        AccessToken token = model.remove(hash);
        if (token != null) {
            modelByRegistration.get(token.registrationId()).remove(hash);
        }
    }

    @Test
    @DisplayName("always finds what stays, whole, while others come and go beside it")
    void findsWhatStays() {
        AtomicBoolean ended = new AtomicBoolean();
        List<AccessToken> staying = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            AccessToken token = paired(i, i);
            staying.add(token);
            tokens.insert(token, NOW, LIMIT);
        }
        CompletableFuture<Integer> reading = CompletableFuture.supplyAsync(() -> {
            int looks = 0;
            while (!ended.get()) {
                for (AccessToken token : staying) {
                    assertThat(tokens.find(token.hash())).contains(token);
                    looks++;
                }
                tokens.find(hash(looks % 4, 100 + looks % 50))
                        .ifPresent(seen -> assertThat(seen.expiresAt()).isEqualTo(NOW.plusSeconds(seen.epoch())));
            }
            return looks;
        });
        for (int round = 0; round < 2_000; round++) {
            for (int i = 0; i < 50; i++) {
                tokens.insert(paired(100 + i, round), NOW, 100);
            }
            for (int i = 0; i < 50; i++) {
                tokens.delete(hash(i % 4, 100 + i));
            }
        }
        ended.set(true);

        assertThat(reading.join()).isPositive();
    }

    /** Its epoch tells its expiry. */
    private static AccessToken paired(int number, int round) {
        return new AccessToken(hash(number % 4, number), "reg_" + number % 3, round, null, NOW.plusSeconds(round));
    }
}
