package tidegate.conformance.parse;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.calcite.sql.SqlNodeList;
import org.apache.flink.table.api.internal.TableEnvironmentImpl;
import org.apache.flink.table.planner.delegation.PlannerBase;
import org.apache.flink.table.planner.parse.CalciteParser;
import org.apache.flink.table.planner.parse.ExtendedParser;
import tidegate.conformance.Context;
import tidegate.conformance.Report;
import tidegate.conformance.Suite;
import tidegate.conformance.flink.Session;

/** Flink's parsers read and refuse what {@code grammar-tests/} says they do. */
public final class ParseSuite implements Suite {
    /** Read by patterns on the whole statement, outside of the grammar. */
    private static final String CLIENT = "client.sql";

    @Override
    public String name() {
        return "parse";
    }

    @Override
    public void run(Context context, Report report) throws Exception {
        TableEnvironmentImpl env = Session.open(Map.of(), null).environment();
        CalciteParser grammar = ((PlannerBase) env.getPlanner()).plannerContext().createCalciteParser();
        List<Path> files;
        try (var listed = Files.list(context.project().resolve("grammar-tests"))) {
            files = listed.filter(file -> file.toString().endsWith(".sql")).sorted().toList();
        }
        for (Path file : files) {
            String name = file.getFileName().toString();
            List<GrammarCase> cases = GrammarCase.of(Files.readString(file));
            if (cases.isEmpty()) {
                report.fail(name, "has no case");
            }
            for (GrammarCase one : cases) {
                String refusal = name.equals(CLIENT) ? byPattern(env, one.sql()) : byGrammar(grammar, one.sql());
                boolean read = refusal == null;
                if (read == one.accepted(context)) {
                    report.pass(name + ":" + one.line());
                } else {
                    report.fail(name + ":" + one.line(), one.sql() + "\nFlink: " + (read ? "reads it" : refusal));
                }
            }
        }
    }

    /** Why the grammar does not read it, or null. */
    private static String byGrammar(CalciteParser parser, String sql) {
        try {
            SqlNodeList read = parser.parseSqlList(sql);
            return read.size() == 1 ? null : read.size() + " statements";
        } catch (RuntimeException | StackOverflowError e) {
            return String.valueOf(e.getMessage());
        }
    }

    /** Why neither a pattern nor the grammar reads it, or null. */
    private static String byPattern(TableEnvironmentImpl env, String sql) {
        if (ExtendedParser.INSTANCE.parse(sql).isPresent()) {
            return null;
        }
        try {
            env.getParser().parse(sql);
            return null;
        } catch (RuntimeException e) {
            return String.valueOf(e.getMessage());
        }
    }
}
