package tidegate.conformance.explain;

import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.databind.JsonNode;
import tidegate.conformance.Parallel;
import tidegate.conformance.Reasons;
import tidegate.conformance.Report;
import tidegate.conformance.flink.MemoryTable;
import tidegate.conformance.flink.Session;
import tidegate.conformance.flink.StandIns;

/**
 * What a watermark does to a script: Flink takes it, plans the same operators, and the watermarks of a run are those that
 * the rows and the delay make.
 */
final class WatermarkCheck {
    /** Cases about watermarks of the user's own: what Flink refuses is refused. */
    private static final Pattern DECLARED =
            Pattern.compile("(refused_columns|refused_expressions|accepted_declarations)/.*", Pattern.DOTALL);
    /** Nothing is printed there because the gates are refused, not the watermarks. */
    private static final String WITHOUT_GATES = "queries_";

    private static final Pattern ROWTIME =
            Pattern.compile("WATERMARK FOR (`(?:[^`]|``)+`|\\w+) AS", Pattern.CASE_INSENSITIVE);
    private static final Pattern SEEN = Pattern.compile("\\+I\\[(\\d+), (.*)\\]");

    private final Reasons reasons;
    private final Report report;

    WatermarkCheck(Reasons reasons, Report report) {
        this.reasons = reasons;
        this.report = report;
    }

    void run(List<Exported> cases) throws Exception {
        Parallel.map(cases, one -> {
            plan(one);
            return null;
        });
        for (Exported one : cases) {
            if (one.has("first") && one.node().hasNonNull("sees")) {
                watch(one);
            }
        }
    }

    private void plan(Exported one) {
        String name = one.name();
        boolean declared = DECLARED.matcher(name).matches();
        boolean asked = one.has("first") || one.has("marked") && name.startsWith(WITHOUT_GATES);
        if (!declared && !asked) {
            report.skip("watermarks/" + name, "tidegate prints nothing, and says so");
            return;
        }
        Explained input = Explained.of(whole(one, "input"));
        boolean good = true;
        if (declared && one.node().get("errors").isEmpty() != (input.error == null)) {
            good = reasons.differs(name, "declared", one.node().get("errors") + ", Flink: " + input.error);
        }
        if (asked) {
            good &= input.error == null ? compare(one, input) : reasons.differs(name, "input", input.error);
        }
        if (good) {
            report.pass("watermarks/" + name);
        }
    }

    /** Of a script that Flink explains, with watermarks and with gates. */
    private boolean compare(Exported one, Explained input) {
        String name = one.name();
        boolean unchanged = one.statements("marked").equals(one.statements("input"));
        Explained marked = unchanged ? input : Explained.of(whole(one, "marked"));
        if (marked.error != null) {
            return reasons.differs(name, "accepted", "with watermarks: " + marked.error);
        }
        if (one.has("first")) {
            Explained gated = Explained.of(whole(one, "first"));
            if (gated.error != null) {
                return reasons.differs(name, "accepted", "with gates: " + gated.error);
            }
        }
        List<List<Plan.Node>> was = input.plans.stream().map(Plan::shape).toList();
        List<List<Plan.Node>> now = marked.plans.stream().map(Plan::shape).toList();
        return was.equals(now) || reasons.differs(name, "operators", was + "\nnow " + now);
    }

    /** The statements of a script behind those of its catalog file. */
    private static List<String> whole(Exported one, String script) {
        List<String> statements = new ArrayList<>(one.statements("catalog"));
        if (!statements.isEmpty()) {
            statements.addAll(List.of("USE CATALOG `default_catalog`", "USE `default_database`"));
        }
        statements.addAll(one.statements(script));
        return statements;
    }

    private record Explained(List<Plan> plans, String error) {
        static Explained of(List<String> statements) {
            try {
                Session session = Session.open(Map.of(), new StandIns(StandIns.Where.ALWAYS));
                return new Explained(session.explain(statements).stream().map(Plan::of).toList(), null);
            } catch (Session.Rejected e) {
                return new Explained(List.of(), e.getMessage() + "\nof: " + e.statement());
            }
        }
    }

    /** Runs it with a sink for the watermark that each row sees. */
    private void watch(Exported one) {
        String name = one.name();
        String sink = "seen";
        List<String> statements = new ArrayList<>();
        statements.add("CREATE TEMPORARY TABLE " + sink + " (id INT, w STRING) WITH ('connector' = 'mem')");
        statements.addAll(whole(one, "marked"));
        String rowtime = null;
        for (String statement : statements) {
            Matcher found = ROWTIME.matcher(statement);
            rowtime = found.find() ? found.group(1) : rowtime;
        }
        String watch = "INSERT INTO " + sink + " SELECT id, CAST(CURRENT_WATERMARK(" + rowtime + ") AS STRING) FROM";
        statements.replaceAll(statement -> statement.replace("INSERT INTO snk SELECT id FROM", watch));
        MemoryTable.take(sink);
        try {
            // With an interval of 0 the watermark is sent behind each row that raises it.
            Map<String, String> options = Map.of("pipeline.auto-watermark-interval", "0 ms");
            Session.open(options, new StandIns(StandIns.Where.ALWAYS)).run(statements);
        } catch (Session.Rejected e) {
            reasons.differs(name, "run", e.getMessage() + "\nof: " + e.statement());
            return;
        }
        Map<Integer, Long> seen = new TreeMap<>();
        for (String row : MemoryTable.take(sink)) {
            Matcher cells = SEEN.matcher(row);
            if (cells.matches()) {
                seen.put(Integer.valueOf(cells.group(1)), milliseconds(cells.group(2)));
            }
        }
        List<Long> expected = new ArrayList<>();
        for (JsonNode time : one.node().get("sees")) {
            expected.add(time.isNull() ? null : time.asLong());
        }
        List<Long> is = new ArrayList<>(seen.values());
        if (is.equals(expected) || reasons.differs(name, "watermarks", is + ", expected " + expected)) {
            report.pass("watermarks/" + name + ", run");
        }
    }

    private static Long milliseconds(String time) {
        if (time.equals("null")) {
            return null;
        }
        String iso = time.replace(' ', 'T').replaceFirst("Z$", "");
        return LocalDateTime.parse(iso).toInstant(ZoneOffset.UTC).toEpochMilli();
    }
}
