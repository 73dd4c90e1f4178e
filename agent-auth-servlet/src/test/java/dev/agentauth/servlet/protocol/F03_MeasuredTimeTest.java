package dev.agentauth.servlet.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentauth.Health;
import dev.agentauth.testkit.FakeProvider.Trouble;
import dev.agentauth.testkit.ProviderSigner;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("What is measured does not heed a clock that is set")
final class F03_MeasuredTimeTest extends ProtocolTest {
    private static final Instant TOMORROW = ProtocolService.START.plus(Duration.ofDays(1));
    private static final Instant LAST_YEAR = ProtocolService.START.minus(Duration.ofDays(365));

    @BeforeEach
    void startLimitedService() {
        startService(ProtocolService.Options::limited);
    }

    private String somebodyVouchedFor() {
        return idJag().subject(UUID.randomUUID().toString())
                .email(UUID.randomUUID() + "@example.com")
                .compact();
    }

    private Answer present() {
        return client().registerIdJag(somebodyVouchedFor());
    }

    @Test
    void f03_keysFetchedWhileTheClockWasADayAheadAreFetchedAgainByTheirAge() {
        service().clock.set(TOMORROW);
        present().hasStatus(200);
        service().clock.set(ProtocolService.START);
        ProviderSigner stolen = provider().signer();
        provider().rotateTo(ProviderSigner.es256());

        service().clock.advance(Duration.ofMinutes(10).minusMillis(1));
        client().registerIdJag(idJag().signedBy(stolen).compact()).hasStatus(200);
        service().clock.advance(Duration.ofMillis(1));
        client().registerIdJag(idJag().signedBy(stolen).compact()).isIdentityError(400, "invalid_signature");
        present().hasStatus(200);
    }

    @Test
    void f03_outageTimeIsMeasured() {
        service().clock.set(TOMORROW);
        present().hasStatus(200);
        service().clock.set(ProtocolService.START);
        provider().trouble(Trouble.FAILING);

        service().clock.advance(Duration.ofMinutes(10).plusHours(4).minusMillis(1));
        present().hasStatus(200);
        service().clock.advance(Duration.ofMinutes(2));
        present().isIdentityError(503, "temporarily_unavailable");
    }

    @Test
    void f03_budgetForUnknownKeysIsThereAgainAfterTheClockWasSetBack() {
        service().clock.set(TOMORROW);
        present().hasStatus(200);
        for (String unknown : List.of("a", "b", "c", "d")) {
            client().registerIdJag(idJag().header("kid", unknown).compact());
        }
        service().clock.set(ProtocolService.START);
        provider().rotateTo(ProviderSigner.es256());
        present().isIdentityError(503, "temporarily_unavailable");

        service().clock.advance(Duration.ofMinutes(5));
        present().hasStatus(200);
    }

    @Test
    void f03_pauseAfterAFailedFetchIsMeasured() {
        service().clock.set(TOMORROW);
        provider().trouble(Trouble.FAILING);
        present().isIdentityError(503, "temporarily_unavailable");
        provider().trouble(Trouble.NONE);
        service().clock.set(ProtocolService.START);

        service().clock.advance(Duration.ofSeconds(10));
        present().hasStatus(200);
    }

    @ParameterizedTest
    @ValueSource(strings = {"2025-05-04T13:00:00Z", "2026-05-05T13:00:00Z", "2036-05-04T13:00:00Z"})
    void f03_limiterWaitsNoLongerThanItsHour(Instant wrong) {
        service().clock.set(wrong);
        for (int i = 0; i < 5; i++) {
            registerAnonymously();
        }
        service().clock.set(ProtocolService.START);

        Answer refused = client().registerAnonymously().isIdentityError(429, "rate_limited");
        assertThat(refused.header("Retry-After")).isEqualTo("3600");
        service().clock.advance(Duration.ofHours(1));
        registerAnonymously();
    }

    @Test
    void f03_clockThatJumpsForwardDropsNothing() {
        present().hasStatus(200);
        for (int i = 0; i < 5; i++) {
            registerAnonymously();
        }
        provider().trouble(Trouble.FAILING);
        service().clock.set(TOMORROW);

        present().hasStatus(200);
        assertThat(provider().keyRequests()).as("fetches").isEqualTo(1);
        client().registerAnonymously().isIdentityError(429, "rate_limited");
    }

    @Test
    void f03_healthTellsHowOldKeysReallyAre() {
        service().clock.set(TOMORROW);
        present().hasStatus(200);
        service().clock.set(LAST_YEAR);
        service().clock.advance(Duration.ofSeconds(90));

        assertThat(service().auth.health().components())
                .filteredOn(component -> component.name().startsWith("provider "))
                .singleElement()
                .extracting(Health.Component::age)
                .isEqualTo(Optional.of(Duration.ofSeconds(90)));
    }
}
