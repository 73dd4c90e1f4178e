package dev.agentauth.examples.jetty;

import dev.agentauth.spi.ResourceServers;
import java.security.cert.X509Certificate;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

// begin: ApisByCertificate
/** Knows APIs by their certificates, each of which the container has to trust as well. */
record ApisByCertificate(Map<X509Certificate, String> names) implements ResourceServers {
    @Override
    public Set<Method> methods() {
        return Set.of(Method.SELF_SIGNED_TLS);
    }

    @Override
    public Optional<String> authenticate(Credentials credentials) {
        return credentials.certificates().stream().findFirst().map(names::get); // the first is the peer's own
    }
}
// end: ApisByCertificate
