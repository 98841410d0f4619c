package tidegate.conformance.run;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.flink.types.Row;
import org.apache.flink.types.RowKind;

/** What two jobs wrote, against what one job without gates wrote. */
public final class Compare {

    private Compare() {}

    /**
     * @param lost rows that neither job wrote, or keys that are not in the final table
     * @param doubled rows that were written too often, keys with another value, and keys that should not be there
     */
    public record Difference(List<String> lost, List<String> doubled) {
        public boolean none() {
            return lost.isEmpty() && doubled.isEmpty();
        }

        @Override
        public String toString() {
            return none() ? "no difference" : "lost " + some(lost) + ", doubled or foreign " + some(doubled);
        }

        private static String some(List<String> rows) {
            return rows.size()
                    + (rows.isEmpty() ? "" : " " + rows.subList(0, Math.min(4, rows.size())))
                    + (rows.size() > 4 ? " …" : "");
        }
    }

    /** As multisets. A row that is no insertion is a row of its own kind here. */
    public static Difference multisets(List<Row> expected, List<List<Row>> parts) {
        Map<String, Integer> balance = new TreeMap<>();
        expected.forEach(row -> balance.merge(row.toString(), -1, Integer::sum));
        for (List<Row> part : parts) {
            part.forEach(row -> balance.merge(row.toString(), 1, Integer::sum));
        }
        return difference(balance);
    }

    /** As the multisets that remain when each retraction has taken one row back. */
    public static Difference changes(List<Row> expected, List<List<Row>> parts) {
        Map<String, Integer> balance = new TreeMap<>();
        expected.forEach(row -> balance.merge(values(row), -sign(row), Integer::sum));
        parts.forEach(part -> part.forEach(row -> balance.merge(values(row), sign(row), Integer::sum)));
        return difference(balance);
    }

    private static int sign(Row row) {
        return row.getKind() == RowKind.INSERT || row.getKind() == RowKind.UPDATE_AFTER ? 1 : -1;
    }

    private static Difference difference(Map<String, Integer> balance) {
        List<String> lost = new ArrayList<>();
        List<String> doubled = new ArrayList<>();
        balance.forEach((row, count) -> {
            for (int i = 0; i < Math.abs(count); i++) {
                (count < 0 ? lost : doubled).add(row);
            }
        });
        return new Difference(lost, doubled);
    }

    /** As the tables that a keyed sink ends with, the parts written one behind the other. */
    public static Difference tables(int[] key, List<Row> expected, List<List<Row>> parts) {
        Map<String, String> wanted = table(key, List.of(expected));
        Map<String, String> found = table(key, parts);
        List<String> lost = new ArrayList<>();
        List<String> doubled = new ArrayList<>();
        wanted.forEach((at, row) -> {
            String other = found.get(at);
            if (other == null) {
                lost.add(row);
            } else if (!other.equals(row)) {
                doubled.add(other + " for " + row);
            }
        });
        found.forEach((at, row) -> {
            if (!wanted.containsKey(at)) {
                doubled.add(row);
            }
        });
        return new Difference(lost, doubled);
    }

    /** The rows of a keyed sink by their key; a retraction of either kind deletes, as in upsert-kafka. */
    static Map<String, String> table(int[] key, List<List<Row>> parts) {
        Map<String, String> table = new TreeMap<>();
        for (List<Row> part : parts) {
            for (Row row : part) {
                if (row.getKind() == RowKind.INSERT || row.getKind() == RowKind.UPDATE_AFTER) {
                    table.put(keyOf(key, row), values(row));
                } else {
                    table.remove(keyOf(key, row));
                }
            }
        }
        return table;
    }

    static String keyOf(int[] key, Row row) {
        return Row.project(row, key).toString().substring(2);
    }

    private static String values(Row row) {
        return row.toString().substring(2);
    }

    /** Is there anything but insertions? */
    static boolean updates(List<Row> rows) {
        return rows.stream().anyMatch(row -> row.getKind() != RowKind.INSERT);
    }

    static List<String> keys(int[] key, List<Row> rows) {
        return rows.stream().map(row -> keyOf(key, row)).distinct().collect(Collectors.toList());
    }
}
