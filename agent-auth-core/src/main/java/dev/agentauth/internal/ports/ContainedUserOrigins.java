package dev.agentauth.internal.ports;

import dev.agentauth.SecretHash;
import dev.agentauth.spi.UserOrigins;
import java.time.Instant;
import java.util.Optional;

/** {@link UserOrigins}: whatever is thrown or null is {@code PortUnavailableException}. */
final class ContainedUserOrigins implements UserOrigins {
    private final UserOrigins kept;

    ContainedUserOrigins(UserOrigins kept) {
        this.kept = kept;
    }

    @Override
    public Optional<Origin> find(SecretHash key) {
        try {
            return Foreign.answer(kept.find(key), "userOrigins.find");
        } catch (Throwable e) {
            throw Foreign.outOfReach("userOrigins.find", e);
        }
    }

    @Override
    public boolean reserve(
            SecretHash key, String reservation, Optional<SecretHash> address, Instant now, Instant until) {
        try {
            return kept.reserve(key, reservation, address, now, until);
        } catch (Throwable e) {
            throw Foreign.outOfReach("userOrigins.reserve", e);
        }
    }

    @Override
    public boolean record(String reservation, String userId) {
        try {
            return kept.record(reservation, userId);
        } catch (Throwable e) {
            throw Foreign.outOfReach("userOrigins.record", e);
        }
    }

    @Override
    public void release(String reservation) {
        try {
            kept.release(reservation);
        } catch (Throwable e) {
            throw Foreign.outOfReach("userOrigins.release", e);
        }
    }

    @Override
    public void cancel(SecretHash address) {
        try {
            kept.cancel(address);
        } catch (Throwable e) {
            throw Foreign.outOfReach("userOrigins.cancel", e);
        }
    }

    @Override
    public boolean isReserved(SecretHash address) {
        try {
            return kept.isReserved(address);
        } catch (Throwable e) {
            throw Foreign.outOfReach("userOrigins.isReserved", e);
        }
    }

    @Override
    public boolean isOnProvidersWord(String userId) {
        try {
            return kept.isOnProvidersWord(userId);
        } catch (Throwable e) {
            throw Foreign.outOfReach("userOrigins.isOnProvidersWord", e);
        }
    }

    @Override
    public void forgetKeys(String userId) {
        try {
            kept.forgetKeys(userId);
        } catch (Throwable e) {
            throw Foreign.outOfReach("userOrigins.forgetKeys", e);
        }
    }

    @Override
    public int forgetAllKeys(int limit) {
        try {
            return kept.forgetAllKeys(limit);
        } catch (Throwable e) {
            throw Foreign.outOfReach("userOrigins.forgetAllKeys", e);
        }
    }

    @Override
    public void forget(String userId) {
        try {
            kept.forget(userId);
        } catch (Throwable e) {
            throw Foreign.outOfReach("userOrigins.forget", e);
        }
    }
}
