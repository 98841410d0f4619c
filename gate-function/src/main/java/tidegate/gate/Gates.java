package tidegate.gate;

import java.io.IOException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.Gauge;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.table.functions.FunctionContext;

/**
 * The gates of one function in one subtask, with their metrics: what the scalar function and the process
 * table function have in common. There is one gate as a rule, and as many as there are names that the
 * function is called with.
 */
public final class Gates implements AutoCloseable {

    /** Name of the gauge that FLIP-504 reads: 1 when this subtask has nothing left to write. */
    public static final String HAND_OVER_DONE = "bluegreenGateHandOverDone";

    public static final String CUTOVER_TOO_CLOSE = "bluegreenGateCutoverTooClose";
    public static final String READ_FAILURES = "bluegreenGateReadFailures";
    public static final String ROWS_PASSED = "bluegreenGateRowsPassed";
    public static final String ROWS_HELD_BACK = "bluegreenGateRowsHeldBack";
    public static final String ROWS_LATE = "bluegreenGateRowsLate";
    public static final String ROWS_WITHOUT_TIME = "bluegreenGateRowsWithoutTime";

    private final GateSettings settings;
    private final StatePoller poller;
    private final Counter passed;
    private final Counter heldBack;
    private final Counter late;
    private final Counter withoutTime;

    /** Looked into by the metrics' thread too. */
    private final Map<String, Gate> gates = new ConcurrentHashMap<>();

    private String lastName;
    private Gate lastGate;

    /** Since when T is known, and when the last row came: in ms of the wall clock, only for idle subtasks. */
    private volatile TransitionState seenState;

    private volatile long cutoverKnownAt;
    private volatile long lastRowAt;

    private Gates(GateSettings settings, StatePoller poller, MetricGroup metrics) {
        this.settings = settings;
        this.poller = poller;
        this.passed = metrics.counter(ROWS_PASSED);
        this.heldBack = metrics.counter(ROWS_HELD_BACK);
        this.late = metrics.counter(ROWS_LATE);
        this.withoutTime = metrics.counter(ROWS_WITHOUT_TIME);
        metrics.gauge(
                HAND_OVER_DONE, (Gauge<Integer>) () -> isHandOverDone(System.currentTimeMillis()) ? 1 : 0);
        metrics.gauge(CUTOVER_TOO_CLOSE, (Gauge<Integer>) () -> isCutoverTooClose() ? 1 : 0);
        metrics.gauge(READ_FAILURES, (Gauge<Long>) poller::failures);
    }

    /**
     * Opens the gates of a function.
     *
     * @throws IllegalArgumentException if the job says too little about itself, or wrong things
     * @throws IOException if the state cannot be read
     * @throws IllegalStateException if by the state the other colour runs alone
     */
    public static Gates open(FunctionContext context) throws IOException, InterruptedException {
        GateSettings settings =
                GateSettings.read(key -> context.getJobParameter(key, null), System::getenv);
        return open(settings, context.getMetricGroup());
    }

    static Gates open(GateSettings settings, MetricGroup metrics) throws IOException, InterruptedException {
        StatePoller poller = StatePoller.acquire(settings.path, settings.pollIntervalMs);
        try {
            // A job that must not write is not to start: asked here, since a row may be long in coming.
            Rule.of(GateName.Side.ALONE, settings.colour, poller.state());
            return new Gates(settings, poller, metrics);
        } catch (RuntimeException e) {
            poller.release();
            throw e;
        }
    }

    /**
     * Whether a row passes the gate of this name.
     *
     * @param time epoch milliseconds, or {@link Long#MIN_VALUE} for a row without an event time
     * @param watermark epoch milliseconds, or {@link Long#MIN_VALUE} where none is known
     * @throws IllegalArgumentException if the name is none
     */
    public boolean passes(String name, long time, long watermark) {
        Gate gate = name != null && name.equals(lastName) ? lastGate : gate(name);
        if (settings.idleDoneMs > 0) {
            lastRowAt = System.currentTimeMillis();
        }
        if (time == Rule.NO_TIME) {
            withoutTime.inc();
        } else if (time <= watermark) {
            late.inc();
        }
        boolean passes = gate.passes(poller.state(), time, watermark);
        (passes ? passed : heldBack).inc();
        return passes;
    }

    private Gate gate(String name) {
        // A name that is wrong ends here, so it is looked at once and not for each row.
        GateName parsed = GateName.parse(name);
        lastGate = gates.computeIfAbsent(name, key -> new Gate(parsed, settings.colour));
        lastName = name;
        return lastGate;
    }

    /** Whether all gates of this subtask, as ones of the outgoing job, have nothing left to write. */
    boolean isHandOverDone(long now) {
        TransitionState state = poller.state();
        if (state != seenState) {
            TransitionState before = seenState;
            seenState = state;
            if (before == null || !before.cutover().equals(state.cutover())) {
                cutoverKnownAt = now;
            }
        }
        if (state.cutover().isEmpty() || state.active() == settings.colour) {
            return false;
        }
        if (settings.idleDoneMs > 0
                && now - Math.max(cutoverKnownAt, lastRowAt) >= settings.idleDoneMs) {
            return true;
        }
        long cutover = state.cutover().getAsLong();
        return !gates.isEmpty() && gates.values().stream().allMatch(gate -> gate.isDone(cutover));
    }

    private boolean isCutoverTooClose() {
        return gates.values().stream().anyMatch(Gate::isCutoverTooClose);
    }

    @Override
    public void close() {
        poller.release();
    }
}
