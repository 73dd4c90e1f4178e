package dev.agentauth.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.junit.platform.testkit.engine.EngineTestKit;
import org.junit.platform.testkit.engine.Events;

/**
 * What came of a run of a contract, inside a test, against an implementation with one defect.
 *
 * @param requirements the display names of all its tests
 * @param failures the display names of those that failed
 */
record ContractRun(Set<String> requirements, Set<String> failures) {
    private static final String DEFECT = "planted.defect";

    /** What is wrong with an implementation; the first constant is the one with which nothing is. */
    interface Defect {
        /**
         * The display names of the tests that are sure to find it. Others may find it, too; a race is named only where
         * the defect sees to it, by a {@link Meeting}, that the race is lost.
         */
        Set<String> finders();
    }

    static Set<String> by(String... displayNames) {
        return Set.of(displayNames);
    }

    /**
     * Runs all tests of a contract.
     *
     * @param contract its only constructor takes the defect
     */
    static <D extends Enum<D> & Defect> ContractRun of(Class<?> contract, D defect) {
        Events tests = EngineTestKit.engine("junit-jupiter")
                .selectors(selectClass(contract))
                .configurationParameter(DEFECT, defect.name())
                .execute()
                .testEvents();
        assertThat(tests.aborted().count()).as("tests of outages are run, too").isZero();
        return new ContractRun(displayNames(tests.started()), displayNames(tests.failed()));
    }

    private static Set<String> displayNames(Events events) {
        return events.stream()
                .map(event -> event.getTestDescriptor().getDisplayName())
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** Hands the defect of the run to the constructor of the contract. */
    static final class DefectResolver implements ParameterResolver {
        @Override
        public boolean supportsParameter(ParameterContext parameter, ExtensionContext extension) {
            return Defect.class.isAssignableFrom(parameter.getParameter().getType());
        }

        @Override
        public Object resolveParameter(ParameterContext parameter, ExtensionContext extension) {
            String name = extension.getConfigurationParameter(DEFECT).orElseThrow();
            for (Object constant : parameter.getParameter().getType().getEnumConstants()) {
                if (((Enum<?>) constant).name().equals(name)) {
                    return constant;
                }
            }
            throw new IllegalArgumentException("no such defect: " + name);
        }
    }
}
