package dev.agentauth.spi;

import dev.agentauth.Caller;
import dev.agentauth.Secret;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Knows the APIs in other processes that may ask what an access token stands for. {@link dev.agentauth.config.SharedSecrets} knows
 * them by secrets; one of the embedder's own may know them by certificates of mutual TLS, or by where they are.
 *
 * <p><b>Failure</b>: {@link PortUnavailableException} if it cannot be found out now.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc7662#section-2.1">RFC 7662, section 2.1</a>
 * @since 0.2.0
 */
public interface ResourceServers {

    /** How a resource server can say who it is, as far as that has a registered name. */
    enum Method {
        /** Id and secret in the {@code Authorization} header (RFC 6749, section 2.3.1). */
        SECRET_BASIC,
        /** Id and secret in the body (RFC 6749, section 2.3.1). */
        SECRET_POST,
        /** A certificate of a known authority (RFC 8705, section 2.1). */
        TLS,
        /** A certificate that is known itself (RFC 8705, section 2.2). */
        SELF_SIGNED_TLS
    }

    /**
     * What came with a request. Nothing in it has been checked but the certificates, by the container: that the peer has the key.
     */
    final class Credentials {
        private final Caller caller;
        private final @Nullable String id;
        private final @Nullable Secret secret;
        private final List<X509Certificate> certificates;

        /**
         * What came with a request.
         *
         * @param caller who asks, as far as the transport knows
         * @param id whom it says it is, or null
         * @param secret what it says to prove it, or null
         * @param certificates the peer's own, and then those that signed it; empty without mutual TLS
         */
        public Credentials(
                Caller caller, @Nullable String id, @Nullable Secret secret, List<X509Certificate> certificates) {
            this.caller = Objects.requireNonNull(caller);
            this.id = id;
            this.secret = secret;
            this.certificates = List.copyOf(certificates);
        }

        /**
         * Who asks, as far as the transport knows.
         *
         * @return with or without an address
         */
        public Caller caller() {
            return caller;
        }

        /**
         * Whom it says it is.
         *
         * @return empty if it does not say
         */
        public Optional<String> id() {
            return Optional.ofNullable(id);
        }

        /**
         * What it says to prove it.
         *
         * @return empty if it says nothing
         */
        public Optional<Secret> secret() {
            return Optional.ofNullable(secret);
        }

        /**
         * The certificates of mutual TLS, as the container found them.
         *
         * @return the peer's own first
         */
        public List<X509Certificate> certificates() {
            return certificates;
        }

        @Override
        public String toString() {
            return "Credentials[redacted]";
        }
    }

    /**
     * What is told in the metadata of the authorization server. Asked once, when the service is built.
     *
     * @return may be empty: then nothing is told
     */
    Set<Method> methods();

    /**
     * Says who asks. Secrets are to be compared in a time that does not depend on where they differ.
     *
     * <p>Called for every request, before anything is limited, and however many of the same client were refused: whoever is known
     * goes on at an address where others guess. So it must be cheap; where it is not, or where secrets are such that they can be
     * guessed, it has to throttle by itself ({@link Credentials#caller} tells by whom), with {@link PortUnavailableException} or an
     * empty answer.
     *
     * @param credentials what came with the request
     * @return a name of the resource server; empty if it is none that may ask
     */
    Optional<String> authenticate(Credentials credentials);
}
