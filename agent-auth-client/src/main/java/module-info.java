/** An agent's side of the protocol, against a service of any version: discover, register, have a person claim, call the API, refresh, stop. */
module dev.agentauth.client {
    requires transitive java.net.http;
    requires com.fasterxml.jackson.core;
    requires com.fasterxml.jackson.databind;
    requires static transitive org.jspecify;

    exports dev.agentauth.client;
    exports dev.agentauth.client.http;
}
