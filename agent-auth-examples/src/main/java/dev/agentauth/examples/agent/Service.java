package dev.agentauth.examples.agent;

import dev.agentauth.examples.http.Json;
import java.util.List;

/**
 * What an agent knows of a service after discovery.
 *
 * @param issuer whom an ID-JAG has to be meant for
 * @param skill the recipe for agents
 * @param jwksUri the keys that identity assertions are signed with
 * @param identityEndpoint where to register
 * @param claimEndpoint where to have a registration claimed
 * @param tokenEndpoint where to exchange an assertion
 * @param revocationEndpoint where to give a token back
 * @param identityTypes how one may register
 * @param assertionTypes what one may register with
 */
public record Service(
        String issuer,
        String skill,
        String jwksUri,
        String identityEndpoint,
        String claimEndpoint,
        String tokenEndpoint,
        String revocationEndpoint,
        List<String> identityTypes,
        List<String> assertionTypes) {

    static Service of(Json metadata) {
        Json agentAuth = metadata.get("agent_auth");
        return new Service(
                metadata.get("issuer").text(),
                agentAuth.get("skill").text(),
                metadata.get("jwks_uri").text(),
                agentAuth.get("identity_endpoint").text(),
                agentAuth.get("claim_endpoint").text(),
                metadata.get("token_endpoint").text(),
                metadata.get("revocation_endpoint").text(),
                agentAuth.get("identity_types_supported").texts(),
                agentAuth
                        .get("identity_assertion")
                        .get("assertion_types_supported")
                        .texts());
    }
}
