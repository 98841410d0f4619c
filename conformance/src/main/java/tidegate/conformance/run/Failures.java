package tidegate.conformance.run;

import java.util.LinkedHashSet;
import java.util.Set;
import java.util.stream.Collectors;

/** What went wrong, short enough to read. */
public final class Failures {

    private Failures() {}

    /** The messages of a failure and of its causes, each once. */
    public static String text(Throwable failure) {
        Set<String> lines = new LinkedHashSet<>();
        int depth = 0;
        for (Throwable cause = failure; cause != null && depth++ < 16; cause = cause.getCause()) {
            String message = cause.getMessage() == null ? cause.toString() : cause.getMessage();
            String first = message.split("\n\tat ")[0].lines().limit(3).collect(Collectors.joining("\n"));
            if (lines.stream().noneMatch(line -> line.contains(first))) {
                lines.add(cause.getClass().getSimpleName() + ": " + first);
            }
        }
        return String.join("\n", lines);
    }
}
