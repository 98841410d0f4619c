package tidegate.conformance.procedure;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.flink.types.Row;
import org.apache.flink.types.RowKind;
import tidegate.conformance.Context;
import tidegate.conformance.Report;
import tidegate.conformance.run.Cluster;
import tidegate.conformance.run.Job;
import tidegate.conformance.run.Pipeline;
import tidegate.conformance.run.Rows;

/** What a step of the cutover costs that is left out, as the table of {@code docs/cutover.md} has it. */
final class Skipped {

    private static final Duration MINUTE = Duration.ofMinutes(1);

    /** One case. */
    record Step(String name, ProcedureSuite.Action action) {}

    private final Context context;
    private final Report report;
    private final Cluster cluster;

    private Skipped(Context context, Report report, Cluster cluster) {
        this.context = context;
        this.report = report;
        this.cluster = cluster;
    }

    static List<Step> steps(Context context, Report report, Cluster cluster) {
        Skipped all = new Skipped(context, report, cluster);
        List<Step> steps = new ArrayList<>();
        steps.add(new Step("skipped: the role first", all::first));
        steps.add(new Step("skipped: T ahead of what is written", all::ahead));
        steps.add(new Step("kept: T ahead of what the running job writes", all::runningOn));
        steps.add(new Step("skipped: one T for both, a gap", () -> all.twoCutovers(MINUTE, "lost")));
        steps.add(new Step("skipped: one T for both, an overlap", () -> all.twoCutovers(MINUTE.negated(), "doubled")));
        for (String pipeline : List.of("tumble", "regular-join", "group-by")) {
            steps.add(new Step("skipped: the savepoint, " + pipeline, () -> all.savepoint(pipeline)));
        }
        steps.add(new Step("kept: no state, from an earlier offset", all::earlierOffset));
        steps.add(new Step("skipped: one savepoint, outgoing from an older one", all::olderForOutgoing));
        steps.add(new Step("skipped: one savepoint, incoming from a younger one", all::youngerForIncoming));
        steps.add(new Step("skipped: no --drain", all::drained));
        steps.add(new Step("skipped: the outgoing job", all::outgoing));
        steps.add(new Step("skipped: waiting for the watermark", all::waiting));
        steps.add(new Step("skipped: letting the sinks commit", () -> all.commit(false)));
        steps.add(new Step("kept: the sinks commit", () -> all.commit(true)));
        steps.add(new Step("skipped: becoming first, late rows", () -> all.becoming(true)));
        steps.add(new Step("kept: first, late rows", () -> all.becoming(false)));
        steps.add(new Step("skipped: becoming first, retractions", all::retractions));
        steps.add(new Step("kept: given up before T", all::givenUp));
        return steps;
    }

    private Cutover of(String pipeline) throws Exception {
        return of(pipeline, "00:10:00");
    }

    private Cutover of(String pipeline, String cutover) throws Exception {
        Path file = context.project().resolve("conformance/pipelines/" + pipeline + ".sql");
        return new Cutover(context, report, cluster, Pipeline.read(file), cutover);
    }

    /** A job without gates runs on beside the incoming one. */
    private void first() throws Exception {
        Cutover tumble = of("tumble");
        Cutover.Parts parts = new Cutover.Parts(tumble);
        try (Job incoming = Job.start(cluster, tumble.role("incoming"), tumble.setup(null), null, true)) {
            parts.finish(tumble.pipeline.script(), null);
            parts.add(incoming.await());
        }
        parts.expect("skipped: the role first", "doubled");
    }

    /** The running job goes on behind the savepoint, past T, and becomes outgoing only then. */
    private void ahead() throws Exception {
        runningOn(Duration.ofMinutes(3), "skipped: T ahead of what is written", "doubled");
    }

    /** The same, but stopped ahead of T. */
    private void runningOn() throws Exception {
        runningOn(MINUTE.negated(), "kept: T ahead of what the running job writes", "nothing");
    }

    private void runningOn(Duration stops, String name, String cost) throws Exception {
        Cutover tumble = of("tumble");
        Cutover.Parts parts = new Cutover.Parts(tumble);
        String one;
        String two;
        try (Job running = tumble.start(tumble.role("first"), null, tumble.ahead())) {
            running.awaitRead();
            one = running.savepoint(tumble.folder());
            running.read(tumble.until(stops), false);
            two = parts.stop(running);
        }
        try (Job incoming = tumble.start(tumble.role("incoming"), one, tumble.settled())) {
            parts.outgoing(tumble.role("outgoing"), two, tumble.until(Duration.ofMinutes(5)));
            String three = parts.stop(incoming);
            parts.finish(tumble.role("first"), three);
        }
        parts.expect(name, cost);
    }

    private void twoCutovers(Duration later, String cost) throws Exception {
        Cutover tumble = of("tumble");
        Cutover.Parts parts = new Cutover.Parts(tumble);
        String one = parts.runUntil(tumble.role("first"), null, tumble.ahead());
        String incoming = tumble.role("incoming", tumble.cutover + later.toMillis());
        try (Job job = tumble.start(incoming, one, tumble.settled())) {
            parts.outgoing(tumble.role("outgoing"), one, tumble.settled());
            parts.finish(tumble.role("first"), parts.stop(job));
        }
        parts.expect("skipped: one T for both, " + (cost.equals("lost") ? "a gap" : "an overlap"), cost);
    }

    /** The incoming job starts without state, where the running one was stopped. */
    private void savepoint(String pipeline) throws Exception {
        Cutover cutover = of(pipeline);
        Cutover.Parts parts = new Cutover.Parts(cutover);
        Duration close = Duration.ofSeconds(20).negated();
        String one = parts.runUntil(cutover.role("first"), null, cutover.until(close));
        Job.Setup behind = cutover.setup(null, behind(cutover.rows, cutover.until(close)));
        try (Job incoming = Job.start(cluster, cutover.role("incoming"), behind, null, true)) {
            parts.outgoing(cutover.role("outgoing"), one, cutover.settled());
            parts.add(incoming.await());
        }
        // A window is there with other values, and so is a group: one row for another.
        parts.expect("skipped: the savepoint, " + pipeline,
                pipeline.equals("regular-join") ? "lost" : pipeline.equals("tumble") ? "both" : "doubled");
    }

    /** The third alternative: no state, from the start of the first window that ends behind T. */
    private void earlierOffset() throws Exception {
        Cutover tumble = of("tumble");
        Cutover.Parts parts = new Cutover.Parts(tumble);
        String one = parts.runUntil(tumble.role("first"), null, tumble.until(Duration.ofSeconds(20).negated()));
        Job.Setup early = tumble.setup(null, behind(tumble.rows, tumble.until(Duration.ofMinutes(2).negated())));
        try (Job incoming = Job.start(cluster, tumble.role("incoming"), early, null, true)) {
            parts.outgoing(tumble.role("outgoing"), one, tumble.settled());
            parts.add(incoming.await());
        }
        parts.expect("kept: no state, from an earlier offset", "nothing");
    }

    private void olderForOutgoing() throws Exception {
        Cutover tumble = of("tumble");
        Cutover.Parts parts = new Cutover.Parts(tumble);
        String one;
        String two;
        try (Job running = tumble.start(tumble.role("first"), null, tumble.ahead())) {
            running.awaitRead();
            one = running.savepoint(tumble.folder());
            running.read(tumble.until(MINUTE.negated()), false);
            two = parts.stop(running);
        }
        try (Job incoming = tumble.start(tumble.role("incoming"), two, tumble.settled())) {
            parts.outgoing(tumble.role("outgoing"), one, tumble.settled());
            parts.finish(tumble.role("first"), parts.stop(incoming));
        }
        parts.expect("skipped: one savepoint, outgoing from an older one", "doubled");
    }

    /** The incoming job takes a savepoint of the outgoing one, which has read rows from T on by then. */
    private void youngerForIncoming() throws Exception {
        Cutover tumble = of("tumble");
        Cutover.Parts parts = new Cutover.Parts(tumble);
        String one = parts.runUntil(tumble.role("first"), null, tumble.ahead());
        String two = parts.outgoing(tumble.role("outgoing"), one, tumble.until(Duration.ofMinutes(4)));
        String three = parts.runUntil(tumble.role("incoming"), two, tumble.until(Duration.ofMinutes(5)));
        parts.finish(tumble.role("first"), three);
        parts.expect("skipped: one savepoint, incoming from a younger one", "lost");
    }

    private void drained() throws Exception {
        Cutover hop = of("hop");
        Cutover.Parts parts = new Cutover.Parts(hop);
        String one;
        try (Job running = hop.start(hop.role("first"), null, hop.ahead())) {
            running.awaitRead();
            one = running.stop(hop.folder(), true);
            parts.add(running.written());
        }
        try (Job incoming = hop.start(hop.role("incoming"), one, hop.settled())) {
            parts.outgoing(hop.role("outgoing"), one, hop.settled());
            parts.finish(hop.role("first"), parts.stop(incoming));
        }
        parts.expect("skipped: no --drain", "both");
    }

    private void outgoing() throws Exception {
        Cutover tumble = of("tumble");
        Cutover.Parts parts = new Cutover.Parts(tumble);
        String one = parts.runUntil(tumble.role("first"), null, tumble.ahead());
        String two = parts.runUntil(tumble.role("incoming"), one, tumble.settled());
        parts.finish(tumble.role("first"), two);
        parts.expect("skipped: the outgoing job", "lost");
    }

    private void waiting() throws Exception {
        Cutover tumble = of("tumble");
        Cutover.Parts parts = new Cutover.Parts(tumble);
        String one = parts.runUntil(tumble.role("first"), null, tumble.ahead());
        try (Job incoming = tumble.start(tumble.role("incoming"), one, tumble.settled())) {
            parts.runUntil(tumble.role("outgoing"), one, tumble.until(Duration.ofSeconds(5)));
            parts.finish(tumble.role("first"), parts.stop(incoming));
        }
        parts.expect("skipped: waiting for the watermark", "lost");
    }

    /** Sinks that write when a checkpoint is complete: the outgoing job is cancelled, or stopped with a savepoint. */
    private void commit(boolean stopped) throws Exception {
        Cutover tumble = of("tumble");
        Cutover.Parts parts = new Cutover.Parts(tumble);
        Job.Setup setup = tumble.setup(null).committing();
        String one;
        try (Job running = Job.start(cluster, tumble.role("first"), setup, tumble.ahead(), false)) {
            one = parts.stop(running);
        }
        try (Job incoming = Job.start(cluster, tumble.role("incoming"), setup.from(one), tumble.settled(), false);
                Job outgoing = Job.start(cluster, tumble.role("outgoing"), setup.from(one), tumble.settled(), false)) {
            if (!outgoing.awaitWatermark(tumble.cutover, Duration.ofSeconds(20))) {
                throw new IllegalStateException("the watermark of the outgoing job's sinks stays below T");
            }
            if (stopped) {
                parts.stop(outgoing);
            } else {
                outgoing.awaitRead();
                outgoing.cancel();
                parts.add(outgoing.written());
            }
            String two = parts.stop(incoming);
            parts.finish(tumble.role("first"), two);
        }
        parts.expect(
                stopped ? "kept: the sinks commit" : "skipped: letting the sinks commit",
                stopped ? "nothing" : "lost");
    }

    /** A row below T comes when the outgoing job is gone. */
    private void becoming(boolean left) throws Exception {
        Cutover late = of("late-rows", "00:11:00.001");
        Cutover.Parts parts = new Cutover.Parts(late);
        Duration gone = Duration.ofSeconds(45);
        String one = parts.runUntil(late.role("first"), null, late.ahead());
        try (Job incoming = late.start(late.role("incoming"), one, late.until(gone))) {
            parts.outgoing(late.role("outgoing"), one, late.until(gone));
            parts.finish(late.role(left ? "incoming" : "first"), parts.stop(incoming));
        }
        parts.expect(
                left ? "skipped: becoming first, late rows" : "kept: first, late rows", left ? "lost" : "nothing");
    }

    /** What the sink of an updating query is sent before and after the incoming job is first. */
    private void retractions() throws Exception {
        Cutover totals = of("group-by");
        Map<String, Long> sent = new TreeMap<>();
        for (String role : List.of("incoming", "first")) {
            Cutover.Parts parts = new Cutover.Parts(totals);
            String one = parts.runUntil(totals.role("incoming"), null, totals.settled());
            try (Job job = Job.start(cluster, totals.role(role), totals.setup(one))) {
                List<Row> rows = job.await().values().iterator().next().rows();
                sent.put(role, rows.stream().filter(row -> row.getKind() == RowKind.UPDATE_BEFORE).count());
            }
        }
        String name = "skipped: becoming first, retractions";
        if (sent.get("incoming") > 0 && sent.get("first") == 0) {
            report.pass(name);
        } else {
            report.fail(name, "retractions: " + sent);
        }
        report.note("retractions to the sink of an updating query, group-by: " + sent);
    }

    /** The incoming job is cancelled before event time has come to T, and the outgoing one becomes first. */
    private void givenUp() throws Exception {
        Cutover tumble = of("tumble");
        Cutover.Parts parts = new Cutover.Parts(tumble);
        String one = parts.runUntil(tumble.role("first"), null, tumble.ahead());
        String two;
        try (Job incoming = tumble.start(tumble.role("incoming"), one, tumble.until(MINUTE.negated()))) {
            two = parts.runUntil(tumble.role("outgoing"), one, tumble.until(MINUTE.negated()));
            incoming.awaitRead();
            incoming.cancel();
            parts.add(incoming.written());
        }
        parts.finish(tumble.role("first"), two);
        parts.expect("kept: given up before T", "nothing");
    }

    /** What comes behind so many rows of each table. */
    private static Map<String, Rows> behind(Map<String, Rows> all, Map<String, Integer> skipped) {
        Map<String, Rows> rest = new TreeMap<>();
        all.forEach((table, rows) -> rest.put(table, new Rows(
                rows.columns(), rows.eventTime(), rows.lines().subList(skipped.get(table), rows.lines().size()))));
        return rest;
    }
}
