package dev.agentauth.benchmarks.micro;

import dev.agentauth.AgentAuthBuilder;
import dev.agentauth.SecretHash;
import dev.agentauth.benchmarks.MeasuredService;
import dev.agentauth.memory.InMemoryStores;
import dev.agentauth.registration.Asked;
import dev.agentauth.registration.Attempt;
import dev.agentauth.registration.Delivery;
import dev.agentauth.registration.ProviderIdentity;
import dev.agentauth.registration.ProviderLink;
import dev.agentauth.registration.Registration;
import dev.agentauth.registration.TypedCode;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.locks.LockSupport;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * What the stores in memory take of the heap for each entry: used heap after a full collection, with and without the
 * entries. Arguments are how many; 100,000 and 1,000,000 by default. Run it with {@code -Xmx4g}.
 */
public final class HeapPerEntry {
    private static final String ISSUER = "https://service.example";
    private static final String PROVIDER = "https://provider.example";
    private static final int LIVE_TOKENS = 1000;
    private static final int COLLECTIONS = 4;
    private static final long PAUSE_NANOS = 100_000_000;

    private final MeasuredService service;
    private final Instant now = Instant.now();

    private final List<Registration> registrations = new ArrayList<>();

    private HeapPerEntry(Path audit) {
        service = MeasuredService.of(InMemoryStores.of(ISSUER), audit, AgentAuthBuilder::purgeByEmbedder);
    }

    /** A kind of entry; what it stands on is there before it is measured. */
    private record Kind(String name, int goal, Maker before, Maker maker) {
        Kind(String name, int goal, Maker maker) {
            this(name, goal, (stores, i) -> {}, maker);
        }
    }

    private interface Maker {
        void make(HeapPerEntry stores, int index);
    }

    private static final List<Kind> KINDS = List.of(
            new Kind("anonymous registration", 400, (stores, i) -> stores.insert(stores.anonymous())),
            new Kind("provider registration", 600, (stores, i) -> stores.insert(stores.provider(i))),
            new Kind("anonymous registration with an open attempt", 800, (stores, i) -> stores.insert(stores.asked(i))),
            new Kind(
                    "access token, one for each registration",
                    220,
                    (stores, i) -> stores.insert(stores.remembered()),
                    HeapPerEntry::token));

    /** Prints a table. */
    public static void main(String[] args) throws IOException {
        Logger.getLogger("").setLevel(Level.OFF);
        int[] counts = args.length == 0
                ? new int[] {100_000, 1_000_000}
                : Arrays.stream(args).mapToInt(Integer::parseInt).toArray();
        // Nothing is written to it: what is measured goes into the stores alone.
        Path audit = Files.createTempFile("agent-auth-audit", ".log");
        System.out.println("| entry | how many | bytes each | goal | met |");
        System.out.println("|---|---:|---:|---:|---|");
        for (Kind kind : KINDS) {
            for (int count : counts) {
                long bytes = bytes(kind, count, audit);
                System.out.printf(
                        Locale.ROOT,
                        "| %s | %,d | %,d | ≤ %d | %s |%n",
                        kind.name(),
                        count,
                        bytes,
                        kind.goal(),
                        bytes <= kind.goal() ? "yes" : "**no**");
            }
        }
        Files.delete(audit);
    }

    private static long bytes(Kind kind, int count, Path audit) {
        HeapPerEntry stores = new HeapPerEntry(audit);
        for (int i = 0; i <= count; i++) {
            kind.before().make(stores, i);
        }
        // The first of a kind also loads classes.
        kind.maker().make(stores, count);
        long before = used();
        for (int i = 0; i < count; i++) {
            kind.maker().make(stores, i);
        }
        long after = used();
        stores.service.close();
        return Math.round((after - before) / (double) count);
    }

    private static long used() {
        for (int i = 0; i < COLLECTIONS; i++) {
            System.gc();
            // What went with the last collection may keep something alive until its cleaner has run.
            LockSupport.parkNanos(PAUSE_NANOS);
        }
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }

    private void insert(Registration registration) {
        service.stores().registrations().insert(registration, now);
    }

    private Registration anonymous() {
        return service.newRegistration(now);
    }

    /** Bound at once to a user of its own. Issuer and audience are those of the settings, and not the JWT's copies. */
    private Registration provider(int index) {
        ProviderIdentity identity = new ProviderIdentity(PROVIDER, null, read("person-" + index), ISSUER);
        return Registration.provider(
                service.secret("reg_", 12), ProviderLink.of(identity, now), read("user-" + index), now);
    }

    /** Mailed, and with a code that the agent shows. */
    private Registration asked(int index) {
        Attempt attempt = Attempt.asking(
                service.secret("cla_", 12),
                SecretHash.of(service.secret("cvt_", 24)),
                new Asked.Mailbox(read("person-" + index + "@example.com")),
                now,
                now.plus(Duration.ofMinutes(10)));
        return anonymous()
                .startAttempt(attempt.withTyped(TypedCode.of(attempt.id(), "501862")), now)
                .orElseThrow()
                .mailed(attempt.id(), Delivery.ACCEPTED);
    }

    private Registration remembered() {
        Registration registration = anonymous();
        registrations.add(registration);
        return registration;
    }

    private void token(int index) {
        Registration registration = registrations.get(index);
        service.stores()
                .tokens()
                .insert(MeasuredService.tokenOf(registration, service.secret("at_", 24), now), now, LIVE_TOKENS);
    }

    /** A text of its own, as a request's would be. */
    private static String read(String text) {
        return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8);
    }
}
