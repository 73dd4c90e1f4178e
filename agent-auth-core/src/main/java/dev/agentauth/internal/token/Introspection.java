package dev.agentauth.internal.token;

import dev.agentauth.AgentAuthException;
import dev.agentauth.IntrospectedToken;
import dev.agentauth.Problem;
import dev.agentauth.internal.Audit;
import dev.agentauth.internal.Feature;
import dev.agentauth.internal.Limits;
import dev.agentauth.internal.Surroundings;
import dev.agentauth.spi.AuditEvent;
import dev.agentauth.spi.ResourceServers;
import java.util.Map;
import java.util.Optional;

/** Tells APIs in other processes what a token stands for (RFC 7662). */
public final class Introspection {
    private final boolean on;
    private final ResourceServers servers;
    private final TokenService tokens;
    private final Limits limits;
    private final Audit audit;

    public Introspection(Surroundings around, TokenService tokens) {
        this.on = around.settings().features().has(Feature.INTROSPECTION);
        this.servers = around.ports().resourceServers();
        this.tokens = tokens;
        this.limits = around.limits();
        this.audit = around.audit();
    }

    /** See {@code AgentAuth.introspects}. */
    public boolean isOn() {
        return on;
    }

    /** See {@code AgentAuth.introspect}. */
    public Optional<IntrospectedToken> introspect(ResourceServers.Credentials credentials, String token) {
        if (servers.authenticate(credentials).isEmpty()) {
            limits.refusedIntrospection(credentials.caller());
            audit.record(AuditEvent.Type.INTROSPECTION_REFUSED, credentials.caller(), Map.of());
            throw new AgentAuthException(Problem.RESOURCE_SERVER_UNKNOWN);
        }
        return tokens.introspect(token);
    }
}
