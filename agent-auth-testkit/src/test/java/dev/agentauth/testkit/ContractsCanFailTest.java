package dev.agentauth.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentauth.testkit.ContractRun.Defect;
import java.util.Arrays;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * A check that cannot fail proves nothing. So each contract passes for a plain implementation, and for each defect planted
 * into it those tests fail that are there to find it; and there is a defect for every test of every contract.
 */
@DisplayName("The contract of")
class ContractsCanFailTest {

    @TestFactory
    @DisplayName("registration stores")
    Stream<DynamicTest> registrationStores() {
        return proof(BrokenRegistrationStore.Contract.class, BrokenRegistrationStore.values());
    }

    @TestFactory
    @DisplayName("token stores")
    Stream<DynamicTest> tokenStores() {
        return proof(BrokenTokenStore.Contract.class, BrokenTokenStore.values());
    }

    @TestFactory
    @DisplayName("bundles of stores")
    Stream<DynamicTest> stores() {
        return proof(BrokenStores.Contract.class, BrokenStores.values());
    }

    @TestFactory
    @DisplayName("replay stores")
    Stream<DynamicTest> replayStores() {
        return proof(BrokenReplayStore.Contract.class, BrokenReplayStore.values());
    }

    @TestFactory
    @DisplayName("logout marks")
    Stream<DynamicTest> logoutMarks() {
        return proof(BrokenLogoutMarks.Contract.class, BrokenLogoutMarks.values());
    }

    @TestFactory
    @DisplayName("user directories")
    Stream<DynamicTest> userDirectories() {
        return proof(BrokenUserDirectory.Contract.class, BrokenUserDirectory.values());
    }

    @TestFactory
    @DisplayName("origins of users")
    Stream<DynamicTest> userOrigins() {
        return proof(BrokenUserOrigins.Contract.class, BrokenUserOrigins.values());
    }

    @TestFactory
    @DisplayName("mailers")
    Stream<DynamicTest> f12_mailers() {
        return proof(BrokenClaimMailer.Contract.class, BrokenClaimMailer.values());
    }

    @TestFactory
    @DisplayName("sign-ins")
    Stream<DynamicTest> t54_signIns() {
        return proof(BrokenSignIn.Contract.class, BrokenSignIn.values());
    }

    private static <D extends Enum<D> & Defect> Stream<DynamicTest> proof(Class<?> contract, D[] defects) {
        D none = defects[0];
        Stream<DynamicTest> sound = Stream.of(
                DynamicTest.dynamicTest("is kept where there is no defect", () -> {
                    assertThat(ContractRun.of(contract, none).failures()).isEmpty();
                }),
                DynamicTest.dynamicTest("has a defect for each of its requirements", () -> {
                    Set<String> finders = new TreeSet<>();
                    Arrays.stream(defects).forEach(defect -> finders.addAll(defect.finders()));
                    assertThat(finders).isEqualTo(ContractRun.of(contract, none).requirements());
                }));
        Stream<DynamicTest> broken = Arrays.stream(defects)
                .skip(1)
                .map(defect -> DynamicTest.dynamicTest("finds " + defect, () -> {
                    ContractRun run = ContractRun.of(contract, defect);
                    assertThat(defect.finders()).isNotEmpty();
                    assertThat(run.failures()).containsAll(defect.finders());
                    assertThat(run.failures()).as("the others pass").isNotEqualTo(run.requirements());
                }));
        return Stream.concat(sound, broken);
    }
}
