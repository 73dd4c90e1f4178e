package dev.agentauth.examples;

import dev.agentauth.examples.agent.AgentClient;
import dev.agentauth.examples.agent.Challenge;
import dev.agentauth.examples.agent.Discovery;
import dev.agentauth.examples.agent.ProviderClient;
import dev.agentauth.examples.agent.Service;
import dev.agentauth.examples.http.Http;
import dev.agentauth.examples.http.Json;
import dev.agentauth.examples.http.Reply;
import dev.agentauth.examples.http.WellKnown;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Every flow of the protocol, once, as an agent lives through it. */
final class Walk {
    private static final String READ = "api.read";
    private static final String WRITE = "api.write";
    private static final String BOTH = READ + " " + WRITE;
    private static final List<String> BOTH_SCOPES = List.of(READ, WRITE);
    private static final String ALICE = "alice@example.com";

    private final Narrator narrator;
    private final Http http;
    private final String base;
    private final String api;
    private final PersonAtHome person;
    private final ProviderClient provider;
    private final Service service;
    private final AgentClient agent;

    /** In the address of everybody who has to be new to the service, so that the walk can be walked again. */
    private final String fresh = UUID.randomUUID().toString().substring(0, 8);

    private Walk(Narrator narrator, Http http, String base, String providerUrl, Service service) {
        this.narrator = narrator;
        this.http = http;
        this.base = base;
        this.api = api(base);
        this.person = new PersonAtHome(http, base + OutboxServlet.JSON);
        this.provider = new ProviderClient(http, providerUrl);
        this.service = service;
        this.agent = new AgentClient(http, service);
    }

    /** Walks all flows. */
    static void all(Narrator narrator, String base, String providerUrl) {
        Http http = new Http();
        Service service = discover(narrator, http, base);
        Walk walk = new Walk(narrator, http, base, providerUrl, service);
        walk.documents();
        walk.anonymousThenClaimed();
        walk.refusedByThePerson();
        walk.byEmail();
        if (walk.agent.takesIdJags()) {
            walk.vouchedForSomebodyNew();
            walk.vouchedForSomebodyKnown();
        } else {
            narrator.say("(this service trusts no provider: the flows with an ID-JAG are left out)");
        }
        walk.mistakes();
    }

    private static String api(String base) {
        return base + "/api/resource";
    }

    private static Service discover(Narrator narrator, Http http, String base) {
        narrator.flow("Discovery, from an API that says no");
        String api = api(base);
        Discovery discovery = new Discovery(http);
        Reply refusal = narrator.expect("GET /api/resource without a token", 401, http.get(api));
        narrator.expect(
                "the challenge is for a bearer token",
                "Bearer",
                Challenge.of(refusal).scheme());
        String metadata = discovery.resourceMetadataUrl(refusal);
        String issuer = discovery.issuer(metadata, api);
        narrator.expect("the metadata of the API names its authorization server", base, issuer);
        Service found = discovery.service(issuer);
        narrator.expect("the metadata of the server is that issuer's own", issuer, found.issuer());
        return found;
    }

    private void documents() {
        Reply skill = narrator.expect("GET /auth.md", 200, http.get(service.skill()));
        narrator.expect("the recipe begins with its heading", true, skill.body().startsWith("# auth.md\n"));
        Reply jwks = narrator.expect("GET /.well-known/jwks.json", 200, http.get(service.jwksUri()));
        narrator.expect(
                "no key has a private half",
                false,
                jwks.json().get("keys").items().stream()
                        .anyMatch(key -> key.get("d").isPresent()));
        narrator.expect(
                "the metadata of the API is at the appended place, too",
                200,
                http.get(base + "/api" + WellKnown.PROTECTED_RESOURCE));
    }

    private void anonymousThenClaimed() {
        narrator.flow("An anonymous agent, claimed later");
        Json registration =
                narrator.expect("register", 200, agent.registerAnonymous()).json();
        String id = registration.get("registration_id").text();
        String claimToken = registration.get("claim_token").text();
        String assertion = registration.get("identity_assertion").text();
        String token = exchange("exchange the assertion before the claim", assertion, READ);
        Json before = narrator.expect("GET /api/resource", 200, agent.call("GET", api, token))
                .json();
        narrator.expect(
                "the API knows the registration",
                id,
                before.get("registration_id").text());
        narrator.expect("and nobody behind it", false, before.get("user_id").isPresent());
        Reply refusal =
                narrator.expect("POST /api/resource", 403, "insufficient_scope", agent.call("POST", api, token));
        narrator.expect(
                "the challenge names the scope",
                Optional.of(WRITE),
                Challenge.of(refusal).parameter("scope"));

        String address = "anna-" + fresh + "@example.com";
        Json started = narrator.expect("ask a person to claim it", 200, agent.startClaim(claimToken, address))
                .json();
        Json again = narrator.expect("ask once more", 200, agent.startClaim(claimToken, address))
                .json();
        narrator.expect(
                "that is the same attempt",
                started.get("claim_attempt_id").text(),
                again.get("claim_attempt_id").text());
        narrator.expect("and there is one mail", 1L, person.mails(address, id));
        narrator.expect(
                "complete before the code was shown",
                400,
                "otp_not_generated",
                agent.completeClaim(claimToken, "000000"));
        String code = codeFor(address, id);
        narrator.expect(
                "complete with a wrong code", 401, "otp_invalid", agent.completeClaim(claimToken, another(code)));
        Json claimed = narrator.expect("complete with the right code", 200, agent.completeClaim(claimToken, code))
                .json();
        narrator.expect(
                "the registration is claimed", "claimed", claimed.get("status").text());
        narrator.expect("complete again", 409, "previously_claimed", agent.completeClaim(claimToken, code));

        Json after = narrator.expect("POST /api/resource, the same token", 200, agent.call("POST", api, token))
                .json();
        narrator.expect("it has widened", BOTH_SCOPES, after.get("scopes").texts());
        narrator.expect(
                "the agent sees whom it acts for", address, after.get("email").text());

        String narrow = token(narrator.expect("exchange for less", 200, agent.exchange(assertion, READ)));
        narrator.expect("POST with the narrow token", 403, "insufficient_scope", agent.call("POST", api, narrow));
        narrator.expect("exchange for too much", 400, "invalid_scope", agent.exchange(assertion, "api.admin"));

        narrator.expect("revoke the token", 200, agent.revoke(token));
        narrator.expect("GET with the revoked token", 401, "invalid_token", agent.call("GET", api, token));
        exchange("exchange the assertion once more", assertion, BOTH);
    }

    private void refusedByThePerson() {
        narrator.flow("The person says: this wasn't me");
        Json registration =
                narrator.expect("register", 200, agent.registerAnonymous()).json();
        String id = registration.get("registration_id").text();
        String claimToken = registration.get("claim_token").text();
        String address = "nora-" + fresh + "@example.com";
        narrator.expect("ask a person to claim it", 200, agent.startClaim(claimToken, address));
        person.press(person.open(person.link(address, id)), PersonAtHome.NOT_ME);
        narrator.expect("complete", 403, "claim_rejected", agent.completeClaim(claimToken, "000000"));
        narrator.expect("ask the same person again", 403, "claim_rejected", agent.startClaim(claimToken, address));
        narrator.expect("ask somebody else", 200, agent.startClaim(claimToken, "otto-" + fresh + "@example.com"));
    }

    private void byEmail() {
        narrator.flow("An agent that was told the address");
        String address = "emma-" + fresh + "@example.com";
        Json registration = narrator.expect("register", 200, agent.registerWithEmail(address))
                .json();
        narrator.expect(
                "there is no assertion yet",
                false,
                registration.get("identity_assertion").isPresent());
        Json claimed = complete(address, registration);
        String token = exchange(
                "exchange the assertion", claimed.get("identity_assertion").text(), BOTH);
        Json seen = narrator.expect("POST /api/resource", 200, agent.call("POST", api, token))
                .json();
        narrator.expect(
                "the agent acts for that person", address, seen.get("email").text());
    }

    private void vouchedForSomebodyNew() {
        narrator.flow("A provider vouches for somebody new");
        String guest = "guest-" + fresh + "@example.com";
        String session = signIn(guest);
        String idJag = idJag(session, null);
        Json registration = narrator.expect("register with the ID-JAG", 200, agent.registerWithIdJag(idJag))
                .json();
        String id = registration.get("registration_id").text();
        narrator.expect(
                "nothing has to be claimed",
                BOTH_SCOPES,
                registration.get("scopes").texts());
        narrator.expect("present it twice", 400, "replay_detected", agent.registerWithIdJag(idJag));
        Json again = narrator.expect("present a fresh one", 200, agent.registerWithIdJag(idJag(session, null)))
                .json();
        narrator.expect(
                "that is the same registration",
                id,
                again.get("registration_id").text());
        Json narrow = narrator.expect("present one for less", 200, agent.registerWithIdJag(idJag(session, READ)))
                .json();
        narrator.expect(
                "its assertion is for less", List.of(READ), narrow.get("scopes").texts());
        narrator.expect(
                "present one for another service",
                400,
                "invalid_audience",
                agent.registerWithIdJag(minted(provider.idJag(session, "https://other.example", null))));

        String assertion = registration.get("identity_assertion").text();
        String token = exchange("exchange the assertion", assertion, BOTH);
        Json seen = narrator.expect("POST /api/resource", 200, agent.call("POST", api, token))
                .json();
        narrator.expect(
                "the service has made an account", guest, seen.get("email").text());

        String unspent = idJag(session, null);
        signOut(session);
        narrator.expect("GET with the token from before", 401, "invalid_token", agent.call("GET", api, token));
        narrator.expect("exchange the assertion from before", 400, "invalid_grant", agent.exchange(assertion, null));
        narrator.expect("present an ID-JAG from before", 400, "expired", agent.registerWithIdJag(unspent));
        Json stepUp = narrator.expect(
                        "sign in anew and present: the account is known now",
                        401,
                        "interaction_required",
                        agent.registerWithIdJag(idJag(signIn(guest), null)))
                .json();
        narrator.expect(
                "that is another registration",
                false,
                stepUp.get("registration_id").text().equals(id));
    }

    private void vouchedForSomebodyKnown() {
        narrator.flow("A provider vouches for somebody who has an account");
        String session = signIn(ALICE);
        Reply reply = agent.registerWithIdJag(idJag(session, null));
        Json registered;
        if (reply.status() == 200) {
            narrator.say("(Alice has confirmed this provider in an earlier walk)");
            registered = narrator.expect("register with the ID-JAG", 200, reply).json();
        } else {
            narrator.expect("register with the ID-JAG", 401, "interaction_required", reply);
            narrator.expect(
                    "the challenge says so",
                    Optional.of("interaction_required"),
                    Challenge.of(reply).parameter("error"));
            registered = complete(ALICE, reply.json());
        }
        String token = exchange(
                "exchange the assertion", registered.get("identity_assertion").text(), BOTH);
        Json seen = narrator.expect("POST /api/resource", 200, agent.call("POST", api, token))
                .json();
        narrator.expect("the agent acts for Alice", ALICE, seen.get("email").text());
        Json again = narrator.expect(
                        "present a fresh ID-JAG: the link holds", 200, agent.registerWithIdJag(idJag(session, null)))
                .json();
        narrator.expect(
                "that is the same registration",
                seen.get("registration_id").text(),
                again.get("registration_id").text());
    }

    private void mistakes() {
        narrator.flow("Mistakes, and what the service says to them");
        Reply unknown = narrator.expect(
                "a claim token that nobody has", 401, "invalid_claim_token", agent.completeClaim("clm_no", "000000"));
        narrator.expect(
                "every 401 has a challenge", "AgentAuth", Challenge.of(unknown).scheme());
        narrator.expect(
                "an unknown type",
                400,
                "invalid_request",
                http.post(service.identityEndpoint(), "application/json", "{\"type\":\"nobody\"}"));
        narrator.expect(
                "not JSON", 400, "invalid_request", http.post(service.identityEndpoint(), "application/json", "{"));
        narrator.expect(
                "another content type",
                415,
                "invalid_request",
                http.post(service.identityEndpoint(), "text/plain", "{}"));
        narrator.expect("no address", 400, "invalid_request", agent.registerWithEmail("nobody at all"));
        narrator.expect("no assertion of this service", 400, "invalid_grant", agent.exchange("a.b.c", null));
        narrator.expect("no token of this service", 401, "invalid_token", agent.call("GET", api, "at_no"));
    }

    /** Has a mailed claim completed, and returns the answer, which carries an assertion. */
    private Json complete(String address, Json registration) {
        String code = codeFor(address, registration.get("registration_id").text());
        return narrator.expect(
                        "complete with the code",
                        200,
                        agent.completeClaim(registration.get("claim_token").text(), code))
                .json();
    }

    private String codeFor(String address, String registrationId) {
        PersonAtHome.Page page = person.open(person.link(address, registrationId));
        narrator.expect("the page names the registration", true, page.text().contains(registrationId));
        return person.code(person.press(page, PersonAtHome.SHOW_CODE));
    }

    private String exchange(String step, String assertion, String scope) {
        Reply reply = narrator.expect(step, 200, agent.exchange(assertion, null));
        narrator.expect(
                "the token is for " + scope, scope, reply.json().get("scope").text());
        return token(reply);
    }

    private static String token(Reply reply) {
        return reply.json().get("access_token").text();
    }

    private String signIn(String address) {
        return narrator.expect("sign in at the provider", 200, provider.signIn(address))
                .json()
                .get("session")
                .text();
    }

    private void signOut(String session) {
        Reply reply = narrator.expect("sign out at the provider", 200, provider.signOut(session));
        narrator.expect(
                "the service has taken the logout",
                200L,
                reply.json().get("deliveries").get(service.issuer()).number());
    }

    private String idJag(String session, @Nullable String scope) {
        return minted(provider.idJag(session, service.issuer(), scope));
    }

    private static String minted(Reply reply) {
        if (reply.status() != 200) {
            throw new WalkFailedException("the provider mints no ID-JAG: expected 200, seen " + reply);
        }
        return reply.json().get("id_jag").text();
    }

    /** Six digits that are not the code. */
    private static String another(String code) {
        return code.equals("000000") ? "000001" : "000000";
    }
}
