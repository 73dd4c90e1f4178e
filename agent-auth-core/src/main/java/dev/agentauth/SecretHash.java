package dev.agentauth;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.jspecify.annotations.Nullable;

/**
 * The SHA-256 of a secret: what stores see of it, and what they look it up by. Four longs instead of an array, so that
 * it is a cheap key of a map. It is no bean and no record: a JSON mapper finds nothing in it, and {@code toString} shows a
 * part that is good for telling two apart and for nothing else.
 *
 * @since 0.2.0
 */
public final class SecretHash {
    private static final int BYTES = 32;
    private static final int SHOWN_BYTES = 4;
    private static final Digests SHA_256 = new Digests();

    private final long a;
    private final long b;
    private final long c;
    private final long d;

    private SecretHash(long a, long b, long c, long d) {
        this.a = a;
        this.b = b;
        this.c = c;
        this.d = d;
    }

    /**
     * Hashes a secret.
     *
     * @param secret any text; encoded as UTF-8
     * @return its SHA-256
     */
    public static SecretHash of(String secret) {
        Digest digest = SHA_256.take();
        try {
            digest.update(secret);
            return digest.finish();
        } finally {
            SHA_256.giveBack(digest);
        }
    }

    /**
     * Hashes several texts so that no two different lists hash alike: each text is preceded by its length.
     *
     * @param parts the texts, in order
     * @return the SHA-256 of the length-prefixed texts
     */
    public static SecretHash ofParts(String... parts) {
        Digest digest = SHA_256.take();
        try {
            for (String part : parts) {
                byte[] bytes = part.getBytes(StandardCharsets.UTF_8);
                digest.updateLength(bytes.length);
                digest.update(bytes);
            }
            return digest.finish();
        } finally {
            SHA_256.giveBack(digest);
        }
    }

    /**
     * Reads a hash back.
     *
     * @param bytes exactly 32 bytes
     * @return the same hash
     * @throws IllegalArgumentException if there are not exactly 32 bytes
     */
    public static SecretHash ofBytes(byte[] bytes) {
        if (bytes.length != BYTES) {
            throw new IllegalArgumentException("a SHA-256 has 32 bytes");
        }
        return new SecretHash(longAt(bytes, 0), longAt(bytes, 8), longAt(bytes, 16), longAt(bytes, 24));
    }

    /**
     * The hash as bytes.
     *
     * @return 32 bytes, a fresh array each time
     */
    public byte[] bytes() {
        byte[] bytes = new byte[BYTES];
        put(bytes, 0, a);
        put(bytes, 8, b);
        put(bytes, 16, c);
        put(bytes, 24, d);
        return bytes;
    }

    /**
     * The hash as text, for stores that keep text.
     *
     * @return 64 hexadecimal digits in lower case
     */
    public String hex() {
        return HexFormat.of().formatHex(bytes());
    }

    /**
     * A part of the hash as a number, for stores that keep numbers.
     *
     * @param index 0 for the first eight bytes, to 3 for the last
     * @return those bytes, the first of them its highest
     * @throws IndexOutOfBoundsException if there is no such part
     */
    public long word(int index) {
        return switch (index) {
            case 0 -> a;
            case 1 -> b;
            case 2 -> c;
            case 3 -> d;
            default -> throw new IndexOutOfBoundsException(index);
        };
    }

    /** Compares all 256 bits whatever the outcome, so that its time tells nothing. */
    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof SecretHash that && ((a ^ that.a) | (b ^ that.b) | (c ^ that.c) | (d ^ that.d)) == 0;
    }

    @Override
    public int hashCode() {
        return Long.hashCode(a);
    }

    /** The first eight of its hexadecimal digits. */
    @Override
    public String toString() {
        return "SecretHash[" + HexFormat.of().formatHex(bytes(), 0, SHOWN_BYTES) + "...]";
    }

    private static long longAt(byte[] bytes, int offset) {
        long value = 0;
        for (int i = offset; i < offset + 8; i++) {
            value = (value << 8) | (bytes[i] & 0xff);
        }
        return value;
    }

    private static void put(byte[] bytes, int offset, long value) {
        for (int i = 0; i < 8; i++) {
            bytes[offset + i] = (byte) (value >>> (56 - 8 * i));
        }
    }

    /**
     * Digests that are used again and again: a new one allocates three times what authenticating a token takes else. Each is
     * used by one thread at a time, and nothing secret is left in it.
     *
     * <p>Who has taken one is a number, and none of those that threads change is near another's. As references that come and go
     * they were dirt that the garbage collector had to clean up, in one place for all: two threads together then hashed less
     * than one of them alone.
     */
    private static final class Digests {
        private static final int SLOTS = 16;
        private static final int APART = 32;
        private static final int FREE = 0;
        private static final int TAKEN = 1;

        private final AtomicIntegerArray states = new AtomicIntegerArray((SLOTS + 1) * APART);
        private final @Nullable Digest[] kept = new Digest[SLOTS];

        Digest take() {
            int slot = (int) (Thread.currentThread().getId() & SLOTS - 1);
            if (!states.compareAndSet(state(slot), FREE, TAKEN)) {
                return new Digest(Digest.OF_NO_SLOT);
            }
            Digest digest = kept[slot];
            if (digest == null) {
                digest = new Digest(slot);
                kept[slot] = digest;
            }
            return digest;
        }

        void giveBack(Digest digest) {
            digest.wipe();
            if (digest.slot != Digest.OF_NO_SLOT) {
                states.set(state(digest.slot), FREE);
            }
        }

        private static int state(int slot) {
            return (slot + 1) * APART;
        }
    }

    /** SHA-256, and room for a short text: a copy of it would be a fifth of all that authenticating a token allocates. */
    private static final class Digest {
        static final int OF_NO_SLOT = -1;
        private static final int LAST_ASCII = 0x7F;

        private final int slot;
        private final MessageDigest engine;
        private final byte[] room = new byte[64];

        Digest(int slot) {
            this.slot = slot;
            try {
                engine = MessageDigest.getInstance("SHA-256");
            } catch (NoSuchAlgorithmException e) {
                throw new IllegalStateException("every Java platform has SHA-256", e);
            }
        }

        void update(String text) {
            if (fits(text)) {
                engine.update(room, 0, text.length());
            } else {
                engine.update(text.getBytes(StandardCharsets.UTF_8));
            }
        }

        /** Whether all of it is in the room now: it is short, and ASCII as every token is. */
        private boolean fits(String text) {
            if (text.length() > room.length) {
                return false;
            }
            for (int i = 0; i < text.length(); i++) {
                char c = text.charAt(i);
                if (c > LAST_ASCII) {
                    return false;
                }
                room[i] = (byte) c;
            }
            return true;
        }

        void update(byte[] bytes) {
            engine.update(bytes);
        }

        void updateLength(int length) {
            for (int shift = 24; shift >= 0; shift -= 8) {
                engine.update((byte) (length >>> shift));
            }
        }

        SecretHash finish() {
            return ofBytes(engine.digest());
        }

        /** Forgets all, also where it was cut short. */
        void wipe() {
            engine.reset();
            Arrays.fill(room, (byte) 0);
        }
    }
}
