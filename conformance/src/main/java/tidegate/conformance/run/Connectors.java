package tidegate.conformance.run;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.flink.api.common.eventtime.WatermarkGenerator;
import org.apache.flink.api.common.eventtime.WatermarkOutput;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.ConfigOptions;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.datastream.DataStreamSink;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.functions.sink.v2.DiscardingSink;
import org.apache.flink.streaming.api.operators.ChainingStrategy;
import org.apache.flink.streaming.api.transformations.PhysicalTransformation;
import org.apache.flink.table.api.DataTypes;
import org.apache.flink.table.connector.ChangelogMode;
import org.apache.flink.table.connector.ProviderContext;
import org.apache.flink.table.connector.sink.DataStreamSinkProvider;
import org.apache.flink.table.connector.sink.DynamicTableSink;
import org.apache.flink.table.connector.source.DataStreamScanProvider;
import org.apache.flink.table.connector.source.DynamicTableSource;
import org.apache.flink.table.connector.source.LookupTableSource;
import org.apache.flink.table.connector.source.ScanTableSource;
import org.apache.flink.table.connector.source.abilities.SupportsFilterPushDown;
import org.apache.flink.table.connector.source.abilities.SupportsReadingMetadata;
import org.apache.flink.table.connector.source.abilities.SupportsWatermarkPushDown;
import org.apache.flink.table.connector.source.lookup.LookupFunctionProvider;
import org.apache.flink.table.data.GenericRowData;
import org.apache.flink.table.data.RowData;
import org.apache.flink.table.expressions.ResolvedExpression;
import org.apache.flink.table.factories.DynamicTableSinkFactory;
import org.apache.flink.table.factories.DynamicTableSourceFactory;
import org.apache.flink.table.functions.LookupFunction;
import org.apache.flink.table.runtime.typeutils.InternalTypeInfo;
import org.apache.flink.table.types.DataType;
import org.apache.flink.table.types.logical.LogicalType;
import org.apache.flink.table.types.logical.RowType;
import org.apache.flink.types.RowKind;

/**
 * Connectors that read and write rows in memory in the place of real ones: {@code memory-kafka} in that of
 * {@code kafka}, with the abilities and the changelog modes of the real one. They take any option.
 *
 * <p>Sources implement what the real ones do, because it is what decides where Flink puts a predicate:
 * {@code kafka} takes watermarks, {@code filesystem} takes filters, {@code paimon} both.
 */
public final class Connectors {

    /** The name of a job's {@link Traffic}, in the configuration of its table environment. */
    static final ConfigOption<String> TRAFFIC =
            ConfigOptions.key("conformance.traffic").stringType().noDefaultValue();

    /** Whether sinks commit with checkpoints. */
    static final ConfigOption<Boolean> COMMITS =
            ConfigOptions.key("conformance.commits").booleanType().defaultValue(false);

    private static final ChangelogMode UPSERT =
            ChangelogMode.newBuilder()
                    .addContainedKind(RowKind.INSERT)
                    .addContainedKind(RowKind.UPDATE_AFTER)
                    .addContainedKind(RowKind.DELETE)
                    .build();

    private Connectors() {}

    public static final class Kafka extends Base {
        public Kafka() {
            super("kafka", true, false);
        }

        @Override
        ChangelogMode mode(Context context) {
            String format = context.getCatalogTable().getOptions().getOrDefault("format", "json");
            return format.equals("debezium-json") ? ChangelogMode.all() : ChangelogMode.insertOnly();
        }
    }

    public static final class UpsertKafka extends Base {
        public UpsertKafka() {
            super("upsert-kafka", true, false);
        }

        @Override
        ChangelogMode mode(Context context) {
            return UPSERT;
        }
    }

    public static final class Filesystem extends Base {
        public Filesystem() {
            super("filesystem", false, true);
        }
    }

    public static final class Paimon extends Base {
        public Paimon() {
            super("paimon", true, true);
        }
    }

    public static final class Jdbc extends Base {
        public Jdbc() {
            super("jdbc", false, false);
        }

        @Override
        public DynamicTableSource createDynamicTableSource(Context context) {
            return new Lookup(table(context));
        }

        @Override
        public DynamicTableSink createDynamicTableSink(Context context) {
            boolean keyed = context.getCatalogTable().getResolvedSchema().getPrimaryKey().isPresent();
            return new Sink(context, keyed ? UPSERT : ChangelogMode.insertOnly());
        }
    }

    private abstract static class Base implements DynamicTableSourceFactory, DynamicTableSinkFactory {
        private final String name;
        private final boolean takesWatermarks;
        private final boolean takesFilters;

        Base(String name, boolean takesWatermarks, boolean takesFilters) {
            this.name = name;
            this.takesWatermarks = takesWatermarks;
            this.takesFilters = takesFilters;
        }

        ChangelogMode mode(Context context) {
            return ChangelogMode.insertOnly();
        }

        @Override
        public String factoryIdentifier() {
            return "memory-" + name;
        }

        @Override
        public Set<ConfigOption<?>> requiredOptions() {
            return Set.of();
        }

        @Override
        public Set<ConfigOption<?>> optionalOptions() {
            return Set.of();
        }

        Table table(Context context) {
            return new Table(
                    context.getConfiguration().get(TRAFFIC),
                    context.getObjectIdentifier().getObjectName(),
                    mode(context),
                    context.getPhysicalRowDataType());
        }

        @Override
        public DynamicTableSource createDynamicTableSource(Context context) {
            Table table = table(context);
            if (takesWatermarks && takesFilters) {
                return new FilteringWatermarks(table);
            }
            return takesWatermarks ? new Watermarks(table) : takesFilters ? new Filtering(table) : new Scan(table);
        }

        @Override
        public DynamicTableSink createDynamicTableSink(Context context) {
            return new Sink(context, mode(context));
        }
    }

    private record Table(String traffic, String name, ChangelogMode mode, DataType physical) {}

    private static class Scan implements ScanTableSource, SupportsReadingMetadata {
        final Table table;
        private DataType produced;
        private List<String> metadata = List.of();
        List<RowsSource.Filter> filters = new ArrayList<>();
        WatermarkStrategy<RowData> watermarks = WatermarkStrategy.noWatermarks();

        Scan(Table table) {
            this.table = table;
            this.produced = table.physical;
        }

        Scan fresh() {
            return new Scan(table);
        }

        @Override
        public DynamicTableSource copy() {
            Scan copy = fresh();
            copy.produced = produced;
            copy.metadata = metadata;
            copy.filters = new ArrayList<>(filters);
            copy.watermarks = watermarks;
            return copy;
        }

        @Override
        public String asSummaryString() {
            return "rows in memory";
        }

        @Override
        public ChangelogMode getChangelogMode() {
            return table.mode;
        }

        @Override
        public Map<String, DataType> listReadableMetadata() {
            return new LinkedHashMap<>(Map.of("timestamp", DataTypes.TIMESTAMP_LTZ(3).notNull()));
        }

        @Override
        public void applyReadableMetadata(List<String> keys, DataType type) {
            metadata = keys;
            produced = type;
        }

        @Override
        public ScanRuntimeProvider getScanRuntimeProvider(ScanContext context) {
            RowType row = (RowType) produced.getLogicalType();
            List<String> columns = new ArrayList<>(row.getFieldNames());
            int physical = columns.size() - metadata.size();
            for (int i = 0; i < metadata.size(); i++) {
                columns.set(physical + i, metadata.get(i));
            }
            RowsSource source =
                    new RowsSource(table.traffic, table.name, columns, row.getChildren(), filters);
            WatermarkStrategy<RowData> strategy = watermarks;
            return new DataStreamScanProvider() {
                @Override
                public boolean isBounded() {
                    return false;
                }

                @Override
                public DataStream<RowData> produceDataStream(ProviderContext context, StreamExecutionEnvironment env) {
                    Traffic.of(table.traffic).feed(table.name).scanned();
                    var stream =
                            env.fromSource(source, strategy, "rows of " + table.name, InternalTypeInfo.of(row))
                                    .setParallelism(1);
                    context.generateUid("rows").ifPresent(stream::uid);
                    return stream;
                }
            };
        }
    }

    private static final class Watermarks extends Scan implements SupportsWatermarkPushDown {
        Watermarks(Table table) {
            super(table);
        }

        @Override
        Scan fresh() {
            return new Watermarks(table);
        }

        @Override
        public void applyWatermark(WatermarkStrategy<RowData> strategy) {
            watermarks = onEvent(strategy);
        }
    }

    private static class Filtering extends Scan implements SupportsFilterPushDown {
        Filtering(Table table) {
            super(table);
        }

        @Override
        Scan fresh() {
            return new Filtering(table);
        }

        @Override
        public Result applyFilters(List<ResolvedExpression> offered) {
            List<ResolvedExpression> taken = new ArrayList<>();
            List<ResolvedExpression> left = new ArrayList<>();
            for (ResolvedExpression one : offered) {
                Optional<RowsSource.Filter> filter = Filters.of(one);
                filter.ifPresent(filters::add);
                (filter.isPresent() ? taken : left).add(one);
            }
            return Result.of(taken, left);
        }
    }

    private static final class FilteringWatermarks extends Filtering implements SupportsWatermarkPushDown {
        FilteringWatermarks(Table table) {
            super(table);
        }

        @Override
        Scan fresh() {
            return new FilteringWatermarks(table);
        }

        @Override
        public void applyWatermark(WatermarkStrategy<RowData> strategy) {
            watermarks = onEvent(strategy);
        }
    }

    /** A watermark behind each row, so that which row is late does not hang on the clock. */
    private static WatermarkStrategy<RowData> onEvent(WatermarkStrategy<RowData> strategy) {
        return WatermarkStrategy.forGenerator(
                        context -> new OnEvent(strategy.createWatermarkGenerator(context)))
                .withTimestampAssigner(strategy::createTimestampAssigner);
    }

    private static final class OnEvent implements WatermarkGenerator<RowData>, Serializable {
        private static final long serialVersionUID = 1L;
        private final transient WatermarkGenerator<RowData> generator;

        OnEvent(WatermarkGenerator<RowData> generator) {
            this.generator = generator;
        }

        @Override
        public void onEvent(RowData row, long timestamp, WatermarkOutput output) {
            generator.onEvent(row, timestamp, output);
            generator.onPeriodicEmit(output);
        }

        @Override
        public void onPeriodicEmit(WatermarkOutput output) {
            generator.onPeriodicEmit(output);
        }
    }

    /** A table of a database: read as a whole, or looked up in. */
    private static final class Lookup extends Scan implements LookupTableSource {
        Lookup(Table table) {
            super(table);
        }

        @Override
        Scan fresh() {
            return new Lookup(table);
        }

        @Override
        public LookupRuntimeProvider getLookupRuntimeProvider(LookupContext context) {
            RowType row = (RowType) table.physical.getLogicalType();
            List<Integer> keys = new ArrayList<>();
            for (int[] key : context.getKeys()) {
                keys.add(key[0]);
            }
            return LookupFunctionProvider.of(
                    new InMemory(table.traffic, table.name, new ArrayList<>(row.getFieldNames()),
                            new ArrayList<>(row.getChildren()), new ArrayList<>(keys)));
        }
    }

    /** The function of a lookup join. */
    public static final class InMemory extends LookupFunction {
        private static final long serialVersionUID = 1L;
        private final String traffic;
        private final String table;
        private final ArrayList<String> columns;
        private final ArrayList<LogicalType> types;
        private final ArrayList<Integer> keys;

        InMemory(
                String traffic,
                String table,
                ArrayList<String> columns,
                ArrayList<LogicalType> types,
                ArrayList<Integer> keys) {
            this.traffic = traffic;
            this.table = table;
            this.columns = columns;
            this.types = types;
            this.keys = keys;
        }

        @Override
        public Collection<RowData> lookup(RowData key) {
            Rows rows = Traffic.of(traffic).feed(table).rows;
            List<RowData> found = new ArrayList<>();
            for (Rows.Line line : rows.lines()) {
                GenericRowData row = new GenericRowData(columns.size());
                for (int i = 0; i < columns.size(); i++) {
                    int at = rows.columns().indexOf(columns.get(i));
                    row.setField(i, Rows.value(line.fields().get(at), types.get(i)));
                }
                boolean same = true;
                for (int i = 0; i < keys.size(); i++) {
                    Object wanted =
                            RowData.createFieldGetter(types.get(keys.get(i)), i).getFieldOrNull(key);
                    same &= wanted != null && wanted.equals(row.getField(keys.get(i)));
                }
                if (same) {
                    found.add(row);
                }
            }
            return found;
        }
    }

    private static final class Sink implements DynamicTableSink {
        private final String traffic;
        private final String name;
        private final boolean commits;
        private final ChangelogMode mode;
        private final DataType type;
        private final int[] key;
        private final int parallelism;

        Sink(org.apache.flink.table.factories.DynamicTableFactory.Context context, ChangelogMode mode) {
            this(
                    context.getConfiguration().get(TRAFFIC),
                    context.getObjectIdentifier().getObjectName(),
                    context.getConfiguration().get(COMMITS),
                    mode,
                    context.getPhysicalRowDataType(),
                    context.getCatalogTable().getResolvedSchema().getPrimaryKeyIndexes(),
                    Integer.parseInt(context.getCatalogTable().getOptions().getOrDefault("sink.parallelism", "0")));
        }

        private Sink(
                String traffic,
                String name,
                boolean commits,
                ChangelogMode mode,
                DataType type,
                int[] key,
                int parallelism) {
            this.traffic = traffic;
            this.name = name;
            this.commits = commits;
            this.mode = mode;
            this.type = type;
            this.key = key;
            this.parallelism = parallelism;
        }

        @Override
        public ChangelogMode getChangelogMode(ChangelogMode requested) {
            return mode;
        }

        @Override
        public DynamicTableSink copy() {
            return new Sink(traffic, name, commits, mode, type, key, parallelism);
        }

        @Override
        public String asSummaryString() {
            return "rows in memory";
        }

        @Override
        public SinkRuntimeProvider getSinkRuntimeProvider(Context context) {
            DataStructureConverter converter = context.createDataStructureConverter(type);
            return new DataStreamSinkProvider() {
                @Override
                public DataStreamSink<?> consumeDataStream(ProviderContext provider, DataStream<RowData> stream) {
                    Traffic.of(traffic).sink(name).key = key;
                    int subtasks = parallelism > 0 ? parallelism : stream.getParallelism();
                    var written =
                            stream.transform(
                                            "write " + name,
                                            Types.STRING,
                                            new SinkOperator(traffic, name, converter, commits))
                                    .setParallelism(subtasks);
                    // As the writers of real sinks; before Flink 2 an operator of one's own begins a chain.
                    ((PhysicalTransformation<?>) written.getTransformation())
                            .setChainingStrategy(ChainingStrategy.ALWAYS);
                    provider.generateUid("write").ifPresent(written::uid);
                    var end = written.sinkTo(new DiscardingSink<>()).setParallelism(subtasks);
                    provider.generateUid("end").ifPresent(end::uid);
                    return end;
                }
            };
        }
    }
}
