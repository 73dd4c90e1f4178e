package dev.agentauth;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noFields;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import dev.agentauth.internal.Secrets;
import java.lang.invoke.MethodHandles;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.security.Security;
import java.time.Clock;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZonedDateTime;
import java.util.Date;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

/** What may import what, and what nobody may call. */
class ArchitectureTest {
    private static final JavaClasses MAIN = new ClassFileImporter().importPath(Path.of("target", "classes"));

    @Test
    void classesWereFound() {
        assertThat(MAIN.size()).isGreaterThan(80);
        assertThat(MAIN.contain("dev.agentauth.internal.token.Gate")).isTrue();
    }

    // Imports

    @Test
    void portsDoNotKnowTheInside() {
        noClasses()
                .that()
                .resideInAPackage("dev.agentauth.spi..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("dev.agentauth.internal..", "dev.agentauth.memory..", "dev.agentauth.config..")
                .check(MAIN);
    }

    @Test
    void aggregateKnowsNothingButItselfHashesAndProblems() {
        classes()
                .that()
                .resideInAPackage("dev.agentauth.registration..")
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage("java..", "org.jspecify..", "dev.agentauth.registration..", "dev.agentauth")
                .check(MAIN);
        noClasses()
                .that()
                .resideInAPackage("dev.agentauth.registration..")
                .should()
                .dependOnClassesThat(
                        new com.tngtech.archunit.base.DescribedPredicate<>(
                                "are neither SecretHash nor refusals in the root") {
                            @Override
                            public boolean test(JavaClass target) {
                                return target.getPackageName().equals("dev.agentauth")
                                        && !Set.of("SecretHash", "Problem", "AgentAuthException")
                                                .contains(target.getSimpleName());
                            }
                        })
                .check(MAIN);
    }

    @Test
    void onlyTheWiringOfTheRootKnowsTheInside() {
        noClasses()
                .that()
                .resideInAPackage("dev.agentauth")
                .and()
                .haveNameNotMatching("dev\\.agentauth\\.(AgentAuth|AgentAuthBuilder)(\\$.*)?")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("dev.agentauth.internal..")
                .check(MAIN);
    }

    @Test
    void nimbusIsImportedInOnePlace() {
        noClasses()
                .that()
                .resideOutsideOfPackage("dev.agentauth.internal.jose..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("com.nimbusds..")
                .check(MAIN);
    }

    @Test
    void jacksonIsImportedInOnePlace() {
        noClasses()
                .that()
                .resideOutsideOfPackage("dev.agentauth.internal.json..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("com.fasterxml..")
                .check(MAIN);
    }

    @Test
    void coreKnowsNoHttpServerAndNoFramework() {
        classes()
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(
                        "java..",
                        "org.jspecify..",
                        "dev.agentauth..",
                        "com.nimbusds..",
                        "com.fasterxml.jackson..",
                        "com.github.benmanes.caffeine..")
                .check(MAIN);
    }

    @Test
    void onlyThePortOfTheProvidersKeysGoesOverTheNetwork() {
        noClasses()
                .that()
                .resideOutsideOfPackage("dev.agentauth.keys..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("java.net.http..")
                .check(MAIN);
    }

    @Test
    void featuresDoNotGoInCircles() {
        slices().matching("dev.agentauth.internal.(*)..")
                .should()
                .beFreeOfCycles()
                .check(MAIN);
    }

    @Test
    void sharedPartsDoNotKnowTheFeatures() {
        noClasses()
                .that()
                .resideInAPackage("dev.agentauth.internal")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "dev.agentauth.internal.register..",
                        "dev.agentauth.internal.claim..",
                        "dev.agentauth.internal.token..",
                        "dev.agentauth.internal.provider..",
                        "dev.agentauth.internal.wire..",
                        "dev.agentauth.internal.operate..")
                .check(MAIN);
    }

    // Time, chance, state, output

    @Test
    void timeIsInjected() {
        noClasses()
                .should()
                .callMethod(Instant.class, "now")
                .orShould()
                .callMethod(System.class, "currentTimeMillis")
                .orShould()
                .callMethod(LocalDate.class, "now")
                .orShould()
                .callMethod(LocalDateTime.class, "now")
                .orShould()
                .callMethod(ZonedDateTime.class, "now")
                .orShould()
                .callMethod(OffsetDateTime.class, "now")
                .orShould()
                .callMethod(Clock.class, "systemUTC")
                .orShould()
                .callConstructor(Date.class)
                .check(MAIN);
        noClasses()
                .that()
                .doNotHaveSimpleName("AgentAuthBuilder")
                .should()
                .callMethod(InstantSource.class, "system")
                .check(MAIN);
    }

    @Test
    void chanceIsOneClass() {
        noClasses()
                .should()
                .callConstructor(Random.class)
                .orShould()
                .callConstructor(Random.class, long.class)
                .orShould()
                .callMethod(Math.class, "random")
                .orShould()
                .callMethod(ThreadLocalRandom.class, "current")
                .orShould()
                .callMethod(UUID.class, "randomUUID")
                .check(MAIN);
        noClasses()
                .that()
                .doNotBelongToAnyOf(Secrets.class)
                .should()
                .dependOnClassesThat()
                .areAssignableTo(SecureRandom.class)
                .check(MAIN);
    }

    @Test
    void nothingIsPrintedAndNoLoggingLibraryIsUsed() {
        noClasses()
                .that()
                .doNotHaveFullyQualifiedName("dev.agentauth.audit.StandardOutput") // what it is for
                .should()
                .accessField(System.class, "out")
                .check(MAIN);
        noClasses()
                .should()
                .accessField(System.class, "err")
                .orShould()
                .callMethod(Throwable.class, "printStackTrace")
                .orShould()
                .dependOnClassesThat()
                .resideInAPackage("java.util.logging..")
                .check(MAIN);
    }

    @Test
    void nothingStaticCanBeReassigned() {
        noFields()
                .that()
                .areStatic()
                .and()
                .doNotHaveModifier(JavaModifier.SYNTHETIC)
                .should()
                .notBeFinal()
                .check(MAIN);
    }

    @Test
    void noReflectionTricks() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAPackage("java.lang.reflect..")
                .orShould()
                .callMethod(Class.class, "forName", String.class)
                .check(MAIN);
    }

    @Test
    void oneClassLooksForOthersByName() {
        noClasses()
                .that()
                .doNotHaveFullyQualifiedName("dev.agentauth.keys.CryptoProvider")
                .should()
                .callMethod(ClassLoader.class, "loadClass", String.class)
                .orShould()
                .callMethod(MethodHandles.class, "lookup")
                .orShould()
                .callMethod(MethodHandles.class, "publicLookup")
                .check(MAIN);
    }

    @Test
    void providersOfTheJvmAreLeftAsTheyAre() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .areAssignableTo(Security.class)
                .check(MAIN);
    }

    // Packages and names

    @Test
    void everyPackageSaysWhatItHoldsAndIsNullMarked() {
        Set<String> without = new TreeSet<>();
        for (JavaClass type : MAIN) {
            if (!type.getPackage().isAnnotatedWith(NullMarked.class)) {
                without.add(type.getPackageName());
            }
        }
        without.remove(""); // module-info

        assertThat(without).isEmpty();
    }

    @Test
    void namesSayWhatThingsAre() {
        noClasses().should().haveSimpleNameEndingWith("Impl").check(MAIN);
        noClasses().should().haveSimpleNameEndingWith("Manager").check(MAIN);
        noClasses().should().haveSimpleNameEndingWith("Helper").check(MAIN);
        noClasses().should().haveSimpleNameEndingWith("Util").check(MAIN);
        noClasses().should().haveSimpleNameEndingWith("Utils").check(MAIN);
    }

    @Test
    void everyInMemoryStoreIsTestedAgainstItsContract() {
        JavaClasses tests = new ClassFileImporter()
                .importPaths(
                        Path.of("target/test-classes/dev/agentauth/memory"),
                        Path.of("target/test-classes/dev/agentauth/testkit"));
        Set<String> tested = new TreeSet<>();
        for (JavaClass test : tests) {
            test.getRawSuperclass()
                    .filter(parent -> parent.getSimpleName().endsWith("Contract"))
                    .ifPresent(parent -> tested.add(test.getSimpleName()));
        }
        Set<String> stores = new TreeSet<>();
        for (JavaClass type : MAIN) {
            if (type.getPackageName().equals("dev.agentauth.memory")
                    && type.getSimpleName().startsWith("InMemory")) {
                stores.add(type.getSimpleName() + "Test");
            }
        }

        assertThat(stores).hasSize(7);
        assertThat(tested).containsAll(stores);
    }
}
