package tidegate.conformance.run;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.flink.types.Row;

/**
 * What goes into one job and comes out of it. The cluster runs in this JVM, so the connector finds it by its name.
 */
public final class Traffic {

    private static final Map<String, Traffic> ALL = new ConcurrentHashMap<>();
    private static final AtomicLong COUNT = new AtomicLong();

    final String name = "traffic-" + COUNT.incrementAndGet();
    private final Map<String, Feed> feeds = new TreeMap<>();
    private final Map<String, Written> sinks = new ConcurrentSkipListMap<>();

    Traffic(Map<String, Rows> tables) {
        tables.forEach((table, rows) -> feeds.put(table, new Feed(rows)));
        ALL.put(name, this);
    }

    static Traffic of(String name) {
        Traffic traffic = ALL.get(name);
        if (traffic == null) {
            throw new IllegalStateException("no job has the traffic " + name);
        }
        return traffic;
    }

    void forget() {
        ALL.remove(name);
    }

    Feed feed(String table) {
        Feed feed = feeds.get(table);
        if (feed == null) {
            throw new IllegalStateException("no rows for the table " + table);
        }
        return feed;
    }

    Iterable<Map.Entry<String, Feed>> feeds() {
        return feeds.entrySet();
    }

    Written sink(String table) {
        return sinks.computeIfAbsent(table, Written::new);
    }

    Map<String, Written> sinks() {
        return sinks;
    }

    /** Have all readers handed over what they may read by now? */
    boolean isRead() {
        return feeds.values().stream().allMatch(Feed::isRead);
    }

    /** The rows of one table, of which a job may read so many. */
    static final class Feed {
        final Rows rows;
        private final List<Reader> readers = new ArrayList<>();
        private int limit;
        private boolean ends = true;
        private int scans;

        Feed(Rows rows) {
            this.rows = rows;
            this.limit = rows.lines().size();
        }

        synchronized int limit() {
            return limit;
        }

        synchronized boolean ends() {
            return ends;
        }

        /**
         * @param count how many rows may be read
         * @param atEnd whether the input ends behind them
         */
        synchronized void allow(int count, boolean atEnd) {
            limit = Math.min(count, rows.lines().size());
            ends = atEnd;
            readers.forEach(Reader::wake);
        }

        synchronized void register(Reader reader) {
            readers.add(reader);
        }

        /** An operator of the job reads this table. */
        synchronized void scanned() {
            scans++;
        }

        /** A table that no operator scans, such as that of a lookup join, holds nothing up. */
        synchronized boolean isRead() {
            return readers.size() >= scans && readers.stream().allMatch(reader -> reader.position >= limit);
        }
    }

    /** A place in a feed. */
    static final class Reader {
        volatile int position;
        private CompletableFuture<Void> available = new CompletableFuture<>();

        synchronized void wake() {
            available.complete(null);
        }

        synchronized CompletableFuture<Void> available() {
            if (available.isDone()) {
                available = new CompletableFuture<>();
            }
            return available;
        }
    }

    /** What stands in a sink. */
    public static final class Written {
        final String table;
        private final List<Row> rows = Collections.synchronizedList(new ArrayList<>());
        private final Map<Integer, Long> watermarks = new ConcurrentHashMap<>();
        private volatile int subtasks = 1;
        volatile int[] key = new int[0];

        Written(String table) {
            this.table = table;
        }

        void add(Row row) {
            rows.add(row);
        }

        void subtasks(int count) {
            subtasks = count;
        }

        void watermark(int subtask, long ms) {
            watermarks.put(subtask, ms);
        }

        public List<Row> rows() {
            synchronized (rows) {
                return new ArrayList<>(rows);
            }
        }

        /** The positions of the primary key; none if the sink has none. */
        public int[] key() {
            return key;
        }

        /** The lowest watermark of all subtasks, in epoch milliseconds. */
        long watermark() {
            return watermarks.size() < subtasks
                    ? Long.MIN_VALUE
                    : watermarks.values().stream().mapToLong(Long::longValue).min().orElse(Long.MIN_VALUE);
        }
    }
}
