package tidegate.run;

import java.util.Map;
import java.util.Properties;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.Gauge;
import org.apache.flink.metrics.Metric;
import org.apache.flink.metrics.MetricConfig;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.metrics.reporter.MetricReporter;
import org.apache.flink.metrics.reporter.MetricReporterFactory;

/** Keeps the metrics of the gates in reach, also when their job is over. */
public final class KeptMetrics implements MetricReporter, MetricReporterFactory {

    /** One metric of one subtask of one job. */
    record Key(String job, String operator, String subtask, String metric) {}

    private static final Map<Key, Metric> RUNNING = new ConcurrentHashMap<>();
    private static final Map<Key, Long> OVER = new ConcurrentHashMap<>();

    /** The values of a metric in all subtasks of a job. */
    static Stream<Long> values(String job, String metric) {
        return Stream.concat(
                RUNNING.entrySet().stream()
                        .filter(entry -> is(entry.getKey(), job, metric))
                        .map(entry -> value(entry.getValue())),
                OVER.entrySet().stream()
                        .filter(entry -> is(entry.getKey(), job, metric))
                        .map(Map.Entry::getValue));
    }

    static long sum(String job, String metric) {
        return values(job, metric).mapToLong(Long::longValue).sum();
    }

    private static boolean is(Key key, String job, String metric) {
        return key.job().equals(job) && key.metric().equals(metric);
    }

    private static long value(Metric metric) {
        return metric instanceof Counter
                ? ((Counter) metric).getCount()
                : ((Number) ((Gauge<?>) metric).getValue()).longValue();
    }

    private static Key key(String name, MetricGroup group) {
        Map<String, String> of = group.getAllVariables();
        return new Key(
                of.get("<job_name>"), of.get("<operator_name>"), of.get("<subtask_index>"), name);
    }

    @Override
    public void notifyOfAddedMetric(Metric metric, String name, MetricGroup group) {
        if (name.startsWith("bluegreenGate")) {
            RUNNING.put(key(name, group), metric);
        }
    }

    @Override
    public void notifyOfRemovedMetric(Metric metric, String name, MetricGroup group) {
        if (name.startsWith("bluegreenGate")) {
            OVER.put(key(name, group), value(metric));
            RUNNING.remove(key(name, group));
        }
    }

    @Override
    public MetricReporter createMetricReporter(Properties properties) {
        return this;
    }

    @Override
    public void open(MetricConfig config) {}

    @Override
    public void close() {}
}
