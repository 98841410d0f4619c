package tidegate.conformance.run;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.table.data.DecimalData;
import org.apache.flink.table.data.GenericArrayData;
import org.apache.flink.table.data.StringData;
import org.apache.flink.table.data.TimestampData;
import org.apache.flink.table.types.logical.ArrayType;
import org.apache.flink.table.types.logical.DecimalType;
import org.apache.flink.table.types.logical.LogicalType;
import org.apache.flink.types.RowKind;

/**
 * The rows of a table as a file has them, in the order in which they arrive.
 *
 * <p>A CSV file with a header and without quotes. An empty field is NULL. The column {@code op} is no column of the
 * table: it holds the kind of the change ({@code +I}, {@code -U}, {@code +U}, {@code -D}); without it all rows are
 * insertions. An asterisk behind a name marks the event time.
 *
 * @param eventTime the position of the event time among {@code columns}, or -1
 */
public record Rows(List<String> columns, int eventTime, List<Line> lines) {

    public record Line(RowKind kind, List<String> fields) {}

    public static Rows read(Path file) {
        try {
            List<String> text = Files.readAllLines(file);
            List<String> columns = new ArrayList<>();
            int eventTime = -1;
            int kind = -1;
            for (String name : text.get(0).split(",", -1)) {
                if (name.endsWith("*")) {
                    eventTime = columns.size();
                }
                if (name.equals("op")) {
                    kind = columns.size();
                }
                columns.add(name.replace("*", ""));
            }
            List<Line> lines = new ArrayList<>();
            for (String line : text.subList(1, text.size())) {
                if (line.isBlank()) {
                    continue;
                }
                List<String> fields = List.of(line.split(",", -1));
                if (fields.size() != columns.size()) {
                    throw new IOException(file + ": " + fields.size() + " fields in: " + line);
                }
                lines.add(new Line(kind < 0 ? RowKind.INSERT : kind(fields.get(kind)), fields));
            }
            return new Rows(columns, eventTime, lines);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static RowKind kind(String text) {
        for (RowKind kind : RowKind.values()) {
            if (kind.shortString().equals(text)) {
                return kind;
            }
        }
        throw new IllegalArgumentException("no kind of change: " + text);
    }

    /** How many rows arrive until the event time has first come to {@code ms}, in epoch milliseconds; all if never. */
    public int until(long ms) {
        if (eventTime < 0) {
            return lines.size();
        }
        for (int i = 0; i < lines.size(); i++) {
            String text = lines.get(i).fields().get(eventTime);
            if (!text.isEmpty() && millis(text) >= ms) {
                return i + 1;
            }
        }
        return lines.size();
    }

    private static long millis(String text) {
        return text.chars().allMatch(Character::isDigit) ? Long.parseLong(text) : instant(text).toEpochMilli();
    }

    /** A field as Flink's runtime has it. */
    static Object value(String text, LogicalType type) {
        if (text.isEmpty()) {
            return null;
        }
        switch (type.getTypeRoot()) {
            case CHAR:
            case VARCHAR:
                return StringData.fromString(text);
            case BOOLEAN:
                return Boolean.valueOf(text);
            case INTEGER:
                return Integer.valueOf(text);
            case BIGINT:
                return Long.valueOf(text);
            case DOUBLE:
                return Double.valueOf(text);
            case DECIMAL:
                DecimalType decimal = (DecimalType) type;
                return DecimalData.fromBigDecimal(new BigDecimal(text), decimal.getPrecision(), decimal.getScale());
            case TIMESTAMP_WITHOUT_TIME_ZONE:
                return TimestampData.fromLocalDateTime(LocalDateTime.ofInstant(instant(text), java.time.ZoneOffset.UTC));
            case TIMESTAMP_WITH_LOCAL_TIME_ZONE:
                return TimestampData.fromInstant(instant(text));
            case ARRAY:
                LogicalType element = ((ArrayType) type).getElementType();
                List<Object> values = new ArrayList<>();
                for (String part : text.split("\\|")) {
                    values.add(value(part, element));
                }
                return new GenericArrayData(values.toArray());
            default:
                throw new IllegalArgumentException("no rows of the type " + type);
        }
    }

    /** A time of day on the first of January 2026, or a whole time stamp; in UTC where it is an instant. */
    static Instant instant(String text) {
        return Instant.parse((text.contains("T") ? text : "2026-01-01T" + text) + "Z");
    }
}
