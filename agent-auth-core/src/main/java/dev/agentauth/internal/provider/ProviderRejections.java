package dev.agentauth.internal.provider;

import dev.agentauth.AgentAuthException;
import dev.agentauth.Caller;
import dev.agentauth.internal.Audit;
import dev.agentauth.spi.AuditEvent;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;

/** Tells the audit which JWTs of providers were refused, and why. */
public final class ProviderRejections {
    private final ProviderAssertions assertions;
    private final Audit audit;

    public ProviderRejections(ProviderAssertions assertions, Audit audit) {
        this.assertions = assertions;
        this.audit = audit;
    }

    /** Verifies; a refusal is told, with the issuer that the token names if that is one of the trusted ones. */
    public <T> T audited(Caller caller, String token, Supplier<T> verification) {
        try {
            return verification.get();
        } catch (AgentAuthException e) {
            Map<String, String> fields = new HashMap<>();
            fields.put("error", e.code().code());
            assertions.trustedIssuer(token).ifPresent(issuer -> fields.put("iss", Audit.cut(issuer)));
            audit.record(AuditEvent.Type.PROVIDER_REJECTED, caller, fields);
            throw e;
        }
    }
}
