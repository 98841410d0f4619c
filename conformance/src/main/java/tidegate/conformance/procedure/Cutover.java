package tidegate.conformance.procedure;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.flink.types.Row;
import tidegate.conformance.Context;
import tidegate.conformance.Report;
import tidegate.conformance.run.Cluster;
import tidegate.conformance.run.Compare;
import tidegate.conformance.run.Job;
import tidegate.conformance.run.Pipeline;
import tidegate.conformance.run.Rows;
import tidegate.conformance.run.Traffic;

/** One script, its three roles, and what its jobs wrote, in the order in which they wrote it. */
final class Cutover {

    /** So long before T the running job is stopped with the savepoint that both jobs start from. */
    static final Duration AHEAD = Duration.ofMinutes(3);

    final Context context;
    final Report report;
    final Cluster cluster;
    final Pipeline pipeline;
    final Map<String, Rows> rows;
    final long cutover;
    private final String label;
    private final Map<String, String> more;
    private Map<String, Traffic.Written> ungated;

    Cutover(Context context, Report report, Cluster cluster, Pipeline pipeline) {
        this(context, report, cluster, pipeline, pipeline.cutovers().get(0));
    }

    Cutover(Context context, Report report, Cluster cluster, Pipeline pipeline, String cutover) {
        this(context, report, cluster, pipeline, cutover, "", Map.of());
    }

    /**
     * @param label behind the name of each case
     * @param more options of Flink
     */
    Cutover(
            Context context,
            Report report,
            Cluster cluster,
            Pipeline pipeline,
            String cutover,
            String label,
            Map<String, String> more) {
        this.label = label;
        this.more = more;
        this.context = context;
        this.report = report;
        this.cluster = cluster;
        this.pipeline = pipeline;
        this.rows = pipeline.rows();
        this.cutover = Pipeline.instant(cutover).toEpochMilli();
    }

    /** Every step of the document. */
    void asWritten() throws Exception {
        String name = pipeline.name() + " as written" + label;
        Parts parts = new Parts(this);
        // 1 to 4: the job in the role first, stopped ahead of T.
        String one = parts.runUntil(role("first"), null, ahead());
        // 5: both from its savepoint. 6 and 7: the outgoing one goes when it is past T.
        try (Job incoming = start(role("incoming"), one, settled())) {
            parts.outgoing(role("outgoing"), one, settled());
            // 8: the incoming job becomes first.
            String two = parts.stop(incoming);
            parts.finish(role("first"), two);
        }
        parts.judge(name);
    }

    Map<String, Integer> ahead() {
        return Pipeline.until(rows, cutover - AHEAD.toMillis());
    }

    Map<String, Integer> settled() {
        return Pipeline.until(rows, cutover + pipeline.settled().toMillis());
    }

    Map<String, Integer> until(Duration behind) {
        return Pipeline.until(rows, cutover + behind.toMillis());
    }

    String role(String role) throws Exception {
        return role(role, cutover);
    }

    String role(String role, long at) throws Exception {
        List<String> flags = new ArrayList<>(pipeline.flags());
        flags.addAll(List.of("--role", role));
        if (!role.equals("first")) {
            flags.addAll(List.of("--cutover", String.valueOf(at)));
        }
        return context.rewrite(pipeline.file(), config(), flags.toArray(String[]::new));
    }

    Path config() throws Exception {
        return pipeline.config().isEmpty()
                ? null
                : Files.writeString(folder().resolve("tidegate.toml"), pipeline.config());
    }

    synchronized Path folder() throws Exception {
        return Files.createDirectories(context.work("procedure").resolve(pipeline.name() + label.replaceAll("\\W+", "-")));
    }

    /** What one job without gates writes; it is run once. */
    synchronized Map<String, Traffic.Written> ungated() throws Exception {
        if (ungated == null) {
            try (Job job = Job.start(cluster, pipeline.script(), setup(null))) {
                ungated = job.await();
            }
        }
        return ungated;
    }

    Job.Setup setup(String savepoint) {
        return setup(savepoint, rows);
    }

    Job.Setup setup(String savepoint, Map<String, Rows> rows) {
        Map<String, String> options = new TreeMap<>(pipeline.options());
        options.putAll(more);
        options.put("parallelism.default", String.valueOf(pipeline.parallelism()));
        Job.Setup setup = new Job.Setup(rows, options);
        return savepoint == null ? setup : setup.from(savepoint);
    }

    /** A job that reads so far and then waits. */
    Job start(String script, String savepoint, Map<String, Integer> until) throws Exception {
        return Job.start(cluster, script, setup(savepoint), until, false);
    }

    /** What the jobs of one cutover wrote. */
    static final class Parts {
        private final Cutover of;
        private final Map<String, List<List<Row>>> written = new TreeMap<>();

        Parts(Cutover of) {
            this.of = of;
        }

        void add(Map<String, Traffic.Written> sinks) {
            sinks.forEach((sink, rows) ->
                    written.computeIfAbsent(sink, key -> new ArrayList<>()).add(rows.rows()));
        }

        /** Starts a job, lets it read so far, and stops it with a savepoint. */
        String runUntil(String script, String savepoint, Map<String, Integer> until) throws Exception {
            try (Job job = of.start(script, savepoint, until)) {
                return stop(job);
            }
        }

        /** The outgoing job runs until the watermark of its sinks has passed T. */
        String outgoing(String script, String savepoint, Map<String, Integer> until) throws Exception {
            try (Job job = of.start(script, savepoint, until)) {
                if (!job.awaitWatermark(of.cutover, Duration.ofSeconds(20))) {
                    throw new IllegalStateException("the watermark of the outgoing job's sinks stays below T");
                }
                return stop(job);
            }
        }

        /** Stops a job that has read what it may read. */
        String stop(Job job) throws Exception {
            job.awaitRead();
            String savepoint = job.stop(of.folder());
            add(job.written());
            return savepoint;
        }

        void finish(String script, String savepoint) throws Exception {
            try (Job job = Job.start(of.cluster, script, of.setup(savepoint))) {
                add(job.await());
            }
        }

        /** What is lost and doubled in all sinks. */
        Map<String, Compare.Difference> differences() throws Exception {
            Map<String, Compare.Difference> differences = new TreeMap<>();
            of.ungated().forEach((sink, wanted) -> {
                List<List<Row>> parts = written.getOrDefault(sink, List.of());
                differences.put(
                        sink,
                        wanted.key().length > 0
                                ? Compare.tables(wanted.key(), wanted.rows(), parts)
                                : Compare.multisets(wanted.rows(), parts));
            });
            return differences;
        }

        /** Passes if nothing is lost or doubled. */
        void judge(String name) throws Exception {
            Map<String, Compare.Difference> differences = differences();
            if (differences.values().stream().allMatch(Compare.Difference::none)) {
                of.report.pass(name);
            } else {
                of.report.fail(name, differences.toString());
            }
        }

        /** Passes if just this is to be seen: {@code lost}, {@code doubled}, or {@code both}. */
        void expect(String name, String cost) throws Exception {
            Map<String, Compare.Difference> differences = differences();
            boolean lost = differences.values().stream().anyMatch(one -> !one.lost().isEmpty());
            boolean doubled = differences.values().stream().anyMatch(one -> !one.doubled().isEmpty());
            String seen = lost && doubled ? "both" : lost ? "lost" : doubled ? "doubled" : "nothing";
            if (seen.equals(cost)) {
                of.report.pass(name);
            } else {
                of.report.fail(name, "expected: " + cost + ", seen: " + differences);
            }
            if (System.getProperty("conformance.differences") != null) {
                of.report.note(name + ": " + differences);
            }
        }
    }
}
