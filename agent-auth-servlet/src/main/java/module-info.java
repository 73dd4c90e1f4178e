/** The protocol on the wire of Jakarta Servlet 6: one servlet, one bearer filter, and a rate limiter in memory. */
module dev.agentauth.servlet {
    requires transitive dev.agentauth.core;
    requires transitive jakarta.servlet;
    requires static transitive org.jspecify;
    requires com.github.benmanes.caffeine;
    requires io.github.bucket4j.core;

    exports dev.agentauth.servlet;
}
