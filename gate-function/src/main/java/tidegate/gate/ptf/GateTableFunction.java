package tidegate.gate.ptf;

import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import org.apache.flink.table.api.DataTypes;
import org.apache.flink.table.catalog.DataTypeFactory;
import org.apache.flink.table.functions.FunctionContext;
import org.apache.flink.table.functions.ProcessTableFunction;
import org.apache.flink.table.functions.TableSemantics;
import org.apache.flink.table.types.DataType;
import org.apache.flink.table.types.inference.CallContext;
import org.apache.flink.table.types.inference.StaticArgument;
import org.apache.flink.table.types.inference.StaticArgumentTrait;
import org.apache.flink.table.types.inference.TypeInference;
import org.apache.flink.table.types.logical.LogicalType;
import org.apache.flink.table.types.logical.LogicalTypeRoot;
import org.apache.flink.types.ColumnList;
import org.apache.flink.types.Row;
import tidegate.gate.GateName;
import tidegate.gate.Gates;

/**
 * The gate of the kind "ptf": passes on the rows of its input that this job has to write, with all their
 * columns, and one more that is always TRUE. README.md beside this project says which those are.
 *
 * <p>Arguments: {@code input}, a table with row semantics; {@code sink}, the name of the gate; {@code
 * gate_time}, a descriptor of the column with the event time; and Flink's own {@code on_time}, which makes
 * the watermark known to the gate.
 */
public final class GateTableFunction extends ProcessTableFunction<Boolean> {

    private static final long serialVersionUID = 1L;

    private static final int INPUT = 0;
    private static final int SINK = 1;
    private static final int GATE_TIME = 2;

    private transient Gates gates;
    private transient TimeColumn timeColumn;

    @Override
    public void open(FunctionContext context) throws Exception {
        gates = Gates.open(context);
    }

    @Override
    public void close() {
        if (gates != null) {
            gates.close();
            gates = null;
        }
    }

    /**
     * Passes the row on, or does not. Flink gives a table argument of any type as a {@link Row} and has no
     * other way, so all columns are converted for this call. What is passed on is the row as it was.
     */
    public void eval(Context context, Row input, String sink, ColumnList gateTime) {
        if (timeColumn == null) {
            timeColumn = TimeColumn.find(context.tableSemanticsFor("input"), gateTime);
        }
        if (gates.passes(sink, timeColumn.millis(input), watermark(context))) {
            collect(true);
        }
    }

    /** As for the scalar function: what it says changes while the job runs. */
    @Override
    public boolean isDeterministic() {
        return false;
    }

    @Override
    public TypeInference getTypeInference(DataTypeFactory factory) {
        return TypeInference.newBuilder()
                .staticArguments(
                        StaticArgument.table(
                                "input",
                                Row.class,
                                false,
                                EnumSet.of(
                                        StaticArgumentTrait.TABLE,
                                        StaticArgumentTrait.ROW_SEMANTIC_TABLE,
                                        StaticArgumentTrait.PASS_COLUMNS_THROUGH)),
                        StaticArgument.scalar("sink", DataTypes.STRING(), false),
                        StaticArgument.scalar("gate_time", DataTypes.DESCRIPTOR(), false))
                .outputTypeStrategy(
                        call -> {
                            check(call);
                            return Optional.of(DataTypes.BOOLEAN().notNull());
                        })
                .build();
    }

    private long watermark(Context context) {
        if (!timeColumn.hasWatermark) {
            return Long.MIN_VALUE;
        }
        Long watermark = context.timeContext(Long.class).currentWatermark();
        return watermark == null ? Long.MIN_VALUE : watermark;
    }

    /** Says what is wrong with the arguments when the job is planned. */
    private static void check(CallContext call) {
        try {
            if (call.isArgumentNull(SINK) || call.isArgumentLiteral(SINK)) {
                GateName.parse(call.getArgumentValue(SINK, String.class).orElse(null));
            }
            Optional<TableSemantics> input = call.getTableSemantics(INPUT);
            Optional<ColumnList> gateTime = call.getArgumentValue(GATE_TIME, ColumnList.class);
            if (input.isPresent() && gateTime.isPresent()) {
                TimeColumn.find(input.get(), gateTime.get());
            }
        } catch (IllegalArgumentException e) {
            throw call.newValidationError("%s", e.getMessage());
        }
    }

    /** Where a row has its event time. */
    static final class TimeColumn {
        final int index;
        final boolean hasWatermark;

        private TimeColumn(int index, boolean hasWatermark) {
            this.index = index;
            this.hasWatermark = hasWatermark;
        }

        /** @throws IllegalArgumentException if {@code gateTime} does not name one column with a time */
        static TimeColumn find(TableSemantics input, ColumnList gateTime) {
            List<String> names = gateTime == null ? List.of() : gateTime.getNames();
            if (names.size() != 1) {
                throw new IllegalArgumentException(
                        "gate_time is to name one column, but names " + names.size() + ": " + names);
            }
            DataType row = input.dataType();
            List<String> columns = DataType.getFieldNames(row);
            int index = columns.indexOf(names.get(0));
            if (index < 0) {
                throw new IllegalArgumentException(
                        "gate_time names '" + names.get(0) + "', but the input has " + columns);
            }
            LogicalType type = DataType.getFieldDataTypes(row).get(index).getLogicalType();
            if (type.getTypeRoot() != LogicalTypeRoot.TIMESTAMP_WITHOUT_TIME_ZONE
                    && type.getTypeRoot() != LogicalTypeRoot.TIMESTAMP_WITH_LOCAL_TIME_ZONE) {
                throw new IllegalArgumentException(
                        "gate_time names '"
                                + names.get(0)
                                + "', which is no TIMESTAMP and no TIMESTAMP_LTZ but "
                                + type.asSummaryString());
            }
            return new TimeColumn(index, input.timeColumn() >= 0);
        }

        /**
         * Epoch milliseconds, a TIMESTAMP being read as UTC; {@link Long#MIN_VALUE} where the row has no
         * time.
         */
        long millis(Row row) {
            Object time = row.getField(index);
            if (time == null) {
                return Long.MIN_VALUE;
            }
            return time instanceof LocalDateTime
                    ? ((LocalDateTime) time).toInstant(ZoneOffset.UTC).toEpochMilli()
                    : ((Instant) time).toEpochMilli();
        }
    }
}
