package dev.agentauth.examples.readme;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentauth.client.AgentAuthClient;
import dev.agentauth.client.Outcome;
import dev.agentauth.client.http.HttpStub;
import dev.agentauth.client.http.HttpStub.Canned;
import dev.agentauth.examples.FreePorts;
import dev.agentauth.examples.QuietLogs;
import dev.agentauth.examples.RunningDemo;
import dev.agentauth.examples.provider.kit.Delivery.Result;
import dev.agentauth.examples.provider.kit.ProviderKit;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** What docs/agents-and-providers.md shows works. */
@ExtendWith(QuietLogs.class)
class AgentsAndProvidersTest {

    @Test
    void agentGetsAccessInTenLinesAndGoesOnWithWhatWasStored(@TempDir Path folder) throws Exception {
        Path file = folder.resolve("anna.json");
        try (RunningDemo demo = RunningDemo.start(InstantSource.system(), Map.of())) {
            assertThat(AgentsAndProvidersExamples.inTenLines(
                            demo.api(),
                            "anna@example.com",
                            file,
                            asked -> demo.code("anna@example.com", asked.registrationId())))
                    .contains("anna@example.com");

            assertThat(AgentsAndProvidersExamples.call(demo.api(), file)).contains("anna@example.com");
        }
    }

    @Test
    void agentRegistersStoresItsCredentialsAndCallsAfterARestart(@TempDir Path folder) throws Exception {
        Path file = folder.resolve("anna.json");
        try (RunningDemo demo = RunningDemo.start(InstantSource.system(), Map.of())) {
            assertThat(AgentsAndProvidersExamples.register(
                            demo.api(),
                            "anna@example.com",
                            file,
                            asked -> demo.code("anna@example.com", asked.registrationId())))
                    .isEqualTo("claimed");

            assertThat(AgentsAndProvidersExamples.call(demo.api(), file)).contains("anna@example.com");
        }
    }

    @Test
    void serviceThatTrustsTheProviderTakesItsWordUntilTheLogout(@TempDir Path folder) throws Exception {
        try (HttpStub keys = HttpStub.start()) {
            ProviderKit kit = AgentsAndProvidersExamples.kit(keys.url(), folder.resolve("keys.json"));
            keys.answer("/.well-known/jwks.json", Canned.text(200, kit.jwks().body()));
            try (RunningDemo demo =
                    RunningDemo.start(InstantSource.system(), Map.of("AGENT_AUTH_PROVIDERS", keys.url()))) {
                AgentAuthClient agent = AgentAuthClient.discover(demo.api());
                assertThat(agent.registerWithIdJag(AgentsAndProvidersExamples.vouch(kit, demo.issuer())))
                        .isInstanceOf(Outcome.Ready.class);

                assertThat(AgentsAndProvidersExamples.signOut(kit, demo.issuer())
                                .result())
                        .isEqualTo(Result.DELIVERED);

                assertThat(agent.call(java.net.http.HttpRequest.newBuilder(java.net.URI.create(demo.api()))
                                .build()))
                        .isEqualTo(new Outcome.StartOver(Outcome.Step.REGISTRATION));
            }
        }
    }

    @Test
    void keysAreTheSameAfterARestart(@TempDir Path folder) throws Exception {
        Path file = folder.resolve("keys.json");
        String issuer = "http://localhost:" + FreePorts.two()[0];

        assertThat(AgentsAndProvidersExamples.kit(issuer, file).jwks())
                .isEqualTo(AgentsAndProvidersExamples.kit(issuer, file).jwks());
    }
}
