package tidegate.gate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.Gauge;
import org.apache.flink.metrics.groups.UnregisteredMetricsGroup;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The gates of one subtask, with a state that is read from a folder and metrics that are kept. */
class GatesTest {

    private static final long T = 1000;
    private static final long NONE = Long.MIN_VALUE;

    @TempDir Path temp;
    private MountedFolder folder;
    private final Map<String, Counter> counters = new HashMap<>();
    private final Map<String, Gauge<?>> gauges = new HashMap<>();
    private Gates gates;

    @BeforeEach
    void mount() {
        folder = new MountedFolder(temp);
    }

    @AfterEach
    void close() {
        if (gates != null) {
            gates.close();
        }
    }

    private void open(Colour colour, Map<String, String> entries, String idleDoneMs) throws Exception {
        folder.set(entries);
        Map<String, String> parameters = new HashMap<>();
        parameters.put("tidegate.gate.colour", colour.name());
        parameters.put("tidegate.gate.path", temp.toString());
        parameters.put("tidegate.gate.poll-interval-ms", "5");
        parameters.put("tidegate.gate.idle-done-ms", idleDoneMs);
        gates =
                Gates.open(
                        GateSettings.read(parameters::get, key -> null),
                        new UnregisteredMetricsGroup() {
                            @Override
                            public Counter counter(String name) {
                                return counters.computeIfAbsent(name, key -> super.counter(key));
                            }

                            @Override
                            public <V, G extends Gauge<V>> G gauge(String name, G gauge) {
                                gauges.put(name, gauge);
                                return gauge;
                            }
                        });
    }

    /** Sets a state and waits until the gate goes by it. */
    private void set(Map<String, String> entries, long time, boolean passes) throws Exception {
        folder.set(entries);
        long end = System.nanoTime() + 10_000_000_000L;
        while (gates.passes("fares", time, NONE) != passes) {
            assertTrue(System.nanoTime() < end, "waited for 10 s");
            Thread.sleep(5);
        }
    }

    private long count(String name) {
        return counters.get(name).getCount();
    }

    private Object gauge(String name) {
        return gauges.get(name).getValue();
    }

    @Test
    void countsRows() throws Exception {
        open(Colour.BLUE, States.entries(Colour.GREEN, false, T), "0");
        assertTrue(gates.passes("fares", 900, 800));
        assertTrue(gates.passes("fares", 800, 800));
        assertTrue(gates.passes("fares", NONE, 800));
        assertTrue(gates.passes("fares", 700, NONE));
        assertFalse(gates.passes("fares", 1000, 800));
        assertFalse(gates.passes("fares", 900, 1001));
        assertEquals(4, count("bluegreenGateRowsPassed"));
        assertEquals(2, count("bluegreenGateRowsHeldBack"));
        assertEquals(2, count("bluegreenGateRowsLate"), "a row at the watermark is late");
        assertEquals(1, count("bluegreenGateRowsWithoutTime"));
        assertEquals(0L, gauge("bluegreenGateReadFailures"));
    }

    @Test
    void isDoneOnceTheWatermarkHasPassedT() throws Exception {
        open(Colour.BLUE, States.entries(Colour.GREEN, false, T), "0");
        assertEquals(0, gauge("bluegreenGateHandOverDone"), "no row yet");
        gates.passes("fares", 900, T);
        assertEquals(0, gauge("bluegreenGateHandOverDone"), "a watermark at T has not passed it");
        gates.passes("fares", 1900, T + 1);
        assertEquals(1, gauge("bluegreenGateHandOverDone"));
        gates.passes("others", 900, T);
        assertEquals(0, gauge("bluegreenGateHandOverDone"), "another gate of the subtask is not past T");
    }

    @Test
    void isDoneAnewInEachTransition() throws Exception {
        open(Colour.BLUE, States.entries(Colour.GREEN, false, T), "0");
        gates.passes("fares", 1900, T + 1);
        assertEquals(1, gauge("bluegreenGateHandOverDone"));
        set(States.entries(Colour.BLUE, true, null), 1900, true);
        assertEquals(0, gauge("bluegreenGateHandOverDone"));
        set(States.entries(Colour.GREEN, false, 5000L), 5000, false);
        assertEquals(0, gauge("bluegreenGateHandOverDone"));
        gates.passes("fares", 1900, 5001);
        assertEquals(1, gauge("bluegreenGateHandOverDone"));
    }

    @Test
    void isNotTakenForDoneWhileNoRowHasToldOfTheNextT() throws Exception {
        open(Colour.BLUE, States.entries(Colour.GREEN, false, T), "0");
        gates.passes("fares", 1900, T + 1);
        assertEquals(1, gauge("bluegreenGateHandOverDone"));
        folder.set(States.entries(Colour.GREEN, false, 5000L));
        long end = System.nanoTime() + 10_000_000_000L;
        while ((int) gauge("bluegreenGateHandOverDone") == 1) {
            assertTrue(System.nanoTime() < end, "waited for 10 s");
            Thread.sleep(5);
        }
    }

    @Test
    void neverIsDoneWithoutAWatermarkOrAsTheIncomingJob() throws Exception {
        open(Colour.BLUE, States.entries(Colour.GREEN, false, T), "0");
        gates.passes("windows", 9000, NONE);
        assertEquals(0, gauge("bluegreenGateHandOverDone"));
        gates.close();
        open(Colour.GREEN, States.entries(Colour.GREEN, false, T), "0");
        gates.passes("fares", 9000, 9000);
        assertEquals(0, gauge("bluegreenGateHandOverDone"));
    }

    @Test
    void leavesItToTheGatesBehindTheSourcesWhenTheSinkIsDone() throws Exception {
        open(Colour.BLUE, States.entries(Colour.GREEN, false, T), "0");
        gates.passes("sums:opens", 900, NONE);
        assertEquals(1, gauge("bluegreenGateHandOverDone"));
        gates.passes("rides:closes", 900, 800);
        assertEquals(0, gauge("bluegreenGateHandOverDone"));
        gates.passes("rides:closes", 900, T + 1);
        assertEquals(1, gauge("bluegreenGateHandOverDone"));
    }

    @Test
    void anIdleSubtaskIsDoneAfterAWhileWhereThatIsAskedFor() throws Exception {
        open(Colour.BLUE, States.entries(Colour.GREEN, false, T), "30000");
        long now = System.currentTimeMillis();
        assertFalse(gates.isHandOverDone(now), "T is known since now");
        assertFalse(gates.isHandOverDone(now + 29_999));
        assertTrue(gates.isHandOverDone(now + 30_000));
        gates.passes("fares", 900, 800);
        assertFalse(gates.isHandOverDone(System.currentTimeMillis() + 29_000), "a row came");
        assertTrue(gates.isHandOverDone(System.currentTimeMillis() + 31_000));
        gates.close();
        open(Colour.BLUE, States.entries(Colour.GREEN, false, T), "0");
        assertFalse(gates.isHandOverDone(now));
        assertFalse(gates.isHandOverDone(now + 86_400_000), "unless asked for, never");
    }

    @Test
    void tellsThatTheOutgoingJobLearnedTTooLate() throws Exception {
        open(Colour.BLUE, States.entries(Colour.GREEN, false, null), "0");
        assertTrue(gates.passes("fares", T, NONE));
        set(States.entries(Colour.GREEN, false, T), T, false);
        assertEquals(1, gauge("bluegreenGateCutoverTooClose"));
    }

    @Test
    void tellsThatTheIncomingJobLearnedTTooLate() throws Exception {
        open(Colour.GREEN, States.entries(Colour.GREEN, false, null), "0");
        assertFalse(gates.passes("fares", T + 5, NONE));
        set(States.entries(Colour.GREEN, false, T), T, true);
        assertEquals(1, gauge("bluegreenGateCutoverTooClose"));
    }

    @Test
    void saysNothingWhereTCameInTime() throws Exception {
        open(Colour.BLUE, States.entries(Colour.GREEN, false, null), "0");
        assertTrue(gates.passes("fares", T - 1, NONE));
        assertTrue(gates.passes("fares", NONE, NONE));
        folder.set(States.entries(Colour.GREEN, false, T));
        Thread.sleep(100);
        assertFalse(gates.passes("fares", T, NONE));
        assertEquals(0, gauge("bluegreenGateCutoverTooClose"));
    }

    @Test
    void doesNotStartBesideAFirstDeploymentOfTheOtherColour() throws Exception {
        Map<String, String> alone = States.entries(Colour.BLUE, true, null);
        assertThrows(IllegalStateException.class, () -> open(Colour.GREEN, alone, "0"));
        open(Colour.GREEN, States.entries(Colour.GREEN, false, null), "0");
    }

    @Test
    void refusesANameThatIsNone() throws Exception {
        open(Colour.BLUE, States.entries(Colour.GREEN, false, null), "0");
        assertThrows(IllegalArgumentException.class, () -> gates.passes(null, 1, 1));
        assertThrows(IllegalArgumentException.class, () -> gates.passes("sums:open", 1, 1));
        assertThrows(IllegalArgumentException.class, () -> gates.passes("sums:open", 1, 1), "again");
    }
}
