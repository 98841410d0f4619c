package tidegate.conformance.cost;

import java.util.Set;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.connector.source.lib.NumberSequenceSource;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.table.connector.ChangelogMode;
import org.apache.flink.table.connector.ProviderContext;
import org.apache.flink.table.connector.source.DataStreamScanProvider;
import org.apache.flink.table.connector.source.DynamicTableSource;
import org.apache.flink.table.connector.source.ScanTableSource;
import org.apache.flink.table.data.GenericRowData;
import org.apache.flink.table.data.RowData;
import org.apache.flink.table.factories.DynamicTableSourceFactory;
import org.apache.flink.table.runtime.typeutils.InternalTypeInfo;
import org.apache.flink.table.types.DataType;

/**
 * The numbers from 1, as quickly as Flink takes them: {@code numbers} in the place of {@code datagen}, which counts the
 * rows of each second and so has a pace of its own. A row costs next to nothing here, so that a gate costs the most.
 */
public final class Numbers implements DynamicTableSourceFactory {
    @Override
    public String factoryIdentifier() {
        return "numbers";
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
        long end = Long.parseLong(context.getCatalogTable().getOptions().get("fields.id.end"));
        return new Scan(end, context.getPhysicalRowDataType());
    }

    private record Scan(long end, DataType row) implements ScanTableSource {
        @Override
        public ChangelogMode getChangelogMode() {
            return ChangelogMode.insertOnly();
        }

        @Override
        public ScanRuntimeProvider getScanRuntimeProvider(ScanContext scan) {
            NumberSequenceSource numbers = new NumberSequenceSource(1, end);
            InternalTypeInfo<RowData> type = InternalTypeInfo.of(row.getLogicalType());
            return new DataStreamScanProvider() {
                @Override
                public boolean isBounded() {
                    // A bounded one would do in a streaming job too, but a real one that is gated never ends.
                    return false;
                }

                @Override
                public DataStream<RowData> produceDataStream(ProviderContext context, StreamExecutionEnvironment env) {
                    return env.fromSource(numbers, WatermarkStrategy.noWatermarks(), "numbers")
                            .map(Numbers::row)
                            .returns(type);
                }
            };
        }

        @Override
        public DynamicTableSource copy() {
            return this;
        }

        @Override
        public String asSummaryString() {
            return "numbers";
        }
    }

    private static RowData row(Long number) {
        return GenericRowData.of(number);
    }
}
