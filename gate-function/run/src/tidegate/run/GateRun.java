package tidegate.run;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.Paths;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
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
    private static final int RATE = 500;

    /** Cases mostly wait for their sources, so some run side by side. */
    private static final int AT_ONCE = 3;

    /**
     * What is tried. A machine that is slow for other reasons comes too late for T, or has no rows left, which says
     * nothing of the gate; then there is more of both.
     *
     * @param rows of which there are 500 a second
     * @param aheadMs how far ahead of the outgoing job T is set, in event time, of which 1 s is 5 s. There are rows of
     *     just that time, and it lies inside a window
     */
    private record Attempt(int rows, long aheadMs) {}

    private static final List<Attempt> ATTEMPTS =
            List.of(new Attempt(7_500, 6_130), new Attempt(15_000, 24_130), new Attempt(40_000, 96_130));

    /** The machine was too slow for a verdict. */
    private static final class TooSlow extends AssertionError {
        private static final long serialVersionUID = 1L;

        TooSlow(String message) {
            super(message);
        }
    }

    /**
     * @param zone the session's time zone, which must have no say
     * @param file whether the state is in a properties file; otherwise it is in a folder
     * @param updating whether rows are collected with their kinds
     */
    private record Query(String name, String zone, boolean file, boolean updating) {}

    private record Case(String kind, Query query, int parallelism) {
        /** The name of its job of this colour, under which the metrics are kept. */
        String job(String colour, Attempt attempt) {
            return colour + " " + this + " of " + attempt.rows;
        }

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
    private final Map<String, List<String>> ungated = new ConcurrentHashMap<>();

    private GateRun(Path scripts, Path work) {
        this.scripts = scripts;
        this.work = work;
    }

    public static void main(String[] args) throws Exception {
        GateRun run = new GateRun(Paths.get(args[0]), Paths.get(args[1]));
        List<String> wanted = List.of(args).subList(2, args.length);
        List<Future<Boolean>> outcomes = new ArrayList<>();
        ExecutorService pool = Executors.newFixedThreadPool(AT_ONCE);
        for (String kind : List.of("function", "ptf")) {
            if (!Files.exists(run.script(kind, QUERIES.get(0)))) {
                continue;
            }
            for (Refusal refusal : REFUSALS.getOrDefault(kind, List.of())) {
                String name = kind + "/refuses " + refusal.reason;
                if (wanted.isEmpty() || wanted.stream().anyMatch(name::startsWith)) {
                    outcomes.add(pool.submit(() -> run.refuses(kind, refusal, name)));
                }
            }
            for (Query query : QUERIES) {
                for (int parallelism : new int[] {1, 4}) {
                    Case one = new Case(kind, query, parallelism);
                    if (Files.exists(run.script(kind, query))
                            && (wanted.isEmpty() || wanted.stream().anyMatch(one.toString()::startsWith))) {
                        outcomes.add(pool.submit(() -> run.passes(one)));
                    }
                }
            }
        }
        pool.shutdown();
        int passed = 0;
        for (Future<Boolean> outcome : outcomes) {
            passed += outcome.get() ? 1 : 0;
        }
        System.out.println(passed + " passed, " + (outcomes.size() - passed) + " failed");
        System.exit(passed == outcomes.size() && passed > 0 ? 0 : 1);
    }

    private boolean refuses(String kind, Refusal refusal, String name) throws Exception {
        String message = Job.refusal(Files.readString(script(kind, QUERIES.get(0))), refusal.sql);
        boolean refused = message.contains(refusal.reason);
        say(refused, name, refused ? "" : message);
        return refused;
    }

    private boolean passes(Case one) {
        long start = System.nanoTime();
        try {
            String outcome = run(one, 0);
            say(true, one.toString(), String.format("%.1f s, %s", (System.nanoTime() - start) / 1e9, outcome));
            return true;
        } catch (Exception | AssertionError e) {
            if (!(e instanceof AssertionError)) {
                e.printStackTrace();
            }
            say(false, one.toString(), e.toString());
            return false;
        }
    }

    /** One line for each case, which conformance/ reads: how it went, its name, what there is to say. */
    private static void say(boolean passed, String name, String text) {
        System.out.println((passed ? "pass" : "FAIL") + "\t" + name + "\t" + text.strip().replaceAll("\\s+", " "));
    }

    private Path script(String kind, Query query) {
        return scripts.resolve(kind).resolve(query.name + ".sql");
    }

    private String run(Case one, int at) throws Exception {
        try {
            return run(one, ATTEMPTS.get(at)) + (at == 0 ? "" : "; attempt " + (at + 1));
        } catch (TooSlow e) {
            if (at + 1 == ATTEMPTS.size()) {
                throw e;
            }
            return run(one, at + 1);
        }
    }

    private String run(Case one, Attempt attempt) throws Exception {
        Query query = one.query;
        List<String> expected = ungated(one, attempt);
        String blue = one.job("BLUE", attempt);
        String green = one.job("GREEN", attempt);
        Path folder = Files.createDirectories(work.resolve(one.toString()).resolve("rows-" + attempt.rows));
        State state =
                query.file ? State.file(folder.resolve("gate.properties")) : State.folder(folder.resolve("gate"));

        // The outgoing job runs alone at first.
        state.set(entries("true", "BLUE", "RUNNING", attempt, null));
        Job outgoing = start("BLUE", one, attempt, parameters("BLUE", state), RATE);
        await(() -> KeptMetrics.sum(blue, "bluegreenGateRowsPassed") > 5, outgoing);
        state.set(entries("false", "GREEN", "INITIALIZING", attempt, null));
        Job incoming = start("GREEN", one, attempt, parameters("GREEN", state), RATE);
        await(() -> KeptMetrics.sum(green, "bluegreenGateRowsHeldBack") > 5, outgoing);
        state.set(entries("false", "GREEN", "TRANSITIONING", attempt, null));
        Thread.sleep(500);
        check(KeptMetrics.sum(green, "bluegreenGateRowsPassed") == seenBehindSources(green, query),
                "the incoming job wrote rows before T was known");
        long cutover = START + reached(blue, query) + attempt.aheadMs;
        state.set(entries("false", "GREEN", "TRANSITIONING", attempt, cutover));
        if (outgoing.isOver() || incoming.isOver()) {
            throw new TooSlow("a job was over before T was set");
        }

        List<String> first = outgoing.rows();
        List<String> second = incoming.rows();
        for (String job : List.of(blue, green)) {
            if (KeptMetrics.sum(job, "bluegreenGateCutoverTooClose") != 0) {
                throw new TooSlow(job + " learned T too late");
            }
            check(KeptMetrics.sum(job, "bluegreenGateReadFailures") == 0, job + " could not read the state");
        }
        List<Long> done = KeptMetrics.values(blue, "bluegreenGateHandOverDone").collect(Collectors.toList());
        check(!first.isEmpty() && !second.isEmpty(), "one of the jobs wrote nothing");
        if (query.updating) {
            check(table(expected, List.of()).equals(table(first, second)), "the tables differ");
        } else {
            check(done.size() == one.parallelism, "metrics of " + done.size() + " subtasks");
            List<String> both = new ArrayList<>(first);
            both.addAll(second);
            compare(expected, both);
            check(first.size() == KeptMetrics.sum(blue, "bluegreenGateRowsPassed")
                    && second.size() == KeptMetrics.sum(green, "bluegreenGateRowsPassed"),
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
                KeptMetrics.sum(blue, "bluegreenGateRowsLate"),
                KeptMetrics.sum(green, "bluegreenGateRowsLate"),
                done);
    }

    /** What the query yields without gates; it is run once, by the case that comes first. */
    private List<String> ungated(Case one, Attempt attempt) throws Exception {
        String key = one.query.name + " " + attempt.rows;
        // Not computeIfAbsent, out of which the exceptions of a job would not come.
        synchronized (one.query) {
            List<String> rows = ungated.get(key);
            if (rows == null) {
                rows = start("plain", one, attempt, "", 1_000_000).rows();
                ungated.put(key, rows);
            }
            return rows;
        }
    }

    private Job start(String name, Case one, Attempt attempt, String parameters, int rate) throws Exception {
        Path out = work.resolve(one.toString()).resolve("rows-" + attempt.rows).resolve(name);
        String script =
                Files.readString(script(name.equals("plain") ? name : one.kind, one.query))
                        .replace("${ROWS}", String.valueOf(attempt.rows))
                        .replace("${RATE}", String.valueOf(rate))
                        .replace("${OUT}", out.toUri().toString());
        return Job.start(
                one.job(name, attempt), script, one.parallelism, one.query.zone, parameters, out, one.query.updating);
    }

    private static String parameters(String colour, State state) {
        return String.join(
                ",",
                "tidegate.gate.colour:" + colour,
                "tidegate.gate.path:" + state.path().toAbsolutePath(),
                "tidegate.gate.poll-interval-ms:20");
    }

    private static Map<String, String> entries(
            String first, String active, String stage, Attempt attempt, Long cutover) {
        Map<String, String> entries = new TreeMap<>();
        entries.put("is-first-deployment", first);
        entries.put("active-deployment-type", active);
        entries.put("stage", stage);
        entries.put("deployment-deletion-delay-ms", String.valueOf(attempt.aheadMs));
        if (cutover != null) {
            entries.put("watermark-stage", "WATERMARK_SET");
            entries.put("watermark-toggle-value", cutover.toString());
        }
        return entries;
    }

    /** The event time that the outgoing job has reached, in ms from the start. */
    private static long reached(String job, Query query) {
        long rows = KeptMetrics.sum(job, "bluegreenGateRowsPassed");
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
        long end = System.nanoTime() + 180_000_000_000L;
        while (!condition.holds()) {
            if (job.isOver()) {
                job.rows();
                throw new TooSlow("the outgoing job was over too early");
            }
            check(System.nanoTime() < end, "waited for three minutes");
            Thread.sleep(20);
        }
    }

    private static void check(boolean holds, String otherwise) {
        if (!holds) {
            throw new AssertionError(otherwise);
        }
    }
}
