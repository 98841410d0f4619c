package tidegate.gate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GateNameTest {

    @ParameterizedTest
    @CsvSource({
        "fares, ALONE",
        "cat.db.fares, ALONE",
        "opens, ALONE",
        "sums:opens, OPENS",
        "rides:closes, CLOSES",
        "a:closes:opens, OPENS"
    })
    void reads(String text, GateName.Side side) {
        assertEquals(side, GateName.parse(text).side());
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "NULL",
            value = {
                "NULL, is NULL",
                "'', is empty",
                "'  ', is empty",
                "sums:open, unknown side 'open'",
                "sums:OPENS, unknown side 'OPENS'",
                "sums:, unknown side ''",
                ":opens, unknown side 'opens'"
            })
    void refuses(String text, String reason) {
        Exception e = assertThrows(IllegalArgumentException.class, () -> GateName.parse(text));
        assertTrue(e.getMessage().contains(reason), e.getMessage());
    }
}
