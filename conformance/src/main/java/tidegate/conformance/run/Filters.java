package tidegate.conformance.run;

import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.flink.table.data.RowData;
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
            List<RowsSource.Filter> all = new ArrayList<>();
            parts.forEach(part -> all.add(part.get()));
            return Optional.of(row -> all.stream().allMatch(filter -> filter.passes(row)));
        }
        if (arguments.size() != 2 || !(arguments.get(1) instanceof ValueLiteralExpression)) {
            return Optional.empty();
        }
        Optional<FieldReferenceExpression> compared = field(arguments.get(0));
        if (compared.isEmpty()) {
            return Optional.empty();
        }
        FieldReferenceExpression field = compared.get();
        LogicalType type = field.getOutputDataType().getLogicalType();
        Optional<LocalDateTime> literal =
                ((ValueLiteralExpression) arguments.get(1)).getValueAs(LocalDateTime.class);
        if (literal.isEmpty()) {
            return Optional.empty();
        }
        int index = field.getFieldIndex();
        int precision = LogicalTypeChecks.getPrecision(type);
        LocalDateTime bound = literal.get();
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

    /** A column, or the cast that Flink puts around a rowtime to make it a plain TIMESTAMP. */
    private static Optional<FieldReferenceExpression> field(ResolvedExpression expression) {
        if (expression instanceof CallExpression) {
            CallExpression call = (CallExpression) expression;
            return call.getFunctionDefinition() == BuiltInFunctionDefinitions.CAST
                    ? field(call.getResolvedChildren().get(0))
                    : Optional.empty();
        }
        return expression instanceof FieldReferenceExpression
                ? Optional.of((FieldReferenceExpression) expression)
                : Optional.empty();
    }

    /** A NULL passes no comparison; no column that is compared here may hold one. */
    private static int compare(RowData row, int index, int precision, LocalDateTime bound) {
        return row.getTimestamp(index, precision).toLocalDateTime().compareTo(bound);
    }
}
