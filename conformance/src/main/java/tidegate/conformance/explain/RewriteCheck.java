package tidegate.conformance.explain;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import tidegate.conformance.Parallel;
import tidegate.conformance.Reasons;
import tidegate.conformance.Report;
import tidegate.conformance.flink.Session;
import tidegate.conformance.flink.StandIns;

/** Flink takes every rewritten script wherever it takes the script as it came. */
final class RewriteCheck {
    private final Reasons reasons;
    private final Report report;
    private final Unplanned unplanned;

    RewriteCheck(Reasons reasons, Report report) {
        this.reasons = reasons;
        this.report = report;
        this.unplanned = new Unplanned(report);
    }

    void run(List<Exported> cases) throws Exception {
        Parallel.map(cases, one -> {
            check(one);
            return null;
        });
        unplanned.close("rewritten scripts", cases.size());
    }

    private void check(Exported one) {
        String name = "rewrite/" + one.name();
        if (!one.has("rewritten")) {
            report.skip(name, "tidegate prints nothing, and says so");
            return;
        }
        String input = refusal(one, "input");
        if (input != null) {
            unplanned.add(name, input);
            return;
        }
        String rewritten = refusal(one, "rewritten");
        if (rewritten == null) {
            report.pass(name);
        } else {
            reasons.differs(name, "rewritten", rewritten);
        }
    }

    /** Why Flink refuses a script, or null. */
    private static String refusal(Exported one, String script) {
        List<String> statements = new ArrayList<>(one.statements("catalog"));
        if (!statements.isEmpty()) {
            statements.addAll(List.of("USE CATALOG `default_catalog`", "USE `default_database`"));
        }
        statements.addAll(AnyGate.known(one.statements(script)));
        try {
            Session.open(Map.of(), new StandIns(StandIns.Where.ALWAYS)).explain(statements);
            return null;
        } catch (Session.Rejected e) {
            return e.getMessage() + "\nof: " + e.statement();
        }
    }
}
