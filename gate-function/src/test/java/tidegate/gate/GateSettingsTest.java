package tidegate.gate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Paths;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GateSettingsTest {

    private final Map<String, String> parameters = new HashMap<>();
    private final Map<String, String> environment = new HashMap<>();

    private GateSettings read() {
        return GateSettings.read(parameters::get, environment::get);
    }

    @Test
    void readsParameters() {
        parameters.put("tidegate.gate.colour", "GREEN");
        parameters.put("tidegate.gate.path", "/etc/gate");
        parameters.put("tidegate.gate.poll-interval-ms", "250");
        parameters.put("tidegate.gate.idle-done-ms", "30000");
        GateSettings settings = read();
        assertEquals(Colour.GREEN, settings.colour);
        assertEquals(Paths.get("/etc/gate"), settings.path);
        assertEquals(250, settings.pollIntervalMs);
        assertEquals(30_000, settings.idleDoneMs);
    }

    @Test
    void fallsBackToTheEnvironment() {
        environment.put("TIDEGATE_GATE_COLOUR", "BLUE");
        environment.put("TIDEGATE_GATE_PATH", "/etc/gate");
        environment.put("TIDEGATE_GATE_POLL_INTERVAL_MS", "250");
        parameters.put("tidegate.gate.colour", "GREEN");
        GateSettings settings = read();
        assertEquals(Colour.GREEN, settings.colour, "a parameter goes before a variable");
        assertEquals(250, settings.pollIntervalMs);
        assertEquals(0, settings.idleDoneMs);
    }

    @Test
    void hasDefaults() {
        parameters.put("tidegate.gate.colour", "GREEN");
        parameters.put("tidegate.gate.path", "gate.properties");
        assertEquals(1_000, read().pollIntervalMs);
        assertEquals(0, read().idleDoneMs);
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "NULL",
            value = {
                "colour, NULL, needs the job parameter tidegate.gate.colour",
                "colour, NULL, or the environment variable TIDEGATE_GATE_COLOUR",
                "colour, red, 'job parameter tidegate.gate.colour is ''red'', but must be BLUE or GREEN'",
                "path, NULL, needs the job parameter tidegate.gate.path",
                "path, '', tidegate.gate.path is empty",
                "poll-interval-ms, 1 s, must be a number of milliseconds",
                "poll-interval-ms, 0, must be from 1 to",
                "idle-done-ms, -1, must be from 0 to"
            })
    void refuses(String key, String value, String reason) {
        parameters.put("tidegate.gate.colour", "GREEN");
        parameters.put("tidegate.gate.path", "/etc/gate");
        parameters.put("tidegate.gate." + key, value);
        Exception e = assertThrows(IllegalArgumentException.class, this::read);
        assertTrue(e.getMessage().contains(reason), e.getMessage());
    }

    @Test
    void saysWhichVariableIsWrong() {
        environment.put("TIDEGATE_GATE_COLOUR", "red");
        parameters.put("tidegate.gate.path", "/etc/gate");
        Exception e = assertThrows(IllegalArgumentException.class, this::read);
        assertTrue(e.getMessage().startsWith("environment variable TIDEGATE_GATE_COLOUR"), e.getMessage());
    }
}
