package dev.agentauth.internal;

import dev.agentauth.internal.jose.OwnJwts;
import dev.agentauth.internal.jose.Signatures;
import java.security.Provider;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

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
        @Nullable Provider provider = settings.cryptoProvider().provider().orElse(null);
        Audit audit = new Audit(ports.audit(), ports.clock(), secrets);
        return new Surroundings(
                settings,
                ports,
                new Limits(ports.rateLimiter(), audit),
                audit,
                secrets,
                new Signatures(provider),
                new OwnJwts(provider),
                new RegistrationWriter(ports.registrations(), ports.userOrigins(), audit));
    }

    /** The time to the millisecond. */
    public Instant now() {
        return ports.now();
    }
}
