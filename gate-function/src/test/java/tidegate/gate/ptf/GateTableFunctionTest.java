package tidegate.gate.ptf;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Instant;
import java.time.LocalDateTime;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.flink.table.api.DataTypes;
import org.apache.flink.table.api.ValidationException;
import org.apache.flink.table.functions.TableSemantics;
import org.apache.flink.table.types.DataType;
import org.apache.flink.table.types.inference.CallContext;
import org.apache.flink.types.ColumnList;
import org.apache.flink.types.Row;
import org.junit.jupiter.api.Test;
import tidegate.gate.Proxies;

class GateTableFunctionTest {

    private static final DataType ROW =
            DataTypes.ROW(
                    DataTypes.FIELD("id", DataTypes.BIGINT()),
                    DataTypes.FIELD("ts", DataTypes.TIMESTAMP(3)),
                    DataTypes.FIELD("at", DataTypes.TIMESTAMP_LTZ(3)));

    private static TableSemantics input(int timeColumn) {
        return Proxies.of(
                TableSemantics.class, Map.of("dataType", x -> ROW, "timeColumn", x -> timeColumn));
    }

    private static void check(String name, String... columns) {
        CallContext call =
                Proxies.of(
                        CallContext.class,
                        Map.of(
                                "isArgumentLiteral", x -> true,
                                "isArgumentNull", x -> name == null,
                                "getTableSemantics", x -> Optional.of(input(1)),
                                "getArgumentValue",
                                        x ->
                                                (int) x[0] == 1
                                                        ? Optional.ofNullable(name)
                                                        : Optional.of(ColumnList.of(List.of(columns))),
                                "newValidationError",
                                        x ->
                                                new ValidationException(
                                                        String.format((String) x[0], (Object[]) x[1]))));
        new GateTableFunction().getTypeInference(null).getOutputTypeStrategy().inferType(call);
    }

    private static void refuses(String reason, String name, String... columns) {
        Exception e = assertThrows(ValidationException.class, () -> check(name, columns));
        assertTrue(e.getMessage().contains(reason), e.getMessage());
    }

    @Test
    void takesOneColumnWithATime() {
        check("fares", "ts");
        check("fares", "at");
    }

    @Test
    void refusesOtherArguments() {
        refuses("'id', which is no TIMESTAMP", "fares", "id");
        refuses("'none', but the input has [id, ts, at]", "fares", "none");
        refuses("is to name one column, but names 2", "fares", "ts", "at");
        refuses("unknown side", "sums:open", "ts");
        refuses("is NULL", null, "ts");
    }

    @Test
    void readsMillisecondsOfEitherType() {
        Row row =
                Row.of(
                        1L,
                        LocalDateTime.parse("1970-01-01T00:00:01.000999"),
                        Instant.ofEpochMilli(2000));
        assertEquals(1000, find("ts").millis(row));
        assertEquals(2000, find("at").millis(row));
        row.setField(1, null);
        assertEquals(Long.MIN_VALUE, find("ts").millis(row));
    }

    @Test
    void knowsAWatermarkOnlyWithOnTime() {
        assertTrue(find("ts").hasWatermark);
        assertFalse(
                GateTableFunction.TimeColumn.find(input(-1), ColumnList.of(List.of("ts"))).hasWatermark);
    }

    @Test
    void isNotDeterministic() {
        assertFalse(new GateTableFunction().isDeterministic());
    }

    private static GateTableFunction.TimeColumn find(String column) {
        return GateTableFunction.TimeColumn.find(input(1), ColumnList.of(List.of(column)));
    }
}
