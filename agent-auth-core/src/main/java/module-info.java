/** Agentic registration without a framework: the protocol's domain, its ports, and in-memory defaults. */
@SuppressWarnings("module") // the adapters that these packages are exported to are built later
module dev.agentauth.core {
    requires static transitive org.jspecify;
    requires com.fasterxml.jackson.core;
    requires com.fasterxml.jackson.databind;
    requires com.github.benmanes.caffeine;
    requires com.nimbusds.jose.jwt;
    requires java.net.http;

    exports dev.agentauth;
    exports dev.agentauth.audit;
    exports dev.agentauth.config;
    exports dev.agentauth.keys;
    exports dev.agentauth.memory;
    exports dev.agentauth.registration;
    exports dev.agentauth.spi;
    exports dev.agentauth.internal.json to
            dev.agentauth.servlet,
            dev.agentauth.remote;
    exports dev.agentauth.internal.net to
            dev.agentauth.remote;
    exports dev.agentauth.internal.ports to
            dev.agentauth.servlet;
    exports dev.agentauth.internal.wire to
            dev.agentauth.servlet,
            dev.agentauth.remote;
}
