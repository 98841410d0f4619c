package tidegate.conformance.procedure;

import java.util.Map;
import tidegate.conformance.Context;
import tidegate.conformance.Report;
import tidegate.conformance.run.Cluster;
import tidegate.conformance.run.Compare;
import tidegate.conformance.run.Failures;
import tidegate.conformance.run.Job;
import tidegate.conformance.run.Pipeline;

/**
 * The savepoint of a job without gates, restored into its {@code first} form: the state is {@code kept}, {@code lost}
 * (the job starts, but something is missing or doubled), or Flink has {@code refused} to start. Which it has to be
 * stands in the pipeline as {@code -- @adopted}.
 */
final class Adoption {

    private Adoption() {}

    static void run(Context context, Report report, Cluster cluster, Pipeline pipeline) throws Exception {
        Cutover cutover = new Cutover(context, report, cluster, pipeline);
        Cutover.Parts parts = new Cutover.Parts(cutover);
        String name = pipeline.name() + " adopted";
        String script = pipeline.script();
        if (pipeline.config().contains("one-job")) {
            report.skip(name, "two jobs become one, so that there are two savepoints");
            return;
        }
        String savepoint = parts.runUntil(script, null, cutover.settled());
        String seen;
        String why;
        try (Job job = Job.start(cluster, cutover.role("first"), cutover.setup(savepoint))) {
            parts.add(job.await());
            Map<String, Compare.Difference> differences = parts.differences();
            boolean none = differences.values().stream().allMatch(Compare.Difference::none);
            seen = none ? "kept" : "lost";
            why = differences.toString();
        } catch (Exception e) {
            seen = "refused";
            why = Failures.text(e);
        }
        String expected = pipeline.adopted(context);
        if (seen.equals(expected)) {
            report.pass(name + ": " + seen);
        } else {
            report.fail(name, "expected " + expected + ", is " + seen + ": " + why);
        }
        if (System.getProperty("conformance.differences") != null) {
            report.note(name + ": " + seen + ": " + why);
        }
    }
}
