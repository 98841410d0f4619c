package tidegate.gate;

import java.util.HashMap;
import java.util.Map;

/** Makes the keys of a ConfigMap for the tests. */
final class States {

    private States() {}

    /** Keys that say "the active colour is this one, T is that (or not known)". */
    static Map<String, String> entries(Colour active, boolean first, Long cutover) {
        Map<String, String> entries = new HashMap<>();
        entries.put("is-first-deployment", String.valueOf(first));
        entries.put("active-deployment-type", active.name());
        entries.put("stage", "TRANSITIONING");
        entries.put("deployment-deletion-delay-ms", "0");
        if (cutover != null) {
            entries.put("watermark-stage", "WATERMARK_SET");
            entries.put("watermark-toggle-value", cutover.toString());
        }
        return entries;
    }

    static TransitionState state(Colour active, boolean first, Long cutover) {
        return TransitionState.parse(entries(active, first, cutover));
    }

    /** The text of a properties file. */
    static String properties(Map<String, String> entries) {
        StringBuilder text = new StringBuilder();
        entries.forEach((key, value) -> text.append(key).append('=').append(value).append('\n'));
        return text.toString();
    }
}
