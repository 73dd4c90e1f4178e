package dev.agentauth.internal.ports;

import dev.agentauth.internal.Ports;
import dev.agentauth.spi.AuditSink;
import java.util.ArrayList;
import java.util.List;

/**
 * All ports, each behind a class of its own that says what becomes of what it throws. Written out by hand: exchange and
 * bearer authentication go through them, and a try costs nothing where nothing is thrown.
 *
 * <p>What a port may declare goes through as it is: {@code PortUnavailableException}, and of all but the mailer, the limiter
 * and the sinks {@code InstallationException}. A refusal ({@code AgentAuthException}) is none of a port's.
 *
 * <table>
 * <caption>What becomes of an exception or null that no port may come with</caption>
 * <tr><th>port<th>outcome
 * <tr><td>stores, users, signing keys, providers' keys, trust list, resource servers, clock<td>{@code PortUnavailableException}
 * <tr><td>mailer<td>the mail was not accepted; a notice: nothing
 * <tr><td>rate limiter<td>{@code PortUnavailableException}: allowed, and audited
 * <tr><td>audit sink<td>counted, and the other sinks get the event
 * </table>
 */
public final class Contained {
    private Contained() {}

    /** The same ports, contained. The bundle of stores is asked for its parts at once. */
    public static Ports ports(Ports given) {
        return new Ports(
                new ContainedStores(given.stores()),
                new ContainedUsers(given.users()),
                new ContainedMailer(given.mailer()),
                new ContainedSigningKeys(given.signingKeys()),
                new ContainedProviderKeys(given.providerKeys()),
                new ContainedTrust(given.trust()),
                new ContainedLimiter(given.rateLimiter()),
                new ContainedResourceServers(given.resourceServers()),
                sinks(given.audit()),
                new ContainedClock(given.clock()));
    }

    /** How many events the sinks of contained ports have not recorded; one that two sinks lost counts twice. */
    public static long lostEvents(Ports contained) {
        return contained.audit().stream().mapToLong(AuditSink::lost).sum();
    }

    private static List<AuditSink> sinks(List<AuditSink> given) {
        List<AuditSink> sinks = new ArrayList<>();
        for (AuditSink sink : given) {
            sinks.add(new ContainedAuditSink(sink));
        }
        return List.copyOf(sinks);
    }
}
