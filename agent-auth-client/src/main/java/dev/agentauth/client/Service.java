package dev.agentauth.client;

import dev.agentauth.client.http.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What an agent knows of a service after {@link Discovery}. What is not needed to register and to get a token may be
 * missing in the service's metadata.
 *
 * @param resource what access tokens may be sent to: this URL and all below it
 * @param issuer whom an ID-JAG has to be meant for
 * @param skill the recipe for agents, if it says where it is
 * @param jwksUri the keys that identity assertions are signed with, if it says where they are
 * @param identityEndpoint where to register
 * @param claimEndpoint where to have a registration claimed
 * @param tokenEndpoint where to exchange an assertion
 * @param revocationEndpoint where to give a token back, if one can
 * @param identityTypes how one may register
 * @param assertionTypes what one may register with; empty: nothing that it names
 * @since 0.2.0
 */
public record Service(
        String resource,
        String issuer,
        Optional<String> skill,
        Optional<String> jwksUri,
        String identityEndpoint,
        String claimEndpoint,
        String tokenEndpoint,
        Optional<String> revocationEndpoint,
        List<String> identityTypes,
        List<String> assertionTypes) {

    /** The assertion type of a provider's word. */
    public static final String ID_JAG = "urn:ietf:params:oauth:token-type:id-jag";

    /** The assertion type of an e-mail address. */
    public static final String VERIFIED_EMAIL = "verified_email";

    /** The identity type of an e-mail address, as later versions call it. */
    public static final String SERVICE_AUTH = "service_auth";

    /** Copies the lists. */
    public Service {
        identityTypes = List.copyOf(identityTypes);
        assertionTypes = List.copyOf(assertionTypes);
    }

    static Service of(String resource, Json metadata) {
        Json agentAuth = metadata.get("agent_auth");
        String identityEndpoint = agentAuth
                .get("identity_endpoint")
                .string()
                .or(() -> agentAuth.get("register_uri").string())
                .orElseGet(() -> agentAuth.get("identity_endpoint").text());
        return new Service(
                resource,
                metadata.get("issuer").text(),
                agentAuth.get("skill").string(),
                metadata.get("jwks_uri").string(),
                identityEndpoint,
                agentAuth
                        .get("claim_endpoint")
                        .string()
                        .or(() -> agentAuth.get("claim_uri").string())
                        .orElseGet(() -> agentAuth.get("claim_endpoint").text()),
                metadata.get("token_endpoint").text(),
                metadata.get("revocation_endpoint").string(),
                agentAuth.get("identity_types_supported").texts(),
                agentAuth
                        .get("identity_assertion")
                        .get("assertion_types_supported")
                        .texts());
    }

    List<String> urls() {
        List<String> urls = new ArrayList<>(List.of(identityEndpoint, claimEndpoint, tokenEndpoint));
        skill.ifPresent(urls::add);
        jwksUri.ifPresent(urls::add);
        revocationEndpoint.ifPresent(urls::add);
        return urls;
    }

    /** Whether one may register without naming anybody. */
    public boolean takesAnonymous() {
        return identityTypes.contains("anonymous");
    }

    /** Whether one may register with an e-mail address as the first versions call that. */
    boolean takesVerifiedEmail() {
        return assertionTypes.contains(VERIFIED_EMAIL);
    }

    /** Whether one may register with an e-mail address. */
    public boolean takesEmail() {
        return assertionTypes.contains(VERIFIED_EMAIL) || takesLoginHints();
    }

    /** Whether one may register with an e-mail address as later versions call that, or for whoever signs in. */
    public boolean takesLoginHints() {
        return identityTypes.contains(SERVICE_AUTH);
    }

    /** Whether one may register with a provider's word. */
    public boolean takesIdJags() {
        return assertionTypes.contains(ID_JAG);
    }
}
