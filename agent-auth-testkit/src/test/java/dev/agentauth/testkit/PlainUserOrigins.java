package dev.agentauth.testkit;

import dev.agentauth.SecretHash;
import dev.agentauth.spi.UserOrigins;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/** The plainest origins that are right, in steps that a defect can replace one by one. */
class PlainUserOrigins implements UserOrigins {
    final List<Row> rows = new ArrayList<>();
    final Switch backend = new Switch();
    final Meeting meeting = new Meeting();

    static final class Row {
        SecretHash key;
        String reservation;
        SecretHash address;
        Instant until;
        String userId;
    }

    final synchronized Optional<Row> row(Predicate<Row> which) {
        return rows.stream().filter(which).findFirst();
    }

    @Override
    public Optional<Origin> find(SecretHash key) {
        backend.check();
        return row(row -> key.equals(row.key))
                .map(row -> row.userId == null ? new BeingMade(row.until) : new Yields(row.userId));
    }

    @Override
    public boolean reserve(
            SecretHash key, String reservation, Optional<SecretHash> address, Instant now, Instant until) {
        backend.check();
        synchronized (this) {
            Optional<Row> known = row(row -> key.equals(row.key));
            if (known.isPresent() && !mayTakeOver(known.get(), now)) {
                return false;
            }
            known.ifPresent(this::takeOver);
            add(key, reservation, address, until);
            return true;
        }
    }

    boolean mayTakeOver(Row row, Instant now) {
        return row.userId == null && !now.isBefore(row.until);
    }

    void takeOver(Row row) {
        rows.remove(row);
    }

    final synchronized void add(SecretHash key, String reservation, Optional<SecretHash> address, Instant until) {
        Row row = new Row();
        row.key = key;
        row.reservation = reservation;
        row.address = address.orElse(null);
        row.until = until;
        rows.add(row);
    }

    @Override
    public boolean record(String reservation, String userId) {
        backend.check();
        synchronized (this) {
            Optional<Row> reserved = row(row -> reservation.equals(row.reservation) && row.userId == null);
            reserved.ifPresent(row -> settle(row, userId));
            return reserved.isPresent();
        }
    }

    void settle(Row row, String userId) {
        row.userId = userId;
        row.address = null;
    }

    @Override
    public synchronized void release(String reservation) {
        backend.check();
        rows.removeIf(row -> reservation.equals(row.reservation) && row.userId == null);
    }

    @Override
    public void cancel(SecretHash address) {
        backend.check();
        synchronized (this) {
            rows.removeIf(row -> address.equals(row.address));
        }
    }

    @Override
    public boolean isReserved(SecretHash address) {
        backend.check();
        return row(row -> address.equals(row.address)).isPresent();
    }

    @Override
    public boolean isOnProvidersWord(String userId) {
        backend.check();
        return row(row -> is(userId, row)).isPresent();
    }

    boolean is(String userId, Row row) {
        return userId.equals(row.userId);
    }

    @Override
    public synchronized void forgetKeys(String userId) {
        backend.check();
        rows.stream().filter(row -> is(userId, row)).forEach(row -> row.key = null);
    }

    @Override
    public synchronized int forgetAllKeys(int limit) {
        backend.check();
        List<Row> batch = rows.stream().filter(this::mayForgetKey).limit(limit).toList();
        batch.forEach(row -> row.key = null);
        return batch.size();
    }

    boolean mayForgetKey(Row row) {
        return row.key != null && row.userId != null;
    }

    @Override
    public synchronized void forget(String userId) {
        backend.check();
        rows.removeIf(row -> is(userId, row));
    }
}
