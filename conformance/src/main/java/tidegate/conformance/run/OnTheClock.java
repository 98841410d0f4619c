package tidegate.conformance.run;

import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.apache.flink.types.Row;

/**
 * A query that goes by processing time: T is a time of the clock, and one of both jobs comes to the rows before it, the
 * other one after it. Rows are a key and a count; what is compared is the count of each key over all windows, since the
 * rows of two jobs do not fall into the same windows.
 */
final class OnTheClock {
    /** How far ahead T is set; a machine that has much else to do gets more time. */
    private static final List<Integer> AHEAD_S = List.of(8, 20, 60);
    private static final long WINDOW_MS = 1_000;
    private static final long PATIENCE_S = 60;

    private OnTheClock() {}

    static Map<String, Compare.Difference> run(Cluster cluster, Pipeline pipeline, String ungated, String forced)
            throws Exception {
        Job.Setup setup = new Job.Setup(pipeline.rows(), new TreeMap<>(pipeline.options()));
        boolean outgoingFirst = pipeline.how().get(1).equals("outgoing");
        List<Row> wanted;
        try (Job whole = Job.start(cluster, ungated, setup, null, false)) {
            wanted = awaitWindows(whole, all(setup));
        }
        for (int ahead : AHEAD_S) {
            long cutover = (System.currentTimeMillis() / WINDOW_MS + ahead) * WINDOW_MS;
            String literal = "TIMESTAMP '" + Instant.ofEpochMilli(cutover).toString().replace('T', ' ').replace("Z", "") + "'";
            Map<String, Integer> none = new TreeMap<>();
            setup.rows().keySet().forEach(table -> none.put(table, 0));
            try (Job outgoing = Job.start(
                            cluster, RefusedSuite.role(forced, RefusedSuite.FIRST, literal), setup, none, false);
                    Job incoming = Job.start(
                            cluster, RefusedSuite.role(forced, literal, RefusedSuite.LAST), setup, none, false)) {
                Job first = outgoingFirst ? outgoing : incoming;
                Job second = outgoingFirst ? incoming : outgoing;
                outgoing.awaitRead();
                incoming.awaitRead();
                first.read(null, false);
                first.awaitRead();
                // A window that has begun by now has to end before T.
                if (System.currentTimeMillis() > cutover - 2 * WINDOW_MS) {
                    continue;
                }
                sleepUntil(cutover);
                second.read(null, false);
                second.awaitRead();
                if (outgoingFirst) {
                    return Map.of("whole", Compare.multisets(
                            counted(wanted), List.of(
                                    counted(awaitWindows(outgoing, all(setup))),
                                    counted(awaitWindows(incoming, all(setup))))));
                }
                // Nothing comes: until the windows are over, and then some.
                sleepUntil(System.currentTimeMillis() + 5 * WINDOW_MS);
                return Map.of("whole", Compare.multisets(
                        counted(wanted), List.of(counted(written(outgoing)), counted(written(incoming)))));
            }
        }
        throw new IllegalStateException("a minute was too short for a job to read " + all(setup) + " rows");
    }

    private static long all(Job.Setup setup) {
        return setup.rows().values().stream().mapToLong(rows -> rows.lines().size()).sum();
    }

    /** Waits until the windows of all rows were written. */
    private static List<Row> awaitWindows(Job job, long rows) throws Exception {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_S);
        while (written(job).stream().mapToLong(row -> (Long) row.getField(1)).sum() < rows) {
            if (System.nanoTime() > end) {
                throw new IllegalStateException("not all windows were written: " + written(job));
            }
            Thread.sleep(20);
        }
        return written(job);
    }

    private static List<Row> written(Job job) {
        return job.written().values().stream().flatMap(sink -> sink.rows().stream()).toList();
    }

    /** A row for each unit of a key's count, so that what is lost or doubled is a number of rows. */
    private static List<Row> counted(List<Row> rows) {
        Map<Object, Long> counts = new HashMap<>();
        rows.forEach(row -> counts.merge(row.getField(0), (Long) row.getField(1), Long::sum));
        return counts.entrySet().stream()
                .flatMap(entry -> java.util.stream.LongStream.range(0, entry.getValue())
                        .mapToObj(one -> Row.of(entry.getKey())))
                .toList();
    }

    private static void sleepUntil(long ms) throws InterruptedException {
        long left = ms - System.currentTimeMillis();
        if (left > 0) {
            Thread.sleep(left);
        }
    }
}
