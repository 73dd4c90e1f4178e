package dev.agentauth.benchmarks.load;

import java.util.Arrays;
import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * What one round of one path has shown.
 *
 * @param perSecond answers a second
 * @param p50 milliseconds within which half of them came
 * @param p99 milliseconds within which all but one in a hundred came
 * @param cpu milliseconds of processor time of the server's process for each
 */
record Sample(double perSecond, double p50, double p99, double cpu) {

    /** The medians of several rounds, each figure for itself. */
    static Sample median(List<Sample> rounds) {
        return new Sample(
                median(rounds, Sample::perSecond),
                median(rounds, Sample::p50),
                median(rounds, Sample::p99),
                median(rounds, Sample::cpu));
    }

    /** The median of one figure. */
    static double median(List<Sample> rounds, ToDoubleFunction<Sample> figure) {
        return median(rounds.stream().mapToDouble(figure).toArray());
    }

    /** The one in the middle, or what is halfway between the two there. */
    static double median(double... values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        int half = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
    }
}
