package dev.agentauth.internal.ports;

import dev.agentauth.spi.ResourceServers;
import java.util.Optional;
import java.util.Set;

/** {@link ResourceServers}: whatever is thrown or null is {@code PortUnavailableException}. */
final class ContainedResourceServers implements ResourceServers {
    private final ResourceServers kept;

    ContainedResourceServers(ResourceServers kept) {
        this.kept = kept;
    }

    @Override
    public Set<Method> methods() {
        try {
            return Set.copyOf(Foreign.answer(kept.methods(), "resourceServers.methods"));
        } catch (Throwable e) {
            throw Foreign.outOfReach("resourceServers.methods", e);
        }
    }

    @Override
    public Optional<String> authenticate(Credentials credentials) {
        try {
            return Foreign.answer(kept.authenticate(credentials), "resourceServers.authenticate");
        } catch (Throwable e) {
            throw Foreign.outOfReach("resourceServers.authenticate", e);
        }
    }
}
