package dev.agentauth.examples.readme;

import dev.agentauth.client.AgentAuthClient;
import dev.agentauth.client.Credentials;
import dev.agentauth.client.Outcome;
import dev.agentauth.examples.provider.kit.Delivery;
import dev.agentauth.examples.provider.kit.IdJag;
import dev.agentauth.examples.provider.kit.KeyRing;
import dev.agentauth.examples.provider.kit.ProviderKit;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.function.Function;

/** Each region between {@code begin} and {@code end} stands in docs/agents-and-providers.md as it is here. */
final class AgentsAndProvidersExamples {
    private AgentsAndProvidersExamples() {}

    static String inTenLines(String api, String address, Path file, Function<Credentials, String> person) {
        // begin: AgentInTenLines
        AgentAuthClient agent = AgentAuthClient.builder()
                .withRefreshTokens()
                .storeIn(credentials -> write(file, credentials.toJson())) // nobody else may read it
                .discover(api); // "https://api.example.com/things"
        if (agent.registerWithEmail(address) instanceof Outcome.NeedsPerson asked) { // the person has agreed to it
            agent.completeClaim(
                    person.apply(asked.credentials())); // "Open the link in the mail and read the code to me"
        }
        Outcome.OfCall outcome =
                agent.call(HttpRequest.newBuilder(URI.create(api)).build());
        // end: AgentInTenLines
        return outcome instanceof Outcome.Answered answered ? answered.reply().body() : "no answer: " + outcome;
    }

    private static void write(Path file, String text) {
        try {
            Files.writeString(file, text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static String register(String api, String address, Path file, Function<Credentials, String> person)
            throws IOException {
        // begin: AgentRegisters
        AgentAuthClient agent = AgentAuthClient.discover(api); // "https://api.example.com/things"
        Outcome.OfRegistering registering = agent.registerWithEmail(address); // the person has agreed to it
        if (!(registering instanceof Outcome.NeedsPerson asked)) {
            return "no registration: " + registering;
        }
        Files.writeString(file, asked.credentials().toJson()); // nobody else may read it
        String code = person.apply(asked.credentials()); // "Open the link in the mail and read the code to me"
        Outcome.OfClaim claim = agent.completeClaim(code);
        if (!(claim instanceof Outcome.Ready ready)) {
            return "not claimed: " + claim;
        }
        Files.writeString(file, ready.credentials().toJson());
        // end: AgentRegisters
        return "claimed";
    }

    static String call(String api, Path file) throws IOException {
        // begin: AgentCalls
        AgentAuthClient agent = AgentAuthClient.discover(api);
        agent.resume(Credentials.fromJson(Files.readString(file)));
        Outcome.OfCall outcome =
                agent.call(HttpRequest.newBuilder(URI.create(api)).build());
        if (outcome instanceof Outcome.Answered answered) {
            return answered.reply().body();
        }
        if (outcome instanceof Outcome.StartOver) {
            Files.delete(file); // access has ended: tell the person, do not begin again without them
        }
        return "no answer: " + outcome;
        // end: AgentCalls
    }

    // begin: ProviderSets
    static ProviderKit kit(String issuer, Path keyFile) throws IOException {
        KeyRing keys = Files.exists(keyFile)
                ? KeyRing.fromJson(Files.readString(keyFile), InstantSource.system())
                : KeyRing.generate(InstantSource.system());
        Files.writeString(keyFile, keys.toJson()); // nobody else may read it
        return ProviderKit.builder(issuer, keys).build(); // "https://agents.example.net"
    }
    // end: ProviderSets

    static String vouch(ProviderKit kit, String service) {
        // begin: ProviderVouches
        String idJag = kit.mintIdJag(IdJag.about("usr_8f3a", service) // "https://auth.example.com"
                .withVerifiedEmail("anna@example.com")
                .withPlatform("Example Agents"));
        // end: ProviderVouches
        return idJag;
    }

    static Delivery signOut(ProviderKit kit, String service) {
        // begin: ProviderSignsOut
        Delivery delivery = kit.logout("usr_8f3a", service);
        if (delivery.result() != Delivery.Result.DELIVERED) {
            System.getLogger("logout").log(System.Logger.Level.WARNING, service + " was not told: " + delivery);
        }
        // end: ProviderSignsOut
        return delivery;
    }
}
