package tidegate.conformance.cost;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import org.apache.flink.api.common.JobID;
import tidegate.conformance.flink.Session;
import tidegate.conformance.flink.Statements;
import tidegate.conformance.run.Cluster;

/**
 * Two scripts run in turns in one JVM, one pair behind the other, so that what the machine does meanwhile meets both.
 * Each pair is a ratio, and the median of the ratios counts.
 */
final class Pairs {
    /**
     * How long is measured.
     *
     * @param warm pairs that only warm up the compiler
     * @param enough pairs that are run in any case
     * @param most pairs that are run if there is time
     * @param patience after how many seconds enough are enough
     */
    record Length(int warm, int enough, int most, double patience) {}

    private static final OperatingSystemMXBean SYSTEM =
            (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();

    private final Cluster cluster;
    private final Length length;

    Pairs(Cluster cluster, Length length) {
        this.cluster = cluster;
        this.length = length;
    }

    /**
     * Seconds: those in which the job's tasks ran, and those of the processor, planning included. The latter hardly see
     * what else the machine does.
     */
    private record Time(double clock, double processor) {}

    /** @param ungated seconds on the clock, the median */
    record Ratios(double[] clock, double[] processor, double ungated) {
        double byClock() {
            return median(clock);
        }

        double byProcessor() {
            return median(processor);
        }

        @Override
        public String toString() {
            return String.format(
                    Locale.ROOT,
                    "%.2f by the clock (%.2f to %.2f), %.2f by processor time (%.2f to %.2f), of %d pairs; ungated %.1f s",
                    byClock(),
                    clock[0],
                    clock[clock.length - 1],
                    byProcessor(),
                    processor[0],
                    processor[processor.length - 1],
                    clock.length,
                    ungated);
        }
    }

    /** How many rows a second go through the gated script, as a share of those through the ungated one. */
    Ratios of(String ungated, String gated, Map<String, String> options) throws Exception {
        for (int pair = 0; pair < length.warm(); pair++) {
            time(ungated, options);
            time(gated, options);
        }
        List<Time> without = new ArrayList<>();
        List<Time> with = new ArrayList<>();
        long start = System.nanoTime();
        for (int pair = 0; pair < length.most(); pair++) {
            if (pair >= length.enough() && (System.nanoTime() - start) / 1e9 > length.patience()) {
                break;
            }
            // Neither is always the first.
            if (pair % 2 == 0) {
                without.add(time(ungated, options));
                with.add(time(gated, options));
            } else {
                with.add(time(gated, options));
                without.add(time(ungated, options));
            }
        }
        return new Ratios(
                ratios(without, with, Time::clock),
                ratios(without, with, Time::processor),
                median(without.stream().mapToDouble(Time::clock).sorted().toArray()));
    }

    private static double[] ratios(List<Time> without, List<Time> with, ToDoubleFunction<Time> by) {
        double[] ratios = new double[with.size()];
        for (int at = 0; at < ratios.length; at++) {
            ratios[at] = by.applyAsDouble(without.get(at)) / by.applyAsDouble(with.get(at));
        }
        Arrays.sort(ratios);
        return ratios;
    }

    private static double median(double[] sorted) {
        int half = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
    }

    private Time time(String script, Map<String, String> more) throws Exception {
        Map<String, String> options = cluster.client().toMap();
        options.put("pipeline.auto-watermark-interval", "200 ms");
        options.putAll(more);
        Session session = Session.open(options, null);
        // What the run before has left is not this one's.
        System.gc();
        long processor = SYSTEM.getProcessCpuTime();
        double clock = 0;
        for (JobID job : session.run(Statements.cut(script))) {
            clock += cluster.took(job) / 1e3;
        }
        return new Time(clock, (SYSTEM.getProcessCpuTime() - processor) / 1e9);
    }
}
