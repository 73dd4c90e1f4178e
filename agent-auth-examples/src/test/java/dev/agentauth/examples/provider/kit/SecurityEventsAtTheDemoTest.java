package dev.agentauth.examples.provider.kit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentauth.client.AgentAuthClient;
import dev.agentauth.client.Outcome;
import dev.agentauth.client.http.HttpStub;
import dev.agentauth.client.http.HttpStub.Canned;
import dev.agentauth.examples.QuietLogs;
import dev.agentauth.examples.RunningDemo;
import dev.agentauth.examples.provider.kit.Delivery.Result;
import java.net.URI;
import java.net.http.HttpRequest;
import java.time.InstantSource;
import java.util.Map;
import java.util.OptionalInt;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** B7: what the kit pushes, the demo takes, in both spellings; and what was vouched for has ended. */
@ExtendWith(QuietLogs.class)
class SecurityEventsAtTheDemoTest {

    @ParameterizedTest
    @EnumSource(RevocationEvent.class)
    void eventEndsWhatWasVouchedFor(RevocationEvent event) throws Exception {
        try (HttpStub keys = HttpStub.start()) {
            ProviderKit kit = ProviderKit.builder(keys.url(), KeyRing.generate(InstantSource.system()))
                    .build();
            keys.answer("/.well-known/jwks.json", Canned.text(200, kit.jwks().body()));
            try (RunningDemo demo =
                    RunningDemo.start(InstantSource.system(), Map.of("AGENT_AUTH_PROVIDERS", keys.url()))) {
                AgentAuthClient agent = AgentAuthClient.discover(demo.api());
                assertThat(agent.registerWithIdJag(kit.mintIdJag(
                                IdJag.about("usr_1", demo.issuer()).withVerifiedEmail("anna@example.com"))))
                        .isInstanceOf(Outcome.Ready.class);
                Logout pushed = kit.mintSecurityEvent("usr_1", demo.issuer(), event);

                Delivery first = kit.deliver(pushed);
                Delivery again = kit.deliver(pushed);

                assertThat(first).isEqualTo(new Delivery(Result.DELIVERED, 1, OptionalInt.of(202)));
                assertThat(again).isEqualTo(first);
                assertThat(agent.call(
                                HttpRequest.newBuilder(URI.create(demo.api())).build()))
                        .isEqualTo(new Outcome.StartOver(Outcome.Step.REGISTRATION));
            }
        }
    }
}
