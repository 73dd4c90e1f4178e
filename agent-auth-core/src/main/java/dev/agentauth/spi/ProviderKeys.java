package dev.agentauth.spi;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * The published keys of trusted providers.
 *
 * @see dev.agentauth.keys.RemoteProviderKeys
 * @see <a href="https://www.rfc-editor.org/rfc/rfc7517#section-5">RFC 7517, section 5</a>
 * @since 0.2.0
 */
public interface ProviderKeys {

    /**
     * What a provider publishes under a key id.
     *
     * @since 0.2.0
     */
    sealed interface Answer {}

    /**
     * Keys that signatures may be verified with.
     *
     * @param keys at least one; more than one is the provider's mistake
     * @since 0.2.0
     */
    record Found(List<ProviderKey> keys) implements Answer {

        /**
         * Copies the list.
         *
         * @throws IllegalArgumentException if it is empty
         */
        public Found {
            keys = List.copyOf(keys);
            if (keys.isEmpty()) {
                throw new IllegalArgumentException("keys that are found are not none");
            }
        }
    }

    /**
     * A key that is there and may not be used: it is too weak, too costly, of another kind, or for something else.
     *
     * @since 0.2.0
     */
    record Unusable() implements Answer {}

    /**
     * Nothing.
     *
     * @since 0.2.0
     */
    record Unknown() implements Answer {}

    /**
     * Finds the keys of a provider that have a key id. May go over the network, within limits of its own.
     *
     * <p><b>Failure:</b> {@link PortUnavailableException} if the answer cannot be known now, so that the caller may try
     * again later; whatever else is thrown, or null, is treated the same.
     *
     * @param provider a trusted provider
     * @param keyId the {@code kid} of a JWT's header
     * @return what the provider publishes under that id
     */
    Answer find(TrustedProvider provider, String keyId);

    /**
     * How long ago the provider's keys were last obtained, for the health view.
     *
     * <p><b>Failure:</b> as with {@link #find}.
     *
     * @param provider a trusted provider
     * @return measured by a clock that nobody sets; empty if they never were
     */
    Optional<Duration> age(TrustedProvider provider);
}
