/** For APIs in another process than the service: who is behind an access token, asked by introspection. */
module dev.agentauth.remote {
    requires transitive dev.agentauth.core;
    requires transitive java.net.http;
    requires static transitive org.jspecify;
    requires com.github.benmanes.caffeine;

    exports dev.agentauth.remote;
}
