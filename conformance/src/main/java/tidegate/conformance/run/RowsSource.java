package tidegate.conformance.run;

import java.io.IOException;
import java.io.Serializable;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.apache.flink.api.connector.source.Boundedness;
import org.apache.flink.api.connector.source.ReaderOutput;
import org.apache.flink.api.connector.source.Source;
import org.apache.flink.api.connector.source.SourceReader;
import org.apache.flink.api.connector.source.SourceReaderContext;
import org.apache.flink.api.connector.source.SourceSplit;
import org.apache.flink.api.connector.source.SplitEnumerator;
import org.apache.flink.api.connector.source.SplitEnumeratorContext;
import org.apache.flink.core.io.InputStatus;
import org.apache.flink.core.io.SimpleVersionedSerializer;
import org.apache.flink.table.data.GenericRowData;
import org.apache.flink.table.data.RowData;
import org.apache.flink.table.types.logical.LogicalType;

/** Reads the rows of a feed, as far as they are allowed for, and keeps its place in savepoints. */
final class RowsSource implements Source<RowData, RowsSource.Place, Boolean> {

    private static final long serialVersionUID = 1L;

    /** A condition that was pushed into the source. */
    interface Filter extends Serializable {
        boolean passes(RowData row);
    }

    private final String traffic;
    private final String table;
    private final ArrayList<String> columns;
    private final ArrayList<LogicalType> types;
    private final ArrayList<Filter> filters;

    RowsSource(String traffic, String table, List<String> columns, List<LogicalType> types, List<Filter> filters) {
        this.traffic = traffic;
        this.table = table;
        this.columns = new ArrayList<>(columns);
        this.types = new ArrayList<>(types);
        this.filters = new ArrayList<>(filters);
    }

    /** How many rows were read. */
    record Place(int position) implements SourceSplit {
        @Override
        public String splitId() {
            return "rows";
        }
    }

    @Override
    public Boundedness getBoundedness() {
        return Boundedness.CONTINUOUS_UNBOUNDED;
    }

    @Override
    public SourceReader<RowData, Place> createReader(SourceReaderContext context) {
        return new Reader();
    }

    private final class Reader implements SourceReader<RowData, Place> {
        private final Traffic.Feed feed = Traffic.of(traffic).feed(table);
        private final Traffic.Reader place = new Traffic.Reader();
        private final int[] positions = columns.stream().mapToInt(feed.rows.columns()::indexOf).toArray();
        private boolean assigned;

        @Override
        public void start() {}

        @Override
        public void addSplits(List<Place> splits) {
            place.position = splits.get(0).position();
            feed.register(place);
            assigned = true;
            place.wake();
        }

        @Override
        public InputStatus pollNext(ReaderOutput<RowData> output) {
            if (!assigned) {
                return InputStatus.NOTHING_AVAILABLE;
            }
            if (place.position < feed.limit()) {
                RowData row = row(feed.rows.lines().get(place.position));
                if (filters.stream().allMatch(filter -> filter.passes(row))) {
                    output.collect(row);
                }
                place.position++;
                return InputStatus.MORE_AVAILABLE;
            }
            return feed.ends() ? InputStatus.END_OF_INPUT : InputStatus.NOTHING_AVAILABLE;
        }

        private RowData row(Rows.Line line) {
            GenericRowData row = new GenericRowData(line.kind(), positions.length);
            for (int i = 0; i < positions.length; i++) {
                row.setField(i, positions[i] < 0 ? null : Rows.value(line.fields().get(positions[i]), types.get(i)));
            }
            return row;
        }

        @Override
        public CompletableFuture<Void> isAvailable() {
            CompletableFuture<Void> later = place.available();
            // What was allowed for before the future was made wakes nobody.
            boolean now = assigned && (place.position < feed.limit() || feed.ends());
            return now ? CompletableFuture.completedFuture(null) : later;
        }

        @Override
        public List<Place> snapshotState(long checkpoint) {
            return assigned ? List.of(new Place(place.position)) : List.of();
        }

        @Override
        public void notifyNoMoreSplits() {}

        @Override
        public void close() {}
    }

    @Override
    public SplitEnumerator<Place, Boolean> createEnumerator(SplitEnumeratorContext<Place> context) {
        return new Enumerator(context, false);
    }

    @Override
    public SplitEnumerator<Place, Boolean> restoreEnumerator(SplitEnumeratorContext<Place> context, Boolean assigned) {
        return new Enumerator(context, assigned);
    }

    private static final class Enumerator implements SplitEnumerator<Place, Boolean> {
        private final SplitEnumeratorContext<Place> context;
        private boolean assigned;

        Enumerator(SplitEnumeratorContext<Place> context, boolean assigned) {
            this.context = context;
            this.assigned = assigned;
        }

        @Override
        public void start() {}

        @Override
        public void handleSplitRequest(int subtask, String host) {}

        @Override
        public void addSplitsBack(List<Place> splits, int subtask) {
            assigned = false;
        }

        @Override
        public void addReader(int subtask) {
            if (!assigned) {
                context.assignSplit(new Place(0), subtask);
                assigned = true;
            }
        }

        @Override
        public Boolean snapshotState(long checkpoint) {
            return assigned;
        }

        @Override
        public void close() {}
    }

    @Override
    public SimpleVersionedSerializer<Place> getSplitSerializer() {
        return new SimpleVersionedSerializer<>() {
            @Override
            public int getVersion() {
                return 1;
            }

            @Override
            public byte[] serialize(Place place) {
                return ByteBuffer.allocate(Integer.BYTES).putInt(place.position()).array();
            }

            @Override
            public Place deserialize(int version, byte[] bytes) {
                return new Place(ByteBuffer.wrap(bytes).getInt());
            }
        };
    }

    @Override
    public SimpleVersionedSerializer<Boolean> getEnumeratorCheckpointSerializer() {
        return new SimpleVersionedSerializer<>() {
            @Override
            public int getVersion() {
                return 1;
            }

            @Override
            public byte[] serialize(Boolean assigned) {
                return new byte[] {(byte) (assigned ? 1 : 0)};
            }

            @Override
            public Boolean deserialize(int version, byte[] bytes) throws IOException {
                return bytes[0] == 1;
            }
        };
    }
}
