package tidegate.conformance.run;

import java.util.List;
import java.util.Optional;
import org.apache.flink.table.data.RowData;
import org.apache.flink.table.data.TimestampData;
import org.apache.flink.table.expressions.CallExpression;
import org.apache.flink.table.expressions.FieldReferenceExpression;
import org.apache.flink.table.expressions.ResolvedExpression;
import org.apache.flink.table.expressions.ValueLiteralExpression;
import org.apache.flink.table.functions.BuiltInFunctionDefinitions;
import org.apache.flink.table.functions.FunctionDefinition;
import org.apache.flink.table.types.logical.LogicalType;
import org.apache.flink.table.types.logical.utils.LogicalTypeChecks;

/** Conditions that a source takes over: comparisons of a TIMESTAMP column with a literal, and ANDs of them. */
final class Filters {

    private Filters() {}

    /** What {@link RowsSource} can evaluate; nothing of the rest. */
    static Optional<RowsSource.Filter> of(ResolvedExpression expression) {
        if (!(expression instanceof CallExpression)) {
            return Optional.empty();
        }
        CallExpression call = (CallExpression) expression;
        FunctionDefinition function = call.getFunctionDefinition();
        List<ResolvedExpression> arguments = call.getResolvedChildren();
        if (function == BuiltInFunctionDefinitions.AND) {
            List<Optional<RowsSource.Filter>> parts = arguments.stream().map(Filters::of).toList();
            if (parts.stream().anyMatch(Optional::isEmpty)) {
                return Optional.empty();
            }
            List<RowsSource.Filter> all = new java.util.ArrayList<>();
            parts.forEach(part -> all.add(part.get()));
            return Optional.of(row -> all.stream().allMatch(filter -> filter.passes(row)));
        }
        if (arguments.size() != 2
                || !(arguments.get(0) instanceof FieldReferenceExpression)
                || !(arguments.get(1) instanceof ValueLiteralExpression)) {
            return Optional.empty();
        }
        FieldReferenceExpression field = (FieldReferenceExpression) arguments.get(0);
        LogicalType type = field.getOutputDataType().getLogicalType();
        Optional<java.time.LocalDateTime> literal =
                ((ValueLiteralExpression) arguments.get(1)).getValueAs(java.time.LocalDateTime.class);
        if (literal.isEmpty()) {
            return Optional.empty();
        }
        int index = field.getFieldIndex();
        int precision = LogicalTypeChecks.getPrecision(type);
        TimestampData bound = TimestampData.fromLocalDateTime(literal.get());
        if (function == BuiltInFunctionDefinitions.LESS_THAN) {
            return Optional.of(row -> compare(row, index, precision, bound) < 0);
        }
        if (function == BuiltInFunctionDefinitions.LESS_THAN_OR_EQUAL) {
            return Optional.of(row -> compare(row, index, precision, bound) <= 0);
        }
        if (function == BuiltInFunctionDefinitions.GREATER_THAN_OR_EQUAL) {
            return Optional.of(row -> compare(row, index, precision, bound) >= 0);
        }
        return Optional.empty();
    }

    /** A NULL passes no comparison; no column that is compared here may hold one. */
    private static int compare(RowData row, int index, int precision, TimestampData bound) {
        return row.getTimestamp(index, precision).compareTo(bound);
    }
}
