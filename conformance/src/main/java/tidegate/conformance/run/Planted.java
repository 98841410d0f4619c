package tidegate.conformance.run;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tidegate.conformance.Break;

/** Puts a wrong gate into a rewritten script. */
final class Planted {

    private static final Pattern LESS = Pattern.compile("(AND COALESCE\\([^\\n]*?, [^\\n]*?\\)) < ");
    private static final Pattern COALESCE =
            Pattern.compile("COALESCE\\((`[^`]+`), (?:TIMESTAMP '[^']*'|TO_TIMESTAMP_LTZ\\([^)]*\\))\\) (<|>=) ");
    private static final Pattern BARRIER =
            Pattern.compile("CROSS JOIN UNNEST\\(ARRAY\\[(.*)\\]\\) AS `(\\w+)` \\(`(\\w+)`\\)\\n");
    private static final Pattern ELEMENT = Pattern.compile("WHERE ARRAY\\[(.*?)\\]\\[1\\](?=;|\\n|$)", Pattern.DOTALL);
    private static final Pattern LATER_SIDE =
            Pattern.compile("GREATEST\\((`\\w+`\\.`\\w+`), (?:`\\w+`\\.`\\w+`|COALESCE\\([^\\n]*\\))\\)(?= AS TIMESTAMP)");
    private static final Pattern WINDOW_END = Pattern.compile("(`\\w+`) - INTERVAL '0\\.001' SECOND");

    private Planted() {}

    /** The script with the wrong gate; the script itself where there is nothing of the kind to spoil. */
    static String into(String script, Break planted) {
        switch (planted) {
            case NONE:
                return script;
            case BOUNDARY:
                return LESS.matcher(script).replaceAll("$1 <= ");
            case NULL:
                return COALESCE.matcher(script).replaceAll("$1 $2 ");
            case PUSHDOWN:
                Matcher barrier = BARRIER.matcher(script);
                String text = script;
                while (barrier.find()) {
                    text = text.replace(barrier.group(), "");
                    text = text.replace("`" + barrier.group(3) + "`", barrier.group(1));
                }
                return ELEMENT.matcher(text).replaceAll("WHERE $1");
            case SHAPE:
                // One side of a join alone; of a window a time that comes before the window can be complete.
                String oneSide = LATER_SIDE.matcher(script).replaceAll("$1");
                return WINDOW_END.matcher(oneSide).replaceAll("$1 - INTERVAL '5' MINUTE");
            default:
                throw new IllegalArgumentException(planted.name());
        }
    }
}
