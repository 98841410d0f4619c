package tidegate.gate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.flink.api.common.functions.RuntimeContext;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.SimpleCounter;
import org.apache.flink.metrics.groups.OperatorMetricGroup;
import org.apache.flink.table.api.DataTypes;
import org.apache.flink.table.api.ValidationException;
import org.apache.flink.table.data.TimestampData;
import org.apache.flink.table.functions.FunctionContext;
import org.apache.flink.table.types.DataType;
import org.apache.flink.table.types.inference.CallContext;
import org.apache.flink.table.types.inference.TypeInference;
import org.apache.flink.util.InstantiationUtil;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GateFunctionTest {

    private static final DataType NTZ = DataTypes.TIMESTAMP(3);
    private static final DataType LTZ = DataTypes.TIMESTAMP_LTZ(3);
    private static final DataType NAME = DataTypes.CHAR(5).notNull();

    @TempDir Path temp;
    private final Map<String, Counter> counters = new HashMap<>();

    private static List<DataType> infer(String name, DataType... types) {
        CallContext call =
                Proxies.of(
                        CallContext.class,
                        Map.of(
                                "getArgumentDataTypes", x -> List.of(types),
                                "isArgumentLiteral", x -> true,
                                "isArgumentNull", x -> name == null,
                                "getArgumentValue", x -> Optional.ofNullable(name),
                                "fail",
                                        x -> {
                                            throw new ValidationException(
                                                    String.format((String) x[1], (Object[]) x[2]));
                                        }));
        TypeInference inference = new GateFunction().getTypeInference(null);
        assertTrue(inference.getInputTypeStrategy().getArgumentCount().isValidCount(3));
        assertFalse(inference.getInputTypeStrategy().getArgumentCount().isValidCount(2));
        assertEquals(
                Optional.of(DataTypes.BOOLEAN().notNull().bridgedTo(boolean.class)),
                inference.getOutputTypeStrategy().inferType(call));
        return inference.getInputTypeStrategy().inferInputTypes(call, true).orElseThrow();
    }

    private static void refuses(String reason, String name, DataType... types) {
        Exception e = assertThrows(ValidationException.class, () -> infer(name, types));
        assertTrue(e.getMessage().contains(reason), e.getMessage());
    }

    @Test
    void takesBothTypesOfTimeAsTheyAre() {
        for (DataType time : List.of(NTZ, LTZ, NTZ.notNull(), LTZ.notNull(), DataTypes.TIMESTAMP_LTZ(6))) {
            List<DataType> types = infer("fares", NAME, time, time.nullable());
            // The same types: nothing that Flink would have to cast.
            assertEquals(NAME.getLogicalType(), types.get(0).getLogicalType());
            assertEquals(time.getLogicalType(), types.get(1).getLogicalType());
            assertEquals(time.nullable().getLogicalType(), types.get(2).getLogicalType());
            assertEquals(TimestampData.class, types.get(1).getConversionClass());
            assertEquals(TimestampData.class, types.get(2).getConversionClass());
        }
    }

    @Test
    void refusesOtherArguments() {
        refuses("is the name of its sink", "fares", NTZ, NTZ, NTZ);
        refuses("second argument of a gate is a TIMESTAMP", "fares", NAME, DataTypes.BIGINT(), NTZ);
        refuses("second argument of a gate is a TIMESTAMP", "fares", NAME, DataTypes.DATE(), NTZ);
        refuses("of the type of the second", "fares", NAME, NTZ, LTZ);
        refuses("of the type of the second", "fares", NAME, LTZ, NTZ);
        refuses("of the type of the second", "fares", NAME, NTZ, DataTypes.STRING());
        refuses("is NULL", null, NAME, NTZ, NTZ);
        refuses("unknown side 'open'", "sums:open", NAME, NTZ, NTZ);
    }

    @Test
    void isNotDeterministic() {
        assertFalse(new GateFunction().isDeterministic());
    }

    private FunctionContext context(Map<String, String> parameters) {
        return new FunctionContext(
                Proxies.of(
                        RuntimeContext.class,
                        Map.of(
                                "getGlobalJobParameters", x -> parameters,
                                "getMetricGroup",
                                        x ->
                                                Proxies.of(
                                                        OperatorMetricGroup.class,
                                                        Map.of(
                                                                "counter",
                                                                y ->
                                                                        counters.computeIfAbsent(
                                                                                (String) y[0],
                                                                                z -> new SimpleCounter()),
                                                                "gauge",
                                                                y -> y[1])))));
    }

    @Test
    void comparesMillisecondsOfEitherType() throws Exception {
        new MountedFolder(temp).set(States.entries(Colour.GREEN, false, 1000L));
        // As it gets to a cluster: serialized before it is opened.
        GateFunction gate = InstantiationUtil.clone(new GateFunction());
        gate.open(
                context(Map.of("tidegate.gate.colour", "GREEN", "tidegate.gate.path", temp.toString())));
        TimestampData before = TimestampData.fromEpochMillis(999, 999_999);
        TimestampData at = TimestampData.fromEpochMillis(1000);
        assertFalse(gate.eval("fares", before, null));
        assertTrue(gate.eval("fares", at, null));
        assertFalse(gate.eval("fares", null, at));
        assertTrue(gate.eval("fares", null, TimestampData.fromEpochMillis(1001)));
        assertEquals(2, counters.get(Gates.ROWS_WITHOUT_TIME).getCount());
        assertEquals(0, counters.get(Gates.ROWS_LATE).getCount());
        gate.close();
        gate.close();
    }

    @Test
    void saysWhatTheJobForgot() {
        GateFunction gate = new GateFunction();
        Exception e =
                assertThrows(IllegalArgumentException.class, () -> gate.open(context(Map.of())));
        assertTrue(e.getMessage().contains("pipeline.global-job-parameters"), e.getMessage());
        gate.close();
    }
}
