package dev.agentauth.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentauth.AgentAuth;
import dev.agentauth.Caller;
import dev.agentauth.Registered;
import dev.agentauth.VouchedClaim;
import dev.agentauth.memory.InMemoryUserDirectory;
import dev.agentauth.spi.User;
import dev.agentauth.testkit.FakeProvider;
import dev.agentauth.testkit.ProviderJwt;
import dev.agentauth.testkit.Race;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** T69: claiming by ID-JAG races whatever else binds the same identity, on two replicas; one user comes of it. */
class T69_OneUserPerIdentityTest {
    private static final Caller CALLER = Caller.unknown();
    private static final int ROUNDS = 5;

    private final FakeProvider provider = FakeProvider.start(InstantSource.system());
    private final InMemoryUserDirectory users = new InMemoryUserDirectory();
    private final List<String> links = new CopyOnWriteArrayList<>();

    static Stream<TestDatabase> databases() {
        return F11_MigrationTest.databases();
    }

    @AfterEach
    void close() {
        provider.close();
    }

    @ParameterizedTest
    @MethodSource("databases")
    void t69_presentingAndClaimingAtOnceBindOneUser(TestDatabase database) {
        database.empty();
        try (AgentAuth one = replica(database);
                AgentAuth two = replica(database)) {
            for (int round = 0; round < ROUNDS; round++) {
                String subject = "s-" + round;
                String address = subject + "@example.com";
                Registered.Anonymous first = one.registerAnonymous(CALLER);
                Registered.Anonymous second = one.registerAnonymous(CALLER);

                List<String> ids = Race.run(3, i -> switch (i) {
                    case 0 ->
                        one.registerWithIdJag(CALLER, idJag(subject, address)).registrationId();
                    case 1 -> claim(two, first, subject, address);
                    default -> claim(one, second, subject, address);
                });

                Set<String> bound = ids.stream().map(id -> owner(one, id)).collect(Collectors.toSet());
                assertThat(bound).hasSize(1).doesNotContainNull();
            }
        }
    }

    @ParameterizedTest
    @MethodSource("databases")
    void t69_whereAStepUpAndAClaimBoundTwoTheStepUpCounts(TestDatabase database) {
        database.empty();
        users.add(User.of("user-ada", "ada@example.com"));
        try (AgentAuth one = replica(database);
                AgentAuth two = replica(database)) {
            for (int round = 0; round < ROUNDS; round++) {
                String subject = "s-" + round;
                String other = subject + "@example.com";
                Registered.StepUp waiting =
                        (Registered.StepUp) one.registerWithIdJag(CALLER, idJag(subject, "ada@example.com"));
                String link = links.get(links.size() - 1);
                String code = one.revealCode(CALLER, link.substring(link.indexOf('=') + 1))
                        .code()
                        .reveal();
                Registered.Anonymous agent = two.registerAnonymous(CALLER);

                List<String> ids = Race.run(
                        2,
                        i -> i == 0
                                ? one.completeClaim(
                                                CALLER, waiting.claim().token().reveal(), code)
                                        .registrationId()
                                : claim(two, agent, subject, other));

                assertThat(owner(one, ids.get(0))).isEqualTo("user-ada");
                for (AgentAuth replica : List.of(one, two)) {
                    Registered.Anonymous next = replica.registerAnonymous(CALLER);
                    assertThat(owner(replica, claim(replica, next, subject, "n" + other)))
                            .isEqualTo("user-ada");
                }
            }
        }
    }

    private String claim(AgentAuth replica, Registered.Anonymous agent, String subject, String address) {
        VouchedClaim outcome =
                replica.claimWithIdJag(CALLER, agent.claim().token().reveal(), idJag(subject, address));
        return ((VouchedClaim.Claimed) outcome).registrationId();
    }

    private static String owner(AgentAuth replica, String registrationId) {
        return replica.registration(registrationId).orElseThrow().owner();
    }

    private String idJag(String subject, String address) {
        ProviderJwt idJag = provider.idJag(TestDatabase.ISSUER).subject(subject).email(address);
        return idJag.compact();
    }

    private AgentAuth replica(TestDatabase database) {
        return AgentAuth.builder(TestDatabase.ISSUER, "https://api.example.com/")
                .preClaimScopes("api.read")
                .postClaimScopes("api.read")
                .users(users)
                .mailer(mail -> links.add(mail.link()))
                .withoutRateLimits()
                .trust(provider.trusted())
                .stores(JdbcStores.of(database.dataSource(), TestDatabase.ISSUER))
                .audit(event -> {})
                .purgeByEmbedder()
                .build();
    }
}
