package tidegate.gate;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalLong;

/**
 * What the ConfigMap of a blue/green pair says at one moment: whole and without contradictions, or it
 * is not made at all. Keys and values are those of FLIP-504.
 */
public final class TransitionState {

    public static final String IS_FIRST_DEPLOYMENT = "is-first-deployment";
    public static final String ACTIVE_DEPLOYMENT_TYPE = "active-deployment-type";
    public static final String STAGE = "stage";
    public static final String DELETION_DELAY_MS = "deployment-deletion-delay-ms";
    public static final String WATERMARK_STAGE = "watermark-stage";
    public static final String WATERMARK_TOGGLE_VALUE = "watermark-toggle-value";

    /** The keys that are read; others may be there and are ignored. */
    static final List<String> KEYS =
            List.of(
                    IS_FIRST_DEPLOYMENT,
                    ACTIVE_DEPLOYMENT_TYPE,
                    STAGE,
                    DELETION_DELAY_MS,
                    WATERMARK_STAGE,
                    WATERMARK_TOGGLE_VALUE);

    /** The stage of a transition. */
    public enum Stage {
        INITIALIZING,
        TRANSITIONING,
        CLEAR_TO_TEARDOWN,
        RUNNING,
        FAILING
    }

    /** How far the two jobs are with agreeing on the cutover. */
    public enum WatermarkStage {
        WATERMARK_NOT_SET,
        WAITING_FOR_WATERMARK,
        WATERMARK_SET
    }

    /** The last millisecond of the year 9999. Anything later is no epoch in milliseconds. */
    private static final long LAST_CUTOVER = 253_402_300_799_999L;

    private final boolean firstDeployment;
    private final Colour active;
    private final Stage stage;
    private final WatermarkStage watermarkStage;
    private final long deletionDelayMs;
    private final Long cutover;

    private TransitionState(
            boolean firstDeployment,
            Colour active,
            Stage stage,
            WatermarkStage watermarkStage,
            long deletionDelayMs,
            Long cutover) {
        this.firstDeployment = firstDeployment;
        this.active = active;
        this.stage = stage;
        this.watermarkStage = watermarkStage;
        this.deletionDelayMs = deletionDelayMs;
        this.cutover = cutover;
    }

    /**
     * Makes a state of the keys of the ConfigMap.
     *
     * @throws IllegalArgumentException if a key is missing or wrong, or if two of them contradict each
     *     other; the message names the key
     */
    public static TransitionState parse(Map<String, String> entries) {
        boolean first = parseBoolean(entries);
        Colour active = Colour.parse(ACTIVE_DEPLOYMENT_TYPE, required(entries, ACTIVE_DEPLOYMENT_TYPE));
        Stage stage = parseEnum(Stage.class, STAGE, required(entries, STAGE));
        long delay = parseLong(DELETION_DELAY_MS, required(entries, DELETION_DELAY_MS));
        if (delay < 0) {
            throw new IllegalArgumentException(DELETION_DELAY_MS + " is negative: " + delay);
        }
        String stageText = entries.get(WATERMARK_STAGE);
        WatermarkStage watermarkStage =
                stageText == null
                        ? WatermarkStage.WATERMARK_NOT_SET
                        : parseEnum(WatermarkStage.class, WATERMARK_STAGE, stageText);
        String cutoverText = entries.get(WATERMARK_TOGGLE_VALUE);
        Long cutover = cutoverText == null ? null : parseLong(WATERMARK_TOGGLE_VALUE, cutoverText);
        if (cutover != null && (cutover <= 0 || cutover > LAST_CUTOVER)) {
            throw new IllegalArgumentException(
                    WATERMARK_TOGGLE_VALUE + " is " + cutover + ": no epoch in milliseconds");
        }
        // The two are written together. One without the other is half of a change.
        if ((cutover != null) != (watermarkStage == WatermarkStage.WATERMARK_SET)) {
            throw new IllegalArgumentException(
                    cutover == null
                            ? WATERMARK_STAGE + " is WATERMARK_SET without a " + WATERMARK_TOGGLE_VALUE
                            : WATERMARK_TOGGLE_VALUE
                                    + " is set, but "
                                    + WATERMARK_STAGE
                                    + " is "
                                    + watermarkStage
                                    + " and not WATERMARK_SET");
        }
        return new TransitionState(first, active, stage, watermarkStage, delay, cutover);
    }

    /** Whether there is no other deployment to share the rows with. */
    public boolean isFirstDeployment() {
        return firstDeployment;
    }

    /** The colour that is or becomes the one that writes: the incoming one during a transition. */
    public Colour active() {
        return active;
    }

    public Stage stage() {
        return stage;
    }

    /** T in epoch milliseconds, once it is known. */
    public OptionalLong cutover() {
        return cutover == null ? OptionalLong.empty() : OptionalLong.of(cutover);
    }

    @Override
    public boolean equals(Object other) {
        if (!(other instanceof TransitionState)) {
            return false;
        }
        TransitionState that = (TransitionState) other;
        return firstDeployment == that.firstDeployment
                && active == that.active
                && stage == that.stage
                && watermarkStage == that.watermarkStage
                && deletionDelayMs == that.deletionDelayMs
                && Objects.equals(cutover, that.cutover);
    }

    @Override
    public int hashCode() {
        return Objects.hash(firstDeployment, active, stage, watermarkStage, deletionDelayMs, cutover);
    }

    @Override
    public String toString() {
        return "active "
                + active
                + (firstDeployment ? ", first deployment" : "")
                + ", "
                + stage
                + ", "
                + watermarkStage
                + (cutover == null ? "" : ", T " + cutover);
    }

    private static String required(Map<String, String> entries, String key) {
        String value = entries.get(key);
        if (value == null) {
            throw new IllegalArgumentException(key + " is missing");
        }
        return value;
    }

    private static boolean parseBoolean(Map<String, String> entries) {
        String text = required(entries, IS_FIRST_DEPLOYMENT).trim();
        switch (text) {
            case "true":
                return true;
            case "false":
                return false;
            default:
                throw new IllegalArgumentException(
                        IS_FIRST_DEPLOYMENT + " is '" + text + "', but must be true or false");
        }
    }

    private static long parseLong(String key, String text) {
        try {
            return Long.parseLong(text.trim());
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(key + " is '" + text + "', but must be a whole number", e);
        }
    }

    private static <E extends Enum<E>> E parseEnum(Class<E> type, String key, String text) {
        for (E value : type.getEnumConstants()) {
            if (value.name().equals(text.trim())) {
                return value;
            }
        }
        throw new IllegalArgumentException(
                key + " is '" + text + "', but must be one of " + Arrays.toString(type.getEnumConstants()));
    }
}
