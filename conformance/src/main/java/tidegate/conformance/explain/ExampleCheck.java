package tidegate.conformance.explain;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.databind.JsonNode;
import org.apache.flink.table.api.ExplainDetail;
import tidegate.conformance.Context;
import tidegate.conformance.Reasons;
import tidegate.conformance.Report;
import tidegate.conformance.flink.Session;
import tidegate.conformance.flink.StandIns;
import tidegate.conformance.flink.Statements;

/** The stories of {@code examples/}, as they stand there and rewritten now, with the connectors that they name. */
final class ExampleCheck {
    /** 2026-11-22T12:00:00Z */
    private static final String CUTOVER = "1795348800000";

    private final Context context;
    private final Reasons reasons;
    private final Report report;

    ExampleCheck(Context context, Reasons reasons, Report report) {
        this.context = context;
        this.reasons = reasons;
        this.report = report;
    }

    void run() throws Exception {
        List<Path> folders;
        try (var listed = Files.list(context.project().resolve("examples"))) {
            folders = listed.filter(Files::isDirectory).sorted().toList();
        }
        if (folders.isEmpty()) {
            report.fail("examples", "there are none");
        }
        for (Path folder : folders) {
            check(folder);
        }
    }

    private void check(Path folder) throws Exception {
        String name = "examples/" + folder.getFileName();
        Path script = folder.resolve("job.sql");
        Path config = folder.resolve("tidegate.toml");
        config = Files.exists(config) ? config : null;
        Map<String, String> texts = new LinkedHashMap<>();
        texts.put(Gated.UNGATED, Files.readString(script));
        texts.put("first", context.rewrite(script, config));
        for (String role : List.of("outgoing", "incoming")) {
            texts.put(role, context.rewrite(script, config, "--role", role, "--cutover", CUTOVER));
        }
        texts.put("rewritten.sql", Files.readString(folder.resolve("rewritten.sql")));
        Map<String, List<String>> scripts = new LinkedHashMap<>();
        texts.forEach((form, text) -> scripts.put(form, Statements.cut(text)));

        StandIns module = new StandIns(StandIns.Where.MISSING);
        Gated gated = Gated.explain(name, scripts, module);
        if (!module.used().isEmpty()) {
            report.note(name + " has stand-ins for " + String.join(", ", module.used()));
        }
        // A window needs the watermark that is added: Flink cannot explain the script before.
        String ungated = gated.errors().get(Gated.UNGATED);
        boolean addsWhatIsNeeded = ungated != null && ungated.contains("time attribute");
        gated.errors().forEach((form, why) -> {
            if (!form.equals(Gated.UNGATED) || !addsWhatIsNeeded) {
                reasons.differs(name, "explained", form + ": " + why);
            }
        });
        if (gated.errors().size() > (addsWhatIsNeeded ? 1 : 0)) {
            return;
        }
        if (addsWhatIsNeeded) {
            report.pass(name + ", in all roles and as it stands there; as it is, it lacks a watermark");
        } else {
            report.pass(name + ", as it is, in all roles and as it stands there");
            new GateCheck(reasons, report).check(gated, false, GateCheck.Pinned.in(List.of(texts.get("first"))));
        }
        String explained = addsWhatIsNeeded ? "first" : Gated.UNGATED;
        changelogs(name, scripts.get(explained), Exported.json(context.explain(script, config)));
    }

    /** What {@code tidegate explain} says of each INSERT's changelog. */
    private void changelogs(String name, List<String> statements, JsonNode said) throws IOException, Session.Rejected {
        Session session = Session.open(Map.of(), new StandIns(StandIns.Where.MISSING));
        List<String> flinks = new ArrayList<>();
        for (String plan : session.explain(statements, ExplainDetail.CHANGELOG_MODE)) {
            flinks.addAll(Plan.changelogsBelowSinks(plan));
        }
        List<String> ours = new ArrayList<>();
        said.get("inserts").forEach(insert -> ours.add(insert.path("changelog").path("mode").asText()));
        // INSERTs into one sink may be planned as one.
        Set<String> modes = new TreeSet<>();
        flinks.forEach(mode -> modes.add(mode.equals("I") ? "append" : "upsert"));
        if (modes.equals(new TreeSet<>(ours)) || reasons.differs(name, "changelog", ours + ", Flink has " + flinks)) {
            report.pass(name + ", changelog");
        }
    }
}
