package tidegate.gate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TransitionStateTest {

    @Test
    void readsAllKeys() {
        Map<String, String> entries = States.entries(Colour.GREEN, false, 1_767_225_600_000L);
        entries.put("some-key-of-others", "?");
        TransitionState state = TransitionState.parse(entries);
        assertFalse(state.isFirstDeployment());
        assertEquals(Colour.GREEN, state.active());
        assertEquals(TransitionState.Stage.TRANSITIONING, state.stage());
        assertEquals(OptionalLong.of(1_767_225_600_000L), state.cutover());
    }

    @Test
    void takesLineEndsForWhatTheyAre() {
        Map<String, String> entries = States.entries(Colour.GREEN, true, 1000L);
        entries.replaceAll((key, value) -> value + "\n");
        assertEquals(States.state(Colour.GREEN, true, 1000L), TransitionState.parse(entries));
    }

    @Test
    void knowsNoCutoverWhileTheIncomingJobWaitsForOne() {
        Map<String, String> entries = States.entries(Colour.GREEN, false, null);
        entries.put("watermark-stage", "WAITING_FOR_WATERMARK");
        assertTrue(TransitionState.parse(entries).cutover().isEmpty());
    }

    /** One key of a state that is right otherwise; NULL takes it away. */
    @ParameterizedTest
    @CsvSource(
            nullValues = "NULL",
            value = {
                "is-first-deployment, NULL, is-first-deployment is missing",
                "is-first-deployment, yes, 'is-first-deployment is ''yes'', but must be true or false'",
                "active-deployment-type, NULL, active-deployment-type is missing",
                "active-deployment-type, blue, must be BLUE or GREEN",
                "stage, NULL, stage is missing",
                "stage, DONE, 'stage is ''DONE'', but must be one of [INITIALIZING'",
                "deployment-deletion-delay-ms, NULL, deployment-deletion-delay-ms is missing",
                "deployment-deletion-delay-ms, 10 s, must be a whole number",
                "deployment-deletion-delay-ms, -1, is negative",
                "watermark-stage, NULL, watermark-stage is WATERMARK_NOT_SET and not WATERMARK_SET",
                "watermark-stage, WAITING_FOR_WATERMARK, and not WATERMARK_SET",
                "watermark-stage, SET, must be one of [WATERMARK_NOT_SET",
                "watermark-toggle-value, NULL, WATERMARK_SET without a watermark-toggle-value",
                "watermark-toggle-value, '', must be a whole number",
                "watermark-toggle-value, 2026-01-01T00:00:00Z, must be a whole number",
                "watermark-toggle-value, 0, no epoch in milliseconds",
                "watermark-toggle-value, 1767225600000000, no epoch in milliseconds"
            })
    void refuses(String key, String value, String reason) {
        Map<String, String> entries = States.entries(Colour.GREEN, false, 1000L);
        if (value == null) {
            entries.remove(key);
        } else {
            entries.put(key, value);
        }
        Exception e = assertThrows(IllegalArgumentException.class, () -> TransitionState.parse(entries));
        assertTrue(e.getMessage().contains(reason), e.getMessage());
    }
}
