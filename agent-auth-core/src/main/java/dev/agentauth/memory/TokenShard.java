package dev.agentauth.memory;

import dev.agentauth.SecretHash;
import dev.agentauth.spi.AccessToken;
import dev.agentauth.spi.Microseconds;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.StampedLock;
import org.jspecify.annotations.Nullable;

/**
 * A part of all tokens, as rows of numbers: tokens come and go with each exchange, at random places among those that stay,
 * and as objects of a map they took the collector a sixth of what an exchange costs.
 *
 * <p>Readers take no lock unless somebody writes meanwhile.
 */
final class TokenShard {
    // The four words of the hash, the first being the key, and what else there is to know. The owner's word has the
    // place of the registration too, so that a processor waits for the registration and for its tokens at the same
    // time.
    private static final int EPOCH = 4;
    private static final int EXPIRY = 5;
    private static final int OWNER = 6;
    private static final int WIDTH = 7;

    private final Numbered<Owner> owners;
    private final StampedLock lock = new StampedLock();
    private Rows rows = Rows.ofWidth(WIDTH);
    private int size;

    TokenShard(Numbered<Owner> owners) {
        this.owners = owners;
    }

    /** What is made of a token. */
    interface Reader<T> {
        /** Of a token, and where its registration was when the first of its tokens came. */
        @Nullable
        T read(AccessToken token, LiveTokens tokens, int place);
    }

    /** A token that was found to have expired. */
    record Expired(long key, LiveTokens tokens) {}

    /** By which a token is told from others of its registration. A free slot has none, so that 0 is not one. */
    static long key(SecretHash hash) {
        long key = hash.word(0);
        return key == 0 ? 1 : key;
    }

    /** What is made of a token; null if it is not here. */
    <T> @Nullable T find(SecretHash hash, Reader<T> reader) {
        long stamp = lock.tryOptimisticRead();
        if (stamp != 0) {
            // Made up of halves, if somebody writes meanwhile: then it is thrown away.
            T seen = look(hash, reader);
            if (lock.validate(stamp)) {
                return seen;
            }
        }
        stamp = lock.readLock();
        try {
            return look(hash, reader);
        } finally {
            lock.unlockRead(stamp);
        }
    }

    private <T> @Nullable T look(SecretHash hash, Reader<T> reader) {
        Rows now = rows;
        int row = rowOf(hash, now);
        Owner owner = row < 0 ? null : owners.get(now.lower(row, OWNER));
        if (owner == null) {
            return null;
        }
        LiveTokens tokens = owner.tokens();
        AccessToken token = new AccessToken(
                hash,
                tokens.registrationId(),
                now.word(row, EPOCH),
                owner.ceiling(),
                Microseconds.toInstant(now.word(row, EXPIRY)));
        return reader.read(token, tokens, now.upper(row, OWNER));
    }

    private static int rowOf(SecretHash hash, Rows now) {
        int row = now.home(key(hash));
        // Never more often than there are rows: what is half written may show no end.
        for (int i = 0; i < now.capacity() && !now.isFree(row); i++) {
            if (now.word(row, 0) == key(hash)
                    && now.word(row, 1) == hash.word(1)
                    && now.word(row, 2) == hash.word(2)
                    && now.word(row, 3) == hash.word(3)) {
                return row;
            }
            row = now.next(row);
        }
        return -1;
    }

    /** Adds a token that is not here. */
    void add(AccessToken token, LiveTokens tokens) {
        SecretHash hash = token.hash();
        long expiry = Microseconds.of(token.expiresAt());
        int owner = token.ceiling() == null ? tokens.number() : owners.add(new Owner.Narrowed(tokens, token.ceiling()));
        long stamp = lock.writeLock();
        try {
            rows = rows.withRoomFor(++size);
            int row = rows.free(key(hash));
            rows.set(row, 0, key(hash));
            rows.set(row, 1, hash.word(1));
            rows.set(row, 2, hash.word(2));
            rows.set(row, 3, hash.word(3));
            rows.set(row, EPOCH, token.epoch());
            rows.set(row, EXPIRY, expiry);
            rows.set(row, OWNER, Rows.pair(tokens.place(), owner));
        } finally {
            lock.unlockWrite(stamp);
        }
    }

    /** Removes a token of a registration; false if it is not here. */
    boolean remove(long key, LiveTokens tokens) {
        int owner;
        long stamp = lock.writeLock();
        try {
            int row = rowOf(key, tokens);
            if (row < 0) {
                return false;
            }
            owner = rows.lower(row, OWNER);
            rows.vacate(row);
            rows = rows.withRoomFor(--size);
        } finally {
            lock.unlockWrite(stamp);
        }
        if (owner != tokens.number()) {
            owners.remove(owner);
        }
        return true;
    }

    private int rowOf(long key, LiveTokens tokens) {
        for (int row = rows.home(key); !rows.isFree(row); row = rows.next(row)) {
            if (rows.word(row, 0) == key && isOf(row, tokens)) {
                return row;
            }
        }
        return -1;
    }

    private boolean isOf(int row, LiveTokens tokens) {
        Owner owner = owners.get(rows.lower(row, OWNER));
        return owner != null && owner.tokens() == tokens;
    }

    /** Those that are no longer good at an instant. */
    List<Expired> expired(long microseconds) {
        long stamp = lock.readLock();
        try {
            List<Expired> expired = new ArrayList<>();
            for (int row = 0; row < rows.capacity(); row++) {
                Owner owner = rows.isFree(row) || rows.word(row, EXPIRY) > microseconds
                        ? null
                        : owners.get(rows.lower(row, OWNER));
                if (owner != null) {
                    expired.add(new Expired(rows.word(row, 0), owner.tokens()));
                }
            }
            return expired;
        } finally {
            lock.unlockRead(stamp);
        }
    }
}
