package tidegate.conformance;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * Differences that are known: a table of line of Flink, case, check and reason, where line and case may have
 * {@code *} for any text. A reason without a difference is a failure too, so that none outlives what it explains.
 */
public final class Reasons {
    private record Row(Pattern flink, Pattern name, String check, String why, String text) {}

    private final Context context;
    private final Report report;
    private final List<Row> rows = new ArrayList<>();
    private final Set<Row> used = Collections.synchronizedSet(new HashSet<>());
    private final Map<String, Integer> explained = Collections.synchronizedMap(new TreeMap<>());

    public Reasons(Context context, Report report) {
        this.context = context;
        this.report = report;
    }

    /** Takes those rows of a file that are about these checks. */
    public Reasons read(Path file, Set<String> checks) throws IOException {
        for (String line : Files.readAllLines(file)) {
            if (line.isBlank() || line.startsWith("#")) {
                continue;
            }
            String[] cells = line.split("\t");
            if (cells.length != 4) {
                throw new IOException(file + ": not four columns: " + line);
            }
            if (checks.contains(cells[2])) {
                rows.add(new Row(pattern(cells[0]), pattern(cells[1]), cells[2], cells[3], line));
            }
        }
        return this;
    }

    private static Pattern pattern(String glob) {
        StringBuilder pattern = new StringBuilder();
        for (String part : glob.split("\\*", -1)) {
            pattern.append(pattern.length() == 0 ? "" : ".*").append(Pattern.quote(part));
        }
        return Pattern.compile(pattern.toString(), Pattern.DOTALL);
    }

    /** The check came out otherwise than it has to: a failure, or known. True if it is known. */
    public boolean differs(String name, String check, String what) {
        for (Row row : rows) {
            boolean meant = row.check.equals(check)
                    && row.flink.matcher(context.flink()).matches()
                    && row.name.matcher(name).matches();
            if (meant) {
                used.add(row);
                explained.merge(check + ", known: " + row.why, 1, Integer::sum);
                return true;
            }
        }
        report.fail(name + ": " + check, what);
        return false;
    }

    /** Reports how often each reason was needed, and each that was not; {@code whole}: no case was left out. */
    public void close(boolean whole) {
        explained.forEach((why, count) -> report.note(count + " " + why));
        for (Row row : rows) {
            if (whole && row.flink.matcher(context.flink()).matches() && !used.contains(row)) {
                report.fail("the reasons", "explained, but there is no such difference: " + row.text);
            }
        }
    }
}
