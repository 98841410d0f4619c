package tidegate.conformance.explain;

import java.util.ArrayList;
import java.util.List;
import org.apache.flink.table.annotation.DataTypeHint;
import org.apache.flink.table.annotation.InputGroup;
import org.apache.flink.table.functions.ScalarFunction;

/** A gate's function for planning: told anything, it lets all through. */
public final class AnyGate extends ScalarFunction {
    private static final String SCALAR = AnyGate.class.getName();
    private static final String TABLE = "tidegate.gate.ptf.GateTableFunction";

    public boolean eval(@DataTypeHint(inputGroup = InputGroup.ANY) Object... told) {
        return true;
    }

    /**
     * A script before which the functions that its gates call are there; what it creates itself comes from classes that
     * exist.
     */
    static List<String> known(List<String> script) {
        List<String> statements = new ArrayList<>();
        boolean creates = script.stream().anyMatch(s -> s.startsWith("CREATE TEMPORARY SYSTEM FUNCTION"));
        if (!creates && calls(script, "`tide_gate`(")) {
            String of = calls(script, "input => (") ? TABLE : SCALAR;
            statements.add("CREATE TEMPORARY SYSTEM FUNCTION tide_gate AS '" + of + "'");
        }
        if (calls(script, "`cat`.`db`.`gate`(")) {
            statements.add("CREATE CATALOG cat WITH ('type' = 'generic_in_memory')");
            statements.add("CREATE DATABASE cat.db");
            statements.add("CREATE FUNCTION cat.db.gate AS '" + SCALAR + "'");
        }
        for (String statement : script) {
            statements.add(statement.replaceFirst(
                    "^(CREATE TEMPORARY SYSTEM FUNCTION .*) AS 'org\\.example\\.TideGate'.*", "$1 AS '" + SCALAR + "'"));
        }
        return statements;
    }

    private static boolean calls(List<String> script, String what) {
        return script.stream().anyMatch(statement -> statement.contains(what));
    }
}
