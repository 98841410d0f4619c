package tidegate.conformance.flink;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** Cuts scripts into statements. */
public final class Statements {
    private static final Pattern SET = Pattern.compile("(?is)(EXPLAIN\\s+)?EXECUTE\\s+STATEMENT\\s+SET\\b.*");
    private static final Pattern END = Pattern.compile("(?is).*\\bEND");

    private Statements() {}

    /**
     * The statements of a script, without comments (hints stay) and closing semicolons. {@code EXECUTE STATEMENT SET …
     * END} is one statement.
     */
    public static List<String> cut(String script) {
        List<String> statements = new ArrayList<>();
        StringBuilder statement = new StringBuilder();
        int at = 0;
        while (at < script.length()) {
            char c = script.charAt(at);
            int end = at + 1;
            if (c == '\'' || c == '"' || c == '`') {
                end = after(script, String.valueOf(c), at + 1);
                statement.append(script, at, end);
            } else if (script.startsWith("--", at)) {
                int line = script.indexOf('\n', at);
                end = line < 0 ? script.length() : line;
            } else if (script.startsWith("/*", at) && !script.startsWith("/*+", at)) {
                end = after(script, "*/", at + 2);
                statement.append(' ');
            } else if (c == ';' && !isOpenSet(statement)) {
                take(statement, statements);
            } else {
                statement.append(c);
            }
            at = end;
        }
        take(statement, statements);
        return statements;
    }

    private static int after(String script, String closing, int from) {
        int found = script.indexOf(closing, from);
        return found < 0 ? script.length() : found + closing.length();
    }

    private static boolean isOpenSet(StringBuilder statement) {
        String text = statement.toString().strip();
        return SET.matcher(text).matches() && !END.matcher(text).matches();
    }

    private static void take(StringBuilder statement, List<String> statements) {
        String text = statement.toString().strip();
        statement.setLength(0);
        if (!text.isEmpty()) {
            statements.add(text);
        }
    }
}
