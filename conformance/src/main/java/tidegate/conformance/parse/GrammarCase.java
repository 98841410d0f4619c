package tidegate.conformance.parse;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tidegate.conformance.Context;

/**
 * A statement, and which lines of Flink read it.
 *
 * @param line of its header, 1-based
 */
record GrammarCase(int line, boolean accept, String bound, int major, int minor, String sql) {
    private static final Pattern HEADER = Pattern.compile("-- (accept|reject)(?: (since|before) (\\d+)\\.(\\d+))?");

    /** The cases of a file; what it means is in {@code grammar-tests/README.md}. */
    static List<GrammarCase> of(String text) {
        List<GrammarCase> cases = new ArrayList<>();
        Matcher header = null;
        int line = 0;
        StringBuilder sql = new StringBuilder();
        String[] lines = text.split("\n", -1);
        for (int at = 0; at <= lines.length; at++) {
            Matcher next = at == lines.length ? null : HEADER.matcher(lines[at]);
            if (next == null || next.matches()) {
                if (header != null) {
                    boolean bounded = header.group(2) != null;
                    cases.add(new GrammarCase(
                            line,
                            header.group(1).equals("accept"),
                            header.group(2),
                            bounded ? Integer.parseInt(header.group(3)) : 0,
                            bounded ? Integer.parseInt(header.group(4)) : 0,
                            sql.toString().strip()));
                }
                header = next;
                line = at + 1;
                sql.setLength(0);
            } else {
                sql.append(lines[at]).append('\n');
            }
        }
        return cases;
    }

    /** Whether the Flink that runs has to read it. */
    boolean accepted(Context context) {
        if (bound == null) {
            return accept;
        }
        return context.since(major, minor) == bound.equals("since");
    }
}
