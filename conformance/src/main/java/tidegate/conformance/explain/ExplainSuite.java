package tidegate.conformance.explain;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.databind.JsonNode;
import tidegate.conformance.Context;
import tidegate.conformance.Parallel;
import tidegate.conformance.Reasons;
import tidegate.conformance.Report;
import tidegate.conformance.Suite;
import tidegate.conformance.flink.StandIns;

/** Flink explains what tidegate prints wherever it explains what tidegate read, and plans what tidegate says it plans. */
public final class ExplainSuite implements Suite {
    /** Many of these cases differ in one column's type only. */
    private static final int WATERMARK_STEP = 10;

    private static final int VERDICT_STEP = 3;

    @Override
    public String name() {
        return "explain";
    }

    @Override
    public void run(Context context, Report report) throws Exception {
        Reasons none = new Reasons(context, report);
        new ExampleCheck(context, none, report).run();
        none.close(true);
        verdicts(context, report);
        watermarks(context, report);
        if (context.all()) {
            rewrites(context, report);
        }
    }

    private static void rewrites(Context context, Report report) throws Exception {
        Reasons reasons = new Reasons(context, report)
                .read(context.project().resolve("conformance/explained.tsv"), Set.of("rewritten"));
        List<Exported> cases = Exported.read(context, "rewrites");
        new RewriteCheck(reasons, report).run(cases);
        reasons.close(true);
    }

    private static void watermarks(Context context, Report report) throws Exception {
        Path known = context.project().resolve("tests/watermarks/explained.tsv");
        Set<String> checks = Set.of("declared", "input", "accepted", "operators", "run", "watermarks");
        Reasons reasons = new Reasons(context, report).read(known, checks);
        List<Exported> cases = Exported.read(context, "watermarks.json");
        new WatermarkCheck(reasons, report).run(Exported.sample(context, cases, WATERMARK_STEP));
        reasons.close(context.all());
    }

    private static void verdicts(Context context, Report report) throws Exception {
        Set<String> checks =
                Set.of("changelog", "key", "columns", "times", "accepted", "roles", "operators", "below");
        Reasons reasons = new Reasons(context, report)
                .read(context.project().resolve("tests/verdicts/explained.tsv"), checks);
        List<Exported> cases = Exported.sample(context, Exported.read(context, "verdicts.json"), VERDICT_STEP);
        new QueryCheck(reasons, report).run(context, cases);
        GateCheck gates = new GateCheck(reasons, report);
        List<Exported> gated = cases.stream().filter(one -> one.has("first")).toList();
        Parallel.map(gated, one -> {
            Map<String, List<String>> scripts = new LinkedHashMap<>();
            scripts.put(Gated.UNGATED, one.statements(Gated.UNGATED));
            Gated.ROLES.forEach(role -> scripts.put(role, one.statements(role)));
            boolean twoSided = false;
            for (JsonNode insert : one.node().get("inserts")) {
                twoSided |= insert.get("changelog").asText().equals("upsert");
            }
            Gated explained = Gated.explain(one.name(), scripts, new StandIns(StandIns.Where.ALWAYS));
            gates.check(explained, twoSided, GateCheck.Pinned.in(scripts.get("first")));
            return null;
        });
        gates.close();
        reasons.close(context.all());
    }
}
