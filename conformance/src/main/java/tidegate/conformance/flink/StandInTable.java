package tidegate.conformance.flink;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.apache.flink.api.common.functions.FlatMapFunction;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.datastream.DataStreamSink;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.functions.sink.v2.DiscardingSink;
import org.apache.flink.table.api.DataTypes;
import org.apache.flink.table.connector.ChangelogMode;
import org.apache.flink.table.connector.ProviderContext;
import org.apache.flink.table.connector.sink.DataStreamSinkProvider;
import org.apache.flink.table.connector.sink.DynamicTableSink;
import org.apache.flink.table.connector.sink.abilities.SupportsOverwrite;
import org.apache.flink.table.connector.sink.abilities.SupportsPartitioning;
import org.apache.flink.table.connector.sink.abilities.SupportsWritingMetadata;
import org.apache.flink.table.connector.source.DataStreamScanProvider;
import org.apache.flink.table.connector.source.DynamicTableSource;
import org.apache.flink.table.connector.source.LookupTableSource;
import org.apache.flink.table.connector.source.ScanTableSource;
import org.apache.flink.table.connector.source.abilities.SupportsReadingMetadata;
import org.apache.flink.table.connector.source.lookup.LookupFunctionProvider;
import org.apache.flink.table.data.RowData;
import org.apache.flink.table.functions.LookupFunction;
import org.apache.flink.table.runtime.typeutils.InternalTypeInfo;
import org.apache.flink.table.types.DataType;
import org.apache.flink.util.Collector;

/** Tables that can be planned and hold nothing. */
final class StandInTable {
    private StandInTable() {}

    static class Source implements ScanTableSource, SupportsReadingMetadata {
        final Map<String, DataType> metadata;
        final ChangelogMode changelog;
        DataType produced;

        Source(DataType columns, Map<String, DataType> metadata, ChangelogMode changelog) {
            this.produced = columns;
            this.metadata = metadata;
            this.changelog = changelog;
        }

        @Override
        public DynamicTableSource copy() {
            return new Source(produced, metadata, changelog);
        }

        @Override
        public String asSummaryString() {
            return "stand-in";
        }

        @Override
        public ChangelogMode getChangelogMode() {
            return changelog;
        }

        @Override
        public Map<String, DataType> listReadableMetadata() {
            return metadata;
        }

        @Override
        public void applyReadableMetadata(List<String> keys, DataType type) {
            produced = type;
        }

        @Override
        public ScanRuntimeProvider getScanRuntimeProvider(ScanContext context) {
            InternalTypeInfo<RowData> type = InternalTypeInfo.of(produced.getLogicalType());
            return new DataStreamScanProvider() {
                @Override
                public boolean isBounded() {
                    return false;
                }

                @Override
                public DataStream<RowData> produceDataStream(ProviderContext provider, StreamExecutionEnvironment env) {
                    // At the job's parallelism, as a source that has splits.
                    return env.fromSequence(1, 1).flatMap(new NoRow()).returns(type);
                }
            };
        }
    }

    static final class LookupSource extends Source implements LookupTableSource {
        LookupSource(Source source) {
            super(source.produced, source.metadata, source.changelog);
        }

        @Override
        public DynamicTableSource copy() {
            return new LookupSource(this);
        }

        @Override
        public LookupRuntimeProvider getLookupRuntimeProvider(LookupContext context) {
            return LookupFunctionProvider.of(new Nothing());
        }
    }

    private static final class NoRow implements FlatMapFunction<Long, RowData> {
        @Override
        public void flatMap(Long number, Collector<RowData> out) {}
    }

    /** Finds no row. */
    public static final class Nothing extends LookupFunction {
        @Override
        public Collection<RowData> lookup(RowData key) {
            return List.of();
        }
    }

    static final class Sink
            implements DynamicTableSink, SupportsPartitioning, SupportsOverwrite, SupportsWritingMetadata {
        private final DataType columns;
        private final ChangelogMode changelog;

        Sink(DataType columns, ChangelogMode changelog) {
            this.columns = columns;
            this.changelog = changelog;
        }

        @Override
        public ChangelogMode getChangelogMode(ChangelogMode requested) {
            return changelog.equals(ChangelogMode.all()) ? requested : changelog;
        }

        @Override
        public DynamicTableSink copy() {
            return new Sink(columns, changelog);
        }

        @Override
        public String asSummaryString() {
            return "stand-in";
        }

        @Override
        public void applyStaticPartition(Map<String, String> partition) {}

        @Override
        public void applyOverwrite(boolean overwrite) {}

        @Override
        public Map<String, DataType> listWritableMetadata() {
            return Map.of("timestamp", DataTypes.TIMESTAMP_LTZ(3));
        }

        @Override
        public void applyWritableMetadata(List<String> keys, DataType type) {}

        @Override
        public SinkRuntimeProvider getSinkRuntimeProvider(Context context) {
            return new DataStreamSinkProvider() {
                @Override
                public DataStreamSink<?> consumeDataStream(ProviderContext provider, DataStream<RowData> rows) {
                    return rows.sinkTo(new DiscardingSink<>());
                }
            };
        }
    }
}
