/** The audit events of agent-auth as meters of Micrometer. */
@SuppressWarnings("requires-transitive-automatic") // Micrometer has no descriptor, but a name of its own
module dev.agentauth.micrometer {
    requires transitive dev.agentauth.core;
    requires transitive micrometer.core;
    requires static transitive org.jspecify;

    exports dev.agentauth.micrometer;
}
