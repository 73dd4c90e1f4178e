package dev.agentauth.examples;

import dev.agentauth.client.AgentAuthClient;
import dev.agentauth.client.Challenge;
import dev.agentauth.client.Credentials;
import dev.agentauth.client.Discovery;
import dev.agentauth.client.Endpoints;
import dev.agentauth.client.Outcome.Answered;
import dev.agentauth.client.Outcome.NeedsPerson;
import dev.agentauth.client.Outcome.OfCall;
import dev.agentauth.client.Outcome.PersonAsked;
import dev.agentauth.client.Outcome.Ready;
import dev.agentauth.client.Outcome.Revoked;
import dev.agentauth.client.Outcome.ScopeMissing;
import dev.agentauth.client.Outcome.StartOver;
import dev.agentauth.client.Outcome.Step;
import dev.agentauth.client.Outcome.StillWaiting;
import dev.agentauth.client.ProtectedResource;
import dev.agentauth.client.Service;
import dev.agentauth.client.http.Http;
import dev.agentauth.client.http.Json;
import dev.agentauth.client.http.Reply;
import dev.agentauth.client.http.WellKnown;
import dev.agentauth.examples.agent.ProviderClient;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Every flow of the protocol, once, as an agent with {@link AgentAuthClient} lives through it, and as it looks on the wire. */
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

    /** For the requests that an agent in its right mind does not send, or whose answers are looked at more closely. */
    private final Endpoints endpoints;

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
        this.endpoints = new Endpoints(http, service);
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
        walk.typedByThePerson();
        walk.comingBack();
        if (service.takesIdJags()) {
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
        Discovery discovery = new Discovery(http, api);
        Reply refusal = narrator.expect("GET /api/resource without a token", 401, http.get(api));
        narrator.expect(
                "the challenge is for a bearer token",
                "Bearer",
                Challenge.of(refusal).scheme());
        ProtectedResource resource = discovery.resource(discovery.resourceMetadataUrl(refusal));
        narrator.expect("the metadata of the API names its authorization server", base, resource.issuer());
        Service found = discovery.service(resource);
        narrator.expect("the metadata of the server is that issuer's own", resource.issuer(), found.issuer());
        return found;
    }

    /** An agent for one person, that knows the service. */
    private AgentAuthClient newAgent() {
        return AgentAuthClient.builder().http(http).of(service);
    }

    private void documents() {
        Reply skill =
                narrator.expect("GET /auth.md", 200, http.get(service.skill().orElseThrow()));
        narrator.expect("the recipe begins with its heading", true, skill.body().startsWith("# auth.md\n"));
        Reply jwks = narrator.expect(
                "GET /.well-known/jwks.json", 200, http.get(service.jwksUri().orElseThrow()));
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
        AgentAuthClient agent = newAgent();
        Credentials credentials = narrator.expect("register", Ready.class, agent.registerAnonymous())
                .credentials();
        String id = credentials.registrationId();
        String claimToken = credentials.claimToken().orElseThrow();
        String assertion = credentials.assertion().orElseThrow();
        String token = exchange("exchange the assertion before the claim", assertion, READ);
        Json before = get(agent);
        narrator.expect(
                "the API knows the registration",
                id,
                before.get("registration_id").text());
        narrator.expect("and nobody behind it", false, before.get("user_id").isPresent());
        narrator.expect("POST /api/resource", 403, "insufficient_scope", endpoints.call("POST", api, token));
        ScopeMissing missing = narrator.expect("POST with the client", ScopeMissing.class, agent.call(postRequest()));
        narrator.expect("the challenge names the scope", WRITE, missing.scope());
        narrator.expect("it can be had by a claim", true, missing.claimable());

        String address = "anna-" + fresh + "@example.com";
        PersonAsked started = narrator.expect("ask a person to claim it", PersonAsked.class, agent.startClaim(address));
        PersonAsked again = narrator.expect("ask once more", PersonAsked.class, agent.startClaim(address));
        narrator.expect("that is the same attempt", started.attemptId(), again.attemptId());
        narrator.expect("and there is one mail", 1L, person.mails(address, id));
        narrator.expect("complete before the code was shown", 400, "otp_not_generated", agent.completeClaim("000000"));
        String code = codeFor(address, id);
        narrator.expect("complete with a wrong code", 401, "otp_invalid", agent.completeClaim(another(code)));
        Reply claimed = narrator.expect("complete with the right code", 200, endpoints.completeClaim(claimToken, code));
        narrator.expect(
                "the registration is claimed",
                "claimed",
                claimed.json().get("status").text());
        narrator.expect("complete again", 409, "previously_claimed", endpoints.completeClaim(claimToken, code));
        narrator.expect(
                "complete again with the client, which has the assertion", Ready.class, agent.completeClaim(code));

        Json after = narrator.expect("POST /api/resource, the same token", 200, endpoints.call("POST", api, token))
                .json();
        narrator.expect("it has widened", BOTH_SCOPES, after.get("scopes").texts());
        narrator.expect(
                "the agent sees whom it acts for", address, after.get("email").text());
        post(agent);

        String narrow = token(narrator.expect("exchange for less", 200, endpoints.exchange(assertion, READ)));
        narrator.expect("POST with the narrow token", 403, "insufficient_scope", endpoints.call("POST", api, narrow));
        narrator.expect("exchange for too much", 400, "invalid_scope", endpoints.exchange(assertion, "api.admin"));

        narrator.expect("revoke the token", 200, endpoints.revoke(token));
        narrator.expect("GET with the revoked token", 401, "invalid_token", endpoints.call("GET", api, token));
        exchange("exchange the assertion once more", assertion, BOTH);
        narrator.expect("the client gives its own token back", Revoked.class, agent.revoke());

        narrator.flow("The same agent after a restart, with what it had stored");
        AgentAuthClient restarted = newAgent();
        restarted.resume(Credentials.fromJson(agent.credentials().orElseThrow().toJson()));
        narrator.expect(
                "that is the same registration",
                id,
                post(restarted).get("registration_id").text());
    }

    private void refusedByThePerson() {
        narrator.flow("The person says: this wasn't me");
        AgentAuthClient agent = newAgent();
        String id = narrator.expect("register", Ready.class, agent.registerAnonymous())
                .credentials()
                .registrationId();
        String address = "nora-" + fresh + "@example.com";
        narrator.expect("ask a person to claim it", PersonAsked.class, agent.startClaim(address));
        person.press(person.open(person.link(address, id)), PersonAtHome.NOT_ME);
        narrator.expect("complete", 403, "claim_rejected", agent.completeClaim("000000"));
        narrator.expect("ask the same person again", 403, "claim_rejected", agent.startClaim(address));
        narrator.expect("ask somebody else", PersonAsked.class, agent.startClaim("otto-" + fresh + "@example.com"));
    }

    private void byEmail() {
        narrator.flow("An agent that was told the address");
        String address = "emma-" + fresh + "@example.com";
        AgentAuthClient agent = newAgent();
        Credentials pending = narrator.expect("register", NeedsPerson.class, agent.registerWithEmail(address))
                .credentials();
        narrator.expect("there is no assertion yet", false, pending.assertion().isPresent());
        String code = codeFor(address, pending.registrationId());
        Credentials claimed = narrator.expect("complete with the code", Ready.class, agent.completeClaim(code))
                .credentials();
        exchange("exchange the assertion", claimed.assertion().orElseThrow(), BOTH);
        narrator.expect(
                "the agent acts for that person",
                address,
                post(agent).get("email").text());
    }

    private void typedByThePerson() {
        narrator.flow("An agent that shows a code, and its person types it");
        String address = "tina-" + fresh + "@example.com";
        AgentAuthClient agent = newAgent();
        NeedsPerson asked = narrator.expect("register", NeedsPerson.class, agent.registerWithEmail(address));
        Optional<String> code = asked.question().userCode();
        if (code.isEmpty()) {
            narrator.say("(this service gives no code to type)");
            return;
        }
        narrator.expect("ask before it was typed", StillWaiting.class, agent.poll());
        PersonAtHome.Page page =
                person.open(person.link(address, asked.credentials().registrationId()));
        person.press(page, PersonAtHome.CONFIRM, Map.of("user_code", code.get()));
        Credentials claimed =
                narrator.expect("ask again", Ready.class, agent.poll()).credentials();
        exchange("exchange the assertion", claimed.assertion().orElseThrow(), BOTH);
        narrator.expect(
                "the agent acts for that person",
                address,
                post(agent).get("email").text());
    }

    private void comingBack() {
        narrator.flow("An agent that comes back without asking its person again");
        String address = "rita-" + fresh + "@example.com";
        AgentAuthClient agent =
                AgentAuthClient.builder().http(http).withRefreshTokens().of(service);
        Credentials pending = narrator.expect("register", NeedsPerson.class, agent.registerWithEmail(address))
                .credentials();
        Credentials claimed = narrator.expect(
                        "complete with the code",
                        Ready.class,
                        agent.completeClaim(codeFor(address, pending.registrationId())))
                .credentials();
        if (claimed.refreshToken().isEmpty()) {
            narrator.say("(this service gives no refresh tokens)");
            return;
        }
        Credentials refreshed =
                narrator.expect("refresh", Ready.class, agent.refresh()).credentials();
        narrator.expect(
                "the assertion is another one", false, refreshed.assertion().equals(claimed.assertion()));
        exchange("exchange it", refreshed.assertion().orElseThrow(), BOTH);
        narrator.expect(
                "whoever refreshed at the same moment is answered, too",
                200,
                endpoints.refresh(claimed.refreshToken().orElseThrow()));
        narrator.expect("a refresh token that nobody has", 401, "invalid_refresh_token", endpoints.refresh("rt_no"));
    }

    private void vouchedForSomebodyNew() {
        narrator.flow("A provider vouches for somebody new");
        String guest = "guest-" + fresh + "@example.com";
        String session = signIn(guest);
        String idJag = idJag(session, null);
        AgentAuthClient agent = newAgent();
        Reply registered = narrator.expect("register with the ID-JAG", 200, endpoints.registerWithIdJag(idJag));
        String id = registered.json().get("registration_id").text();
        narrator.expect(
                "nothing has to be claimed",
                BOTH_SCOPES,
                registered.json().get("scopes").texts());
        narrator.expect("present it twice", 400, "replay_detected", agent.registerWithIdJag(idJag));
        Credentials again = narrator.expect(
                        "present a fresh one", Ready.class, agent.registerWithIdJag(idJag(session, null)))
                .credentials();
        narrator.expect("that is the same registration", id, again.registrationId());
        Json narrow = narrator.expect("present one for less", 200, endpoints.registerWithIdJag(idJag(session, READ)))
                .json();
        narrator.expect(
                "its assertion is for less", List.of(READ), narrow.get("scopes").texts());
        narrator.expect(
                "present one for another service",
                400,
                "invalid_audience",
                agent.registerWithIdJag(minted(provider.idJag(session, "https://other.example", null))));

        String assertion = again.assertion().orElseThrow();
        String token = exchange("exchange the assertion", assertion, BOTH);
        narrator.expect(
                "the service has made an account",
                guest,
                post(agent).get("email").text());

        String unspent = idJag(session, null);
        signOut(session);
        narrator.expect("GET with the token from before", 401, "invalid_token", endpoints.call("GET", api, token));
        narrator.expect(
                "exchange the assertion from before", 400, "invalid_grant", endpoints.exchange(assertion, null));
        StartOver over = narrator.expect("GET with the client", StartOver.class, agent.call(getRequest()));
        narrator.expect("it knows where to begin again", Step.REGISTRATION, over.at());
        narrator.expect("present an ID-JAG from before", 400, "expired", agent.registerWithIdJag(unspent));
        Reply stepUp = narrator.expect(
                "sign in anew and present: the account is known now",
                401,
                "interaction_required",
                endpoints.registerWithIdJag(idJag(signIn(guest), null)));
        narrator.expect(
                "that is another registration",
                false,
                stepUp.json().get("registration_id").text().equals(id));
    }

    private void vouchedForSomebodyKnown() {
        narrator.flow("A provider vouches for somebody who has an account");
        String session = signIn(ALICE);
        AgentAuthClient agent = newAgent();
        Reply first = endpoints.registerWithIdJag(idJag(session, null));
        if (first.status() == 200) {
            narrator.say("(Alice has confirmed this provider in an earlier walk)");
            narrator.expect("register with the ID-JAG", 200, first);
            narrator.expect("present another", Ready.class, agent.registerWithIdJag(idJag(session, null)));
        } else {
            narrator.expect("register with the ID-JAG", 401, "interaction_required", first);
            narrator.expect(
                    "the challenge says so",
                    Optional.of("interaction_required"),
                    Challenge.of(first).parameter("error"));
            Credentials pending = narrator.expect(
                            "present another: the person is still asked",
                            NeedsPerson.class,
                            agent.registerWithIdJag(idJag(session, null)))
                    .credentials();
            String code = codeFor(ALICE, pending.registrationId());
            narrator.expect("complete with the code", Ready.class, agent.completeClaim(code));
        }
        exchange("exchange the assertion", assertion(agent), BOTH);
        Json seen = post(agent);
        narrator.expect("the agent acts for Alice", ALICE, seen.get("email").text());
        Credentials again = narrator.expect(
                        "present a fresh ID-JAG: the link holds",
                        Ready.class,
                        agent.registerWithIdJag(idJag(session, null)))
                .credentials();
        narrator.expect(
                "that is the same registration", seen.get("registration_id").text(), again.registrationId());
    }

    private void mistakes() {
        narrator.flow("Mistakes, and what the service says to them");
        Reply unknown = narrator.expect(
                "a claim token that nobody has",
                401,
                "invalid_claim_token",
                endpoints.completeClaim("clm_no", "000000"));
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
        narrator.expect("no address", 400, "invalid_request", newAgent().registerWithEmail("nobody at all"));
        narrator.expect("no assertion of this service", 400, "invalid_grant", endpoints.exchange("a.b.c", null));
        narrator.expect("no token of this service", 401, "invalid_token", endpoints.call("GET", api, "at_no"));
    }

    private Json get(AgentAuthClient agent) {
        return answer("GET /api/resource with the client", agent.call(getRequest()));
    }

    private Json post(AgentAuthClient agent) {
        return answer("POST /api/resource with the client", agent.call(postRequest()));
    }

    private Json answer(String step, OfCall outcome) {
        return outcome instanceof Answered answered
                ? narrator.expect(step, 200, answered.reply()).json()
                : narrator.expect(step, Answered.class, outcome).reply().json();
    }

    private HttpRequest getRequest() {
        return HttpRequest.newBuilder(URI.create(api)).build();
    }

    private HttpRequest postRequest() {
        return HttpRequest.newBuilder(URI.create(api))
                .POST(BodyPublishers.noBody())
                .build();
    }

    private static String assertion(AgentAuthClient agent) {
        return agent.credentials().flatMap(Credentials::assertion).orElseThrow();
    }

    private String codeFor(String address, String registrationId) {
        PersonAtHome.Page page = person.open(person.link(address, registrationId));
        narrator.expect("the page names the registration", true, page.text().contains(registrationId));
        return person.code(person.press(page, PersonAtHome.SHOW_CODE));
    }

    private String exchange(String step, String assertion, String scope) {
        Reply reply = narrator.expect(step, 200, endpoints.exchange(assertion, null));
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
