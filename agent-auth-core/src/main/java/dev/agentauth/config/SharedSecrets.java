package dev.agentauth.config;

import dev.agentauth.SecretHash;
import dev.agentauth.spi.ResourceServers;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Knows resource servers by an id and a secret, in the {@code Authorization} header or in the body. One may have several secrets at a
 * time, so that they can be changed: add the new one, have the resource server use it, take the old one away.
 *
 * <p>Ids and secrets are made of letters, digits, {@code -}, {@code .}, {@code _} and {@code ~}, which look the same whether or not a
 * client encodes them as RFC 6749 demands. Only hashes of secrets are kept, and every secret there is is compared at each request,
 * in a time that does not depend on where it differs.
 *
 * <p>Immutable and safe for use by many threads.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc6749#section-2.3.1">RFC 6749, section 2.3.1</a>
 * @since 0.2.0
 */
public final class SharedSecrets implements ResourceServers {
    private static final int SHORTEST = 32;

    private final Map<String, List<SecretHash>> byId;

    private SharedSecrets(Map<String, List<SecretHash>> byId) {
        this.byId = byId;
    }

    /**
     * Knows one resource server; {@link #and} adds more.
     *
     * @param id what it calls itself
     * @param secrets at least one, of at least 32 characters that were drawn at random, such as {@code openssl rand -hex 32}
     * @return the secrets
     * @throws IllegalArgumentException without saying any of them, if a secret is too short, or an id or a secret has other characters
     */
    public static SharedSecrets of(String id, String... secrets) {
        return new SharedSecrets(Map.of()).and(id, secrets);
    }

    /**
     * Knows one more.
     *
     * @param id what it calls itself
     * @param secrets as above
     * @return the secrets with those before
     * @throws IllegalArgumentException as above, or if the id is there already
     */
    public SharedSecrets and(String id, String... secrets) {
        require(!id.isEmpty() && isUnreserved(id), "an id has characters other than letters, digits and -._~");
        require(!byId.containsKey(id), "the same id is there twice: give its secrets at once");
        require(secrets.length > 0, "a resource server has no secret");
        List<SecretHash> hashes = new ArrayList<>();
        for (String secret : secrets) {
            require(secret.length() >= SHORTEST, "a secret has less than 32 characters");
            require(isUnreserved(secret), "a secret has characters other than letters, digits and -._~");
            hashes.add(hash(id, secret));
        }
        Map<String, List<SecretHash>> more = new LinkedHashMap<>(byId);
        more.put(id, List.copyOf(hashes));
        return new SharedSecrets(more);
    }

    @Override
    public Set<Method> methods() {
        return Set.of(Method.SECRET_BASIC, Method.SECRET_POST);
    }

    /** All are compared whatever the outcome: which ids there are, and how far a guess got, cannot be told from the time. */
    @Override
    public Optional<String> authenticate(Credentials credentials) {
        if (credentials.id().isEmpty() || credentials.secret().isEmpty()) {
            return Optional.empty();
        }
        SecretHash presented =
                hash(credentials.id().get(), credentials.secret().get().reveal());
        String found = null;
        for (Map.Entry<String, List<SecretHash>> known : byId.entrySet()) {
            for (SecretHash hash : known.getValue()) {
                if (hash.equals(presented)) {
                    found = known.getKey();
                }
            }
        }
        return Optional.ofNullable(found);
    }

    @Override
    public String toString() {
        return "SharedSecrets" + byId.keySet();
    }

    /** With the id, so that a secret is good for no other one. */
    private static SecretHash hash(String id, String secret) {
        return SecretHash.ofParts(id, secret);
    }

    private static boolean isUnreserved(String text) {
        return text.chars()
                .allMatch(c -> (c >= 'A' && c <= 'Z')
                        || (c >= 'a' && c <= 'z')
                        || (c >= '0' && c <= '9')
                        || c == '-'
                        || c == '.'
                        || c == '_'
                        || c == '~');
    }

    private static void require(boolean condition, String message) {
        if (!condition) {
            throw new IllegalArgumentException(message);
        }
    }
}
