package tidegate.gate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;
import tidegate.gate.GateName.Side;
import tidegate.gate.TransitionState.Stage;

class RuleTest {

    private static final long[] TIMES = {Rule.NO_TIME, 999, 1000, 1001};

    /** Every line of the table, for both colours and in every stage: none of the two has a say of its own. */
    @ParameterizedTest
    @CsvFileSource(resources = "decisions.txt", delimiter = '|', numLinesToSkip = 1, nullValues = "-")
    void decides(
            Side side,
            String role,
            boolean first,
            Long cutover,
            Long watermark,
            String noTime,
            String before,
            String at,
            String after) {
        String[] expected = {noTime, before, at, after};
        for (Colour own : Colour.values()) {
            Colour other = own == Colour.BLUE ? Colour.GREEN : Colour.BLUE;
            for (Stage stage : Stage.values()) {
                Map<String, String> entries =
                        States.entries(role.equals("active") ? own : other, first, cutover);
                entries.put("stage", stage.name());
                Gate gate = new Gate(GateName.parse(name(side)), own);
                TransitionState state = TransitionState.parse(entries);
                for (int i = 0; i < TIMES.length; i++) {
                    boolean passes =
                            gate.passes(state, TIMES[i], watermark == null ? Rule.NO_WATERMARK : watermark);
                    assertEquals(
                            expected[i].equals("yes"),
                            passes,
                            own + " in " + stage + ", row of " + (i == 0 ? "no time" : TIMES[i]));
                }
            }
        }
    }

    @Test
    void refusesToRunBesideAFirstDeploymentOfTheOtherColour() {
        for (Side side : Side.values()) {
            for (Long cutover : new Long[] {null, 1000L}) {
                Gate gate = new Gate(GateName.parse(name(side)), Colour.GREEN);
                gate.passes(States.state(Colour.GREEN, false, cutover), 1000, Rule.NO_WATERMARK);
                TransitionState givenUp = States.state(Colour.BLUE, true, cutover);
                for (int i = 0; i < 2; i++) {
                    Exception e =
                            assertThrows(
                                    IllegalStateException.class,
                                    () -> gate.passes(givenUp, 1000, Rule.NO_WATERMARK));
                    assertTrue(e.getMessage().contains("this job is GREEN, but by the state BLUE"));
                }
            }
        }
    }

    private static String name(Side side) {
        return side == Side.ALONE ? "fares" : "fares:" + side.name().toLowerCase(java.util.Locale.ROOT);
    }
}
