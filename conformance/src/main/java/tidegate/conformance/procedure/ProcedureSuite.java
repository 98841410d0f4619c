package tidegate.conformance.procedure;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import tidegate.conformance.Break;
import tidegate.conformance.Context;
import tidegate.conformance.Report;
import tidegate.conformance.Suite;
import tidegate.conformance.run.Cluster;
import tidegate.conformance.run.Failures;
import tidegate.conformance.run.Pipeline;

/** The cutover of {@code docs/cutover.md} with savepoints: as it is written, and with each step left out. */
public final class ProcedureSuite implements Suite {

    private static final int AT_ONCE = 4;

    /** Pipelines that keep state of every kind; they are run with RocksDB too. */
    private static final Set<String> KEPT = Set.of(
            "group-by",
            "hop",
            "interval-join",
            "keep-first",
            "keep-last",
            "match-recognize",
            "over",
            "regular-join",
            "session",
            "temporal-join",
            "tumble",
            "window-join",
            "window-top-n");

    @Override
    public String name() {
        return "procedure";
    }

    @Override
    public void run(Context context, Report report) throws Exception {
        if (context.planted() != Break.NONE) {
            report.pass("no wrong gate is planted here");
            return;
        }
        List<Pipeline> pipelines = Pipeline.all(context.project().resolve("conformance/pipelines"));
        String only = System.getProperty("conformance.pipelines", ".*");
        try (Cluster cluster = Cluster.start()) {
            ExecutorService pool = Executors.newFixedThreadPool(AT_ONCE);
            for (Pipeline pipeline : pipelines) {
                if (!pipeline.name().matches(only)) {
                    continue;
                }
                if (!pipeline.runsIn(context)) {
                    report.skip(pipeline.name(), "from Flink " + pipeline.since() + " on");
                    continue;
                }
                Cutover cutover = new Cutover(context, report, cluster, pipeline);
                start(pool, report, pipeline.name(), cutover::asWritten);
                start(pool, report, pipeline.name(), () -> Adoption.run(cutover));
                if (KEPT.contains(pipeline.name())) {
                    start(pool, report, pipeline.name(), () -> inRocksDb(context, report, cluster, pipeline));
                }
            }
            for (Skipped.Step step : Skipped.steps(context, report, cluster)) {
                if (step.name().matches(only)) {
                    start(pool, report, step.name(), step.action());
                }
            }
            pool.shutdown();
            if (!pool.awaitTermination(30, TimeUnit.MINUTES)) {
                report.fail("the suite", "it took more than 30 minutes");
            }
        }
    }

    private static void inRocksDb(Context context, Report report, Cluster cluster, Pipeline pipeline) throws Exception {
        Path folder = context.work("procedure").resolve(pipeline.name() + "-rocksdb-local");
        Map<String, String> options =
                Map.of("state.backend.type", "rocksdb", "state.backend.rocksdb.localdir", folder.toString());
        String label = ", RocksDB";
        new Cutover(context, report, cluster, pipeline, pipeline.cutovers().get(0), label, options).asWritten();
        // RocksDB makes its folder when a job's state is opened; without it another backend kept the state.
        if (!Files.exists(folder)) {
            report.fail(pipeline.name() + label, "RocksDB kept no state");
        }
    }

    /** A case that may throw. */
    interface Action {
        void run() throws Exception;
    }

    private static void start(ExecutorService pool, Report report, String name, Action action) {
        pool.execute(() -> {
            try {
                action.run();
            } catch (Exception | AssertionError e) {
                report.fail(name, Failures.text(e));
            }
        });
    }
}
