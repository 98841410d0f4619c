package tidegate.conformance.procedure;

import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import tidegate.conformance.Report;
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

    private static final Pattern STATE = Pattern.compile("\"ungated_state\": \"([a-z-]+)\"");

    private Adoption() {}

    static void run(Cutover cutover) throws Exception {
        Pipeline pipeline = cutover.pipeline;
        Report report = cutover.report;
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
        try (Job job = Job.start(cutover.cluster, cutover.role("first"), cutover.setup(savepoint))) {
            parts.add(job.await());
            Map<String, Compare.Difference> differences = parts.differences();
            boolean none = differences.values().stream().allMatch(Compare.Difference::none);
            seen = none ? "kept" : "lost";
            why = differences.toString();
        } catch (Exception e) {
            why = Failures.text(e);
            // Anything else, such as a cluster that is too slow, says nothing of the state.
            if (!why.contains("StateMigrationException") && !why.contains("Cannot map checkpoint/savepoint state")) {
                throw e;
            }
            seen = "refused";
        }
        String expected = pipeline.adopted(cutover.context);
        if (seen.equals(expected)) {
            report.pass(name + ": " + seen);
        } else {
            report.fail(name, "expected " + expected + ", is " + seen + ": " + why);
        }
        explained(cutover, name, seen);
        if (System.getProperty("conformance.differences") != null) {
            report.note(name + ": " + seen + ": " + why);
        }
    }

    /**
     * {@code tidegate explain} says the same beforehand. Where it does not yet, the pipeline has what it says as
     * {@code -- @explained}.
     */
    private static void explained(Cutover cutover, String name, String seen) throws Exception {
        Pipeline pipeline = cutover.pipeline;
        String json = cutover.context.explain(
                pipeline.file(), cutover.config(), pipeline.flags().toArray(String[]::new));
        Set<String> said = STATE.matcher(json).results().map(found -> found.group(1)).collect(Collectors.toSet());
        Set<String> right = seen.equals("kept") ? Set.of("no-state", "same-plan") : Set.of("larger-state");
        String words = String.join(" ", new TreeSet<>(said));
        String one = name + ", as explain says";
        if (pipeline.explained().isEmpty() ? right.containsAll(said) : words.equals(pipeline.explained())) {
            cutover.report.pass(one);
        } else {
            cutover.report.fail(one, "explain says " + words + ", and the state is " + seen);
        }
    }
}
