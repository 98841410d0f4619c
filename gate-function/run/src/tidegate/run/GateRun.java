package tidegate.run;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.Paths;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Runs an outgoing and an incoming job at the same time over a source that keeps emitting, sets the cutover
 * while they run, and compares what both wrote with what one job without gates writes.
 *
 * <p>Arguments: the folder with the scripts ({@code KIND/NAME.sql} is gated, {@code plain/NAME.sql} is not),
 * a folder to work in, and the cases to run, all of them if none is given.
 */
public final class GateRun {

    private static final long START = 1_767_225_600_000L; // 2026-01-01T00:00:00Z
    private static final int ROWS = 5_000;
    private static final int RATE = 500;

    /**
     * How far ahead of the outgoing job T is set, in event time: 1.2 s of the wall clock. There are rows of
     * just that time, and it lies inside a window.
     */
    private static final long AHEAD_MS = 6_130;

    /**
     * @param zone the session's time zone, which must have no say
     * @param file whether the state is in a properties file; otherwise it is in a folder
     * @param updating whether rows are collected with their kinds
     */
    private record Query(String name, String zone, boolean file, boolean updating) {}

    private record Case(String kind, Query query, int parallelism) {
        @Override
        public String toString() {
            return kind + "/" + query.name + "/" + parallelism;
        }
    }

    private static final List<Query> QUERIES =
            List.of(
                    new Query("rides-ntz", "America/Los_Angeles", false, false),
                    new Query("rides-ltz", "Asia/Tokyo", true, false),
                    new Query("windows", "UTC", false, false),
                    new Query("sums", "UTC", true, true));

    /** A query that Flink is not to plan, over the tables of the first script. */
    private record Refusal(String reason, String sql) {}

    private static final Map<String, List<Refusal>> REFUSALS =
            Map.of(
                    "function",
                    List.of(
                            new Refusal(
                                    "unknown side 'open'",
                                    "SELECT * FROM rides WHERE tide_gate('sums:open', ts, ts)"),
                            new Refusal(
                                    "is the name of its sink",
                                    "SELECT * FROM rides WHERE tide_gate(7, ts, ts)"),
                            new Refusal(
                                    "The name of a gate is NULL",
                                    "SELECT * FROM rides WHERE tide_gate(CAST(NULL AS STRING), ts, ts)"),
                            new Refusal(
                                    "The second argument of a gate is a TIMESTAMP",
                                    "SELECT * FROM rides WHERE tide_gate('fares', id, ts)"),
                            new Refusal(
                                    "watermark of the type of the second",
                                    "SELECT * FROM rides"
                                            + " WHERE tide_gate('fares', ts, CAST(ts AS TIMESTAMP_LTZ(3)))"),
                            new Refusal(
                                    "tide_gate(sink STRING, time TIMESTAMP, watermark TIMESTAMP)",
                                    "SELECT * FROM rides WHERE tide_gate('fares', ts)")),
                    "ptf",
                    List.of(
                            new Refusal(
                                    "unknown side 'open'",
                                    "SELECT id FROM tide_gate(input => TABLE rides, sink => 'sums:open',"
                                            + " gate_time => DESCRIPTOR(ts))"),
                            new Refusal(
                                    "which is no TIMESTAMP",
                                    "SELECT id FROM tide_gate(input => TABLE rides, sink => 'fares',"
                                            + " gate_time => DESCRIPTOR(id))"),
                            new Refusal(
                                    "is to name one column",
                                    "SELECT id FROM tide_gate(input => TABLE rides, sink => 'fares',"
                                            + " gate_time => DESCRIPTOR(ts, id))"),
                            new Refusal(
                                    "but the input has",
                                    "SELECT id FROM tide_gate(input => TABLE rides, sink => 'fares',"
                                            + " gate_time => DESCRIPTOR(no_column))")));

    private final Path scripts;
    private final Path work;
    private final Map<Query, List<String>> ungated = new HashMap<>();

    private GateRun(Path scripts, Path work) {
        this.scripts = scripts;
        this.work = work;
    }

    public static void main(String[] args) throws Exception {
        GateRun run = new GateRun(Paths.get(args[0]), Paths.get(args[1]));
        List<String> wanted = List.of(args).subList(2, args.length);
        int passed = 0;
        int failed = 0;
        for (String kind : List.of("function", "ptf")) {
            if (!Files.exists(run.script(kind, QUERIES.get(0)))) {
                continue;
            }
            for (Refusal refusal : REFUSALS.getOrDefault(kind, List.of())) {
                String name = kind + "/refuses " + refusal.reason;
                if (!wanted.isEmpty() && wanted.stream().noneMatch(name::startsWith)) {
                    continue;
                }
                String message = Job.refusal(Files.readString(run.script(kind, QUERIES.get(0))), refusal.sql);
                boolean refused = message.contains(refusal.reason);
                System.out.println(name + (refused ? "" : ": FAILED: " + message));
                passed += refused ? 1 : 0;
                failed += refused ? 0 : 1;
            }
            for (Query query : QUERIES) {
                for (int parallelism : new int[] {1, 4}) {
                    Case one = new Case(kind, query, parallelism);
                    if (!Files.exists(run.script(kind, query))
                            || !wanted.isEmpty() && wanted.stream().noneMatch(one.toString()::startsWith)) {
                        continue;
                    }
                    long start = System.nanoTime();
                    String outcome;
                    try {
                        outcome = run.run(one);
                        passed++;
                    } catch (Exception | AssertionError e) {
                        outcome = "FAILED: " + e;
                        if (!(e instanceof AssertionError)) {
                            e.printStackTrace();
                        }
                        failed++;
                    }
                    System.out.printf("%-22s %4.1f s  %s%n", one, (System.nanoTime() - start) / 1e9, outcome);
                }
            }
        }
        System.out.println(passed + " passed, " + failed + " failed");
        System.exit(failed == 0 && passed > 0 ? 0 : 1);
    }

    private Path script(String kind, Query query) {
        return scripts.resolve(kind).resolve(query.name + ".sql");
    }

    private String run(Case one) throws Exception {
        Query query = one.query;
        List<String> expected = ungated.get(query);
        if (expected == null) {
            expected = start("plain", one, "", 1_000_000).rows();
            ungated.put(query, expected);
        }
        KeptMetrics.forget();
        Path folder = Files.createDirectories(work.resolve(one.toString()));
        State state =
                query.file ? State.file(folder.resolve("gate.properties")) : State.folder(folder.resolve("gate"));

        // The outgoing job runs alone at first.
        state.set(entries("true", "BLUE", "RUNNING", null));
        Job outgoing = start("BLUE", one, parameters("BLUE", state), RATE);
        await(() -> KeptMetrics.sum("BLUE", "bluegreenGateRowsPassed") > 5, outgoing);
        state.set(entries("false", "GREEN", "INITIALIZING", null));
        Job incoming = start("GREEN", one, parameters("GREEN", state), RATE);
        await(() -> KeptMetrics.sum("GREEN", "bluegreenGateRowsHeldBack") > 5, outgoing);
        state.set(entries("false", "GREEN", "TRANSITIONING", null));
        Thread.sleep(500);
        check(KeptMetrics.sum("GREEN", "bluegreenGateRowsPassed") == seenBehindSources("GREEN", query),
                "the incoming job wrote rows before T was known");
        long cutover = START + reached(query) + AHEAD_MS;
        state.set(entries("false", "GREEN", "TRANSITIONING", cutover));
        check(!outgoing.isOver() && !incoming.isOver(), "a job was over before T was set");

        List<String> first = outgoing.rows();
        List<String> second = incoming.rows();
        for (String job : List.of("BLUE", "GREEN")) {
            check(KeptMetrics.sum(job, "bluegreenGateCutoverTooClose") == 0, job + " learned T too late");
            check(KeptMetrics.sum(job, "bluegreenGateReadFailures") == 0, job + " could not read the state");
        }
        List<Long> done = KeptMetrics.values("BLUE", "bluegreenGateHandOverDone").collect(Collectors.toList());
        check(!first.isEmpty() && !second.isEmpty(), "one of the jobs wrote nothing");
        if (query.updating) {
            check(table(expected, List.of()).equals(table(first, second)), "the tables differ");
        } else {
            check(done.size() == one.parallelism, "metrics of " + done.size() + " subtasks");
            List<String> both = new ArrayList<>(first);
            both.addAll(second);
            compare(expected, both);
            check(first.size() == KeptMetrics.sum("BLUE", "bluegreenGateRowsPassed")
                    && second.size() == KeptMetrics.sum("GREEN", "bluegreenGateRowsPassed"),
                    "the counters of rows are not what was written");
            if (!query.name.equals("windows")) {
                check(done.stream().allMatch(value -> value == 1), "the hand-over is not done: " + done);
            }
        }
        return String.format(
                "T = start + %.2f s: outgoing wrote %d rows, incoming %d; late %d and %d; done %s",
                (cutover - START) / 1e3,
                first.size(),
                second.size(),
                KeptMetrics.sum("BLUE", "bluegreenGateRowsLate"),
                KeptMetrics.sum("GREEN", "bluegreenGateRowsLate"),
                done);
    }

    private Job start(String name, Case one, String parameters, int rate) throws Exception {
        Path out = work.resolve(one.toString()).resolve(name);
        String script =
                Files.readString(script(name.equals("plain") ? name : one.kind, one.query))
                        .replace("${ROWS}", String.valueOf(ROWS))
                        .replace("${RATE}", String.valueOf(rate))
                        .replace("${OUT}", out.toUri().toString());
        return Job.start(
                name, script, one.parallelism, one.query.zone, parameters, out, one.query.updating);
    }

    private static String parameters(String colour, State state) {
        return String.join(
                ",",
                "tidegate.gate.colour:" + colour,
                "tidegate.gate.path:" + state.path().toAbsolutePath(),
                "tidegate.gate.poll-interval-ms:20");
    }

    private static Map<String, String> entries(String first, String active, String stage, Long cutover) {
        Map<String, String> entries = new TreeMap<>();
        entries.put("is-first-deployment", first);
        entries.put("active-deployment-type", active);
        entries.put("stage", stage);
        entries.put("deployment-deletion-delay-ms", String.valueOf(AHEAD_MS));
        if (cutover != null) {
            entries.put("watermark-stage", "WATERMARK_SET");
            entries.put("watermark-toggle-value", cutover.toString());
        }
        return entries;
    }

    /** The event time that the outgoing job has reached, in ms from the start. */
    private static long reached(Query query) {
        long rows = KeptMetrics.sum("BLUE", "bluegreenGateRowsPassed");
        switch (query.name) {
            case "windows":
                return rows / 3 * 500; // three rows a window of half a second
            case "sums":
                return rows / 3 * 10; // each row behind the source, and at the sink what it takes back and sets
            default:
                return rows * 10;
        }
    }

    /** Behind the sources of an updating query the incoming job lets all rows through. */
    private static long seenBehindSources(String job, Query query) {
        return query.updating ? KeptMetrics.sum(job, "bluegreenGateRowsPassed") : 0;
    }

    /** The table that a sink with a primary key has after these changes. */
    private static Map<String, String> table(List<String> first, List<String> second) {
        Map<String, String> table = new TreeMap<>();
        for (List<String> changes : List.of(first, second)) {
            for (String change : changes) {
                String kind = change.substring(0, 2);
                String row = change.substring(3, change.length() - 1);
                String key = row.split(",")[0];
                if (kind.equals("-D") || kind.equals("-U")) {
                    table.remove(key);
                } else {
                    table.put(key, row);
                }
            }
        }
        return table;
    }

    private static void compare(List<String> expected, List<String> actual) {
        Map<String, Long> want = count(expected);
        Map<String, Long> have = count(actual);
        Map<String, Long> wrong = new TreeMap<>();
        want.forEach((row, n) -> wrong.merge(row, -n, Long::sum));
        have.forEach((row, n) -> wrong.merge(row, n, Long::sum));
        wrong.values().removeIf(n -> n == 0);
        check(
                wrong.isEmpty(),
                "too often (or, negative, too rarely): "
                        + wrong.entrySet().stream().limit(20).collect(Collectors.toList())
                        + " of "
                        + wrong.size());
    }

    private static Map<String, Long> count(List<String> rows) {
        return rows.stream().collect(Collectors.groupingBy(Function.identity(), Collectors.counting()));
    }

    private interface Condition {
        boolean holds();
    }

    private static void await(Condition condition, Job job) throws Exception {
        long end = System.nanoTime() + 60_000_000_000L;
        while (!condition.holds()) {
            if (job.isOver()) {
                job.rows();
                throw new AssertionError("the outgoing job was over too early");
            }
            check(System.nanoTime() < end, "waited for a minute");
            Thread.sleep(20);
        }
    }

    private static void check(boolean holds, String otherwise) {
        if (!holds) {
            throw new AssertionError(otherwise);
        }
    }
}
