package tidegate.conformance.run;

import java.util.ArrayList;
import java.util.List;

/** Cuts a script into statements. */
final class Script {

    private Script() {}

    /** Cut at every semicolon outside of strings, names and comments; a statement set stays one statement. */
    static List<String> statements(String text) {
        List<String> statements = new ArrayList<>();
        StringBuilder statement = new StringBuilder();
        boolean set = false;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (text.startsWith("--", i)) {
                int end = text.indexOf('\n', i);
                i = end < 0 ? text.length() : end;
                statement.append('\n');
            } else if (text.startsWith("/*", i) && !text.startsWith("/*+", i)) {
                i = text.indexOf("*/", i) + 1;
            } else if (c == '\'' || c == '`') {
                int end = text.indexOf(c, i + 1);
                statement.append(text, i, end + 1);
                i = end;
            } else if (c == ';') {
                String words = statement.toString().strip().toUpperCase(java.util.Locale.ROOT);
                set = words.startsWith("EXECUTE STATEMENT SET") && !words.endsWith("END");
                if (set) {
                    statement.append(c);
                } else {
                    add(statements, statement);
                }
            } else {
                statement.append(c);
            }
        }
        add(statements, statement);
        return statements;
    }

    private static void add(List<String> statements, StringBuilder statement) {
        String text = statement.toString().strip();
        statement.setLength(0);
        if (!text.isEmpty()) {
            statements.add(text);
        }
    }
}
