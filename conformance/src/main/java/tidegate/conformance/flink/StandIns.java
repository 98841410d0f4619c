package tidegate.conformance.flink;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.table.api.DataTypes;
import org.apache.flink.table.api.ValidationException;
import org.apache.flink.table.connector.ChangelogMode;
import org.apache.flink.table.connector.sink.DynamicTableSink;
import org.apache.flink.table.connector.source.DynamicTableSource;
import org.apache.flink.table.factories.DynamicTableFactory;
import org.apache.flink.table.factories.DynamicTableSinkFactory;
import org.apache.flink.table.factories.DynamicTableSourceFactory;
import org.apache.flink.table.factories.FactoryUtil;
import org.apache.flink.table.module.Module;
import org.apache.flink.table.types.DataType;

/**
 * Stands in for connectors that are not on the class path, or that would refuse the short options of a case: takes any
 * option, and has the metadata columns and changelog mode of the connector whose name it goes by. Such a table can be
 * planned; it reads no row, but for {@code mem}, which reads and keeps the rows that it is given.
 *
 * <p>A module, because Flink asks modules for the connector of every table, temporary ones too.
 */
public final class StandIns implements Module {
    /** Which tables are stood in for. */
    public enum Where {
        /** All but those of connectors that need nothing from outside. */
        ALWAYS,
        /** Those whose connector or format is not on the class path. */
        MISSING
    }

    private static final Set<String> REAL = Set.of("blackhole", "datagen", "filesystem", "print");
    /** Connectors that can be asked for single rows; a part of the name. */
    private static final List<String> LOOKUP = List.of("jdbc", "redis", "hbase", "mongodb", "http");

    private static final ChangelogMode UPSERT = ChangelogMode.upsert();
    private static final ChangelogMode ALL = ChangelogMode.all();
    private static final ChangelogMode APPEND = ChangelogMode.insertOnly();

    private final Factory factory;

    public StandIns(Where where) {
        this.factory = new Factory(where);
    }

    /** The connectors and formats that were stood in for so far. */
    public Set<String> used() {
        return factory.used;
    }

    @Override
    public Optional<DynamicTableSourceFactory> getTableSourceFactory() {
        return Optional.of(factory);
    }

    @Override
    public Optional<DynamicTableSinkFactory> getTableSinkFactory() {
        return Optional.of(factory);
    }

    private static final class Factory implements DynamicTableSourceFactory, DynamicTableSinkFactory {
        private final Where where;
        private final Set<String> used = Collections.synchronizedSet(new TreeSet<>());

        Factory(Where where) {
            this.where = where;
        }

        @Override
        public String factoryIdentifier() {
            return "stand-in";
        }

        @Override
        public Set<ConfigOption<?>> requiredOptions() {
            return Set.of();
        }

        @Override
        public Set<ConfigOption<?>> optionalOptions() {
            return Set.of();
        }

        @Override
        public DynamicTableSource createDynamicTableSource(Context context) {
            Map<String, String> options = context.getCatalogTable().getOptions();
            String connector = connector(options);
            if (isReal(connector, options, context.getClassLoader())) {
                return FactoryUtil.discoverFactory(
                                context.getClassLoader(), DynamicTableSourceFactory.class, connector)
                        .createDynamicTableSource(context);
            }
            DataType columns = context.getPhysicalRowDataType();
            if (connector.equals("mem")) {
                return MemoryTable.source(this, context, columns);
            }
            StandInTable.Source source = new StandInTable.Source(columns, metadata(connector), read(connector, options));
            return LOOKUP.stream().anyMatch(connector::contains) && !connector.contains("cdc")
                    ? new StandInTable.LookupSource(source)
                    : source;
        }

        @Override
        public DynamicTableSink createDynamicTableSink(Context context) {
            Map<String, String> options = context.getCatalogTable().getOptions();
            String connector = connector(options);
            if (isReal(connector, options, context.getClassLoader())) {
                return FactoryUtil.discoverFactory(context.getClassLoader(), DynamicTableSinkFactory.class, connector)
                        .createDynamicTableSink(context);
            }
            String name = context.getObjectIdentifier().getObjectName();
            if (connector.equals("mem")) {
                return MemoryTable.sink(name, context.getPhysicalRowDataType());
            }
            // With a key, databases and the like write by it; Kafka needs its upsert connector for that.
            boolean keyed = context.getPrimaryKeyIndexes().length > 0 && !connector.equals("kafka");
            ChangelogMode written = connector.equals("upsert-kafka") || keyed ? UPSERT : read(connector, options);
            return new StandInTable.Sink(context.getPhysicalRowDataType(), written);
        }

        private static String connector(Map<String, String> options) {
            String connector = options.get(FactoryUtil.CONNECTOR.key());
            if (connector == null) {
                throw new ValidationException("a table has no option 'connector'");
            }
            return connector;
        }

        private boolean isReal(String connector, Map<String, String> options, ClassLoader loader) {
            if (REAL.contains(connector)) {
                return true;
            }
            if (where == Where.ALWAYS) {
                used.add(connector);
                return false;
            }
            boolean real = has(loader, DynamicTableFactory.class, connector);
            if (!real) {
                used.add(connector);
            }
            for (Map.Entry<String, String> option : options.entrySet()) {
                String key = option.getKey();
                boolean format = key.equals("format") || key.endsWith(".format");
                if (format && !has(loader, org.apache.flink.table.factories.Factory.class, option.getValue())) {
                    used.add(option.getValue());
                    real = false;
                }
            }
            return real;
        }

        private static <T extends org.apache.flink.table.factories.Factory> boolean has(
                ClassLoader loader, Class<T> kind, String name) {
            try {
                FactoryUtil.discoverFactory(loader, kind, name);
                return true;
            } catch (ValidationException e) {
                // Several of that name are there, a format's for reading and for writing among them.
                return String.valueOf(e.getMessage()).startsWith("Multiple factories");
            }
        }

        /** The changelog of a source. */
        private static ChangelogMode read(String connector, Map<String, String> options) {
            if (connector.equals("upsert-kafka")) {
                return UPSERT;
            }
            String format = options.getOrDefault("format", options.getOrDefault("value.format", ""));
            boolean changes = connector.contains("cdc")
                    || List.of("debezium", "canal", "maxwell", "ogg").stream().anyMatch(format::contains);
            return changes ? ALL : APPEND;
        }

        /** The metadata columns; where they are from is said in {@code docs/connectors.md}. */
        private static Map<String, DataType> metadata(String connector) {
            Map<String, DataType> columns = new TreeMap<>();
            DataType text = DataTypes.STRING().notNull();
            DataType instant = DataTypes.TIMESTAMP_LTZ(3);
            if (connector.endsWith("kafka")) {
                columns.put("topic", text);
                columns.put("partition", DataTypes.INT().notNull());
                columns.put("headers", DataTypes.MAP(DataTypes.STRING(), DataTypes.BYTES()).notNull());
                columns.put("leader-epoch", DataTypes.INT());
                columns.put("offset", DataTypes.BIGINT().notNull());
                columns.put("timestamp", instant.notNull());
                columns.put("timestamp-type", text);
                columns.put("value.ingestion-timestamp", instant);
                columns.put("value.source.timestamp", instant);
                for (String key : List.of("database", "schema", "table")) {
                    columns.put("value.source." + key, DataTypes.STRING());
                }
            } else if (connector.contains("cdc")) {
                columns.put("op_ts", instant.notNull());
                columns.put("table_name", text);
                columns.put("database_name", text);
                columns.put("schema_name", text);
                columns.put("row_kind", text);
            } else if (connector.equals("kinesis")) {
                columns.put("timestamp", instant.notNull());
                columns.put("sequence-number", text);
                columns.put("shard-id", text);
            }
            return columns;
        }
    }
}
