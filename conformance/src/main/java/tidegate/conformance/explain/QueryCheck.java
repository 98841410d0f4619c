package tidegate.conformance.explain;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.databind.JsonNode;
import org.apache.flink.table.api.ExplainDetail;
import org.apache.flink.table.catalog.Column;
import org.apache.flink.table.catalog.ResolvedSchema;
import org.apache.flink.table.types.logical.LogicalType;
import tidegate.conformance.Context;
import tidegate.conformance.Parallel;
import tidegate.conformance.Reasons;
import tidegate.conformance.Report;
import tidegate.conformance.flink.Session;
import tidegate.conformance.flink.StandIns;

/** What tidegate derived of each query of the table of verdicts, and what Flink plans: changelog, key, time attributes. */
final class QueryCheck {
    private static final Pattern WRITES =
            Pattern.compile("(EXECUTE\\s+STATEMENT|BEGIN\\s+STATEMENT|END|INSERT)\\b.*", Pattern.DOTALL);

    private final Reasons reasons;
    private final Report report;
    private final Unplanned unplanned;

    QueryCheck(Reasons reasons, Report report) {
        this.reasons = reasons;
        this.report = report;
        this.unplanned = new Unplanned(report);
    }

    private record Insert(String name, JsonNode claims) {}

    void run(Context context, List<Exported> cases) throws Exception {
        List<Insert> inserts = new ArrayList<>();
        for (Exported one : cases) {
            int at = 0;
            for (JsonNode insert : one.node().get("inserts")) {
                inserts.add(new Insert(one.name() + (at == 0 ? "" : "#" + at), insert));
                at++;
            }
        }
        Parallel.map(inserts, insert -> {
            check(insert);
            return null;
        });
        unplanned.close("queries of the table of verdicts", inserts.size());
    }

    private void check(Insert insert) throws IOException {
        JsonNode claims = insert.claims();
        String query = claims.get("query").asText();
        ResolvedSchema schema;
        String plan;
        JsonNode nodes;
        try {
            Session session = Session.open(Map.of(), new StandIns(StandIns.Where.ALWAYS));
            for (String statement : Exported.texts(claims.get("before"))) {
                // Only tables and views, on which the query stands.
                if (!WRITES.matcher(statement).matches()) {
                    session.explain(statement);
                }
            }
            schema = session.schema(query);
            session.explain(sink(schema));
            String probe = "INSERT INTO `probe$` " + query;
            plan = session.explain(probe, ExplainDetail.CHANGELOG_MODE).orElseThrow();
            nodes = nodes(session, probe);
        } catch (Session.Rejected e) {
            unplanned.add("verdicts/" + insert.name(), e);
            return;
        }
        if (agrees(insert.name(), claims, schema, Plan.changelogBelowSink(plan), nodes)) {
            report.pass("verdicts/" + insert.name());
        }
    }

    /** A sink that takes everything, with column names of its own. */
    private static String sink(ResolvedSchema schema) {
        List<String> columns = new ArrayList<>();
        for (Column column : schema.getColumns()) {
            LogicalType type = column.getDataType().getLogicalType();
            columns.add("`c" + columns.size() + "` " + type.asSerializableString());
        }
        return "CREATE TEMPORARY TABLE `probe$` (" + String.join(", ", columns) + ") WITH ('connector' = 'blackhole')";
    }

    /** The nodes of the compiled plan; null where Flink cannot compile one. */
    private static JsonNode nodes(Session session, String insert) throws IOException {
        try {
            return Exported.json(session.compile(insert)).get("nodes");
        } catch (Session.Rejected e) {
            return null;
        }
    }

    private boolean agrees(String name, JsonNode claims, ResolvedSchema schema, String changelog, JsonNode nodes) {
        boolean agrees = true;
        String claimed = claims.get("changelog").asText();
        boolean appends = changelog.equals("I");
        if (claimed.equals("unknown") || claimed.equals("append") != appends) {
            agrees &= reasons.differs(name, "changelog", claimed + ", Flink has [" + changelog + "]");
        } else if (nodes != null && !appends) {
            String ours = key(claims.get("key"));
            String flinks = key(nodes.get(nodes.size() - 1).get("inputUpsertKey"));
            // To Flink a key without columns is none.
            if (!ours.equals(flinks)) {
                agrees &= reasons.differs(name, "key", ours + ", Flink has " + flinks);
            }
        }
        if (!claims.hasNonNull("columns")) {
            return agrees & reasons.differs(name, "columns", "not known");
        }
        List<String> flinks = new ArrayList<>();
        for (Column column : schema.getColumns()) {
            String attribute = Session.timeAttribute(column.getDataType().getLogicalType().asSummaryString());
            boolean lost = nodes != null && attribute.equals("*ROWTIME*") && !keepsRowtime(nodes, flinks.size());
            flinks.add(lost ? "" : attribute);
        }
        List<String> ours = Exported.texts(claims.get("columns"));
        if (!ours.equals(flinks)) {
            agrees &= reasons.differs(name, "times", ours + ", Flink has " + flinks);
        }
        return agrees;
    }

    private static String key(JsonNode columns) {
        if (columns == null || columns.isNull() || columns.isEmpty() && !columns.isArray()) {
            return "none";
        }
        TreeSet<Integer> sorted = new TreeSet<>();
        columns.forEach(column -> sorted.add(column.asInt()));
        return sorted.toString();
    }

    /** Whether a column of the node below the sink is a rowtime: an expression's type may say so and lose it in the plan. */
    private static boolean keepsRowtime(JsonNode nodes, int column) {
        JsonNode type = nodes.get(nodes.size() - 2).get("outputType");
        // Without a time attribute the type is written as text.
        JsonNode field = type.path("fields").path(column).path("fieldType");
        return field.path("kind").asText().equals("ROWTIME");
    }
}
