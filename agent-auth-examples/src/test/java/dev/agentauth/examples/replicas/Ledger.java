package dev.agentauth.examples.replicas;

import dev.agentauth.client.http.Reply;
import dev.agentauth.testkit.Race;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Function;
import java.util.function.Predicate;

/** What the service has promised by its answers of 2xx. Each promise is a request and the answer that it must have for good. */
final class Ledger {
    private static final int CHECKERS = 4;

    private final Queue<Promise> promises = new ConcurrentLinkedQueue<>();

    private record Promise(String what, Function<Client, Reply> request, Predicate<Reply> kept) {}

    /** Notes that a request has to have this answer from now on, such as {@code 401 invalid_token}. */
    void promise(String what, Function<Client, Reply> request, String answer) {
        promise(what, request, reply -> reply.toString().equals(answer));
    }

    /** Notes that a request has to have such an answer from now on. */
    void promise(String what, Function<Client, Reply> request, Predicate<Reply> kept) {
        promises.add(new Promise(what, request, kept));
    }

    /** How many promises there are of each kind. */
    Map<String, Integer> counts() {
        Map<String, Integer> counts = new TreeMap<>();
        promises.forEach(promise -> counts.merge(promise.what(), 1, Integer::sum));
        return counts;
    }

    /** The promises that a replica does not keep, and what it answers instead. */
    List<String> broken(Client replica) {
        List<Promise> all = List.copyOf(promises);
        return Race.run(CHECKERS, number -> {
                    Queue<String> broken = new ConcurrentLinkedQueue<>();
                    for (int i = number; i < all.size(); i += CHECKERS) {
                        Promise promise = all.get(i);
                        Reply reply = promise.request().apply(replica);
                        if (!promise.kept().test(reply)) {
                            broken.add(promise.what() + ": " + reply);
                        }
                    }
                    return broken;
                })
                .stream()
                .flatMap(Queue::stream)
                .toList();
    }
}
