package tidegate.conformance.flink;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.functions.RichFlatMapFunction;
import org.apache.flink.api.common.functions.RichMapFunction;
import org.apache.flink.api.common.serialization.DeserializationSchema;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.ConfigOptions;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.datastream.DataStreamSink;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.functions.sink.v2.DiscardingSink;
import org.apache.flink.table.api.DataTypes;
import org.apache.flink.table.connector.ChangelogMode;
import org.apache.flink.table.connector.ProviderContext;
import org.apache.flink.table.connector.format.DecodingFormat;
import org.apache.flink.table.connector.sink.DataStreamSinkProvider;
import org.apache.flink.table.connector.sink.DynamicTableSink;
import org.apache.flink.table.connector.source.DataStreamScanProvider;
import org.apache.flink.table.connector.source.DynamicTableSource;
import org.apache.flink.table.connector.source.ScanTableSource;
import org.apache.flink.table.connector.source.abilities.SupportsReadingMetadata;
import org.apache.flink.table.data.RowData;
import org.apache.flink.table.factories.DeserializationFormatFactory;
import org.apache.flink.table.factories.DynamicTableFactory;
import org.apache.flink.table.factories.FactoryUtil;
import org.apache.flink.table.runtime.typeutils.InternalTypeInfo;
import org.apache.flink.table.types.DataType;
import org.apache.flink.table.types.logical.RowType;
import org.apache.flink.util.Collector;
import org.apache.flink.util.SimpleUserCodeClassLoader;
import org.apache.flink.util.UserCodeClassLoader;

/**
 * The connector {@code mem}: a bounded source that decodes the lines of its option {@code data}, and a sink that keeps
 * its rows in this JVM. A metadata column is read from the field of its key.
 */
public final class MemoryTable {
    private static final ConfigOption<String> DATA =
            ConfigOptions.key("data").stringType().defaultValue("");
    private static final Map<String, ConcurrentLinkedQueue<String>> WRITTEN = new ConcurrentHashMap<>();

    private MemoryTable() {}

    /** Takes the rows that a sink has kept, each as {@code +I[a, b]}, in the order in which they came. */
    public static List<String> take(String sink) {
        ConcurrentLinkedQueue<String> rows = WRITTEN.remove(sink);
        return rows == null ? List.of() : List.copyOf(rows);
    }

    static DynamicTableSource source(
            DynamicTableFactory factory, DynamicTableFactory.Context context, DataType columns) {
        FactoryUtil.TableFactoryHelper helper = FactoryUtil.createTableFactoryHelper(factory, context);
        var format = helper.discoverDecodingFormat(DeserializationFormatFactory.class, FactoryUtil.FORMAT);
        String data = context.getCatalogTable().getOptions().getOrDefault(DATA.key(), DATA.defaultValue());
        return new Source(format, data, columns, List.of());
    }

    static DynamicTableSink sink(String name, DataType columns) {
        return new Sink(name, columns);
    }

    private static final class Source implements ScanTableSource, SupportsReadingMetadata {
        private final DecodingFormat<DeserializationSchema<RowData>> format;
        private final String data;
        private DataType produced;
        private List<String> keys;

        Source(
                DecodingFormat<DeserializationSchema<RowData>> format,
                String data,
                DataType produced,
                List<String> keys) {
            this.format = format;
            this.data = data;
            this.produced = produced;
            this.keys = keys;
        }

        @Override
        public DynamicTableSource copy() {
            return new Source(format, data, produced, keys);
        }

        @Override
        public String asSummaryString() {
            return "mem";
        }

        @Override
        public ChangelogMode getChangelogMode() {
            return format.getChangelogMode();
        }

        @Override
        public Map<String, DataType> listReadableMetadata() {
            return Map.of(
                    "timestamp", DataTypes.TIMESTAMP_LTZ(3).notNull(),
                    "ts-ntz3", DataTypes.TIMESTAMP(3).notNull(),
                    "ts-ltz6", DataTypes.TIMESTAMP_LTZ(6).notNull(),
                    "ts-nullable", DataTypes.TIMESTAMP_LTZ(3),
                    "offset", DataTypes.BIGINT().notNull());
        }

        @Override
        public void applyReadableMetadata(List<String> keys, DataType type) {
            this.keys = keys;
            this.produced = type;
        }

        @Override
        public ScanRuntimeProvider getScanRuntimeProvider(ScanContext context) {
            RowType type = (RowType) produced.getLogicalType();
            int physical = type.getFieldCount() - keys.size();
            List<DataTypes.Field> fields = new ArrayList<>();
            for (int at = 0; at < type.getFieldCount(); at++) {
                String name = at < physical ? type.getFieldNames().get(at) : keys.get(at - physical);
                fields.add(DataTypes.FIELD(name, produced.getChildren().get(at)));
            }
            DataType row = DataTypes.ROW(fields.toArray(DataTypes.Field[]::new)).notNull();
            DeserializationSchema<RowData> decoder = format.createRuntimeDecoder(context, row);
            InternalTypeInfo<RowData> information = InternalTypeInfo.of(type);
            List<String> lines = data.lines().map(String::strip).filter(line -> !line.isEmpty()).toList();
            return new DataStreamScanProvider() {
                @Override
                public boolean isBounded() {
                    return true;
                }

                @Override
                public DataStream<RowData> produceDataStream(ProviderContext provider, StreamExecutionEnvironment env) {
                    return env.fromData(lines, Types.STRING)
                            .setParallelism(1)
                            .flatMap(new Decode(decoder))
                            .setParallelism(1)
                            .returns(information);
                }
            };
        }
    }

    private static final class Decode extends RichFlatMapFunction<String, RowData> {
        private final DeserializationSchema<RowData> decoder;

        Decode(DeserializationSchema<RowData> decoder) {
            this.decoder = decoder;
        }

        @Override
        public void open(OpenContext context) throws Exception {
            MetricGroup metrics = getRuntimeContext().getMetricGroup();
            decoder.open(new DeserializationSchema.InitializationContext() {
                @Override
                public MetricGroup getMetricGroup() {
                    return metrics;
                }

                @Override
                public UserCodeClassLoader getUserCodeClassLoader() {
                    return SimpleUserCodeClassLoader.create(MemoryTable.class.getClassLoader());
                }
            });
        }

        @Override
        public void flatMap(String line, Collector<RowData> out) throws Exception {
            decoder.deserialize(line.getBytes(StandardCharsets.UTF_8), out);
        }
    }

    private record Sink(String name, DataType columns) implements DynamicTableSink {
        @Override
        public ChangelogMode getChangelogMode(ChangelogMode requested) {
            return requested;
        }

        @Override
        public DynamicTableSink copy() {
            return this;
        }

        @Override
        public String asSummaryString() {
            return "mem";
        }

        @Override
        public SinkRuntimeProvider getSinkRuntimeProvider(Context context) {
            DataStructureConverter converter = context.createDataStructureConverter(columns);
            return new DataStreamSinkProvider() {
                @Override
                public DataStreamSink<?> consumeDataStream(ProviderContext provider, DataStream<RowData> rows) {
                    return rows.map(new Keep(name, converter))
                            .setParallelism(1)
                            .returns(Types.STRING)
                            .sinkTo(new DiscardingSink<>())
                            .setParallelism(1);
                }
            };
        }
    }

    private static final class Keep extends RichMapFunction<RowData, String> {
        private final String sink;
        private final DynamicTableSink.DataStructureConverter converter;

        Keep(String sink, DynamicTableSink.DataStructureConverter converter) {
            this.sink = sink;
            this.converter = converter;
        }

        @Override
        public String map(RowData row) {
            String text = String.valueOf(converter.toExternal(row));
            WRITTEN.computeIfAbsent(sink, key -> new ConcurrentLinkedQueue<>()).add(text);
            return text;
        }
    }
}
