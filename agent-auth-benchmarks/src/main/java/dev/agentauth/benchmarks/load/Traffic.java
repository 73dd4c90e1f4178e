package dev.agentauth.benchmarks.load;

import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/** What is sent on the connections of one run. Used by one thread. */
interface Traffic {

    /**
     * The next request of a connection.
     *
     * @return its bytes; null if there is nothing more to send
     */
    byte @Nullable [] next(int connection);

    /** Takes the body of the answer to the last request of a connection. */
    default void answered(int connection, byte[] buffer, int from, int to) {}

    /** The same requests again and again. */
    static Traffic cycling(List<byte[]> requests) {
        return new Traffic() {
            private int next;

            @Override
            public byte[] next(int connection) {
                return requests.get(next++ % requests.size());
            }
        };
    }

    /** Any of the requests each time, so that a large number of them is met all over. */
    static Traffic anyOf(List<byte[]> requests) {
        SplittableRandom random = new SplittableRandom(7);
        return connection -> requests.get(random.nextInt(requests.size()));
    }

    /** Each request once. */
    static Traffic once(List<byte[]> requests) {
        return new Traffic() {
            private int next;

            @Override
            public byte @Nullable [] next(int connection) {
                return next < requests.size() ? requests.get(next++) : null;
            }
        };
    }

    /** Each connection uses the refresh token that its last answer brought. */
    static Traffic refreshing(List<String> first) {
        String[] tokens = first.toArray(String[]::new);
        return new Traffic() {
            @Override
            public byte[] next(int connection) {
                return Requests.refresh(tokens[connection]);
            }

            @Override
            public void answered(int connection, byte[] buffer, int from, int to) {
                tokens[connection] = Json.member(buffer, from, to, "value");
            }
        };
    }
}
