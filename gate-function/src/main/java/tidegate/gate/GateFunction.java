package tidegate.gate;

import java.util.List;
import java.util.Optional;
import org.apache.flink.table.api.DataTypes;
import org.apache.flink.table.api.ValidationException;
import org.apache.flink.table.catalog.DataTypeFactory;
import org.apache.flink.table.data.TimestampData;
import org.apache.flink.table.functions.FunctionContext;
import org.apache.flink.table.functions.FunctionDefinition;
import org.apache.flink.table.functions.ScalarFunction;
import org.apache.flink.table.types.DataType;
import org.apache.flink.table.types.inference.ArgumentCount;
import org.apache.flink.table.types.inference.CallContext;
import org.apache.flink.table.types.inference.ConstantArgumentCount;
import org.apache.flink.table.types.inference.InputTypeStrategy;
import org.apache.flink.table.types.inference.Signature;
import org.apache.flink.table.types.inference.TypeInference;
import org.apache.flink.table.types.logical.LogicalTypeRoot;

/**
 * The gate of the kind "function": {@code gate('SINK', time, watermark)} is TRUE for the rows that this job
 * has to write. README.md beside this project says which those are.
 */
public final class GateFunction extends ScalarFunction {

    private static final long serialVersionUID = 1L;

    private transient Gates gates;

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
     * Whether the row passes.
     *
     * @param sink name of the gate, see {@link GateName}
     * @param time event time of the row; NULL for a row without one
     * @param watermark watermark at the gate; NULL where none is known
     */
    public boolean eval(String sink, TimestampData time, TimestampData watermark) {
        return gates.passes(sink, millis(time), millis(watermark));
    }

    /**
     * What it says changes while the job runs. A function that is said to be deterministic may be computed
     * once when the job is planned, and may be moved by the optimizer.
     */
    @Override
    public boolean isDeterministic() {
        return false;
    }

    @Override
    public TypeInference getTypeInference(DataTypeFactory factory) {
        return TypeInference.newBuilder()
                .inputTypeStrategy(new Arguments())
                .outputTypeStrategy(
                        call -> Optional.of(DataTypes.BOOLEAN().notNull().bridgedTo(boolean.class)))
                .build();
    }

    /**
     * Epoch milliseconds of a TIMESTAMP_LTZ, or of a TIMESTAMP read as UTC. NULL is {@link Long#MIN_VALUE}:
     * a row without a time is older than any T, and a watermark that is not known has not passed any.
     */
    private static long millis(TimestampData time) {
        return time == null ? Long.MIN_VALUE : time.getMillisecond();
    }

    /**
     * Takes both types of time as they are. With a signature for each type instead, Flink might cast one to
     * the other, which is done in the session's time zone.
     */
    private static final class Arguments implements InputTypeStrategy {

        @Override
        public ArgumentCount getArgumentCount() {
            return ConstantArgumentCount.of(3);
        }

        @Override
        public Optional<List<DataType>> inferInputTypes(CallContext call, boolean throwOnFailure) {
            List<DataType> types = call.getArgumentDataTypes();
            DataType sink = types.get(0);
            DataType time = types.get(1);
            DataType watermark = types.get(2);
            if (!isOneOf(sink, LogicalTypeRoot.CHAR, LogicalTypeRoot.VARCHAR)) {
                return call.fail(
                        throwOnFailure, "The first argument of a gate is the name of its sink, not %s.", sink);
            }
            if (call.isArgumentNull(0)) {
                return call.fail(throwOnFailure, "The name of a gate is NULL.");
            }
            if (call.isArgumentLiteral(0)) {
                Optional<String> name = call.getArgumentValue(0, String.class);
                try {
                    GateName.parse(name.orElse(null));
                } catch (IllegalArgumentException e) {
                    throw new ValidationException(e.getMessage(), e);
                }
            }
            if (!isTime(time)) {
                return call.fail(
                        throwOnFailure,
                        "The second argument of a gate is a TIMESTAMP or a TIMESTAMP_LTZ, not %s.",
                        time);
            }
            if (!isTime(watermark)
                    || time.getLogicalType().getTypeRoot() != watermark.getLogicalType().getTypeRoot()) {
                return call.fail(
                        throwOnFailure,
                        "The third argument of a gate is a watermark of the type of the second, not %s beside"
                                + " %s: only the session's time zone could tell one from the other.",
                        watermark,
                        time);
            }
            return Optional.of(
                    List.of(
                            sink.bridgedTo(String.class),
                            time.bridgedTo(TimestampData.class),
                            watermark.bridgedTo(TimestampData.class)));
        }

        @Override
        public List<Signature> getExpectedSignatures(FunctionDefinition definition) {
            return List.of(signature("TIMESTAMP"), signature("TIMESTAMP_LTZ"));
        }

        private static Signature signature(String type) {
            return Signature.of(
                    Signature.Argument.of("sink", "STRING"),
                    Signature.Argument.of("time", type),
                    Signature.Argument.of("watermark", type));
        }

        private static boolean isTime(DataType type) {
            return isOneOf(
                    type,
                    LogicalTypeRoot.TIMESTAMP_WITHOUT_TIME_ZONE,
                    LogicalTypeRoot.TIMESTAMP_WITH_LOCAL_TIME_ZONE);
        }

        private static boolean isOneOf(DataType type, LogicalTypeRoot... roots) {
            return List.of(roots).contains(type.getLogicalType().getTypeRoot());
        }
    }
}
