package tidegate.conformance.run;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What a gate must leave as it is in Flink's plan of a query. */
final class Plans {

    /** Operators without state, of which a gate may add some. */
    private static final Set<String> PASSING =
            Set.of("Calc", "Correlate", "Sink", "WatermarkAssigner", "Union", "DropUpdateBefore", "Reused");
    private static final Pattern OPERATOR = Pattern.compile("^[\\s:+-]*(\\w+)\\(");
    private static final Pattern WINDOW = Pattern.compile("window=\\[(\\w+)\\(");

    private Plans() {}

    /**
     * The operators with state, the exchanges and the sources, sorted; of windows with what they stand on, of sources
     * with whether they filter.
     */
    static List<String> kept(String plan) {
        List<String> kept = new ArrayList<>();
        for (String line : plan.split("\n")) {
            Matcher operator = OPERATOR.matcher(line);
            if (!operator.find() || PASSING.contains(operator.group(1))) {
                continue;
            }
            String text = operator.group(1);
            Matcher window = WINDOW.matcher(line);
            if (window.find()) {
                text += " " + window.group(1);
            }
            if (line.contains("filter=[") && !line.contains("filter=[]")) {
                text += " that filters";
            }
            kept.add(text);
        }
        Collections.sort(kept);
        return kept;
    }
}
