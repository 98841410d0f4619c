package tidegate.conformance.run;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.apache.flink.types.Row;
import tidegate.conformance.Break;
import tidegate.conformance.Context;
import tidegate.conformance.Report;
import tidegate.conformance.Suite;

/**
 * Each query of {@code pipelines/refused/} is one that tidegate does not gate. It is run with a gate that was written
 * by hand, and has to show the loss or the doubling that the refusal is for.
 *
 * <p>A file has the tables, the query behind {@code -- @ungated}, and the same query with its gate behind {@code --
 * @forced}, where <code>${OPEN}</code> and <code>${CLOSE}</code> stand for the bounds of a role. {@code -- @expect}
 * says what has to be seen: {@code lost}, {@code doubled} (rows written twice, and rows and values that should not be
 * there), {@code any} of these, or {@code nothing}, where it is known that the refusal is stricter than it has to be;
 * there the report shows what was seen.
 */
public final class RefusedSuite implements Suite {

    private static final int AT_ONCE = 4;

    /** What {@code OPEN} and {@code CLOSE} are where a role has no such bound. */
    static final String FIRST = "TIMESTAMP '0001-01-01 00:00:00.000'";
    static final String LAST = "TIMESTAMP '9999-12-31 23:59:59.999'";

    @Override
    public String name() {
        return "refused";
    }

    @Override
    public void run(Context context, Report report) throws Exception {
        if (context.planted() != Break.NONE) {
            report.pass("no wrong gate is planted here");
            return;
        }
        List<Pipeline> pipelines = Pipeline.all(context.project().resolve("conformance/pipelines/refused"));
        String only = System.getProperty("conformance.pipelines", "");
        try (Cluster cluster = Cluster.start()) {
            ExecutorService pool = Executors.newFixedThreadPool(AT_ONCE);
            for (Pipeline pipeline : pipelines) {
                if (!only.isEmpty() && !pipeline.name().matches(only)) {
                    continue;
                }
                if (!pipeline.runsIn(context)) {
                    report.skip(pipeline.name(), "not a refused query in this version");
                    continue;
                }
                pool.execute(() -> {
                    try {
                        one(context, report, cluster, pipeline);
                    } catch (Exception | AssertionError e) {
                        report.fail(pipeline.name(), Failures.text(e));
                    }
                });
            }
            pool.shutdown();
            if (!pool.awaitTermination(30, TimeUnit.MINUTES)) {
                report.fail("the suite", "it took more than 30 minutes");
            }
        }
    }

    private static void one(Context context, Report report, Cluster cluster, Pipeline pipeline) throws Exception {
        String name = pipeline.name();
        String tables = pipeline.script().substring(0, pipeline.script().indexOf("-- @ungated"));
        String ungated = tables + between(pipeline.script(), "-- @ungated", "-- @forced");
        String forced = tables + between(pipeline.script(), "-- @forced", "-- @never");
        String cutover = pipeline.cutovers().get(0);
        Path folder = context.work("refused-" + name);

        Path script = Files.writeString(folder.resolve("ungated.sql"), ungated);
        Path config = pipeline.config().isEmpty()
                ? null
                : Files.writeString(folder.resolve("tidegate.toml"), pipeline.config());
        try {
            context.rewrite(script, config, "--role", "incoming", "--cutover", Pipeline.instant(cutover).toString());
            report.fail(name + " is refused", "tidegate gates it");
            return;
        } catch (Context.Refused refused) {
            List<String> missing = pipeline.refused().stream()
                    .filter(reason -> !refused.getMessage().contains("[" + reason + "]"))
                    .collect(Collectors.toList());
            if (missing.isEmpty()) {
                report.pass(name + " is refused");
            } else {
                report.fail(name + " is refused", "not for " + missing + ":\n" + refused.getMessage());
            }
        }

        Map<String, Compare.Difference> seen =
                switch (pipeline.how().isEmpty() ? "" : pipeline.how().get(0)) {
                    case "" -> besides(cluster, pipeline, folder, ungated, forced);
                    case "batch" -> Overwritten.run(cluster, pipeline, folder, ungated, forced);
                    case "clock" -> OnTheClock.run(cluster, pipeline, ungated, forced);
                    default -> throw new IllegalArgumentException("no way to run it: " + pipeline.how());
                };
        judge(report, pipeline, name + " shows " + pipeline.expect(), seen);
    }

    /** Both jobs read all rows, and once more an outgoing one that is stopped behind T. */
    private static Map<String, Compare.Difference> besides(
            Cluster cluster, Pipeline pipeline, Path folder, String ungated, String forced) throws Exception {
        String cutover = pipeline.cutovers().get(0);
        Map<String, String> options = new TreeMap<>(pipeline.options());
        Job.Setup setup = new Job.Setup(pipeline.rows(), options);
        String t = cutover.length() > 8 ? cutover : cutover + ".000";
        String literal = "TIMESTAMP '2026-01-01 " + t + "'";
        String out = role(forced, FIRST, literal);
        String in = role(forced, literal, LAST);
        long ms = Pipeline.instant(cutover).toEpochMilli();
        Map<String, Integer> settled = Pipeline.until(setup.rows(), ms + pipeline.settled().toMillis());
        try (Job whole = Job.start(cluster, ungated, setup);
                Job outgoing = Job.start(cluster, out, setup);
                Job incoming = Job.start(cluster, in, setup);
                Job stopped = Job.start(cluster, out, setup, settled, false)) {
            Traffic.Written wanted = whole.await().values().iterator().next();
            List<Row> first = outgoing.await().get(wanted.table).rows();
            List<Row> second = incoming.await().get(wanted.table).rows();
            stopped.awaitRead();
            stopped.stop(folder);
            List<Row> torn = stopped.written().containsKey(wanted.table)
                    ? stopped.written().get(wanted.table).rows()
                    : List.of();
            Map<String, Compare.Difference> seen = new TreeMap<>();
            seen.put("whole", difference(wanted, first, second));
            seen.put("outgoing stopped behind T", difference(wanted, torn, second));
            if (wanted.key().length > 0) {
                seen.put("writes of the outgoing job last", difference(wanted, second, first));
            }
            return seen;
        }
    }

    /** The forced query with the bounds of a role. */
    static String role(String forced, String open, String close) {
        return forced.replace("${OPEN}", open).replace("${CLOSE}", close);
    }

    private static void judge(
            Report report, Pipeline pipeline, String name, Map<String, Compare.Difference> seen) {
        String text = seen.entrySet().stream()
                .map(entry -> entry.getKey() + ": " + entry.getValue())
                .collect(Collectors.joining("\n"));
        // With the outgoing job's writes last, values of keys that both write are expected to be old.
        List<Compare.Difference> judged = new ArrayList<>(List.of(
                seen.get("whole"), seen.getOrDefault("outgoing stopped behind T", seen.get("whole"))));
        boolean lost = judged.stream().anyMatch(difference -> !difference.lost().isEmpty());
        boolean doubled = judged.stream().anyMatch(difference -> !difference.doubled().isEmpty());
        boolean right =
                switch (pipeline.expect()) {
                    case "lost" -> lost;
                    case "doubled" -> doubled;
                    case "any" -> lost || doubled;
                    case "nothing" -> !lost && !doubled;
                    default -> throw new IllegalArgumentException(pipeline.expect());
                };
        if (right) {
            report.pass(name);
        } else {
            report.fail(name, text);
        }
        if (pipeline.expect().equals("nothing") || System.getProperty("conformance.differences") != null) {
            report.note(name + "\n" + text);
        }
    }

    private static Compare.Difference difference(Traffic.Written wanted, List<Row> first, List<Row> second) {
        return wanted.key().length > 0
                ? Compare.tables(wanted.key(), wanted.rows(), List.of(first, second))
                : Compare.changes(wanted.rows(), List.of(first, second));
    }

    private static String between(String text, String from, String to) {
        String behind = text.substring(text.indexOf(from) + from.length());
        return behind.contains(to) ? behind.substring(0, behind.indexOf(to)) : behind;
    }
}
