package dev.agentauth.internal;

import dev.agentauth.internal.jose.OwnJwts;
import dev.agentauth.internal.jose.Signatures;
import java.time.Instant;

/** What every feature works with. */
public record Surroundings(
        Settings settings,
        Ports ports,
        Limits limits,
        Audit audit,
        Secrets secrets,
        Signatures signatures,
        OwnJwts ownJwts,
        RegistrationWriter writer) {

    /** Makes the helpers that stand on settings and ports. */
    public static Surroundings of(Settings settings, Ports ports) {
        Secrets secrets = new Secrets();
        Audit audit = new Audit(ports.audit(), ports.clock(), secrets);
        return new Surroundings(
                settings,
                ports,
                new Limits(ports.rateLimiter(), audit),
                audit,
                secrets,
                new Signatures(settings.cryptoProvider()::provider),
                new OwnJwts(settings.cryptoProvider()::provider),
                new RegistrationWriter(ports.registrations(), ports.userOrigins(), audit));
    }

    /** The time to the millisecond. */
    public Instant now() {
        return ports.now();
    }
}
